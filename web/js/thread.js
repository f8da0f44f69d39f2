// The words exchanged, one list item per turn. Only whole turns enter the log that screen readers announce;
// words still being written stand below it, hidden from them.

import { typeset } from "./typeset.js";

/** Writes turns into the page. `names` holds how the two speakers are called. */
export class Thread {
  #log;
  #writing;
  #names;
  #partial = "";
  #pending = new Map();
  #pendingList;

  constructor(log, pendingList, writing, names) {
    this.#log = log;
    this.#pendingList = pendingList;
    this.#writing = writing;
    this.#names = names;
  }

  /** Shows the trainee's words before the server has them. */
  sending(id, text) {
    const item = turn("mine pending", this.#names.mine, text);
    this.#pending.set(id, item);
    this.#pendingList.append(item);
    this.#down();
  }

  /** The words are stored: they enter the log. */
  said(id, text) {
    this.#drop(id);
    this.#log.append(turn("mine", this.#names.mine, text));
    this.#down();
  }

  /** The words were refused: they leave the page and go back to the field. Returns them. */
  refused(id) {
    const item = this.#pending.get(id);
    this.#drop(id);
    return item?.querySelector(".turn-words")?.textContent ?? null;
  }

  /** The other person starts to answer. */
  begin() {
    this.#partial = "";
    this.#writing.words.textContent = "";
    this.#writing.root.hidden = false;
    this.#down();
  }

  /** Some more words of the answer. */
  part(text) {
    this.#partial += text;
    this.#writing.words.textContent = typeset(this.#partial);
    this.#writing.root.hidden = false;
    this.#down();
  }

  /** The whole answer. */
  replied(text, cue) {
    this.quiet();
    if (cue) this.#log.append(plain("cue", cue));
    if (text) this.#log.append(turn("theirs", this.#names.theirs, text));
    this.#down();
  }

  /** Nobody is answering. */
  quiet() {
    this.#partial = "";
    this.#writing.root.hidden = true;
    this.#writing.words.textContent = "";
  }

  /** Something that is not speech. */
  action(text) {
    this.#log.append(plain("action", text));
    this.#down();
  }

  #drop(id) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
  }

  #down() {
    const box = this.#log.closest("[data-scroll]");
    if (getComputedStyle(box).overflowY === "auto") box.scrollTop = box.scrollHeight;
    else {
      const newest = this.#writing.root.hidden ? (this.#pendingList.lastElementChild ?? this.#log.lastElementChild) : this.#writing.root;
      newest?.scrollIntoView({ block: "nearest" });
    }
  }
}

function turn(kind, name, text) {
  const item = document.createElement("li");
  item.className = `turn ${kind}`;
  const speaker = document.createElement("span");
  speaker.className = "turn-name";
  speaker.textContent = name;
  const words = document.createElement("p");
  words.className = "turn-words";
  words.textContent = typeset(text);
  item.append(speaker, words);
  return item;
}

function plain(kind, text) {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = typeset(text);
  return item;
}
