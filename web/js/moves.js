// The trainee's actions that are not speech, as a toolbar. Escape in the field leads here; then 1 to 6 act, the
// arrows walk, and Escape leads back. The figures act only while the toolbar has the focus.

/** What each move is called in the thread: at the desk, on the telephone. */
const TOLD = {
  hold: ["Vous demandez de patienter un instant.", "Vous mettez l’appel en attente."],
  resume: ["Vous revenez.", "Vous reprenez l’appel."],
  call_colleague: ["Vous appelez un ou une collègue.", "Vous appelez un ou une collègue."],
  call_manager: ["Vous appelez la responsable d’agence.", "Vous appelez la responsable d’agence."],
  end: ["Vous prenez congé.", "Vous raccrochez."],
};

/**
 * Makes the toolbar work. `act(move)` sends a move; `field` gets the focus back.
 * Returns `{ allow, held, told }`.
 */
export function makeMoves(room, act, field) {
  const phone = room.dataset.channel === "phone";
  const toolbar = room.querySelector("[data-moves]");
  const buttons = [...toolbar.querySelectorAll("button")];
  const holdButton = toolbar.querySelector("[data-move=hold]");
  const holdWord = holdButton.querySelector("[data-move-word]");
  const holdText = holdWord.textContent;
  const transfer = room.querySelector("[data-transfer-dialog]");
  const transferGo = transfer.querySelector("[data-transfer-go]");
  const end = room.querySelector("[data-end-dialog]");
  let held = false;

  const press = (kind) => {
    if (kind === "transfer") transfer.showModal();
    else if (kind === "end") end.showModal();
    else if (kind === "hold") act({ kind: held ? "resume" : "hold" });
    else act({ kind });
  };
  for (const button of buttons) {
    if (button.dataset.move) button.addEventListener("click", () => press(button.dataset.move));
  }

  transfer.addEventListener("change", () => {
    transferGo.disabled = !transfer.querySelector(":checked");
  });
  transfer.addEventListener("close", () => {
    const chosen = transfer.querySelector(":checked");
    if (transfer.returnValue === "transfer" && chosen) act({ kind: "transfer", service: chosen.value });
    else field.focus();
    transfer.returnValue = "";
  });
  end.addEventListener("close", () => {
    if (end.returnValue === "end") act({ kind: "end" });
    else field.focus();
    end.returnValue = "";
  });

  const usable = () => buttons.filter((button) => !button.disabled);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    usable()[0]?.focus();
  });
  toolbar.addEventListener("keydown", (event) => {
    const row = usable();
    const at = row.indexOf(document.activeElement);
    if (event.key === "Escape") {
      field.focus();
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const step = event.key === "ArrowRight" ? 1 : -1;
      row[(at + step + row.length) % row.length].focus();
    } else {
      const chosen = row.find((button) => button.dataset.key === event.key);
      if (!chosen) return;
      chosen.click();
    }
    event.preventDefault();
  });

  return {
    /** Which moves fit the phase. */
    allow(phase) {
      for (const button of buttons) {
        if (button.dataset.move) button.disabled = phase !== "talking" && phase !== "on_hold";
      }
    },
    /** Whether the person waits. */
    held(now) {
      held = now;
      holdButton.setAttribute("aria-pressed", String(now));
      holdWord.textContent = now ? "Reprendre" : holdText;
    },
    /** A move in words. */
    told(move) {
      if (move.kind === "transfer") {
        const choice = transfer.querySelector(`[value="${CSS.escape(move.service)}"]`);
        const name = choice?.closest("label").querySelector("strong").textContent ?? move.service;
        return phone ? `Vous transférez l’appel : ${name}.` : `Vous adressez la personne : ${name}.`;
      }
      return TOLD[move.kind]?.[phone ? 1 : 0] ?? "";
    },
  };
}
