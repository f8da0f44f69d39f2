// The hold music, composed for Comptoir: eight slow bars for a small electric piano, and a melody that is drawn anew
// every time from the notes of the chord.

const BEAT = 60 / 72;
const BARS = 8;
/** Chords from the bass up, in semitones above A2 (110 Hz): two bars of calm, one that leans, one that comes home. */
const CHORDS = [
  [5, 12, 17, 21],
  [2, 14, 17, 21],
  [-2, 10, 14, 17],
  [0, 12, 15, 19],
];

/** One round of the music, ready to loop: samples from -1 to 1. */
export function music(rate, draw = Math.random) {
  const samples = new Float32Array(Math.round(BARS * 4 * BEAT * rate));
  for (let bar = 0; bar < BARS; bar += 1) {
    const chord = CHORDS[bar % CHORDS.length];
    const start = bar * 4 * BEAT;
    note(samples, rate, start, chord[0], 3.6 * BEAT, 0.16);
    // The chord, broken upwards, then once more off the beat.
    chord.slice(1).forEach((pitch, i) => note(samples, rate, start + i * 0.5 * BEAT, pitch, 3 * BEAT, 0.07));
    chord.slice(1).forEach((pitch) => note(samples, rate, start + 2.5 * BEAT, pitch, 1.5 * BEAT, 0.045));
    // The melody walks on notes of the chord, and rests every fourth bar.
    if (bar % 4 === 3) continue;
    let at = start;
    while (at < start + 3.5 * BEAT) {
      const pitch = chord[1 + Math.floor(draw() * 3)] + 12;
      const length = (draw() < 0.4 ? 0.5 : 1) * BEAT;
      if (draw() < 0.75) note(samples, rate, at, pitch, length + 0.8, 0.08);
      at += length;
    }
  }
  return samples;
}

// A note rings on past the end of the round into its beginning, so that the loop has no seam.
function note(samples, rate, at, pitch, length, strength) {
  const frequency = 110 * 2 ** (pitch / 12);
  const start = Math.round(at * rate);
  for (let i = 0; i < length * rate; i += 1) {
    const t = i / rate;
    const shape = Math.min(1, t / 0.012) * Math.exp((-2.6 * t) / length) * Math.min(1, (length - t) / 0.05);
    const turn = 2 * Math.PI * frequency * t;
    const wave = Math.sin(turn) + 0.28 * Math.sin(2 * turn) * Math.exp(-3 * t) + 0.1 * Math.sin(3 * turn) * Math.exp(-6 * t);
    samples[(start + i) % samples.length] += wave * shape * strength;
  }
}
