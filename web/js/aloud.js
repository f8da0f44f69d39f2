// The exchange aloud: the microphone, what is heard, the character's voice, the telephone's sounds, put together.
//
// Text stays possible at any time; nothing here starts without a gesture of the trainee.

import { Hearing } from "./hearing.js";
import { Microphone, TROUBLES } from "./microphone.js";
import { PAUSES, loadPreferences } from "./preferences.js";
import { Sound, loudness } from "./sound.js";
import { Speaking } from "./speaking.js";
import { browserMouth } from "./browser-mouth.js";
import { callLine } from "./line.js";
import { makePress } from "./press.js";
import { makeTones } from "./tones.js";
import { makeVoicePanel } from "./voice-panel.js";
import { serverMouth } from "./server-mouth.js";
import { showLevel } from "./level.js";

const KEY = "F4";
/** What is said while the button is let go still belongs to the turn. */
const TAIL_MS = 250;
/** How long a passing remark stays. */
const REMARK_MS = 4000;

const UNHEARD = { noise: "Du bruit, mais pas de mots.", too_short: "Trop court pour être compris. Redites-le, ou écrivez-le." };
const NO_VOICE = "Ce navigateur n’a pas de voix française : les réponses restent écrites.";
const NO_SOUND = "La voix de la personne n’arrive pas : ses mots restent écrits.";
const FULL = "La connexion manque depuis une minute : le micro est fermé. Ce que vous avez dit jusque-là est gardé.";
const SAMPLE = "Bonjour, je vous appelle au sujet de mon logement. Vous m’entendez bien ?";

/**
 * Makes speaking and listening work in a room. `page` offers what the conversation can do: `link` (the socket),
 * `thread`, `line` (the moving line), `turn(words)` for recognised words, `complain(words)`, `done()` when the voice
 * has fallen silent. Returns what the conversation tells it.
 */
