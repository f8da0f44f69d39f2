// The button that turns the lamps on and off. Without scripts the system's preference decides.

/** Shows the button and remembers the choice. */
export function offerTheme(button) {
  const word = button.querySelector("[data-theme-word]");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const current = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
  const name = () => {
    word.textContent = current() === "dark" ? "Thème clair" : "Thème sombre";
  };
  button.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // The choice then lasts as long as the page.
    }
    name();
  });
  system.addEventListener("change", name);
  name();
  button.hidden = false;
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) offerTheme(button);
