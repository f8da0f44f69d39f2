// The page's one audio system. It stays silent until a gesture unlocks it: no sound starts by itself.

/** From how loud (root mean square, 0 to 1) to a part of the scale: quiet speech is a third, a shout is full. */
export function loudness(level) {
  if (level <= 0) return 0;
  return Math.max(0, Math.min(1, (20 * Math.log10(level) + 54) / 46));
}

/** The page's sound. */
export class Sound {
  #context = null;
  #out = null;
  #volume = 1;

  /** The audio context, if one was made. */
  get context() {
    return this.#context;
  }

  /** Whether something would be heard. */
  get running() {
    return this.#context?.state === "running";
  }

  /** Where everything that sounds goes. */
  get out() {
    return this.#out;
  }

  /** How loud, 0 to 1. */
  get volume() {
    return this.#volume;
  }

  set volume(volume) {
    this.#volume = volume;
    if (this.#out) this.#out.gain.value = volume;
  }

  /** Called by a gesture. Returns whether sound runs. */
  async unlock() {
    if (!window.AudioContext) return false;
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: "interactive" });
      this.#out = new GainNode(this.#context, { gain: this.#volume });
      this.#out.connect(this.#context.destination);
    }
    if (!this.running) {
      // Where the browser still waits for a gesture, this promise stays open.
      await Promise.race([this.#context.resume().catch(() => {}), new Promise((late) => setTimeout(late, 1000))]);
    }
    return this.running;
  }
}
