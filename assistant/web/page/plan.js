// The plan beside the chat: this week, the weeks to race day, volume, and what changed it.

import { calendar, chart, legend } from "./calendar.js";
import { diff, holdCard, receipt } from "./cards.js";
import { dayRow } from "./day.js";
import { byId, el } from "./dom.js";
import { capital, count, date, daysBetween, distance, later, race } from "./words.js";

/** Show the plan, or say why there is none. page: what an Undo button does. */
export function showPlan(body, page) {
  const root = byId("plan");
  const open = new Set([...root.querySelectorAll("details[open]")].map((each) => each.id));
  const kept = root.scrollTop;
  root.replaceChildren(...(body.hold ? [holdCard(body.hold)] : []), ...content(body, page));
  for (const id of open) if (id) byId(id)?.setAttribute("open", "");
  root.scrollTop = kept;
}

/** Show that the plan can't be read, and a way to try again. */
export function showPlanError(words, again) {
  byId("plan").replaceChildren(
    empty("Your plan can’t be shown", words, el("button", { type: "button", class: "secondary", click: again }, "Try again")),
  );
}

function empty(title, words, ...more) {
  return el("div", { class: "empty" }, el("h2", {}, title), el("p", {}, words), ...more);
}

function content(body, page) {
  if (body.top_prompt === null) {
    return [empty("No plan in your subscription", "You can still ask about running, and your plan comes back with the subscription.")];
  }
  if (body.plan === null) {
    return [
      empty(
        "No plan yet",
        "Tell your coach a distance and a race day, for example: “Half marathon on May 17, I run 25 km a week on Tuesday, Thursday and Sunday.”",
      ),
    ];
  }
  const { plan, today, units } = body;
  return [head(plan, today), week(plan, today, units), ahead(plan, today, units), volume(plan, today, units), changes(plan, page)];
}

function head(plan, today) {
  const days = daysBetween(today, plan.goal_date);
  const left = days < 0 ? "raced" : days === 0 ? "today" : days < 14 ? count(days, "day") : count(Math.floor(days / 7), "week");
  return el(
    "header",
    { class: "goal" },
    el("p", { class: "eyebrow" }, `${capital(plan.phase)} phase`),
    el("h2", {}, race(plan.goal_distance)),
    el("p", { class: "muted" }, date(plan.goal_date, "year")),
    el("p", { class: "countdown" }, el("b", {}, left), days > 0 ? " to go" : ""),
  );
}

function part(title, ...children) {
  return el("section", { class: "part", "aria-label": title }, el("h3", {}, title), ...children);
}

function week(plan, today, units) {
  const current = plan.weeks.find((each) => today < later(each.week_start_date, 7));
  if (!current) return part("This week", el("p", { class: "muted" }, "The plan is over: well done."));
  const title = current.week_start_date > today ? `First week, from ${date(current.week_start_date)}` : "This week";
  const done = current.done_km ? `${distance(current.done_km, units)} of ${distance(current.planned_km, units)} done` : `${distance(current.planned_km, units)} planned`;
  return part(
    title,
    el("p", { class: "muted" }, [current.focus, done].filter(Boolean).join(" · ")),
    el("ul", { class: "week" }, ...current.days.map((day) => dayRow(day, today, units))),
  );
}

function ahead(plan, today, units) {
  return part("To race day", calendar(plan, today, units), legend());
}

function volume(plan, today, units) {
  return part("Volume by week", chart(plan, today, units));
}

function changes(plan, page) {
  if (!plan.changes.length) {
    return part("Changes", el("p", { class: "muted" }, "Nothing was changed yet. Each change will stand here with its reason, and can be taken back."));
  }
  return part("Changes", el("ol", { class: "changes" }, ...plan.changes.map((change) => entry(change, plan, page))));
}

function entry(change, plan, page) {
  const undo = el("button", { type: "button", class: "secondary", click: () => page.undo(change.version) }, "Undo");
  undo.dataset.version = change.version;
  undo.dataset.summary = change.summary;
  undo.hidden = !change.undoable;
  return el(
    "li",
    { class: change.undone ? "undone" : null },
    el(
      "details",
      { id: `change-${plan.plan_id}-${change.version}` },
      el(
        "summary",
        {},
        el("span", { class: "change-words" }, change.summary),
        el("span", { class: "muted" }, `${date(change.changed_at.slice(0, 10))} · version ${change.version}${change.undone ? " · taken back" : ""}`),
      ),
      el("p", { class: "muted" }, change.reason),
      diff(change.changes),
      el("div", { class: "card-foot" }, receipt(change.receipt), undo),
    ),
  );
}
