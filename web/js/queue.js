// The queue of an exam: its buttons move a person without loading the page, and say where the person is now.

/** Takes the buttons of the form's queue over; `changed` is called after each move. */
export function orderQueue(form, changed) {
  const list = form.querySelector("[data-queue]");
  if (!list) return;
  const status = form.querySelector("[data-queue-status]");

  const mark = () => {
    const people = [...list.children];
    people.forEach((person, at) => {
      const [up, down] = person.querySelectorAll("button[name=move]");
      up.disabled = at === 0;
      down.disabled = at === people.length - 1;
    });
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const person = button.closest("[data-person]");
    const up = button.value.startsWith("up:");
    const other = up ? person.previousElementSibling : person.nextElementSibling;
    if (!other) return;
    if (up) other.before(person);
    else other.after(person);
    mark();
    // At the end of the list this button rests: the other one takes the focus.
    const [first, second] = person.querySelectorAll("button[name=move]");
    (button.disabled ? (up ? second : first) : button).focus();
    const place = [...list.children].indexOf(person) + 1;
    const who = person.querySelector(".queue-who").textContent.trim();
    status.textContent = `${who} : place ${place} sur ${list.children.length}.`;
    changed();
  });
}
