// Who follows the exchange, and what they whisper to the trainee: apart from the words exchanged.

import { typeset } from "./typeset.js";

/** Shows in a room who follows and what they whisper. Returns `{ names, whisper }`. */
export function makeFollowed(room) {
  const find = (name) => room.querySelector(`[data-${name}]`);
  const line = find("followed");
  const whisper = find("whisper");
  const hide = find("whisper-hide");
  const show = (yes) => {
    whisper.hidden = !yes;
    hide.hidden = !yes;
  };
  hide.addEventListener("click", () => {
    show(false);
    room.querySelector("textarea")?.focus();
  });
  return {
    /** These people follow now. */
    names(names) {
      line.hidden = names.length === 0;
      find("followed-words").textContent = names.length === 0 ? "" : follows(names);
    },
    /** One of them whispers. */
    whisper({ by, text }) {
      find("whisper-by").textContent = typeset(`${by}, à part :`);
      find("whisper-words").textContent = typeset(text);
      show(true);
    },
  };
}

/** « Mme Martin suit cet échange. » */
export function follows(names) {
  if (names.length === 1) return `${names[0]} suit cet échange.`;
  return `${names.slice(0, -1).join(", ")} et ${names.at(-1)} suivent cet échange.`;
}
