// The line that moves when the other person speaks on the telephone. It stays still for those who ask for less motion.

const WIDTH = 600;
const MIDDLE = 32;
const POINTS = 60;

/** Draws the voice. Returns `{ speak, follow, hush }`. */
export function drawVoice(svg) {
  const path = svg.querySelector("path");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let level = 0;
  let target = 0;
  let running = false;

  const frame = (now) => {
    level += (target - level) * 0.12;
    path.setAttribute("d", wave(now / 1000, level));
    if (level > 0.01 || target > 0) {
      requestAnimationFrame(frame);
    } else {
      running = false;
      path.setAttribute("d", `M0 ${MIDDLE} L${WIDTH} ${MIDDLE}`);
    }
  };
  const run = () => {
    if (running || still.matches) return;
    running = true;
    requestAnimationFrame(frame);
  };
  return {
    /** Someone speaks. */
    speak() {
      target = 1;
      svg.dataset.speaking = "";
      run();
    },
    /** Someone speaks, this loudly (0 to 1). */
    follow(loudness) {
      if (svg.dataset.speaking === undefined) return;
      target = Math.min(1, loudness * 1.3);
      run();
    },
    /** Silence. */
    hush() {
      target = 0;
      delete svg.dataset.speaking;
      run();
    },
  };
}

function wave(seconds, level) {
  let path = "";
  for (let point = 0; point <= POINTS; point += 1) {
    const along = point / POINTS;
    const fade = Math.sin(Math.PI * along) ** 2;
    const swing =
      Math.sin(along * 21 + seconds * 5.1) * 0.5 +
      Math.sin(along * 34 - seconds * 7.3) * 0.32 +
      Math.sin(along * 55 + seconds * 11.7) * 0.18;
    const y = MIDDLE + swing * fade * level * 26;
    path += `${point === 0 ? "M" : " L"}${(along * WIDTH).toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}
