// What the microphone hears, on its way to the server: streams of numbered samples, kept until they are dealt with.
//
// Streams go out one after the other, as they were opened. After a lost connection whatever the server has not dealt
// with goes out again, from the very sample it had come to, and no faster than it can be taken.

import { newId } from "./socket.js";

const RATE = 16000;
/** What is kept while the connection is away, or while nobody answers. */
const KEPT = 60 * RATE;
/** What is kept of silence, which the server has nothing to say about. */
const LEAD = 3 * RATE;
/** Sound that is behind goes out in portions: ten times as fast as it was said. */
const PORTION = RATE;
const PORTION_MS = 100;
/** Within this the server says that it hears speech. */
const MENTION_MS = 5000;
/** How long the server is left alone once it says that this is too fast. */
const BREATH_MS = 2000;

/** Sends sound over the socket of `openSocket`. `told.full()` hears that no more can be kept. */
export class Hearing {
  #socket;
  #told;
  #streams = [];
  #current = null;
  #linked = false;
  #timer = null;
  #breath = null;

  constructor(socket, told) {
    this.#socket = socket;
    this.#told = told;
  }

  /** Whether samples are taken. */
  get open() {
    return this.#current !== null;
  }

  /** Whether some of what was said is not dealt with yet. */
  get owes() {
    return this.#streams.some((stream) => stream.pending > 0);
  }

  /** Opens a stream: `mode` is "free" or "push", `pause` the silence that ends a turn, in milliseconds. */
  start(mode, pause) {
    this.stop();
    this.#current = { name: `s-${newId()}`, mode, pause, from: 0, next: 0, sent: 0, frames: [], pending: 0, at: "new" };
    this.#streams.push(this.#current);
    this.#pump();
  }

  /** Takes samples. */
  take(samples) {
    const stream = this.#current;
    if (!stream) return;
    stream.frames.push({ from: stream.next, samples });
    stream.next += samples.length;
    this.#pump();
    if (this.#linked && stream.pending === 0) forget(stream, stream.sent - LEAD);
    if (stream.next - stream.from <= KEPT) return;
    if (stream.sent === stream.next) {
      forget(stream, stream.next - KEPT);
    } else {
      this.stop();
      this.#told.full();
    }
  }

  /** No more samples: what was said is the turn. */
  stop() {
    if (!this.#current) return;
    this.#current.closed = true;
    this.#current = null;
    this.#pump();
  }

  /** Drops everything. */
  drop() {
    this.#current = null;
    this.#streams = [];
    clearTimeout(this.#timer);
    clearTimeout(this.#breath);
  }

  /** The connection is lost: everything not dealt with will go out again. */
  away() {
    this.#linked = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#breath);
    // A stream that was closed some time ago and never mentioned held no speech.
    const silent = (stream) => stream.at === "over" && stream.pending === 0 && Date.now() - stream.overAt > MENTION_MS;
    this.#streams = this.#streams.filter((stream) => !silent(stream));
    for (const stream of this.#streams) stream.at = "new";
  }

  /** The connection is back. */
  back() {
    this.#linked = true;
    this.#pump();
  }

  /** The server knows no open stream, or cannot follow: it is asked again after a breath. */
  again() {
    this.away();
    clearTimeout(this.#breath);
    this.#breath = setTimeout(() => this.back(), BREATH_MS);
  }

  /** What the server says about a stream. */
  hear(message) {
    const stream = this.#streams.find((one) => one.name === message.stream);
    if (!stream) return;
    if (message.type === "listening" && stream.at === "asked") {
      stream.at = "open";
      this.#pump();
    } else if (message.type === "hearing" && message.speech) {
      stream.pending += 1;
    } else if ("to" in message) {
      stream.pending = Math.max(0, stream.pending - 1);
      forget(stream, message.to);
      if (stream.closed && stream.from >= stream.next) this.#drop(stream);
    }
  }

  #drop(stream) {
    this.#streams = this.#streams.filter((one) => one !== stream);
  }

  // Sends what is due of the first stream that still has something to send.
  #pump() {
    clearTimeout(this.#timer);
    const stream = this.#streams.find((one) => one.at !== "over");
    if (!this.#linked || !stream) return;
    if (stream.at === "new") {
      const { name, mode, pause, from } = stream;
      stream.sent = from;
      stream.pending = 0;
      this.#socket.murmur({ type: "listen", stream: name, sample_rate: RATE, from, mode, pause_ms: pause });
      stream.at = "asked";
    }
    if (stream.at !== "open") return;
    const portion = stream.sent + PORTION;
    for (const frame of stream.frames) {
      const end = frame.from + frame.samples.length;
      if (end <= stream.sent) continue;
      if (stream.sent >= portion) {
        this.#timer = setTimeout(() => this.#pump(), PORTION_MS);
        return;
      }
      this.#socket.stream(packed(frame, Math.max(stream.sent, frame.from)));
      stream.sent = end;
    }
    if (!stream.closed) return;
    this.#socket.murmur({ type: "stop_listening", stream: stream.name });
    stream.at = "over";
    stream.overAt = Date.now();
    // A stream in which nobody spoke is never mentioned again.
    setTimeout(() => this.#drop(stream), (KEPT / RATE) * 1000);
    this.#pump();
  }
}

/** Lets go of what comes before a sample. */
function forget(stream, to) {
  if (to <= stream.from) return;
  stream.from = Math.min(to, stream.next);
  while (stream.frames.length > 0 && stream.frames[0].from + stream.frames[0].samples.length <= stream.from) {
    stream.frames.shift();
  }
}

/** A frame as it goes over the wire, from one of its samples on. */
function packed(frame, from) {
  const samples = frame.samples.subarray(from - frame.from);
  const bytes = new DataView(new ArrayBuffer(4 + samples.length * 2));
  bytes.setUint32(0, from, true);
  samples.forEach((sample, i) => bytes.setInt16(4 + i * 2, sample, true));
  return bytes.buffer;
}