export function makeAloud(room, page) {
  const find = (name) => room.querySelector(`[data-${name}]`);
  const phone = room.dataset.channel === "phone";
  const person = { sex: room.dataset.voiceSex, age: Number(room.dataset.voiceAge) };
  const preferences = loadPreferences(room.dataset.correction === "before");
  const bar = find("aloud-bar");
  const switcher = find("aloud-switch");
  const button = find("microphone");
  const word = find("microphone-word");
  const state = find("microphone-state");
  const trouble = find("aloud-trouble");
  const level = showLevel(find("level"));

  const sound = new Sound();
  sound.volume = preferences.volume;
  const tones = makeTones(sound);
  const microphone = new Microphone({ frame: (samples) => taking && hearing.take(samples), level, trouble: lost });
  const hearing = new Hearing(page.link, { full: () => lost("full") });
  let into = null;
  const mouth =
    room.dataset.voiceSource === "server"
      ? serverMouth(sound, room.dataset.voiceAddress, () => (into ??= phone ? callLine(sound.context, sound.out) : sound.out))
      : browserMouth(person, () => ({ volume: preferences.volume, voice: preferences.voice }));
  const speaking = new Speaking(mouth, {
    begins(reply) {
      page.link.murmur({ type: "voicing", reply: reply.seq });
      room.toggleAttribute("data-voicing", true);
      page.line.speak();
    },
    sentence: (reply, words) => page.thread.sentence(reply, words),
    level: (now) => page.line.follow(loudness(now)),
    ends(reply, ms) {
      page.thread.whole(reply);
      page.link.send({ type: "voiced", reply: reply.seq, ms });
      silence();
    },
    silent(reply) {
      page.thread.whole(reply);
      silence();
    },
    fails: () => remark(NO_SOUND),
  });

  let chosen = false;
  let phase = "connecting";
  let opening = false;
  let opened = false;
  let held = false;
  let taking = false;
  let voiced = false;
  let heard = "";
  let remarked = null;
  let tail = null;

  const press = makePress(button, KEY, {
    holds: () => preferences.mode === "push",
    tap: toggle,
    begin: () => talk(true),
    end: () => talk(false),
  });
  makeVoicePanel(find("voice-dialog"), find("voice-settings"), preferences, person, {
    changed(name) {
      if (name === "volume") sound.volume = preferences.volume;
      if (name === "mode" || name === "pause") {
        press.stop();
        held = false;
        taking = false;
        hearing.stop();
      }
      if (name === "sound") preferences.sound ? voice() : mute();
      sync();
    },
    async sample() {
      await sound.unlock();
      if (!(await mouth.ready())) return;
      stopVoice(false);
      mouth.say(SAMPLE, { delivery: { rate: 100, pitch: 100 } }, { begun() {} });
    },
  });

  // What is shown of the microphone.
  function show() {
    bar.hidden = !chosen || phase === "waiting" || phase === "connecting";
    switcher.setAttribute("aria-pressed", String(chosen));
    const push = preferences.mode === "push";
    room.dataset.listening = opened ? (taking ? "open" : "ready") : "closed";
    button.disabled = opening || (phase !== "talking" && !opened);
    if (push) {
      button.setAttribute("aria-pressed", String(press.on));
      word.textContent = press.on ? "Appuyez pour finir" : "Maintenir pour parler";
    } else {
      button.setAttribute("aria-pressed", String(opened));
      word.textContent = opened ? "Couper le micro" : "Ouvrir le micro";
    }
    const words = remarked ?? standing(push);
    if (state.textContent !== words) state.textContent = words;
  }

  function standing(push) {
    if (opening) return "Le navigateur demande l’accès au micro…";
    if (phase === "on_hold") return opened ? "Micro en pause pendant l’attente" : "Micro coupé";
    if (heard === "speech") return "On vous entend";
    if (heard === "transcribing") return "Transcription…";
    if (!opened) return "Micro coupé";
    if (push && !taking) return "Micro prêt, rien n’est écouté";
    return "Micro ouvert, parlez";
  }

  function remark(words) {
    remarked = words;
    show();
    setTimeout(() => {
      if (remarked !== words) return;
      remarked = null;
      show();
    }, REMARK_MS);
  }

  function tell(words) {
    trouble.textContent = words;
    trouble.hidden = words === "";
  }

  // Sound of the character.
  async function voice() {
    if (!preferences.sound || !chosen || voiced) return;
    if (!(await mouth.ready())) {
      if (sound.running) remark(NO_VOICE);
      return;
    }
    voiced = true;
    page.link.murmur({ type: "sound", on: true });
  }

  function mute() {
    stopVoice(false);
    tones.quiet();
    if (voiced) page.link.murmur({ type: "sound", on: false });
    voiced = false;
  }

  // Stops the voice; where the trainee cut in, what was said until then is all there is.
  function stopVoice(cut) {
    const stopped = speaking.stop();
    if (!stopped) return;
    const { reply, began, ms, said, rest } = stopped;
    if (began && cut && said < [...reply.text].length) {
      page.thread.cut(reply.seq, wordsWithin(reply.text, said));
      page.link.send({ type: "voiced", reply: reply.seq, ms, said });
    } else {
      page.thread.whole(reply);
      if (began) page.link.send({ type: "voiced", reply: reply.seq, ms });
    }
    for (const other of rest) page.thread.whole(other);
    silence();
  }

  function silence() {
    if (speaking.busy) return;
    room.toggleAttribute("data-voicing", false);
    page.line.hush();
    page.done();
  }

  // The microphone.
  async function openMicrophone() {
    if (opened || opening) return opened;
    opening = true;
    show();
    const unlocked = await sound.unlock();
    const why = unlocked || !navigator.mediaDevices ? await microphone.start(sound.context) : "suspended";
    opening = false;
    opened = why === null;
    tell(opened ? "" : TROUBLES[why]);
    if (opened && !chosen) await closeMicrophone();
    sync();
    return opened;
  }

  async function closeMicrophone() {
    opened = false;
    await microphone.stop();
    sync();
  }

  function lost(why) {
    if (why === "dead") {
      tell(TROUBLES.dead);
      return;
    }
    tell(why === "full" ? FULL : TROUBLES[why]);
    press.stop();
    closeMicrophone();
  }

  function toggle() {
    if (opened) closeMicrophone();
    else openMicrophone();
    voice();
  }

  // The button: what is said while it is let go still belongs to the turn.
  async function talk(on) {
    clearTimeout(tail);
    held = true;
    if (!on) {
      tail = setTimeout(() => {
        held = false;
        sync();
      }, TAIL_MS);
    } else {
      voice();
      if (!(await openMicrophone())) press.stop();
    }
    sync();
  }

  // Brings the stream in line with what is wanted.
  function sync() {
    taking = opened && phase === "talking" && (held || preferences.mode === "free");
    if (taking && !hearing.open) hearing.start(preferences.mode, PAUSES[preferences.pause]);
    else if (!taking && hearing.open) {
      hearing.stop();
      if (heard === "speech") heard = "transcribing";
    }
    show();
  }

  async function choose(on) {
    if (chosen === on) return;
    chosen = on;
    tell("");
    if (on) {
      show();
      if (phase !== "waiting") {
        if (preferences.mode === "free") await openMicrophone();
        else await sound.unlock();
        await voice();
        if (phase === "on_hold") tone();
      }
    } else {
      mute();
      press.stop();
      await closeMicrophone();
    }
    show();
  }

  function tone() {
    if (!phone || !chosen || !preferences.sound) return;
    if (phase === "waiting") tones.ring();
    else if (phase === "on_hold") tones.hold();
    else tones.quiet();
  }

  switcher.addEventListener("click", () => choose(!chosen));
  document.addEventListener("keydown", (event) => {
    if (event.key !== KEY || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (!chosen) choose(true);
    else if (!button.disabled) press.keyDown(event);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === KEY) press.keyUp();
  });

  return {
    /** Whether the trainee speaks here. */
    get chosen() {
      return chosen;
    },
    /** Whether the next reply will be heard. */
    get voiced() {
      return voiced;
    },
    /** Whether words are to be read again before they are sent. */
    get before() {
      return preferences.before;
    },
    /** Whether the voice is still at it. */
    get busy() {
      return speaking.busy;
    },
    /** Speaks from the start: the telephone rings if the browser lets it, and waits to be picked up. */
    async arrive() {
      chosen = true;
      show();
      if (phone && preferences.sound && (await sound.unlock()) && phase === "waiting") tone();
    },
    /** Picked up, by a gesture: sound may start, and the microphone is asked for. */
    async pickUp() {
      const opening = openMicrophone();
      tones.quiet();
      if (phone && sound.running && preferences.sound) tones.click();
      await opening;
      // Where voices take their time to be known, the telephone does not wait for them.
      voice();
    },
    /** Writes only, from the start. */
    renounce() {
      tones.quiet();
      choose(false);
    },
    /** The conversation is in another state. */
    enter(next) {
      if (next === phase) return;
      phase = next;
      if (next !== "waiting") tone();
      if (next === "ended" || next === "elsewhere") {
        press.stop();
        if (opened) closeMicrophone();
      }
      sync();
    },
    /** The other side has hung up, and has been heard to its end. */
    hungUp() {
      if (phone && chosen && preferences.sound) tones.hangUp();
    },
    /** The connection is lost, or back. */
    linked(open) {
      if (!open) {
        hearing.away();
        return;
      }
      if (voiced) page.link.murmur({ type: "sound", on: true });
      if (speaking.reply !== null) page.link.murmur({ type: "voicing", reply: speaking.reply });
      hearing.back();
    },
    /** Says a reply. */
    say(reply) {
      speaking.say(reply);
    },
    /** The trainee says or does something: the voice gives way, and that is no interruption. */
    giveWay() {
      stopVoice(false);
    },
    /** What the server says about what it hears. */
    hear(message) {
      hearing.hear(message);
      switch (message.type) {
        case "hearing":
          heard = message.speech ? "speech" : "transcribing";
          remarked = null;
          page.thread.hearing("");
          break;
        case "partial":
          page.thread.hearing(message.text);
          break;
        case "transcribed":
          heard = "";
          page.thread.heard();
          page.turn(message);
          break;
        case "unheard":
          heard = "";
          page.thread.heard();
          if (UNHEARD[message.why]) remark(UNHEARD[message.why]);
          break;
        case "interrupt":
          if (speaking.reply === message.reply) stopVoice(true);
          break;
      }
      show();
    },
    /** What the server refuses about it. Returns whether that needs no word. */
    refused({ code }) {
      switch (code) {
        case "not_listening":
          // Sound that was under way when a stream was closed.
          hearing.again();
          return true;
        case "too_far_behind":
          hearing.again();
          break;
        case "transcription_failed":
          heard = "";
          page.thread.heard();
          break;
        case "voice_unavailable":
        case "wrong_sample_rate":
          hearing.drop();
          page.thread.heard();
          heard = "";
          if (opened) closeMicrophone();
          break;
      }
      show();
      return false;
    },
  };
}

/** The whole words among the first so many characters. */
function wordsWithin(text, said) {
  const chars = [...text];
  const head = chars.slice(0, said).join("");
  return (/\s/.test(chars[said] ?? " ") ? head : head.replace(/\S*$/, "")).trimEnd();
}
