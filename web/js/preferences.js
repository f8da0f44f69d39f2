// How the trainee likes to speak and listen, kept in this browser.

const KEY = "voice";
export const PAUSES = { short: 450, usual: 600, long: 1000 };

/** The preferences kept, or the usual ones. `before` is whether the organisation asks to read words again first. */
export function loadPreferences(before) {
  const usual = { mode: "free", before, pause: "usual", sound: true, voice: "", volume: 0.8 };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    for (const [name, value] of Object.entries(kept)) {
      if (name in usual && typeof value === typeof usual[name]) usual[name] = value;
    }
  } catch {
    // Storage may be closed to us, or hold something else: the usual ones then.
  }
  if (!["free", "push"].includes(usual.mode)) usual.mode = "free";
  if (!(usual.pause in PAUSES)) usual.pause = "usual";
  usual.volume = Math.max(0, Math.min(1, usual.volume));
  return usual;
}

/** Keeps them. */
export function keepPreferences(preferences) {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // They then last as long as the page.
  }
}
