// What a reply did, as cards: a logged run, a change with its receipt, a proposal, a hold.

import { drawing, steps } from "./day.js";
import { el, unseen } from "./dom.js";
import { capital, count, date, distance, duration, number } from "./words.js";

const FEW = 5;

/** Return the cards of a reply. page: units, dayOf(workout id), and what its buttons do. */
export function cardsOf(reply, page) {
  const cards = reply.actions.map(({ tool, arguments: said, result }) => card(tool, said, result, page));
  if (reply.proposal) cards.push(proposalCard(reply.proposal, reply.actions, page));
  return cards.filter(Boolean);
}

function card(tool, said, result, page) {
  if (result.error) return null; // the reply tells of it
  if (tool === "log_execution") return runCard(said, result, page);
  if ((tool === "adapt_plan" || tool === "create_plan") && result.applied) return changeCard(result, page);
  if (tool === "get_workout") return workoutCard(result, page);
  return null;
}

function frame(name, title, ...content) {
  return el("section", { class: `card card-${name}`, "aria-label": title }, el("h3", {}, title), ...content);
}

function runCard(said, result, page) {
  const day = page.dayOf(result.workout_id);
  const { actual_metrics: metrics, feedback } = result;
  const numbers = [
    ["Distance", metrics.distance_km === null ? null : distance(metrics.distance_km, page.units, 2)],
    ["Time", metrics.duration_minutes === null ? null : duration(metrics.duration_minutes)],
    ["Pace", metrics.avg_pace === null ? null : `${metrics.avg_pace} /km`],
    ["Heart rate", metrics.hr_avg === null ? null : `${metrics.hr_avg} bpm`],
    ["Effort", feedback.rpe === null ? null : `RPE ${feedback.rpe}`],
    ["Soreness", feedback.soreness === null ? null : `${feedback.soreness} of 10`],
    ["Fatigue", feedback.fatigue === null ? null : `${feedback.fatigue} of 10`],
  ].filter(([, value]) => value !== null);
  const when = day?.date ?? said.date;
  const what = [day?.name, when ? date(when) : null].filter(Boolean).join(" · ");
  return frame(
    "run",
    result.completion_status === "missed" ? "Run missed" : `Run logged as ${result.completion_status}`,
    what ? el("p", { class: "muted" }, what) : null,
    numbers.length
      ? el("dl", { class: "numbers" }, numbers.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))))
      : null,
    result.adherence_score === null ? null : adherence(result.adherence_score),
    feedback.notes ? el("blockquote", {}, feedback.notes) : null,
  );
}

function adherence(score) {
  const bar = el("span", { class: "meter-fill" });
  bar.style.width = `${score}%`;
  return el(
    "div",
    { class: "meter", role: "img", "aria-label": `Adherence ${score} of 100` },
    el("span", { class: "meter-words" }, "Adherence", el("b", {}, number(score))),
    el("span", { class: "meter-bar" }, bar),
  );
}

function changeCard(result, page) {
  return frame(
    "change",
    "Plan changed",
    el("p", { class: "summary" }, result.change_summary),
    result.reason ? el("p", { class: "muted" }, result.reason) : null,
    diff(result.changes ?? []),
    volumeWords(result.delta, page.units),
    el("div", { class: "card-foot" }, receipt(result.receipt), undoButton(result.version, result.change_summary, page)),
  );
}

function undoButton(version, summary, page) {
  const button = el("button", { type: "button", class: "secondary", hidden: true }, "Undo");
  button.addEventListener("click", () => page.undo(version));
  button.dataset.version = version;
  button.dataset.summary = summary;
  return button;
}

/** Show each Undo button where the engine would take back that very change, and nowhere else. */
export function refreshUndo(root, changes, busy) {
  for (const button of root.querySelectorAll("button[data-version]")) {
    const { version, summary } = button.dataset;
    const change = changes.find((each) => String(each.version) === version && each.summary === summary);
    button.hidden = !(change?.undoable ?? false);
    button.disabled = busy;
  }
}

/** Return workouts before and after, the first few of many at once. */
export function diff(changes) {
  if (!changes.length) return null;
  const ordered = [...changes.filter((change) => !onlyRest(change)), ...changes.filter(onlyRest)];
  const list = el("ul", { class: "diff" }, ...ordered.slice(0, FEW).map(diffLine));
  if (changes.length <= FEW) return list;
  const more = el("button", { type: "button", class: "link" }, `Show all ${changes.length}`);
  more.addEventListener("click", () => {
    const added = ordered.slice(FEW).map(diffLine);
    list.append(...added);
    more.remove();
    added[0].tabIndex = -1;
    added[0].focus();
  });
  return [list, more];
}

