// What a telephone does to a voice: 300 to 3,400 Hz, and loud and soft brought closer together.

/** Butterworth of the fourth order, as two filters; Web Audio wants these in decibels. */
const QS = [0.5412, 1.3066].map((q) => 20 * Math.log10(q));

/** The line between a sound and `out`. Returns the node to send sound into. */
export function callLine(context, out) {
  const filter = (type, frequency) => QS.map((Q) => new BiquadFilterNode(context, { type, frequency, Q }));
  const chain = [
    ...filter("highpass", 300),
    ...filter("lowpass", 3400),
    new DynamicsCompressorNode(context, { threshold: -28, knee: 12, ratio: 3, attack: 0.005, release: 0.12 }),
  ];
  chain.reduce((from, to) => from.connect(to)).connect(out);
  return chain[0];
}
