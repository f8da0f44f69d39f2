// Runs before anything is painted, so that the chosen theme never flashes. Not a module for that reason.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be closed to us; the system's preference then decides.
}
// Tried in a frame beside a form, a page leaves its frame of links to the page around it.
if (window.top !== window.self) document.documentElement.dataset.framed = "";