function onlyRest({ before, after }) {
  return before?.type === "rest" && after?.type === "rest";
}

function diffLine({ before, after }) {
  if (before && after && before.date === after.date) {
    if (before.name === after.name) {
      return el("li", {}, side("ins", after), el("span", { class: "note" }, "new details"));
    }
    return el("li", {}, side("del", before), arrow(), el("ins", {}, after.name));
  }
  return el("li", {}, side("del", before), arrow(), side("ins", after));
}

function arrow() {
  return el("span", { class: "arrow" }, el("span", { "aria-hidden": "true" }, "→"), unseen(" becomes "));
}

function side(tag, entry) {
  if (entry === null) return el(tag, {}, "nothing");
  return [el("span", { class: "diff-day" }, date(entry.date)), el(tag, {}, entry.name)];
}

function volumeWords(delta, units) {
  const km = delta?.volume_change ?? 0;
  if (Math.abs(km) < 0.05) return null;
  const words = `${distance(Math.abs(km), units)} ${km < 0 ? "less" : "more"} until race day`;
  return el("p", { class: "muted" }, words);
}

/** Return a receipt: how many limits a change was held against, and each of them unfolded. */
export function receipt(found) {
  if (!found?.checks?.length) return null;
  const failed = found.checks.filter((check) => !check.passed).length;
  const words = failed ? `${failed} of ${count(found.checks.length, "limit")} not held` : `${count(found.checks.length, "limit")} checked, all hold`;
  return el(
    "details",
    { class: "receipt" },
    el("summary", {}, words),
    el(
      "ul",
      { tabindex: 0, "aria-label": "Limits" },
      ...found.checks.map((check) =>
        el(
          "li",
          { class: check.passed ? "held" : "not-held" },
          el("span", {}, unseen(check.passed ? "held: " : "not held: "), capital(check.limit)),
          el("span", { class: "muted" }, `${check.found} · allowed ${check.allowed}`),
        ),
      ),
    ),
  );
}

function proposalCard(proposal, actions, page) {
  const made = actions.find(({ result }) => result.proposal_id === proposal.proposal_id)?.result;
  const options = proposal.options ?? [];
  const id = proposal.proposal_id;
  const answer = (words, label, name) =>
    el("button", { type: "button", class: name, click: () => page.answer(id, words) }, label);
  const asked = el("div", { class: "answers", role: "group", "aria-label": "Your answer" });
  const node = frame("proposal", options.length ? "Choose one" : "Shall I do this?");
  if (options.length) {
    options.forEach((option, i) => {
      node.append(el("div", { class: "option" }, el("h4", {}, `Option ${i + 1}`), ...proposed(option, page.units)));
      asked.append(answer(`option ${i + 1}`, `Take option ${i + 1}`, i ? "secondary" : "primary"));
    });
    asked.append(answer("none", "None", "secondary"));
  } else {
    node.append(...proposed({ receipt: made?.receipt, warnings: made?.warnings, ...proposal }, page.units));
    asked.append(answer("yes", "Yes, do it", "primary"), answer("no", "No", "secondary"));
  }
  node.append(asked, el("p", { class: "muted closed" }, "This question is answered or no longer open."));
  node.dataset.proposal = id;
  return node;
}

function proposed(proposal, units) {
  return [
    el("p", { class: "summary" }, proposal.change_summary),
    proposal.reason ? el("p", { class: "muted" }, proposal.reason) : null,
    ...(proposal.warnings ?? []).map((warning) => el("p", { class: "warning" }, warning)),
    diff(proposal.changes ?? []),
    volumeWords(proposal.delta, units),
    receipt(proposal.receipt),
  ]
    .flat()
    .filter(Boolean);
}

function workoutCard(result, page) {
  const day = page.dayOf(result.workout_id);
  if (!day?.steps.length) return null;
  return frame(
    "workout",
    day.name,
    el("p", { class: "muted" }, [date(day.date, "long"), day.effort].filter(Boolean).join(" · ")),
    drawing(day),
    steps(day, page.units),
  );
}

/** Return the card of a safety hold. */
export function holdCard(hold) {
  const what = hold.pauses === "plan" ? "Your training is on hold" : "Hard training is on hold";
  return el(
    "section",
    { class: "card card-hold", "aria-label": what },
    el("h3", {}, what),
    el("p", {}, `Since ${date(hold.since, "long")}: ${hold.ends_when}.`),
  );
}
