// The conversation page: puts the socket, the thread, the moves, the drawer and the timer together.

import { drawVoice } from "./voice.js";
import { keepTime } from "./timer.js";
import { makeAloud } from "./aloud.js";
import { makeDrawer } from "./drawer.js";
import { makeFollowed } from "./followed.js";
import { makeMoves } from "./moves.js";
import { openSocket } from "./socket.js";
import { Thread } from "./thread.js";

const RING_MS = 1400;
const TYPING_MS = 5000;

const ENDED = {
  desk: {
    trainee: "Vous avez pris congé.",
    character: "La personne est partie.",
    broke_off: "La personne a rompu l’échange.",
    abandoned: "L’échange a été fermé, faute de réponse.",
  },
  phone: {
    trainee: "Vous avez mis fin à l’appel.",
    character: "La personne a raccroché.",
    broke_off: "La personne a rompu l’échange et raccroché.",
    abandoned: "L’appel a été fermé, faute de réponse.",
  },
};

// What is told before, or beside, the first words.
const BESIDE = new Set(["welcome", "received", "followed", "whispered"]);

/** Brings a room to life. */
export function converse(room) {
  const find = (name) => room.querySelector(`[data-${name}]`);
  const phone = room.dataset.channel === "phone";
  const form = find("say");
  const field = form.elements.mots;
  const sendButton = form.querySelector("button");
  const state = find("state");
  const status = find("status");
  const trouble = find("trouble");
  const hint = find("hint");
  const start = find("start");
  const timer = keepTime(find("timer"));
  const line = phone ? drawVoice(find("voice")) : { speak() {}, follow() {}, hush() {} };
  const thread = new Thread(
    find("thread"),
    find("pending"),
    { root: find("writing"), words: find("writing-words") },
    { mine: "Vous", theirs: phone ? "Au bout du fil" : room.dataset.caller },
    (turn, text) => socket.send({ type: "correct", turn, text }),
  );
  const spoken = new Map();
  let draft = null;
  let phase = "connecting";
  let ringing = null;
  let slow = null;
  let typedAt = 0;
  let joinedAt = -1;
  let joined = 0;
  let farewell = null;

  const socket = openSocket(room.dataset.socket, { message: hear, link: linked });
  const moves = makeMoves(room, act, field);
  const followed = makeFollowed(room);
  const aloud =
    room.dataset.aloud === undefined
      ? null
      : makeAloud(room, { link: socket, thread, line, turn: recognised, done: voiceDone });
  makeDrawer(find("drawer"), find("drawer-open"), find("drawer-close"), room.querySelectorAll("[data-behind]"));

  // What is shown and announced.
  function enter(next, words) {
    phase = next;
    room.dataset.phase = next;
    state.textContent = words;
    field.disabled = next !== "talking";
    sendButton.disabled = next !== "talking";
    moves.allow(next);
    moves.held(next === "on_hold");
    aloud?.enter(next);
  }

  function announce(words) {
    status.textContent = words;
  }

  function complain(words) {
    trouble.textContent = words;
    trouble.hidden = words === "";
  }

  const inTalk = () => (phone ? "En ligne" : "Face à vous");

  function answering(yes) {
    clearTimeout(slow);
    room.toggleAttribute("data-answering", yes);
    if (!yes) {
      if (!aloud?.busy) line.hush();
      thread.quiet();
      return;
    }
    slow = setTimeout(() => announce("La réponse arrive."), 3000);
  }

  // What the server says.
  function hear(message) {
    if (!BESIDE.has(message.type)) start.hidden = true;
    switch (message.type) {
      case "welcome":
        welcome(message);
        break;
      case "received":
        enter("talking", inTalk());
        start.hidden = false;
        timer.start(message.at, message.at);
        announce(phone ? "Vous avez décroché. À vous." : "Vous accueillez la personne. À vous.");
        field.focus();
        break;
      case "said":
        thread.said(message);
        break;
      case "moved":
        thread.action(moves.told(message.move));
        if (message.phase === "on_hold") enter("on_hold", phone ? "En attente" : "La personne patiente");
        else if (message.phase === "talking") {
          enter("talking", inTalk());
          field.focus();
        }
        break;
      case "reply_begins":
        answering(true);
        thread.begin();
        if (!aloud?.voiced) line.speak();
        break;
      case "reply_part":
        // Words to be said are shown when they are said.
        if (aloud?.voiced) break;
        thread.part(message.text);
        line.speak();
        break;
      case "replied":
        answering(false);
        posture(message.posture);
        if (aloud?.voiced && isNew(message.seq) && message.text) aloud.say(message);
        else thread.replied(message);
        break;
      case "corrected":
        thread.corrected(message.turn, message.text);
        break;
      case "voiced":
        if (message.said !== undefined && message.said !== null) thread.cut(message.reply, message.said);
        break;
      case "listening":
      case "hearing":
      case "partial":
      case "transcribed":
      case "unheard":
      case "interrupt":
        aloud?.hear(message);
        break;
      case "hinted":
        find("hint-text").textContent = message.text;
        hint.hidden = false;
        announce(`Conseil : ${message.text}`);
        break;
      case "followed":
        followed.names(message.names);
        break;
      case "whispered":
        followed.whisper(message);
        break;
      case "ended":
        // The last words are heard to their end.
        farewell = message;
        enter("ended", "Terminé");
        timer.stop();
        if (!aloud?.busy) ended();
        break;
      case "notice":
        thread.action(message.message);
        break;
      case "taken_over":
        enter("elsewhere", "Ouvert ailleurs");
        complain("Cet échange est maintenant ouvert dans une autre fenêtre. Rechargez cette page pour le reprendre ici.");
        break;
      case "going_away":
        complain("Le service redémarre. Rien n’est perdu : l’échange reprend dans un instant.");
        break;
      case "error":
        refuse(message);
        break;
    }
  }

  /** Whether an event is told as it happens: live, or the last of those missed while the connection was away. */
  function isNew(seq) {
    return seq > joinedAt || (joined > 1 && seq === joinedAt);
  }

  function welcome(message) {
    complain("");
    joinedAt = message.last_seq;
    joined += 1;
    if (message.received_at) timer.start(message.received_at, message.now);
    posture(message.posture);
    if (message.phase === "waiting") {
      if (ringing) return;
      enter("waiting", phone ? "Le téléphone sonne" : "Attend d’être reçu");
      if (aloud && room.dataset.aloud === "chosen") {
        ringing = true;
        offerPickUp();
        return;
      }
      announce(phone ? "Le téléphone sonne, vous décrochez." : "La personne est devant vous.");
      ringing = setTimeout(() => socket.send({ type: "receive" }), phone ? RING_MS : RING_MS / 2);
    } else if (message.phase === "on_hold") {
      enter("on_hold", phone ? "En attente" : "La personne patiente");
    } else if (message.phase === "talking") {
      enter("talking", inTalk());
      field.focus();
    }
  }

  // A conversation aloud waits to be picked up: that gesture lets sound begin, and asks for the microphone.
  function offerPickUp() {
    const box = find("pick-up");
    const go = find("pick-up-go");
    const write = find("pick-up-write");
    announce(phone ? "Le téléphone sonne. Décrochez quand vous êtes prêt." : "La personne est devant vous. Accueillez-la quand vous êtes prêt.");
    box.hidden = false;
    go.focus();
    aloud.arrive();
    const receive = () => {
      box.hidden = true;
      socket.send({ type: "receive" });
    };
    go.addEventListener("click", async () => {
      go.disabled = true;
      await aloud.pickUp();
      if (phase === "waiting") receive();
    }, { once: true });
    write?.addEventListener("click", () => {
      aloud.renounce();
      receive();
    }, { once: true });
  }

  function linked(link) {
    room.dataset.link = link;
    aloud?.linked(link === "open");
    if (link === "open") {
      if (trouble.dataset.lost !== undefined) announce("Connexion rétablie. L’échange continue.");
      delete trouble.dataset.lost;
    } else if (link === "lost" && phase !== "ended") {
      answering(false);
      trouble.dataset.lost = "";
      complain("La connexion est perdue. Ce que vous avez dit est gardé ; nous essayons de la rétablir.");
    }
  }

  function posture(kind) {
    const portrait = room.querySelector(".desk-portrait use");
    if (!portrait || (kind !== "calm" && kind !== "tense")) return;
    portrait.setAttribute("href", `${portrait.getAttribute("href").split("#")[0]}#${kind}`);
  }

  function refuse(message) {
    const words = thread.refused(message.id);
    if (words !== null && field.value.trim() === "") {
      if (spoken.has(message.id)) draft = { id: message.id, ...spoken.get(message.id) };
      field.value = words;
      grow();
    }
    if (aloud?.refused(message)) return;
    complain(message.message);
  }

  // Words that were said aloud: they are sent at once, or read again first.
  function recognised({ utterance, text, began_at, ended_at }) {
    if (spoken.has(utterance)) return;
    spoken.set(utterance, { recognised: text, began_at, ended_at });
    if (phase === "talking" && !aloud.before) {
      speak(utterance, text);
      return;
    }
    // Words that come while the person is on hold are kept for when the exchange goes on.
    const first = draft ?? { id: utterance, recognised: "", began_at };
    draft = { id: first.id, recognised: `${first.recognised} ${text}`.trim(), began_at: first.began_at, ended_at };
    field.value = `${field.value.trim()} ${text}`.trim();
    grow();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    announce(`Compris : ${text} Relisez, puis Entrée pour le dire.`);
  }

  function speak(id, text, { recognised = text, began_at, ended_at } = spoken.get(id)) {
    complain("");
    hint.hidden = true;
    aloud.giveWay();
    socket.send({ type: "say", text, spoken: { recognised, began_at, ended_at } }, id);
    thread.sending(id, text);
  }

  function voiceDone() {
    if (farewell) ended();
  }

  function ended() {
    const message = farewell;
    farewell = null;
    answering(false);
    complain("");
    hint.hidden = true;
    find("over-words").textContent = ENDED[room.dataset.channel][message.by] ?? "";
    if (message.next) find("over-next").href = message.next;
    if (isNew(message.seq) && message.by !== "trainee") aloud?.hungUp();
    find("talk-in").hidden = true;
    const over = find("over");
    over.hidden = false;
    over.focus({ preventScroll: true });
    over.scrollIntoView({ block: "nearest" });
  }

  // What the trainee does.
  function say() {
    const text = field.value.trim();
    if (text === "" || phase !== "talking") return;
    if (draft) {
      const { id, ...how } = draft;
      draft = null;
      spoken.set(id, how);
      speak(id, text, how);
    } else {
      complain("");
      hint.hidden = true;
      aloud?.giveWay();
      const id = socket.send({ type: "say", text });
      thread.sending(id, text);
    }
    field.value = "";
    grow();
  }

  function act(move) {
    aloud?.giveWay();
    socket.send({ type: "move", move });
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 220)}px`;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say();
    field.focus();
  });
  field.addEventListener("input", () => {
    grow();
    if (field.value === "") draft = null;
    if (Date.now() - typedAt < TYPING_MS) return;
    typedAt = Date.now();
    socket.murmur({ type: "typing" });
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say();
  });
}

for (const room of document.querySelectorAll("[data-conversation]")) converse(room);
