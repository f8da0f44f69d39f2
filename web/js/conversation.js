// The conversation page: puts the socket, the thread, the moves, the drawer and the timer together.

import { drawVoice } from "./voice.js";
import { keepTime } from "./timer.js";
import { makeDrawer } from "./drawer.js";
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
  const voice = phone ? drawVoice(find("voice")) : { speak() {}, hush() {} };
  const thread = new Thread(
    find("thread"),
    find("pending"),
    { root: find("writing"), words: find("writing-words") },
    { mine: "Vous", theirs: phone ? "Au bout du fil" : room.dataset.caller },
  );
  let phase = "connecting";
  let ringing = null;
  let slow = null;
  let typedAt = 0;

  const socket = openSocket(room.dataset.socket, { message: hear, link: linked });
  const moves = makeMoves(room, (move) => socket.send({ type: "move", move }), field);
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
      voice.hush();
      thread.quiet();
      return;
    }
    slow = setTimeout(() => announce("La réponse arrive."), 3000);
  }

  // What the server says.
  function hear(message) {
    if (message.type !== "welcome" && message.type !== "received") start.hidden = true;
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
        thread.said(message.id, message.text);
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
        voice.speak();
        break;
      case "reply_part":
        thread.part(message.text);
        voice.speak();
        break;
      case "replied":
        answering(false);
        thread.replied(message.text, message.cue);
        posture(message.posture);
        break;
      case "hinted":
        find("hint-text").textContent = message.text;
        hint.hidden = false;
        announce(`Conseil : ${message.text}`);
        break;
      case "ended":
        ended(message);
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

  function welcome(message) {
    complain("");
    if (message.received_at) timer.start(message.received_at, message.now);
    posture(message.posture);
    if (message.phase === "waiting") {
      if (ringing) return;
      enter("waiting", phone ? "Le téléphone sonne" : "Attend d’être reçu");
      announce(phone ? "Le téléphone sonne, vous décrochez." : "La personne est devant vous.");
      ringing = setTimeout(() => socket.send({ type: "receive" }), phone ? RING_MS : RING_MS / 2);
    } else if (message.phase === "on_hold") {
      enter("on_hold", phone ? "En attente" : "La personne patiente");
    } else if (message.phase === "talking") {
      enter("talking", inTalk());
      field.focus();
    }
  }

  function linked(link) {
    room.dataset.link = link;
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
      field.value = words;
      grow();
    }
    complain(message.message);
  }

  function ended(message) {
    answering(false);
    timer.stop();
    enter("ended", "Terminé");
    complain("");
    hint.hidden = true;
    find("over-words").textContent = ENDED[room.dataset.channel][message.by] ?? "";
    if (message.next) find("over-next").href = message.next;
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
    complain("");
    hint.hidden = true;
    const id = socket.send({ type: "say", text });
    thread.sending(id, text);
    field.value = "";
    grow();
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
