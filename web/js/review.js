// A trainer's rating: it saves as one goes, lights the words of the mark at hand, takes selected words as evidence, and
// has keys for each decision. Everything here seconds one form that works without it.

const PAUSE_MS = 1_200;
const LEVEL_KEYS = { 2: "observed", 1: "partial", 0: "missed", s: "none" };

/** Saves the form a moment after the last change; tells how it went, in the line made for it. */
function saveAsOneGoes(form) {
  const told = form.querySelector("[data-saved]");
  const version = form.elements.namedItem("version");
  let timer = 0;
  let under = null;
  let stopped = false;
  let changed = false;

  const tell = (text, warn = false) => {
    told.textContent = text;
    told.classList.toggle("fault", warn);
  };
  const save = async () => {
    timer = 0;
    if (stopped) return;
    if (under) {
      await under;
      if (stopped) return;
    }
    changed = false;
    under = send();
    await under;
    under = null;
    if (changed && !timer) later();
  };
  const send = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("action", "save");
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body });
      if (answer.status === 409) {
        stopped = true;
        tell("Cette relecture a changé ailleurs. Enregistrez pour voir ce qui diffère.", true);
      } else if (answer.ok) {
        version.value = (await answer.json()).version;
        tell("Enregistré.");
      } else if (answer.status < 500) {
        stopped = true;
        tell("Ce brouillon n’a pas pu être enregistré. Enregistrez-le avec le bouton pour savoir pourquoi.", true);
      } else {
        retry();
      }
    } catch {
      retry();
    }
  };
  const retry = () => {
    tell("Pas encore enregistré : nouvel essai dans un moment.", true);
    changed = true;
    timer = setTimeout(save, 5_000);
  };
  const later = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
    if (!stopped) tell("Modifié, pas encore enregistré.");
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => {
    // The version that the page holds must be the last one that was saved.
    clearTimeout(timer);
    stopped = true;
    if (!under) return;
    event.preventDefault();
    const { submitter } = event;
    under.then(() => form.requestSubmit(submitter));
  });
  window.addEventListener("beforeunload", (event) => {
    if (timer && !stopped) event.preventDefault();
  });
  return later;
}

/** How many marks wait, kept current. */
function countUndecided(form) {
  const line = form.querySelector("[data-undecided]");
  const all = form.querySelector("[data-accept-all]");
  const update = () => {
    let waiting = 0;
    for (const mark of form.querySelectorAll("[data-mark]")) {
      const chosen = mark.querySelector("input[type=radio]:checked");
      const { proposed } = mark.dataset;
      const waits = !chosen && proposed !== "none";
      waiting += waits ? 1 : 0;
      mark.classList.toggle("rated-open", waits);
      mark.classList.toggle("rated-decided", Boolean(chosen) && (!proposed || proposed === chosen.value));
      mark.classList.toggle("rated-changed", Boolean(chosen) && Boolean(proposed) && proposed !== chosen.value);
      const accept = mark.querySelector("[data-accept]");
      if (accept) accept.hidden = Boolean(chosen);
      if (chosen && proposed && proposed !== chosen.value) mark.querySelector(".rated-why").open = true;
    }
    line.textContent =
      waiting === 0
        ? "Toutes les cotations sont décidées."
        : waiting === 1
          ? "Une cotation reste à décider."
          : `${waiting} cotations restent à décider.`;
    if (all) {
      all.hidden = waiting === 0;
      all.textContent = waiting === 1 ? "Accepter la cotation restante" : `Accepter les ${waiting} cotations restantes`;
    }
  };
  form.addEventListener("change", update);
  return update;
}

/** Chooses a level as a click would. */
function choose(mark, code) {
  const radio = mark.querySelector(`input[value="${code}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.focus();
}

function acceptInPlace(form) {
  form.addEventListener("click", (event) => {
    const one = event.target.closest("[data-accept]");
    if (one) {
      event.preventDefault();
      const mark = one.closest("[data-mark]");
      choose(mark, mark.dataset.proposed);
    }
  });
}

/** The words that the mark at hand rests on, lit in the exchange. */
function lightWords(form) {
  form.addEventListener("focusin", (event) => {
    const mark = event.target.closest("[data-mark]");
    if (!mark) return;
    for (const lit of form.querySelectorAll(".here")) lit.classList.remove("here");
    mark.classList.add("here");
    const spans = [...form.querySelectorAll("[data-of]")].filter((span) =>
      span.dataset.of.split(" ").includes(mark.dataset.mark),
    );
    for (const span of spans) span.classList.add("here");
    const column = form.querySelector(".transcript");
    // Only the column scrolls: the page stays where the reader is.
    if (spans[0] && column.scrollHeight > column.clientHeight) {
      const at = spans[0].getBoundingClientRect().top - column.getBoundingClientRect().top;
      if (at < 0 || at > column.clientHeight - 40) column.scrollTop += at - column.clientHeight / 3;
    }
  });
}

/** The words selected in a turn of the trainee, as a quote: « [5] … ». */
function selectedQuote() {
  const selection = document.getSelection();
  const words = selection?.toString().replace(/\s+/g, " ").trim();
  if (!words) return null;
  const element = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement);
  const from = element(selection.anchorNode)?.closest("[data-turn]");
  return from && from === element(selection.focusNode)?.closest("[data-turn]") ? { turn: from, words } : null;
}

function pickWords(form) {
  for (const place of form.querySelectorAll("[data-pick]")) {
    place.hidden = false;
    const button = place.querySelector("button");
    // A press would take the selection away.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const quote = selectedQuote();
      const field = place.closest("[data-mark]").querySelector("[data-words]");
      if (!quote) {
        form.querySelector("[data-saved]").textContent =
          "Sélectionnez d’abord des mots dans un seul tour du stagiaire.";
        return;
      }
      // Labels of marks stand among the words and are none of them.
      let { words } = quote;
      for (const label of quote.turn.querySelectorAll(".mark-ref")) words = words.replace(label.textContent, "");
      const line = `[${quote.turn.dataset.turn}] ${words.replace(/\s+/g, " ").trim()}`;
      field.value = field.value ? `${field.value.trimEnd()}\n${line}` : line;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function keys(form) {
  const help = form.querySelector("[data-keys]");
  help.hidden = false;
  form.addEventListener("keydown", (event) => {
    const mark = event.target.closest("[data-mark]");
    const typing = event.target.matches("textarea, select, input:not([type=radio])");
    if (!mark || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key in LEVEL_KEYS) choose(mark, LEVEL_KEYS[key]);
    else if (key === "a" && mark.dataset.proposed) choose(mark, mark.dataset.proposed);
    else if (key === "n") {
      const marks = [...form.querySelectorAll("[data-mark]")];
      const rest = [...marks.slice(marks.indexOf(mark) + 1), ...marks];
      const next = rest.find((one) => one.classList.contains("rated-open"));
      (next?.querySelector("input[type=radio]") ?? form.querySelector("button[value=publish]")).focus();
    } else return;
    event.preventDefault();
  });
}

for (const form of document.querySelectorAll("[data-rating]")) {
  saveAsOneGoes(form);
  countUndecided(form)();
  acceptInPlace(form);
  lightWords(form);
  pickWords(form);
  keys(form);
}
document.getElementById("a-revoir")?.focus();
