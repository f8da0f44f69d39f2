// While a model reads the exchange again: looks from time to time whether it is done, then shows the completed page.
// Without it, the line has a link that does the same.

const FIRST_MS = 2_000;
const LONGEST_MS = 20_000;
const READING_PX = 240;

/** Watches the line's address until there is something new. Whoever is reading further down chooses when to see it. */
export function watchRereading(line) {
  let wait = FIRST_MS;
  const again = () => {
    setTimeout(look, wait);
    wait = Math.min(wait * 1.5, LONGEST_MS);
  };
  const look = async () => {
    let state = "due";
    try {
      const answer = await fetch(line.dataset.rereading, { headers: { accept: "application/json" } });
      if (answer.ok) state = (await answer.json()).state;
      else if (answer.status < 500) return;
    } catch {
      // The service restarts, or the network is gone: it is asked again.
    }
    if (state === "due") {
      again();
    } else if (window.scrollY < READING_PX || document.hidden) {
      location.reload();
    } else {
      tell(line);
    }
  };
  again();
}

function tell(line) {
  const link = line.querySelector("a");
  link.textContent = "Voir la grille à jour";
  line.querySelector("p").replaceChildren("Le modèle a terminé sa relecture. ", link);
  line.classList.add("rereading-over");
}
