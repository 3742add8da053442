// The conversation: each message with its reply, as it comes and as it was.

import { cardsOf, holdCard, refreshUndo } from "./cards.js";
import { byId, el, prose, unseen } from "./dom.js";

const DOING = {
  get_plan_summary: "Looking at your plan",
  get_workout: "Looking up the workout",
  log_execution: "Logging your run",
  adapt_plan: "Working on your plan",
  create_plan: "Building your plan",
  update_profile: "Updating your profile",
  get_progress: "Looking back at your weeks",
};

/** One message and its reply on the page. */
export class Turn {
  constructor(text, page) {
    this.page = page;
    this.reply = null;
    this.texts = new Map();
    this.body = el("div", { class: "prose" });
    this.doing = el("p", { class: "doing" });
    this.cards = el("div", { class: "cards" });
    this.answer = el("div", { class: "reply", "aria-busy": "true" }, unseen("Coach: "), this.body, this.doing, this.cards);
    this.node = el("article", { class: "turn" }, el("div", { class: "said" }, unseen("You: "), ...said(text)), this.answer);
    this.node.turn = this;
  }

  /** Show that a reply is on its way, from its beginning. */
  begin() {
    this.texts.clear();
    this.node.classList.remove("failed");
    this.answer.setAttribute("aria-busy", "true");
    this.body.replaceChildren();
    this.cards.replaceChildren();
    this.say("Thinking");
  }

  /** Say what is being done. */
  say(words) {
    this.doing.replaceChildren(words, el("span", { class: "dots", "aria-hidden": "true" }));
    this.doing.hidden = false;
  }

  /** Take in one part of the stream. */
  take(part) {
    if (part.type === "start") this.begin();
    else if (part.type === "text-delta") {
      this.texts.set(part.id, (this.texts.get(part.id) ?? "") + part.delta);
      this.doing.hidden = true;
      this.body.replaceChildren(...prose([...this.texts.values()].join("\n\n")));
    } else if (part.type === "data-withdrawn") {
      this.texts.delete(part.data.id);
      this.body.replaceChildren(...prose([...this.texts.values()].join("\n\n")));
      this.say("Checking that again");
    } else if (part.type === "tool-input-available") this.say(DOING[part.toolName] ?? "Working on it");
    else if (part.type === "tool-output-available" || part.type === "tool-output-error") this.say("Thinking");
    else if (part.type === "data-reply") this.end(part.data);
  }

  /** Show the reply as it is stored. */
  end(reply) {
    this.reply = reply;
    this.doing.hidden = true;
    this.body.replaceChildren(...prose(reply.reply));
    this.cards.replaceChildren(...cardsOf(reply, this.page), ...(reply.safety ? [holdCard(reply.safety)] : []));
    this.answer.setAttribute("aria-busy", "false");
  }

  /** Say that there is no reply, and what can be done. */
  fail(words, label, act) {
    this.doing.hidden = true;
    this.node.classList.add("failed");
    this.answer.setAttribute("aria-busy", "false");
    this.body.replaceChildren();
    const button = el("button", { type: "button", class: "secondary" }, label);
    button.addEventListener("click", act, { once: true });
    this.cards.replaceChildren(
      el("section", { class: "card card-error", "aria-label": "No reply" }, el("p", {}, words), button),
    );
  }
}

function said(text) {
  return text.split("\n").flatMap((line, i) => (i ? [el("br"), line] : [line]));
}

/** The list of turns, kept at its end unless the reader went up. */
export class Thread {
  constructor() {
    this.log = byId("log");
    this.newest = null;
  }

  get atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  /** Put a turn at the end. */
  add(turn) {
    this.log.querySelector(".empty")?.remove();
    this.log.append(turn.node);
    this.newest = turn;
    this.toEnd();
    this.refresh();
  }

  /** Put earlier turns in front; what was seen stays where it is. */
  putFirst(turns, more) {
    const tall = this.log.scrollHeight;
    this.log.querySelector(".earlier")?.remove();
    this.log.prepend(...(more ? [more] : []), ...turns.map((turn) => turn.node));
    this.log.scrollTop += this.log.scrollHeight - tall;
    this.newest ??= turns.at(-1) ?? null;
    this.refresh();
  }

  /** Show something in place of the turns. */
  show(...nodes) {
    this.log.replaceChildren(...nodes);
    this.newest = null;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Keep the end in sight while something grows, where it was in sight. */
  grow(change) {
    const follow = this.atEnd;
    change();
    if (follow) this.toEnd();
  }

  /** Open the last turn's question alone, and close all older ones. changes: the plan's. */
  refresh(changes = this.changes ?? [], busy = this.busy ?? false) {
    this.changes = changes;
    this.busy = busy;
    this.grow(() => {
      for (const node of this.log.querySelectorAll("[data-proposal]")) {
        node.classList.toggle("is-open", this.newest?.node.contains(node) ?? false);
        for (const button of node.querySelectorAll(".answers button")) button.disabled = busy;
      }
      refreshUndo(document, changes, busy);
    });
  }
}
