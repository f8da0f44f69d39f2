// The level meter: bars that rise while one is heard. It moves only with the voice; words beside it say the same.

import { loudness } from "./sound.js";

/** Shows the level in the bars of `place`. Returns `show(level)`, level as root mean square from 0 to 1. */
export function showLevel(place) {
  const bars = [...place.children];
  let shown = 0;
  return (level) => {
    // Falls more slowly than it rises, as such meters do.
    shown = Math.max(loudness(level), shown - 0.12);
    const lit = Math.round(shown * bars.length);
    bars.forEach((bar, i) => bar.toggleAttribute("data-lit", i < lit));
  };
}
