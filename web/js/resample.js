// From the microphone's rate to 16,000 samples a second, block after block without a seam.
//
// A windowed sinc: what lies above half of the lower rate is taken away before samples are, so that nothing folds back
// into the words. No dependency on the page: it runs inside the audio worklet.

/** Zero crossings of the kernel on each side: 24 leave speech whole up to 6.6 kHz and silence from 8.2 kHz on. */
const CROSSINGS = 24;
/** Points of the kernel's table between two crossings. */
const FINENESS = 256;
/** Where the filter cuts, as a share of half the lower rate. */
const CUT = 0.925;
/** Shape of the Kaiser window: 80 dB. */
const BETA = 7.86;

/** Resamples a stream. */
export class Resampler {
  #step;
  #scale;
  #half;
  #kernel = null;
  #held;
  #at;

  constructor(from, to) {
    this.#step = from / to;
    if (from === to) return;
    this.#scale = Math.min(1, to / from) * CUT;
    this.#half = Math.ceil(CROSSINGS / this.#scale);
    this.#kernel = kernel();
    this.#held = new Float32Array(this.#half);
    this.#at = this.#half;
  }

  /** The samples that a block makes ready. */
  push(block) {
    if (!this.#kernel) return block.slice();
    const input = new Float32Array(this.#held.length + block.length);
    input.set(this.#held);
    input.set(block, this.#held.length);
    const ready = Math.floor((input.length - this.#half - 1 - this.#at) / this.#step) + 1;
    const output = new Float32Array(Math.max(0, ready));
    for (let n = 0; n < output.length; n += 1) {
      output[n] = this.#sample(input, this.#at);
      this.#at += this.#step;
    }
    const spent = Math.floor(this.#at) - this.#half;
    this.#held = input.slice(spent);
    this.#at -= spent;
    return output;
  }

  #sample(input, at) {
    const first = Math.max(0, Math.ceil(at - this.#half));
    const last = Math.min(input.length - 1, Math.floor(at + this.#half));
    let sum = 0;
    for (let i = first; i <= last; i += 1) {
      const place = Math.abs(at - i) * this.#scale * FINENESS;
      const whole = Math.floor(place);
      if (whole >= this.#kernel.length - 1) continue;
      const low = this.#kernel[whole];
      sum += input[i] * (low + (this.#kernel[whole + 1] - low) * (place - whole));
    }
    return sum * this.#scale;
  }
}

/** One side of the kernel, by 1/FINENESS of a crossing. */
function kernel() {
  const table = new Float32Array(CROSSINGS * FINENESS + 1);
  for (let i = 0; i < table.length; i += 1) {
    const x = i / FINENESS;
    const window = bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / CROSSINGS) ** 2))) / bessel(BETA);
    table[i] = window * (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
  }
  return table;
}

/** The modified Bessel function of order 0. */
function bessel(x) {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-9; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
