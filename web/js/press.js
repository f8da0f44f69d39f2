// A button that works held or pressed once: held, it acts until it is let go; pressed shortly, until it is pressed again.
// By pointer, finger, Space, Enter, and a key of its own.

/** Longer than this is holding. */
const HELD_MS = 350;

/**
 * Makes `button` (and the key `key`, anywhere) work: `told.begin()` and `told.end()` while `told.holds()`, otherwise
 * `told.tap()` for every press. Returns `{ keyDown, keyUp, on, stop }`.
 */
export function makePress(button, key, told) {
  let on = false;
  let since = 0;
  let holding = null;

  const begin = (by) => {
    if (!told.holds()) {
      told.tap();
      return;
    }
    holding = by;
    since = performance.now();
    if (on) {
      // The second short press: ends when it is let go.
      since = -Infinity;
      return;
    }
    on = true;
    told.begin();
  };
  const release = (by) => {
    if (holding !== by) return;
    holding = null;
    if (on && performance.now() - since > HELD_MS) stop();
  };
  const stop = () => {
    holding = null;
    if (!on) return;
    on = false;
    told.end();
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || button.disabled) return;
    try {
      button.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is already gone cannot be captured: it is a click then.
    }
    begin("pointer");
  });
  button.addEventListener("pointerup", () => release("pointer"));
  button.addEventListener("pointercancel", () => release("pointer"));
  // A long touch would open a menu.
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  const isPress = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("keydown", (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    if (!event.repeat) begin("button");
  });
  button.addEventListener("keyup", (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    release("button");
  });
  // What assistive technology presses has no pointer and no key.
  button.addEventListener("click", (event) => {
    if (event.detail !== 0) return;
    if (on) stop();
    else begin("click");
  });
  window.addEventListener("blur", () => {
    if (holding) stop();
  });

  return {
    /** The key of its own went down. */
    keyDown(event) {
      if (!event.repeat) begin(key);
    },
    /** The key of its own went up. */
    keyUp() {
      release(key);
    },
    /** Whether it is on. */
    get on() {
      return on;
    },
    /** Off, whatever holds it. */
    stop,
  };
}
