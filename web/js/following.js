// The page on which a trainer follows a conversation: its words as they come, the character's mood, and whispers.

import { follows } from "./followed.js";
import { keepTime } from "./timer.js";
import { openSocket } from "./socket.js";
import { Thread } from "./thread.js";
import { typeset } from "./typeset.js";

const PHASES = {
  desk: { waiting: "La personne attend d’être reçue", talking: "En conversation", on_hold: "La personne patiente", ended: "Terminé" },
  phone: { waiting: "Le téléphone sonne", talking: "En ligne", on_hold: "En attente", ended: "Terminé" },
};

const MOVES = {
  hold: "La personne est mise en attente.",
  resume: "L’échange reprend.",
  transfer: "La demande est transmise à un service.",
  call_colleague: "Un collègue est appelé.",
  call_manager: "La responsable est appelée.",
  end: "L’échange est clos par le stagiaire.",
};

/** Follows one conversation. */
export function follow(root) {
  const find = (name) => root.querySelector(`[data-${name}]`);
  const { trainee, caller, channel } = root.dataset;
  const form = find("whisper");
  const field = form.elements.mot;
  const send = form.querySelector("button");
  const timer = keepTime(find("timer"));
  const log = find("thread");
  const trouble = find("trouble");
  const thread = new Thread(
    log,
    find("pending"),
    { root: find("writing"), words: find("writing-words") },
    { mine: trainee, theirs: caller },
    () => {},
  );
  const sent = new Map();
  let over = false;

  const socket = openSocket(root.dataset.socket, { message: hear, link: linked });

  function enter(phase) {
    find("state").textContent = PHASES[channel][phase] ?? "";
  }

  function allow(yes) {
    field.disabled = !yes;
    send.disabled = !yes;
  }

  function complain(words) {
    trouble.textContent = words;
    trouble.hidden = words === "";
  }

  function hear(message) {
    switch (message.type) {
      case "welcome":
        complain("");
        enter(message.phase);
        if (message.received_at) timer.start(message.received_at, message.now);
        allow(message.phase !== "ended");
        break;
      case "received":
        enter("talking");
        timer.start(message.at, message.at);
        thread.action(channel === "phone" ? "L’appel est pris." : "La personne est reçue.");
        break;
      case "said":
        // A follower corrects nothing.
        thread.said({ ...message, recognised: undefined });
        break;
      case "corrected":
        thread.corrected(message.turn, message.text);
        break;
      case "voiced":
        if (message.said !== undefined && message.said !== null) thread.cut(message.reply, message.said);
        break;
      case "moved":
        thread.action(MOVES[message.move.kind] ?? "");
        enter(message.phase);
        break;
      case "reply_begins":
        thread.begin();
        break;
      case "reply_part":
        thread.part(message.text);
        break;
      case "replied":
        thread.replied(message);
        break;
      case "hinted":
        thread.action(`Conseil affiché au stagiaire : ${message.text}`);
        break;
      case "mood":
        mood(message);
        break;
      case "followed":
        find("followers").textContent = message.names.length > 0 ? follows(message.names) : "";
        break;
      case "whispered":
        whispered(message);
        break;
      case "ended":
        over = true;
        enter("ended");
        timer.stop();
        thread.quiet();
        allow(false);
        find("over").hidden = false;
        announce("L’échange est terminé.");
        break;
      case "going_away":
        complain("Le service redémarre. Vous reprendrez l’échange dans un instant.");
        break;
      case "error":
        refused(message);
        break;
    }
  }

  function linked(link) {
    if (link === "lost") complain("La connexion est perdue ; nous essayons de la rétablir.");
    if (link === "closed") {
      allow(false);
      if (!over) complain("Vous ne suivez plus cet échange.");
    }
  }

  function announce(words) {
    find("status").textContent = words;
  }

  function mood({ tension, word, trust }) {
    find("tension").textContent = tension;
    find("tension-word").textContent = word;
    find("trust").textContent = trust;
    find("tension-bar").setAttribute("width", tension * 10);
  }

  function whispered({ id, by, text }) {
    if (sent.delete(id)) announce("Votre mot est transmis.");
    const item = document.createElement("li");
    item.className = "whispered";
    item.textContent = typeset(`${by}, à part : ${text}`);
    log.append(item);
    item.scrollIntoView({ block: "nearest" });
  }

  function refused({ id, message }) {
    const words = sent.get(id);
    sent.delete(id);
    if (words !== undefined && field.value.trim() === "") field.value = words;
    complain(message);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "" || field.disabled) return;
    complain("");
    const id = socket.send({ type: "whisper", text });
    sent.set(id, text);
    field.value = "";
    field.focus();
  });
}

for (const root of document.querySelectorAll("[data-following]")) follow(root);
