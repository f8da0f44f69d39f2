// The telephone's own sounds, made here: ring, hold music, hang-up tone, the click of the receiver. French cadences.

import { music } from "./music.js";

const TONE = 440;
/** Low enough not to startle through a headset. */
const SOFT = 0.12;
const EDGE = 0.02;
const RATE = 8000;

/** Makes the sounds of one telephone on the page's sound. Returns `{ ring, hold, hangUp, click, quiet }`. */
export function makeTones(sound) {
  let playing = null;

  const quiet = () => {
    if (!playing) return;
    const { source, gain } = playing;
    playing = null;
    const now = sound.context.currentTime;
    gain.gain.setTargetAtTime(0, now, 0.03);
    source.stop(now + 0.2);
  };

  const play = (samples, loop, level = SOFT) => {
    quiet();
    if (!sound.running) return;
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(sound.context, { buffer, loop });
    const gain = new GainNode(sound.context, { gain: level });
    source.connect(gain).connect(sound.out);
    source.start();
    playing = { source, gain };
    source.addEventListener("ended", () => {
      if (playing?.source === source) playing = null;
      gain.disconnect();
    });
  };

  return {
    /** The telephone rings until it is told to be quiet: 1.7 s, then 3.3 s of silence. */
    ring() {
      play(tone([[1.7, 3.3]]), true);
    },
    /** Music while the person waits. */
    hold() {
      play(music(RATE), true, 0.5);
    },
    /** The other side has hung up: three times half a second. */
    hangUp() {
      play(tone([[0.5, 0.5], [0.5, 0.5], [0.5, 0.1]]), false);
    },
    /** The receiver is lifted, or put down. */
    click() {
      const noise = Float32Array.from({ length: RATE / 40 }, (_, i) => (Math.random() * 2 - 1) * Math.exp(-i / 18));
      play(noise, false, 0.35);
    },
    /** Silence. */
    quiet,
    /** Whether something sounds. */
    get sounding() {
      return playing !== null;
    },
  };
}

/** The tone, on and off for so many seconds each, with soft edges. */
function tone(cadence) {
  const length = Math.round(cadence.flat().reduce((sum, part) => sum + part, 0) * RATE);
  const samples = new Float32Array(length);
  let start = 0;
  for (const [on, off] of cadence) {
    for (let i = 0; i < on * RATE; i += 1) {
      const edge = Math.min(1, i / (EDGE * RATE), (on * RATE - i) / (EDGE * RATE));
      samples[Math.round(start) + i] = Math.sin((2 * Math.PI * TONE * i) / RATE) * edge;
    }
    start += (on + off) * RATE;
  }
  return samples;
}
