// How long the exchange has lasted, by the server's clock.

/** Shows the time. Returns `{ start, stop }`. */
export function keepTime(place) {
  let since = null;
  let ticking = null;
  const show = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    place.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  };
  return {
    /** Starts at `receivedAt`, when the server's clock shows `now` (both as text). */
    start(receivedAt, now) {
      since = Date.now() - (Date.parse(now) - Date.parse(receivedAt));
      clearInterval(ticking);
      ticking = setInterval(show, 1000);
      show();
    },
    /** Stands still. */
    stop() {
      clearInterval(ticking);
    },
  };
}
