// Runs on the audio thread: whatever the microphone gives becomes frames of 1,024 samples, mono, 16-bit, 16 kHz.
//
// Posts `{ samples: Int16Array, level }` for every frame (level: root mean square, 0 to 1); the message "flush" is
// answered with what is left and `{ flushed: true }`.

import { Resampler } from "./resample.js";

const RATE = 16000;
const FRAME = 1024;
/** Input is taken in blocks of this many samples: the filter then works on more than 128 at a time. */
const BLOCK = 1024;

class Frames extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate, RATE);
  #block = new Float32Array(BLOCK);
  #taken = 0;
  #frame = new Int16Array(FRAME);
  #filled = 0;
  #power = 0;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.#take(this.#block.subarray(0, this.#taken));
      this.#taken = 0;
      this.#post();
      this.port.postMessage({ flushed: true });
    };
  }

  process(inputs) {
    const channel = inputs[0][0];
    if (!channel) return true;
    for (const sample of channel) {
      this.#block[this.#taken] = sample;
      this.#taken += 1;
      if (this.#taken < BLOCK) continue;
      this.#take(this.#block);
      this.#taken = 0;
    }
    return true;
  }

  #take(block) {
    for (const sample of this.#resampler.push(block)) {
      const bounded = Math.max(-1, Math.min(1, sample));
      this.#frame[this.#filled] = Math.round(bounded * 32767);
      this.#power += bounded * bounded;
      this.#filled += 1;
      if (this.#filled === FRAME) this.#post();
    }
  }

  #post() {
    if (this.#filled === 0) return;
    const samples = this.#frame.slice(0, this.#filled);
    this.port.postMessage({ samples, level: Math.sqrt(this.#power / this.#filled) }, [samples.buffer]);
    this.#filled = 0;
    this.#power = 0;
  }
}

registerProcessor("frames", Frames);
