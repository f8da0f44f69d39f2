// The text of a situation: numbers its lines, checks it while it is typed, leads to a line at fault.

const PAUSE_MS = 700;

/** Brings the text view to life. */
export function writeText(form) {
  const field = form.elements.text;
  const numbers = form.querySelector("[data-numbers]");
  const list = form.querySelector("[data-faults]");
  const state = form.querySelector("[data-state]");
  let timer = 0;
  let asked = 0;
  let dirty = false;
  let faulty = new Set([...list.querySelectorAll("[data-line]")].map((link) => Number(link.dataset.line)));

  field.addEventListener("input", () => {
    dirty = true;
    number();
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });

  function number() {
    const count = field.value.split("\n").length;
    field.rows = Math.max(count, 12);
    while (numbers.children.length > count) numbers.lastChild.remove();
    while (numbers.children.length < count) {
      const line = document.createElement("li");
      line.id = `l${numbers.children.length + 1}`;
      line.textContent = numbers.children.length + 1;
      numbers.append(line);
    }
    for (const [index, line] of [...numbers.children].entries()) line.classList.toggle("faulty", faulty.has(index + 1));
  }

  function goTo(line) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    document.getElementById(`l${line}`)?.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  }

  async function check() {
    asked += 1;
    const mine = asked;
    try {
      const response = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams({ text: field.value }) });
      if (!response.ok || mine !== asked) return;
      show(await response.json());
    } catch {
      // Without the service the text is checked when it is saved.
    }
  }

  function show(checked) {
    const words = checked.count === 0 ? "Aucune faute." : `${checked.count} faute${checked.count > 1 ? "s" : ""} à corriger.`;
    state.textContent = `Pas encore enregistré. ${words}`;
    faulty = new Set(checked.faults.map((fault) => fault.line));
    list.replaceChildren(...checked.faults.map(item));
    number();
  }

  number();
  const wanted = /^#l(\d+)$/.exec(location.hash);
  if (wanted) goTo(Number(wanted[1]));
}

function item(fault) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#l${fault.line}`;
  link.dataset.line = fault.line;
  link.textContent = `Ligne ${fault.line}`;
  const fix = document.createElement("span");
  fix.className = "fix";
  fix.textContent = ` Correction\u00a0: ${fault.fix}.`;
  line.append(link, `, ${fault.way}\u00a0: ${fault.rule}.`, fix);
  if (fault.excerpt) {
    const code = document.createElement("code");
    code.textContent = fault.excerpt.slice(0, 160);
    line.append(document.createElement("br"), code);
  }
  return line;
}

for (const form of document.querySelectorAll("form[data-text]")) writeText(form);
