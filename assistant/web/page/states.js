// What stands in place of a conversation or a plan: nothing said yet, nobody there, no answer.

import { Dropped } from "./api.js";
import { el, svg } from "./dom.js";

const SAID_BEFORE = ["7 km easy in 41 minutes, effort 4", "Can we move Thursday’s run to Friday?", "Why is Sunday a long run?"];

/** Return what a new conversation begins with. */
export function welcome(topPrompt) {
  const planned = topPrompt !== null;
  return el(
    "div",
    { class: "empty" },
    el("h2", {}, "What did you run?"),
    el(
      "p",
      {},
      planned
        ? "Tell me about a run, ask what is next, or say that something came up. I keep your plan in step."
        : "Ask me anything about running. Plans and logs come with a training subscription.",
    ),
    planned ? el("ul", { class: "examples" }, ...SAID_BEFORE.map((words) => el("li", {}, words))) : null,
  );
}

/** Return why the conversation can't be opened, and a way to try again. */
export function cannotOpen(error, again) {
  const away = error instanceof Dropped;
  return trouble(
    away ? "Your coach can’t be reached" : "The conversation can’t be opened",
    away ? "Nothing is lost: what you said is kept there, and what you were sending is kept here." : `${error.message}.`,
    "Try again",
    again,
  );
}

/** Return that there is no such runner, and a way to one who is there. */
export function noRunner(id, back) {
  const words = "Another name in the address opens another runner; without one, the demo runner talks.";
  return trouble(`There is no runner “${id}”`, words, "Open the demo runner", back);
}

/** Return what stands for the plan until it can be read. */
export function planLater() {
  return el("div", { class: "empty" }, el("h2", {}, "Your plan"), el("p", {}, "It stands here as soon as your coach can be reached."));
}

function trouble(title, words, label, act) {
  return el(
    "div",
    { class: "empty is-error" },
    brokenLine(),
    el("h2", {}, title),
    el("p", {}, words),
    el("button", { type: "button", class: "primary", click: act }, label),
  );
}

function brokenLine() {
  const line = "M2 16h7l3 -9 3 14 2 -5h2M25 16h5"; // the mark of the page, broken off
  return svg(
    "svg",
    { class: "empty-mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("path", { d: line, fill: "none", stroke: "currentColor", "stroke-width": 2.6, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}
