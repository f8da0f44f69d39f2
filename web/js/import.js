// Says that a file is too large before it is sent: a browser that is still sending would not show the answer.

/** Watches the file of an import. */
export function watch(form) {
  const file = form.elements.file;
  const fault = form.querySelector("[data-import-fault]");
  const check = () => {
    const large = (file.files[0]?.size ?? 0) > Number(form.dataset.largest);
    fault.textContent = large ? "Ce fichier est trop gros pour une fiche\u00a0: 2\u00a0Mo au plus. Il n’a pas été envoyé." : "";
    file.toggleAttribute("aria-invalid", large);
    return !large;
  };
  file.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    if (!check()) {
      event.preventDefault();
      file.focus();
    }
  });
}

for (const form of document.querySelectorAll("form[data-import]")) watch(form);
