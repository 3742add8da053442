// The page: who talks, what is shown, and what each control does. The engine decides; the page
// sends what the runner says and shows what came of it.

import { Dropped, Failed, Refused, identity, isReachable, readHistory, readPlan } from "./api.js";
import { byId, el } from "./dom.js";
import { fit, notice, showDay, showRunner, showSignIn, showTopPrompt, view } from "./frame.js";
import { showPlan, showPlanError } from "./plan.js";
import { deliver, keep, letGo, newKey, waiting } from "./sending.js";
import { cannotOpen, noRunner, planLater, welcome } from "./states.js";
import { Thread, Turn } from "./thread.js";

const UNDO = "Undo that";
const NO_FILES = "Files can’t be taken yet. Tell me the run in words, for example “10 km in 52 minutes, effort 6”.";

const thread = new Thread();
const state = { conversationId: null, today: null, plan: null, busy: false, offline: false, runner: null, opened: 0 };

const page = {
  get units() {
    return state.plan?.units ?? state.runner?.units ?? "km";
  },
  dayOf(workoutId) {
    if (!workoutId) return null;
    for (const week of state.plan?.plan?.weeks ?? []) {
      const day = week.days.find((each) => each.workout_id === workoutId);
      if (day) return day;
    }
    return null;
  },
  // The key names the version, so the same Undo pressed twice, here or in two tabs, counts once.
  undo(version) {
    const plan = state.plan?.plan;
    if (plan) send(UNDO, `undo-${plan.plan_id}-v${version}-${state.today}`);
  },
  answer(proposalId, words) {
    send(words, `answer-${proposalId}-${words.replace(" ", "-")}`);
  },
};

// Opening

async function open() {
  const opening = ++state.opened;
  thread.log.setAttribute("aria-busy", "true");
  let history, plan;
  try {
    [history, plan] = await Promise.all([readHistory(), readPlan().catch((error) => error)]);
  } catch (error) {
    if (opening === state.opened) showOpeningError(error);
    return;
  }
  if (opening !== state.opened) return;
  identity.runner = history.runner.id;
  state.runner = history.runner;
  state.conversationId = history.conversation_id ?? `conv_${newKey()}`; // a repeat names the same one
  state.today = history.today;
  showSignIn(null);
  showRunner(history);
  showTopPrompt(history.top_prompt);
  state.plan = plan instanceof Error ? null : plan; // the cards name its days
  thread.show();
  showTurns(history);
  takePlan(plan);
  setBusy(false);
  thread.toEnd();
  thread.log.setAttribute("aria-busy", "false");
  resume();
  if (matchMedia("(pointer: fine)").matches) byId("message").focus();
}

function showOpeningError(error) {
  thread.log.setAttribute("aria-busy", "false");
  if (error.wantsToken) {
    showSignIn(identity.token ? "This token is not accepted: it may be too old." : "");
    identity.token = null;
    return;
  }
  showTopPrompt(null);
  if (error.status === 404 && identity.runner) {
    thread.show(noRunner(identity.runner, leaveUnknown));
    byId("plan").replaceChildren();
    return;
  }
  thread.show(cannotOpen(error, open));
  byId("plan").replaceChildren(planLater());
}

function leaveUnknown() {
  identity.runner = null;
  history.replaceState(null, "", location.pathname);
  open();
}

function showTurns(history) {
  const turns = history.turns.map(pastTurn);
  thread.putFirst(turns, history.earlier === null ? null : earlierButton(history));
  if (!thread.newest) thread.show(welcome(history.top_prompt));
}

function pastTurn(turn) {
  const shown = new Turn(turn.text, page);
  shown.key = turn.key;
  if (turn.reply) shown.end(turn.reply);
  else if (turn.key === null) shown.fail("This message was not answered.", "Look again", open);
  else {
    const entry = { key: turn.key, text: turn.text, conversationId: state.conversationId };
    shown.fail("This message was not answered yet.", "Ask again", () => carry(entry, shown));
  }
  return shown;
}

function earlierButton(history) {
  const button = el("button", { type: "button", class: "earlier link" }, "Show earlier messages");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const more = await readHistory(history.conversation_id, history.earlier);
      const next = more.earlier === null ? null : earlierButton(more);
      thread.putFirst(more.turns.map(pastTurn), next);
      (next ?? thread.log).focus({ preventScroll: true }); // the pressed button is gone
    } catch (error) {
      notice(`Earlier messages can’t be read: ${error.message}.`);
      button.disabled = false;
    }
  });
  return button;
}

async function refreshPlan() {
  const runner = state.runner?.id;
  const plan = await readPlan().catch((error) => error);
  if (runner === state.runner?.id) takePlan(plan);
}

function takePlan(plan) {
  if (plan instanceof Error) {
    showPlanError(`${plan.message}.`, refreshPlan);
    return;
  }
  state.plan = plan;
  state.today = plan.today;
  showDay(plan.today);
  showPlan(plan, page);
  thread.refresh(plan.plan?.changes ?? [], state.busy);
}

