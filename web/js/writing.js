// The form of a situation: checks what is typed, keeps what is not saved from being lost, shows what a trial is about.

import { follow } from "./trial.js";

const PAUSE_MS = 700;

/** Brings the form to life. */
export function write(root) {
  const form = root.querySelector("form");
  const frame = root.querySelector("[data-try]");
  const state = form.querySelector("[data-state]");
  let timer = 0;
  let asked = 0;
  let dirty = false;

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    // A trial takes the words with it and leaves them unsaved.
    if (!event.submitter?.hasAttribute("formaction")) dirty = false;
    if (frame && event.submitter?.formTarget === frame.name) frame.hidden = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  async function check() {
    asked += 1;
    const mine = asked;
    try {
      const response = await fetch(root.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!response.ok || mine !== asked) return;
      show(await response.json());
    } catch {
      // Without the service the form is checked when it is saved.
    }
  }

  function show(checked) {
    const words = checked.count === 0 ? "Aucune faute." : `${checked.count} faute${checked.count > 1 ? "s" : ""} à corriger.`;
    state.textContent = `Pas encore enregistré. ${words}`;
    for (const [part, count] of Object.entries(checked.parts)) {
      const badge = form.querySelector(`[data-count="${part}"]`);
      if (badge) {
        badge.hidden = count === 0;
        badge.firstChild.textContent = count;
      }
    }
    const here = form.elements.part.value;
    for (const place of form.querySelectorAll("[data-faults]")) {
      const faults = checked.faults.filter((fault) => fault.part === here && fault.anchor === place.dataset.faults);
      place.replaceChildren(...faults.map(line));
      const control = document.getElementById(place.dataset.faults);
      if (control?.matches("input, textarea, select")) {
        if (faults.length > 0) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    }
    const all = form.querySelector("[data-problems]");
    all.hidden = checked.count === 0;
    const list = document.createElement("ul");
    list.className = "problems";
    list.append(...checked.faults.map(problem));
    all.querySelector("[data-problem-list]").replaceChildren(list);
  }

  if (frame) follow(frame, root.querySelector("[data-heard]"), root.querySelector("[data-heard-mood]"), root.dataset.trials);
}

function line(fault) {
  const text = document.createElement("p");
  text.className = "fault";
  const fix = document.createElement("span");
  fix.className = "fix";
  fix.textContent = ` Correction\u00a0: ${fault.fix}.`;
  text.append(`${fault.rule}.`, fix);
  return text;
}

function problem(fault) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = fault.href;
  link.textContent = fault.way;
  item.append(link, `\u00a0: ${fault.rule}`);
  return item;
}

for (const root of document.querySelectorAll("[data-writing]")) write(root);
