// One message at a time on its way, under one key: resent after a lost connection or a reload, and
// counted once, since the service knows the key.

import { Dropped, Refused, identity, say } from "./api.js";

const WAITING = "runplan.waiting";
const LATER = [409, 429, 503];
const MOST_TRIES = 8;

/** Return a new key. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the message that was on its way when the page was left, or null. */
export function waiting() {
  try {
    const entry = JSON.parse(sessionStorage.getItem(WAITING));
    return entry && entry.runner === identity.runner ? entry : null;
  } catch {
    return null;
  }
}

/** Keep a message until it is answered. */
export function keep(entry) {
  sessionStorage.setItem(WAITING, JSON.stringify({ ...entry, runner: identity.runner }));
}

/** Let the kept message go: it was answered, or refused for good. */
export function letGo() {
  sessionStorage.removeItem(WAITING);
}

function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/**
 * Carry a message to its reply. on.part gets each part of the stream, on.waits why it takes longer;
 * after a lost connection the stream begins again. Throws Refused, Failed, Dropped.
 */
export async function deliver(entry, on) {
  for (let tries = 1; ; tries += 1) {
    const cut = new AbortController();
    const leave = () => cut.abort();
    window.addEventListener("online", leave, { once: true }); // what was open before is dead now
    try {
      for await (const part of say(entry, cut.signal)) on.part(part);
      return;
    } catch (error) {
      const waits = error instanceof Dropped || (error instanceof Refused && LATER.includes(error.status));
      if (!waits || (tries >= MOST_TRIES && navigator.onLine)) throw error;
      on.waits(error);
      const seconds = error.retryAfterS ?? Math.min(8, 0.4 * 2 ** tries);
      await pause(1000 * Math.min(60, seconds));
    } finally {
      window.removeEventListener("online", leave);
    }
  }
}
