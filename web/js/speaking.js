// The character's voice: replies said aloud one after the other, sentence by sentence, until they end or are cut short.

import { sentences } from "./sentences.js";

/**
 * Says replies. `told` hears what happens: `begins(reply)` when the voice of a reply begins, `sentence(reply, words)`
 * when a sentence does, `ends(reply, ms)` at the end, `silent(reply)` where it could not be said at all.
 */
export class Speaking {
  #mouth;
  #told;
  #queue = [];
  #run = null;

  constructor(mouth, told) {
    this.#mouth = mouth;
    this.#told = told;
  }

  /** The reply being said, or null. */
  get reply() {
    return this.#run?.reply.seq ?? null;
  }

  /** Whether something is said, or about to be. */
  get busy() {
    return this.#run !== null || this.#queue.length > 0;
  }

  /** Says a reply: `{ seq, text, delivery }`. */
  say(reply) {
    this.#queue.push(reply);
    if (!this.#run) this.#next();
  }

  /**
   * Stops at once, and forgets what was to come. Returns `{ reply, ms, said, rest }`, or null where nothing was being
   * said: `said` characters were heard; `rest` are the replies never begun.
   */
  stop() {
    const run = this.#run;
    const rest = this.#queue;
    this.#queue = [];
    this.#run = null;
    if (!run) return null;
    const here = this.#mouth.hush();
    const began = run.began !== null;
    return {
      reply: run.reply,
      began,
      ms: began ? Math.round(performance.now() - run.began) : 0,
      said: began ? run.said + characters(run.part.slice(0, here)) : 0,
      rest,
    };
  }

  async #next() {
    const reply = this.#queue.shift();
    if (!reply) return;
    const run = { reply, began: null, said: 0, part: "" };
    this.#run = run;
    const parts = sentences(reply.text);
    for (const [n, part] of parts.entries()) {
      run.part = part;
      const about = { reply: reply.seq, n, delivery: reply.delivery };
      const saying = this.#mouth.say(part, about, {
        begun: () => this.#begun(run, part),
        level: (level) => this.#told.level(level),
      });
      if (n + 1 < parts.length) this.#mouth.prepare({ reply: reply.seq, n: n + 1 });
      const how = await saying;
      if (this.#run !== run) return;
      if (how === "failed") {
        this.#told.fails(reply);
        break;
      }
      run.said += characters(part);
    }
    this.#run = null;
    if (run.began === null) this.#told.silent(reply);
    else this.#told.ends(reply, Math.round(performance.now() - run.began));
    if (!this.#run) this.#next();
  }

  #begun(run, part) {
    if (this.#run !== run) return;
    if (run.began === null) {
      run.began = performance.now();
      this.#told.begins(run.reply);
    }
    this.#told.sentence(run.reply, part);
  }
}

const characters = (text) => [...text].length;
