// The scorecard: quotes and marks find each other, the curve and its list too; the page can be printed.
// Everything here seconds plain links that work without it.

import { watchRereading } from "./rereading.js";

/** Lights what a link leads to, and brings it into view inside its own column. */
export function followEvidence(page) {
  let lit = [];
  const light = (target) => {
    for (const item of lit) item.classList.remove("lit");
    lit = target ? [target] : [];
    for (const item of lit) item.classList.add("lit");
  };
  const follow = (hash) => {
    const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    if (!target) return;
    target.closest("details")?.setAttribute("open", "");
    light(target.matches(".turn, .indicator") ? target : null);
  };
  window.addEventListener("hashchange", () => follow(location.hash));
  follow(location.hash);

  for (const change of page.querySelectorAll("[data-change]")) {
    const told = document.getElementById(`changement-${change.dataset.change}`);
    const show = (on) => () => {
      change.classList.toggle("here", on);
      told?.classList.toggle("here", on);
    };
    for (const side of [change, told]) {
      side?.addEventListener("pointerenter", show(true));
      side?.addEventListener("pointerleave", show(false));
      side?.addEventListener("focusin", show(true));
      side?.addEventListener("focusout", show(false));
    }
  }

  const print = page.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
}

for (const page of document.querySelectorAll(".card-page")) followEvidence(page);
for (const line of document.querySelectorAll("[data-rereading]")) watchRereading(line);
