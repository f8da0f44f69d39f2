// What a trial in the frame is about: the mood, and what each turn did.

const EVERY_MS = 2500;

/** Follows the conversation in a frame and shows what the service heard beside it. */
export function follow(frame, panel, mood, address) {
  let trial = null;
  let timer = 0;

  frame.addEventListener("load", () => {
    const found = /^\/conversations\/(conv_[0-9A-Z]+)/.exec(path(frame));
    trial = found ? found[1] : null;
    panel.hidden = trial === null;
    mood.hidden = trial === null;
    clearTimeout(timer);
    if (trial) ask();
  });

  async function ask() {
    const mine = trial;
    try {
      const response = await fetch(`${address}/${mine}`);
      if (response.ok && mine === trial) {
        const heard = await response.json();
        show(heard);
        if (heard.over) return;
      }
    } catch {
      // Asked again in a moment.
    }
    timer = setTimeout(ask, EVERY_MS);
  }

  function show(heard) {
    mood.textContent = heard.mood;
    panel.querySelector("[data-heard-turns]").replaceChildren(...heard.turns.toReversed().map(turn));
  }
}

function path(frame) {
  try {
    return frame.contentWindow.location.pathname;
  } catch {
    return "";
  }
}

function turn(heard) {
  const item = document.createElement("li");
  const said = document.createElement("strong");
  said.textContent = heard.said || "(un geste)";
  const parts = [
    ...heard.causes,
    ...heard.told.map((fact) => `Fait dit\u00a0: ${fact}.`),
    ...heard.withheld.map((fact) => `Fait demandé, pas encore dit\u00a0: ${fact}.`),
    ...heard.steps.map((step) => `Action utile\u00a0: ${step}`),
  ];
  const list = document.createElement("ul");
  for (const text of parts.length > 0 ? parts : ["Rien de particulier."]) {
    const line = document.createElement("li");
    line.textContent = text;
    list.append(line);
  }
  item.append(said, list);
  return item;
}
