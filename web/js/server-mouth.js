// Speaks with sound that the server makes: fetched sentence by sentence, the next one while this one is heard.

/** How often the level is looked at, for the line that moves. */
const LOOK_MS = 50;

/** The mouth of one person. `into()` gives the node its sound goes to. Like every mouth: `{ ready, prepare, say, hush }`. */
export function serverMouth(sound, address, into) {
  const fetched = new Map();
  let current = null;

  const load = async (reply, n) => {
    const answer = await fetch(`${address}/${reply}/${n}`);
    if (!answer.ok) throw new Error(`no sound: ${answer.status}`);
    return sound.context.decodeAudioData(await answer.arrayBuffer());
  };

  const get = (reply, n) => {
    const key = `${reply}/${n}`;
    if (!fetched.has(key)) {
      const loading = load(reply, n);
      // Whoever waits for it hears of the failure; nobody may be waiting yet.
      loading.catch(() => {});
      fetched.set(key, loading);
    }
    return fetched.get(key);
  };

  return {
    /** Whether there is anything to hear it with. */
    async ready() {
      return sound.running;
    },
    /** Fetches a sentence before its turn. */
    prepare({ reply, n }) {
      get(reply, n);
    },
    /** Says one sentence. `told.begun()` when it is heard, `told.level(0 to 1)` while. "said", "hushed" or "failed". */
    async say(sentence, { reply, n }, told) {
      const run = { length: sentence.length, source: null, began: 0, lasts: 0, finish: null };
      current = run;
      let buffer;
      try {
        buffer = await get(reply, n);
      } catch {
        if (current === run) current = null;
        return "failed";
      } finally {
        fetched.delete(`${reply}/${n}`);
      }
      if (current !== run) return "hushed";
      const { context } = sound;
      const source = new AudioBufferSourceNode(context, { buffer });
      const meter = new AnalyserNode(context, { fftSize: 1024 });
      source.connect(meter).connect(into());
      const samples = new Float32Array(meter.fftSize);
      const look = setInterval(() => {
        meter.getFloatTimeDomainData(samples);
        told.level(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
      }, LOOK_MS);
      return new Promise((resolve) => {
        run.finish = (how) => {
          if (run.source === null) return;
          run.source = null;
          if (current === run) current = null;
          clearInterval(look);
          told.level(0);
          source.disconnect();
          meter.disconnect();
          resolve(how);
        };
        run.source = source;
        run.lasts = buffer.duration;
        run.began = context.currentTime;
        source.addEventListener("ended", () => run.finish("said"));
        source.start();
        told.begun();
      });
    },
    /** Stops at once. Returns how much of the sentence was said, in characters. */
    hush() {
      fetched.clear();
      const run = current;
      current = null;
      if (!run?.source) return 0;
      const share = Math.min(1, (sound.context.currentTime - run.began) / run.lasts);
      run.source.stop();
      run.finish("hushed");
      return Math.floor(run.length * share);
    },
  };
}
