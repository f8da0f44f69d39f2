// Speaks with the browser's own voices. One sentence at a time: some of them fall silent after fifteen seconds.

import { fitting } from "./voices.js";

/** How long voices may take to be known, and one to begin. */
const KNOWN_MS = 1500;
const BEGIN_MS = 5000;
/** Usual speed, to know what was said where the voice does not tell. */
const CHARS_A_SECOND = 15;

/**
 * The mouth of one person. `choice()` gives the volume (0 to 1) and the name of the voice chosen, if one was.
 * Like every mouth: `{ ready, prepare, say, hush }`.
 */
export function browserMouth(person, choice) {
  const speech = window.speechSynthesis;
  let current = null;

  const voices = () =>
    new Promise((known) => {
      if (!speech) return known([]);
      if (speech.getVoices().length > 0) return known(speech.getVoices());
      const done = () => known(speech.getVoices());
      speech.addEventListener("voiceschanged", done, { once: true });
      setTimeout(done, KNOWN_MS);
    });

  return {
    /** Whether this browser has a voice for the person. */
    async ready() {
      return fitting(await voices(), person, choice().voice) !== null;
    },
    /** Nothing to make beforehand. */
    prepare() {},
    /**
     * Says one sentence. `told.begun()` when it is heard. Resolves to "said", "hushed" or "failed".
     */
    async say(sentence, { delivery }, told) {
      const fit = fitting(await voices(), person, choice().voice);
      if (!fit) return "failed";
      const words = new SpeechSynthesisUtterance(sentence.trim());
      words.voice = fit.voice;
      words.lang = fit.voice.lang;
      words.volume = choice().volume;
      words.rate = fit.rate * (delivery.rate / 100);
      words.pitch = Math.min(2, fit.pitch * (delivery.pitch / 100));
      const lead = sentence.length - sentence.trimStart().length;
      return new Promise((resolve) => {
        const run = { words, began: null, reached: 0, length: sentence.length, rate: words.rate, told: false, finish: null };
        const end = (how) => {
          if (current !== run) return;
          current = null;
          clearTimeout(run.watch);
          told.level?.(0);
          resolve(how);
        };
        run.finish = end;
        run.watch = setTimeout(() => {
          end("failed");
          speech.cancel();
        }, BEGIN_MS);
        words.addEventListener("start", () => {
          run.began = performance.now();
          clearTimeout(run.watch);
          // Some voices never tell that they came to their end.
          const longest = (sentence.length / CHARS_A_SECOND / words.rate) * 2500 + 4000;
          run.watch = setTimeout(() => end("said"), longest);
          told.begun();
        });
        words.addEventListener("boundary", (event) => {
          if (event.name !== undefined && event.name !== "word") return;
          run.told = true;
          run.reached = lead + event.charIndex;
        });
        words.addEventListener("end", () => end("said"));
        words.addEventListener("error", () => end("failed"));
        current = run;
        speech.speak(words);
      });
    },
    /** Stops at once. Returns how much of the sentence was said, in characters. */
    hush() {
      const run = current;
      if (!run) return 0;
      const elapsed = run.began === null ? 0 : (performance.now() - run.began) / 1000;
      const guess = Math.min(run.length, Math.floor(elapsed * CHARS_A_SECOND * run.rate));
      run.finish("hushed");
      speech.cancel();
      return run.told ? run.reached : guess;
    },
  };
}
