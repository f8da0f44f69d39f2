// The panel in which the trainee sets how to speak and listen. Every choice takes effect at once.

import { keepPreferences } from "./preferences.js";
import { fitting, french } from "./voices.js";

/**
 * Makes the panel work. `changed(name)` hears of every change; `sample()` says a few words to judge the voice by.
 */
export function makeVoicePanel(dialog, opener, preferences, person, { changed, sample }) {
  const form = dialog.querySelector("form");
  const list = form.elements.voice;
  const trial = dialog.querySelector("[data-voice-sample]");

  const show = () => {
    form.elements.mode.value = preferences.mode;
    form.elements.pause.value = preferences.pause;
    form.elements.before.checked = preferences.before;
    form.elements.sound.checked = preferences.sound;
    form.elements.volume.value = preferences.volume * 100;
    dialog.querySelector("[data-voice-pause]").disabled = preferences.mode === "push";
    if (list) showVoices();
  };

  const showVoices = () => {
    const voices = french(window.speechSynthesis?.getVoices() ?? []);
    const fit = fitting(voices, person, "");
    list.replaceChildren(new Option(fit ? `La mieux accordée à la personne (${fit.voice.name})` : "Aucune voix française", ""));
    for (const voice of voices) list.append(new Option(voice.name, voice.name));
    list.value = voices.some((voice) => voice.name === preferences.voice) ? preferences.voice : "";
    list.disabled = voices.length === 0;
    dialog.querySelector("[data-voice-none]").hidden = voices.length > 0;
    trial.hidden = voices.length === 0;
  };
  if (list) window.speechSynthesis?.addEventListener?.("voiceschanged", showVoices);

  form.addEventListener("input", ({ target }) => {
    const { name } = target;
    if (!(name in preferences)) return;
    if (target.type === "checkbox") preferences[name] = target.checked;
    else if (target.type === "range") preferences[name] = Number(target.value) / 100;
    else preferences[name] = target.value;
    dialog.querySelector("[data-voice-pause]").disabled = preferences.mode === "push";
    keepPreferences(preferences);
    changed(name);
  });
  trial?.addEventListener("click", sample);

  opener.addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  dialog.addEventListener("close", () => opener.focus());
}
