// The microphone: asked for only when the trainee opens it, given back when they close it.

const WORKLET = "/assets/js/microphone-worklet.js";
/** How long the last samples may take to come out. */
const FLUSH_MS = 300;
/** Silence of a microphone that works is never this deep. */
const DEAD = 1e-5;
const DEAD_MS = 8000;

/** What went wrong, in words, by the names that `Microphone` uses. */
export const TROUBLES = {
  insecure:
    "Le micro n’est accessible que par une adresse sécurisée (https) ou depuis l’ordinateur du service (localhost). L’échange continue à l’écrit.",
  none: "Aucun micro n’a été trouvé. Branchez-en un puis rouvrez le micro, ou continuez à l’écrit.",
  refused:
    "L’accès au micro est refusé. Pour l’autoriser, ouvrez les réglages de ce site à côté de l’adresse, puis rouvrez le micro. Vous pouvez aussi continuer à l’écrit.",
  busy: "Le micro est pris par un autre programme. Fermez ce programme puis rouvrez le micro, ou continuez à l’écrit.",
  suspended: "Le navigateur retient encore le son de cette page. Appuyez de nouveau sur le bouton du micro, ou continuez à l’écrit.",
  worklet: "Le micro est là, mais la page n’a pas pu se préparer à l’écouter. Rechargez-la, ou continuez à l’écrit.",
  unplugged:
    "Le micro a été débranché. Ce que vous aviez dit est gardé. Rebranchez-le puis rouvrez le micro, ou continuez à l’écrit.",
  dead: "Le micro est ouvert, mais aucun son n’en vient. Vérifiez qu’il n’est pas coupé, ou continuez à l’écrit.",
  unknown: "Le micro n’a pas pu s’ouvrir. Vérifiez qu’il fonctionne, ou continuez à l’écrit.",
};

/**
 * A microphone. `told.frame(samples)` receives 16 kHz mono frames, `told.level(0 to 1)` how loud they are,
 * `told.trouble(name)` what goes wrong once it is open.
 */
export class Microphone {
  #told;
  #stream = null;
  #source = null;
  #node = null;
  #flushed = null;
  #quietSince = null;

  constructor(told) {
    this.#told = told;
  }

  /** Whether it gives sound. */
  get open() {
    return this.#node !== null;
  }

  /** Opens it, in an audio context that a gesture has started. Returns the name of the trouble, or null. */
  async start(context) {
    if (!navigator.mediaDevices?.getUserMedia || !window.isSecureContext) return "insecure";
    if (context.state !== "running" || !context.audioWorklet) return context.audioWorklet ? "suspended" : "worklet";
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      return named(error);
    }
    try {
      await context.audioWorklet.addModule(WORKLET);
      this.#listen(context, stream);
    } catch {
      for (const track of stream.getTracks()) track.stop();
      return "worklet";
    }
    return null;
  }

  /** Gives the microphone back, after its last samples. */
  async stop() {
    if (!this.#node) return;
    const flushed = new Promise((done) => {
      this.#flushed = done;
    });
    this.#node.port.postMessage("flush");
    await Promise.race([flushed, new Promise((late) => setTimeout(late, FLUSH_MS))]);
    this.#release();
  }

  #listen(context, stream) {
    this.#stream = stream;
    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, "frames", {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    this.#node.port.onmessage = ({ data }) => this.#take(data);
    this.#node.onprocessorerror = () => this.#told.trouble("worklet");
    this.#source.connect(this.#node);
    this.#quietSince = null;
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => this.#told.trouble("unplugged"));
  }

  #take({ samples, level, flushed }) {
    if (flushed) {
      this.#flushed?.();
      return;
    }
    this.#told.frame(samples);
    this.#told.level(level);
    if (level > DEAD) {
      this.#quietSince = Infinity;
    } else {
      this.#quietSince ??= Date.now();
      if (Date.now() - this.#quietSince < DEAD_MS) return;
      this.#quietSince = Infinity;
      this.#told.trouble("dead");
    }
  }

  #release() {
    this.#source?.disconnect();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#node) this.#node.port.onmessage = null;
    this.#stream = null;
    this.#source = null;
    this.#node = null;
    this.#told.level(0);
  }
}

function named(error) {
  switch (error.name) {
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "unknown";
  }
}
