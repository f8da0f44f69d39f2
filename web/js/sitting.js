// A part of an exam under way: gives signs of life, shows the time left, keeps answers as they are written.
// Without it the page works by its buttons; then all time counts, and only what is sent is kept.

import { orderQueue } from "./queue.js";

const PING_MS = 10_000;
const KEEP_MS = 2_000;
const WARNINGS = [5, 1];

const bar = document.querySelector("[data-sitting]");
const form = document.querySelector("form[data-autosave]");
if (bar) keepTime();

function keepTime() {
  const shown = bar.querySelector("[data-sitting-left]");
  const status = bar.querySelector("[data-sitting-status]");
  let ends = Date.now() + Number(bar.dataset.left);
  let warned = new Set(WARNINGS.filter((minutes) => Number(bar.dataset.left) < minutes * 60_000));
  let leaving = false;
  const keeper = form ? keepAnswers() : null;

  const show = () => {
    const left = Math.max(0, ends - Date.now());
    const minutes = Math.floor(left / 60_000);
    const words = minutes === 0 ? "moins d’une minute" : `${minutes}\u00a0min`;
    if (shown.textContent !== words) shown.textContent = words;
    bar.classList.toggle("sitting-late", left < 60_000);
    for (const limit of WARNINGS) {
      if (left <= limit * 60_000 && left > 0 && !warned.has(limit)) {
        warned.add(limit);
        status.textContent = `Il reste ${limit === 1 ? "une minute" : `${limit} minutes`} pour cette partie.`;
      }
    }
    if (left === 0) leave();
  };

  const leave = async () => {
    if (leaving) return;
    leaving = true;
    status.textContent = "Le temps de cette partie est écoulé. Ce que vous avez fait est gardé.";
    await keeper?.now();
    // The server gives what was sent in time a moment to arrive before it closes the part.
    setTimeout(() => location.assign(bar.dataset.back), 16_000);
  };

  const ping = async () => {
    try {
      const answer = await fetch(bar.dataset.ping, { method: "POST", headers: { accept: "application/json" } });
      if (answer.ok) {
        const { left_ms: left } = await answer.json();
        // Another part, or none: this page is over.
        if (left === null) return location.assign(bar.dataset.back);
        ends = Date.now() + left;
        show();
      } else if (answer.status === 404 || answer.status === 401) {
        location.assign(bar.dataset.back);
      }
    } catch {
      // The service restarts, or the network is gone: the time away is given back when it answers again.
    }
  };

  ping();
  setInterval(ping, PING_MS);
  setInterval(show, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || ping());
  show();
}

function keepAnswers() {
  const kept = form.querySelector("[data-kept]");
  const seen = form.querySelector("[data-seen]");
  let waiting = null;
  let sending = Promise.resolve();
  let stopped = false;

  const send = async () => {
    if (stopped) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("intent", "autosave");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
      if (answer.ok) {
        const { seen: number, kept: at } = await answer.json();
        seen.value = number;
        kept.textContent = `Enregistré à ${at}.`;
      } else if (answer.status === 409) {
        stopped = true;
        kept.textContent =
          "Cette partie a été modifiée ou terminée dans un autre onglet. Utilisez le bouton « Enregistrer » pour voir ce qu’il en est.";
      } else if (answer.status === 422) {
        kept.textContent = "Une réponse est trop longue pour être gardée. Raccourcissez-la, puis enregistrez.";
      }
    } catch {
      kept.textContent = "Pas de réponse du service : vos mots restent sur cette page et seront envoyés dès que possible.";
      later();
    }
  };
  // One at a time, so that each knows of the one before.
  const now = () => {
    clearTimeout(waiting);
    sending = sending.then(send);
    return sending;
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, KEEP_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  orderQueue(form, later);
  return { now };
}
