// The protocol of docs/protocol.md, in one place: joining, resuming, sending again what was not acknowledged.
//
// Events arrive once and in order; words the server has not stored yet are kept and sent again under the same id
// after a lost connection.

const PATIENCE_MS = [500, 1000, 2000, 4000, 8000];
const FOR_GOOD = new Set([4001, 4002, 4003, 4004]);

/**
 * Opens the socket and keeps it open.
 * `told.message(message)` receives what the server says; `told.link(state)` one of "open", "lost", "closed".
 * Returns `{ send, murmur, stream, leave }`.
 */
export function openSocket(address, told) {
  const url = new URL(address, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const waiting = new Map();
  let socket = null;
  let joined = false;
  let lastSeq = 0;
  let attempts = 0;
  let retryMs = null;
  let stopped = false;

  const open = () => {
    joined = false;
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => transmit({ type: "join", last_seq: lastSeq }));
    socket.addEventListener("message", (frame) => receive(JSON.parse(frame.data)));
    socket.addEventListener("close", (end) => {
      joined = false;
      if (stopped) return;
      if (FOR_GOOD.has(end.code)) {
        stopped = true;
        told.link("closed");
        return;
      }
      told.link("lost");
      const pause = retryMs ?? PATIENCE_MS[Math.min(attempts, PATIENCE_MS.length - 1)];
      retryMs = null;
      attempts += 1;
      setTimeout(open, pause);
    });
  };

  const isOpen = () => joined && socket.readyState === WebSocket.OPEN;
  const transmit = (message) => socket.send(JSON.stringify(message));

  const receive = (message) => {
    if (message.type === "welcome") {
      joined = true;
      attempts = 0;
      told.link("open");
      told.message(message);
      for (const unheard of waiting.values()) transmit(unheard);
      return;
    }
    if (message.id !== undefined && message.id !== null) waiting.delete(message.id);
    if (message.type === "going_away") retryMs = message.retry_ms;
    if ("seq" in message && "at" in message) {
      if (message.seq <= lastSeq) return;
      lastSeq = message.seq;
    }
    told.message(message);
  };

  open();
  return {
    /**
     * Sends words or a move, now or as soon as the connection is back; returns its id. An id of one's own is sent
     * once, however often it is given while its answer is awaited.
     */
    send(message, id = newId()) {
      if (waiting.has(id)) return id;
      const whole = { ...message, id };
      waiting.set(id, whole);
      if (isOpen()) transmit(whole);
      return id;
    },
    /** Says something that needs no answer and may be lost; whether it went. */
    murmur(message) {
      if (isOpen()) transmit(message);
      return isOpen();
    },
    /** Sends bytes that may be lost; whether they went. */
    stream(bytes) {
      if (isOpen()) socket.send(bytes);
      return isOpen();
    },
    /** Closes without coming back. */
    leave() {
      stopped = true;
      socket.close();
    },
  };
}

/** A new id: 24 hexadecimal digits. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
