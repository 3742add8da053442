// What the page asks the service: reads, and a message whose reply comes as a stream.

const SILENCE_MS = 45_000; // the service says something at least every 15 seconds
const TOKEN = "runplan.token";
const RUNNER = "runplan.runner";

/** An answer that is a refusal: its status, and the service's own word for it. */
export class Refused extends Error {
  constructor(answer, detail) {
    super(detail ?? `the service answered ${answer.status}`);
    this.status = answer.status;
    this.retryAfterS = Number(answer.headers.get("retry-after")) || null;
    this.wantsToken = answer.status === 401 && /\bBearer\b/.test(answer.headers.get("www-authenticate") ?? "");
  }
}

/** No answer, or one that broke off: the same request may be sent again. */
export class Dropped extends Error {}

/** The turn itself could not be carried to its end; the message is kept under its key. */
export class Failed extends Error {}

export const identity = {
  get token() {
    return sessionStorage.getItem(TOKEN);
  },
  set token(value) {
    if (value) sessionStorage.setItem(TOKEN, value);
    else sessionStorage.removeItem(TOKEN);
  },
  get runner() {
    return sessionStorage.getItem(RUNNER);
  },
  set runner(value) {
    if (value) sessionStorage.setItem(RUNNER, value);
    else sessionStorage.removeItem(RUNNER);
  },
};

function headers(more = {}) {
  if (identity.token) return { ...more, Authorization: `Bearer ${identity.token}` };
  return identity.runner ? { ...more, "X-Runplan-User": identity.runner } : more;
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "omit", cache: "no-store", ...options });
  } catch {
    throw new Dropped("the service can’t be reached");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(answer, problem.detail);
}

async function read(path) {
  const answer = await ask(path, { headers: headers() });
  return answer.json().catch(() => {
    throw new Dropped("the answer broke off");
  });
}

/** Whether the service answers; a browser without a network still reaches its own machine. */
export function isReachable() {
  return fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
}

/** Return a page of the conversation. before: what the page behind it said under `earlier`. */
export function readHistory(conversationId = null, before = null) {
  const query = new URLSearchParams();
  if (conversationId !== null) query.set("conversation_id", conversationId);
  if (before !== null) query.set("before", before);
  return read(query.size ? `/chat?${query}` : "/chat");
}

/** Return the plan. */
export function readPlan() {
  return read("/plan");
}

/**
 * Send a message and yield the parts of the stream that answers it.
 * Throws Refused, Dropped, Failed.
 */
export async function* say(entry, signal) {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  signal.addEventListener("abort", stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const answer = await ask("/chat", {
      method: "POST",
      signal: stopped.signal,
      headers: headers({
        "Content-Type": "application/json",
        Accept: "text/event-stream",
        "Idempotency-Key": entry.key,
      }),
      body: JSON.stringify({ message: entry.text, conversation_id: entry.conversationId }),
    });
    const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (;;) {
      let piece;
      try {
        piece = await pieces.read();
      } catch {
        throw new Dropped("the connection was lost");
      }
      if (piece.done) throw new Dropped("the connection was lost");
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      waiting += piece.value;
      const events = waiting.split("\n\n");
      waiting = events.pop();
      for (const event of events) {
        const data = event.startsWith("data: ") ? event.slice(6) : null;
        if (data === "[DONE]") return;
        if (data === null) continue;
        const part = JSON.parse(data);
        if (part.type === "error") throw new Failed(part.errorText);
        yield part;
      }
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    stopped.abort();
  }
}
