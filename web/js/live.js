// The list of conversations under way, kept fresh: calmly, and never under the reader's focus.

const EVERY_MS = 5000;

/** Keeps a list of conversations under way fresh. */
export function keepFresh(root) {
  const find = (where, name) => where.querySelector(`[data-live-${name}]`);

  async function look() {
    if (document.hidden) return;
    let fresh = null;
    try {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // The next look may do better; the time beside the list tells how old it is.
      return;
    }
    if (!find(fresh, "list")) return;
    const list = find(root, "list");
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    if (list.innerHTML !== find(fresh, "list").innerHTML) {
      list.replaceChildren(...find(fresh, "list").childNodes);
      if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    }
    find(root, "at").textContent = find(fresh, "at").textContent;
    const count = find(root, "count");
    // Told to screen readers when it changes only.
    if (count.textContent !== find(fresh, "count").textContent) count.textContent = find(fresh, "count").textContent;
  }

  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

for (const root of document.querySelectorAll("[data-live]")) keepFresh(root);
