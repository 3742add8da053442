// What stands around the conversation: the day, the runner, the notice, the prompt on top, signing in.

import { identity } from "./api.js";
import { byId, el } from "./dom.js";
import { date } from "./words.js";

/** Show a line under the bar, or none. */
export function notice(words) {
  const node = byId("notice");
  if (node.textContent !== words) node.textContent = words;
  node.hidden = !words;
}

/** Make the message box as high as its text. */
export function fit() {
  const box = byId("message");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
}

/** Show the chat or the plan, where there is room for one. */
export function view(name) {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll(".views button")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
}

/** Show the prompt on top of the chat, exactly where there is one. */
export function showTopPrompt(words) {
  byId("top").hidden = words === null;
  byId("top-prompt").textContent = words ?? "";
}

/** Show which day it is for the runner. */
export function showDay(today) {
  byId("day").textContent = date(today, "long");
}

/** Show who talks: in dev mode a list to choose from, else the way out. */
export function showRunner(history) {
  showDay(history.today);
  byId("sign-out").hidden = !identity.token;
  byId("runner-field").hidden = !history.runners.length;
  const known = history.runners.includes(history.runner.id) ? history.runners : [history.runner.id, ...history.runners];
  byId("runner").replaceChildren(...known.map((id) => el("option", { value: id, selected: id === history.runner.id }, id)));
}

/** Ask for a token in place of the conversation; problem: why, null where none is asked for. */
export function showSignIn(problem) {
  const asks = problem !== null;
  byId("sign-in").hidden = !asks;
  byId("composer").hidden = byId("log").hidden = byId("plan").hidden = asks;
  if (!asks) return;
  byId("top").hidden = byId("sign-out").hidden = true;
  byId("token-error").textContent = problem;
  byId("token").value = "";
  byId("token").focus();
}
