// The words exchanged, one list item per turn. Only whole turns and whole sentences enter the log that screen readers
// announce; words still being written or recognised stand below it, hidden from them.

import { offerCorrection } from "./correcting.js";
import { typeset } from "./typeset.js";

/** Writes turns into the page. `names` holds how the two speakers are called; `correct(turn, text)` sends a correction. */
export class Thread {
  #log;
  #writing;
  #names;
  #correct;
  #partial = "";
  #pending = new Map();
  #pendingList;
  #heard = null;
  #turns = new Map();

  constructor(log, pendingList, writing, names, correct) {
    this.#log = log;
    this.#pendingList = pendingList;
    this.#writing = writing;
    this.#names = names;
    this.#correct = correct;
  }

  /** Shows the trainee's words before the server has them. */
  sending(id, text) {
    this.#drop(id);
    const item = turn("mine pending", this.#names.mine, text);
    this.#pending.set(id, item);
    this.#pendingList.append(item);
    this.#down();
  }

  /** Shows what is heard of the trainee: the words so far, or that they are being recognised. */
  hearing(text) {
    if (!this.#heard) {
      this.#heard = turn("mine heard", this.#names.mine, "");
      this.#pendingList.append(this.#heard);
    }
    words(this.#heard).textContent = typeset(text || "…");
    this.#down();
  }

  /** What was heard has come to its end. */
  heard() {
    this.#heard?.remove();
    this.#heard = null;
  }

  /** The words are stored: they enter the log. Those said aloud can be corrected. */
  said({ id, seq, text, recognised }) {
    this.#drop(id);
    const item = turn("mine", this.#names.mine, text);
    this.#log.append(item);
    this.#turns.set(seq, item);
    if (recognised !== undefined && recognised !== null) offerCorrection(item, (words) => this.#correct(seq, words));
    this.#down();
  }

  /** A turn has other words now. */
  corrected(seq, text) {
    const item = this.#turns.get(seq);
    if (!item) return;
    words(item).textContent = typeset(text);
    mark(item, "corrigé");
  }

  /** The words were refused: they leave the page and go back to the field. Returns them. */
  refused(id) {
    const item = this.#pending.get(id);
    this.#drop(id);
    return item ? words(item).textContent : null;
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
  replied({ seq, text, cue }) {
    this.quiet();
    this.#cue(cue);
    if (text) this.#theirs(seq, text);
    this.#down();
  }

  /** One more sentence of an answer that is being said. */
  sentence({ seq, cue }, text) {
    this.quiet();
    if (!this.#turns.has(seq)) {
      this.#cue(cue);
      this.#theirs(seq, "");
    }
    const part = document.createElement("span");
    part.textContent = typeset(text);
    words(this.#turns.get(seq)).append(part);
    this.#down();
  }

  /** The whole of an answer that was being said. */
  whole(reply) {
    const item = this.#turns.get(reply.seq);
    if (!item) this.replied(reply);
    else if (words(item).textContent !== typeset(reply.text)) words(item).textContent = typeset(reply.text);
    this.#down();
  }

  /** An answer was cut short: this is what was said of it. */
  cut(seq, text) {
    const item = this.#turns.get(seq);
    if (!item) return;
    words(item).textContent = typeset(text) || "…";
    mark(item, "interrompu");
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

  #cue(cue) {
    if (cue) this.#log.append(plain("cue", cue));
  }

  #theirs(seq, text) {
    const item = turn("theirs", this.#names.theirs, text);
    this.#turns.set(seq, item);
    this.#log.append(item);
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

const words = (item) => item.querySelector(".turn-words");

function turn(kind, name, text) {
  const item = document.createElement("li");
  item.className = `turn ${kind}`;
  const speaker = document.createElement("span");
  speaker.className = "turn-name";
  speaker.textContent = name;
  const said = document.createElement("p");
  said.className = "turn-words";
  said.textContent = typeset(text);
  item.append(speaker, said);
  return item;
}

/** A word beside the speaker's name. */
function mark(item, word) {
  const name = item.querySelector(".turn-name");
  if (name.querySelector(".turn-mark")) return;
  const small = document.createElement("span");
  small.className = "turn-mark";
  small.textContent = ` · ${word}`;
  name.append(small);
}

function plain(kind, text) {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = typeset(text);
  return item;
}