// Sending

function send(text, key = newKey()) {
  if (state.busy || !state.runner) return;
  const entry = { key, text, conversationId: state.conversationId };
  keep(entry);
  const turn = new Turn(text, page);
  turn.key = key;
  view("chat");
  if (document.activeElement !== byId("message")) thread.log.focus({ preventScroll: true });
  thread.add(turn);
  carry(entry, turn);
}

function resume() {
  const entry = waiting();
  if (!entry) return;
  const known = [...thread.log.querySelectorAll(".turn")].map((node) => node.turn).find((turn) => turn.key === entry.key);
  if (known?.reply) {
    letGo();
    return;
  }
  const turn = known ?? new Turn(entry.text, page);
  turn.key = entry.key;
  if (!known) thread.add(turn);
  carry(entry, turn);
}

async function carry(entry, turn) {
  if (state.busy) return;
  setBusy(true);
  keep(entry);
  turn.begin();
  thread.toEnd();
  const runner = state.runner.id;
  try {
    await deliver(entry, {
      part: (part) => {
        if (runner !== state.runner?.id) return;
        online();
        thread.grow(() => turn.take(part));
        if (part.type === "data-reply") replied(part.data);
      },
      waits: (error) => {
        thread.grow(() => turn.say(state.offline ? "Waiting for a connection" : "Connecting again"));
        if (error instanceof Refused) notice(error.status === 409 ? "Your coach is still busy with another message." : `Trying again soon: ${error.message}.`);
      },
    });
    letGo();
  } catch (error) {
    if (runner === state.runner?.id) sendingFailed(error, entry, turn);
  }
  if (runner === state.runner?.id) setBusy(false);
}

function replied(reply) {
  letGo();
  state.conversationId = reply.conversation_id;
  showTopPrompt(reply.top_prompt);
  refreshPlan();
}

function sendingFailed(error, entry, turn) {
  const again = () => carry(entry, turn);
  notice("");
  if (error.wantsToken) {
    showSignIn("Sign in again; your message is kept and sent then.");
    identity.token = null;
  } else if (error instanceof Failed || error instanceof Dropped || error.status >= 500 || error.status === 429 || error.status === 409) {
    thread.grow(() => turn.fail(`No reply yet: ${error.message}. Your message is kept, and counts once.`, "Try again", again));
  } else {
    letGo();
    const edit = () => {
      turn.node.remove();
      byId("message").value = entry.text;
      fit();
      byId("message").focus();
    };
    thread.grow(() => turn.fail(`Not sent: ${error.message}.`, "Edit the message", edit));
    if (!(error instanceof Refused)) throw error;
  }
}

function setBusy(busy) {
  state.busy = busy;
  byId("send").disabled = busy;
  byId("top-prompt").disabled = busy;
  byId("composer").classList.toggle("is-busy", busy);
  thread.refresh(state.plan?.plan?.changes ?? [], busy);
}

// Controls

function submit(event) {
  event.preventDefault();
  const box = byId("message");
  const text = box.value.trim();
  if (!text || state.busy || !state.runner) return;
  box.value = "";
  fit();
  if (!state.offline) notice("");
  send(text);
}

async function connection() {
  if (navigator.onLine || (await isReachable())) {
    online();
    if (!state.runner && !identity.token) open();
    return;
  }
  state.offline = true;
  notice("You are offline. What you send is kept here and goes out once, as soon as you are back.");
}

function online() {
  state.offline = false;
  notice("");
}

function refuseFile(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  byId("drop").hidden = event.type !== "dragover";
  if (event.type === "drop") notice(NO_FILES);
}

function start() {
  byId("composer").addEventListener("submit", submit);
  byId("message").addEventListener("input", fit);
  byId("message").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  });
  byId("message").addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) notice(NO_FILES);
  });
  byId("top-prompt").addEventListener("click", () => send(byId("top-prompt").textContent));
  byId("runner").addEventListener("change", (event) => become(event.target.value));
  byId("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    identity.token = byId("token").value.trim();
    open();
  });
  byId("sign-out").addEventListener("click", () => {
    identity.token = identity.runner = null;
    letGo();
    leave();
    open();
  });
  for (const button of document.querySelectorAll(".views button")) button.addEventListener("click", () => view(button.dataset.view));
  for (const type of ["dragover", "dragleave", "drop"]) window.addEventListener(type, refuseFile);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && state.runner && !state.busy) refreshPlan(); // the day may be another
  });
  for (const type of ["online", "offline"]) window.addEventListener(type, connection);
  const asked = new URLSearchParams(location.search).get("runner");
  if (asked) identity.runner = asked;
  if (!navigator.onLine) connection();
  open();
}

function leave() {
  state.runner = state.plan = state.conversationId = null;
  thread.show();
  byId("plan").replaceChildren();
}

function become(runner) {
  leave();
  identity.runner = runner;
  history.replaceState(null, "", location.pathname);
  notice("");
  open();
}

start();
