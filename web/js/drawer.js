// The drawer with the landlord's screen and the directory: F2 or its button opens it, Escape closes it.
// On a wide page it stands beside the exchange; on a narrow one it covers it, and takes the focus.

/** Makes the drawer work. Returns `{ open, close, isOpen }`. */
export function makeDrawer(drawer, opener, closer, behind) {
  const wide = window.matchMedia("(min-width: 75rem)");
  const isOpen = () => drawer.dataset.open !== undefined;
  const veil = () => {
    for (const part of behind) part.inert = isOpen() && !wide.matches;
  };
  const set = (open, focus) => {
    if (open) drawer.dataset.open = "";
    else delete drawer.dataset.open;
    opener.setAttribute("aria-expanded", String(open));
    veil();
    if (!focus) return;
    if (open) drawer.focus();
    else opener.focus();
  };
  opener.addEventListener("click", () => set(!isOpen(), true));
  closer.addEventListener("click", () => set(false, true));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    set(!isOpen(), true);
  });
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    set(false, true);
  });
  wide.addEventListener("change", () => set(wide.matches, false));
  set(wide.matches, false);
  return { open: () => set(true, true), close: () => set(false, false), isOpen };
}
