// French spacing: what must not part at the end of a line is held together.

/** The same words, with no-break spaces before « ? ! : ; » and inside quotation marks, and curved apostrophes. */
export function typeset(words) {
  return words.replace(/ (?=[?!:;»])/g, "\u00a0").replace(/« /g, "«\u00a0").replace(/'/g, "’");
}
