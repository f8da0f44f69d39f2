// Correcting a turn that was said aloud, where it stands: the microphone may have misheard.

/** Gives a turn its « Corriger » button; `send(text)` sends the words as they should be. */
export function offerCorrection(item, send) {
  const words = item.querySelector(".turn-words");
  const place = document.createElement("span");
  place.className = "turn-correct";
  // The turn itself is announced; its button is found when it is looked for.
  place.setAttribute("aria-live", "off");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Corriger";
  place.append(button);
  item.append(place);

  button.addEventListener("click", () => {
    const form = document.createElement("form");
    form.className = "correct-form";
    const label = document.createElement("label");
    label.className = "sr";
    label.textContent = "Vos mots, tels que vous les avez dits";
    const field = document.createElement("textarea");
    field.id = `correction-${Math.random().toString(36).slice(2)}`;
    label.htmlFor = field.id;
    field.value = words.textContent;
    field.rows = 2;
    field.maxLength = 4000;
    const foot = document.createElement("div");
    foot.className = "correct-foot";
    const save = press("Enregistrer", "submit", "button");
    const leave = press("Annuler", "button", "button button-quiet");
    foot.append(leave, save);
    form.append(label, field, foot);
    words.hidden = true;
    place.hidden = true;
    words.after(form);
    const close = () => {
      form.remove();
      words.hidden = false;
      place.hidden = false;
      button.focus();
    };
    leave.addEventListener("click", close);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text !== "" && text !== words.textContent) send(text);
      close();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    field.focus();
    field.select();
  });
}

function press(text, type, kind) {
  const button = document.createElement("button");
  button.type = type;
  button.className = kind;
  button.textContent = text;
  return button;
}
