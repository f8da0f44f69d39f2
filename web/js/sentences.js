// A reply cut into sentences, exactly as the server cuts it (`src/speech/voices/sentences.rs`): sentence n here is the
// one whose sound the server gives under n.

/** Abbreviations whose point ends nothing. */
const SHORT = new Set(
  "adr app appt apt art av bat bât bd bld boul cf dr env ex m max min mm mr num p pr réf ref rés st ste tél tel vs".split(" "),
);

const SPACE = /^\s$/u;
const CLOSES = new Set([".", "!", "?", "…", "»", "”", "\"", ")", "’"]);

/** The sentences of a text, with the spaces that follow them. A text without a letter or a digit has none. */
export function sentences(text) {
  const chars = [...text];
  const parts = [];
  let start = 0;
  for (const end of ends(chars)) {
    const part = chars.slice(start, end).join("");
    if (!pronounceable(part)) continue;
    parts.push(part);
    start = end;
  }
  const rest = chars.slice(start).join("");
  if (parts.length > 0) parts[parts.length - 1] += rest;
  else if (pronounceable(rest)) parts.push(rest);
  return parts;
}

const pronounceable = (part) => /[\p{Alphabetic}\p{N}]/u.test(part);

/** Where sentences may end: after their sign, closing marks and the space that follows; always at the end. */
function ends(chars) {
  const found = [];
  const spacesFrom = (from, newlines) => {
    let at = from;
    while (at < chars.length && SPACE.test(chars[at]) && (newlines || chars[at] !== "\n")) at += 1;
    return at - from;
  };
  let i = 0;
  while (i < chars.length) {
    const sign = chars[i];
    const newline = sign === "\n";
    if (!newline && !".!?…".includes(sign)) {
      i += 1;
      continue;
    }
    const point = sign === "." && chars[i + 1] !== ".";
    let j = i + 1;
    for (;;) {
      const spaces = spacesFrom(j, false);
      if (!CLOSES.has(chars[j + spaces])) break;
      j += spaces + 1;
    }
    const spaces = spacesFrom(j, true);
    const next = chars[j + spaces];
    const lonePoint = point && j === i + 1;
    let goesOn = false;
    if (next !== undefined && !newline) {
      goesOn = spaces === 0 || /^\p{Lowercase}$/u.test(next) || (lonePoint && abbreviates(chars.slice(0, i)));
    }
    if (!goesOn) found.push(j + spaces);
    i = j;
  }
  if (found.at(-1) !== chars.length) found.push(chars.length);
  return found;
}

/** Whether the word before a point is an abbreviation or an initial. */
function abbreviates(before) {
  const word = before.join("").match(/\p{Alphabetic}*$/u)[0];
  return /^\p{Uppercase}$/u.test(word) || SHORT.has(word.toLowerCase());
}
