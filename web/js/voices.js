// Which of the browser's voices fits a person, and how it is used: browsers name voices, they do not say whose they are.

/** First names and marks by which the systems in use call their French voices. */
const WOMEN =
  /am[ée]lie|audrey|aur[ée]lie|marie|virginie|sandy|shelley|flo\b|grand-?m(a|ère)|hortense|julie|denise|[ée]lo[ïi]se|vivienne|caroline|nathalie|sylvie|charline|ariane|brigitte|c[ée]leste|coralie|jacqueline|jos[ée]phine|yvette|chantal|c[ée]line|l[ée]a\b|siwis|google fran|female|femme|woman|fr[ac]\b|-fr[ac]-|vlf/i;
const MEN =
  /thomas|nicolas|jacques|daniel|eddy|reed|rocko|grand-?p(a|ère)|paul\b|henri|r[ée]my|claude|guillaume|antoine|jean|thierry|alain|j[ée]r[ôo]me|maurice|yves|fabrice|gilles|mathieu|tom\b|(^|[^e])male|homme|\bman\b|fr[bd]\b|-fr[bd]-|espeak/i;
const OLD = /grand-?(m|p)/i;
/** Voices meant for jest. */
const ODD = /bad news|bells|boing|bubbles|cellos|jester|organ|trinoids|whisper|wobble|zarvox/i;

/** Whose voice it is, by its name: "F", "M" or null. */
export function sexOf(name) {
  if (WOMEN.test(name)) return "F";
  return MEN.test(name) ? "M" : null;
}

/** The French voices among all. */
export function french(voices) {
  return voices.filter((voice) => /^fr([-_]|$)/i.test(voice.lang) && !ODD.test(voice.name));
}

/**
 * The voice for a person, and by how much to shift it: `{ voice, pitch, rate }`, or null where none is French.
 * `wanted` is the name that the trainee chose, if any.
 */
export function fitting(voices, person, wanted) {
  const fit = (voice) => {
    const sex = sexOf(voice.name);
    let points = 0;
    if (sex === person.sex) points += 8;
    else if (sex === null) points += 4;
    if (/^fr[-_]fr/i.test(voice.lang)) points += 2;
    if (/natural|premium|enhanced|neural|améliorée|premium/i.test(voice.name)) points += 1.5;
    if (voice.localService) points += 1;
    if (/eloquence|compact|espeak/i.test(voice.voiceURI + voice.name)) points -= 1;
    if (OLD.test(voice.name)) points += person.age >= 68 ? 2 : -3;
    return points;
  };
  const all = french(voices);
  const voice =
    all.find((one) => one.name === wanted) ?? all.reduce((best, one) => (best && fit(best) >= fit(one) ? best : one), null);
  if (!voice) return null;
  const sex = sexOf(voice.name);
  // A voice of the other kind is brought nearer, not disguised.
  const shift = sex === null || sex === person.sex ? 1 : person.sex === "F" ? 1.2 : 0.8;
  return { voice, pitch: shift * ofAge(person.age).pitch, rate: ofAge(person.age).rate };
}

/** Young people speak a little faster and higher, old ones slower and lower. */
function ofAge(age) {
  if (age < 26) return { pitch: 1.06, rate: 1.04 };
  if (age < 66) return { pitch: 1, rate: 1 };
  return { pitch: 0.94, rate: 0.92 };
}
