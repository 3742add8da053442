// One day of the plan: its workout drawn as blocks, its steps in words, and what was logged.

import { byId, el, unseen } from "./dom.js";
import { capital, date, distance, duration, number, paces } from "./words.js";

const PARTS = { warmup: "Warm-up", main: "Main", cooldown: "Cool-down" };
const MOST_BLOCKS = 60;

/** Return what a day's workout is called for short: its type, or what its marker says. */
export function kind(day) {
  return day.marker ?? day.type;
}

/** Return how a day stands: done, changed, missed, open (past, nothing logged) or planned. */
export function standing(day, today) {
  if (day.run) return { completed: "done", modified: "changed", missed: "missed" }[day.run.status];
  if (kind(day) === "rest") return "rest";
  return day.date < today ? "open" : "planned";
}

/** Return a day's standing in words. */
export function standingWords(day, today) {
  const words = { done: "done", changed: "done differently", missed: "missed", open: "not logged" };
  return words[standing(day, today)] ?? "";
}

function stretch(step) {
  const blocks = [];
  for (let i = 0; i < step.repeats; i += 1) {
    blocks.push({ zone: step.zone, minutes: step.minutes });
    if (step.recovery_minutes && i < step.repeats - 1) {
      blocks.push({ zone: "recovery", minutes: step.recovery_minutes });
    }
  }
  return blocks;
}

/** Return the workout drawn as blocks: as wide as they are long, as high as they are hard. */
export function drawing(day) {
  const row = el("div", { class: "blocks", role: "img", "aria-label": `${day.name}, drawn step by step` });
  const blocks = day.steps.flatMap((step) => stretch(step).map((block) => ({ ...block, part: step.part })));
  for (const block of blocks.slice(0, MOST_BLOCKS)) {
    const node = el("span", { class: `block zone-${block.zone}` });
    node.style.flexGrow = String(Math.max(0.5, block.minutes));
    row.append(node);
  }
  return row;
}

function line(step, units) {
  const length = step.by === "distance" ? distance(step.km, units, 2) : duration(step.minutes);
  const many = step.repeats > 1 ? `${step.repeats} × ${length}` : length;
  const between = step.repeats > 1 && step.recovery_minutes ? `, ${duration(step.recovery_minutes)} easy between` : "";
  const pace = step.pace_s_per_km ? paces(step.pace_s_per_km, units) : "";
  return [
    el("span", { class: "step-words" }, `${many} ${step.text || step.zone}${between}`),
    pace ? el("span", { class: "step-pace" }, pace) : null,
  ];
}

/** Return the steps in words, under their parts. */
export function steps(day, units) {
  return el(
    "dl",
    { class: "steps" },
    Object.entries(PARTS).flatMap(([part, title]) => {
      const own = day.steps.filter((step) => step.part === part);
      if (!own.length) return [];
      return [el("dt", {}, title), ...own.map((step) => el("dd", {}, ...line(step, units)))];
    }),
  );
}

function facts(day, units) {
  const volume = day.planned_minutes ? [duration(day.planned_minutes), distance(day.planned_km, units)] : [];
  return [...volume, day.effort].filter(Boolean).join(" · ");
}

/** Return a logged run's numbers in a line. */
export function runWords(run, units) {
  return [
    capital(run.status),
    run.distance_km === null ? null : distance(run.distance_km, units, 2),
    run.duration_minutes === null ? null : duration(run.duration_minutes),
    run.rpe === null ? null : `RPE ${run.rpe}`,
    run.adherence === null ? null : `adherence ${number(run.adherence)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Open the dialog on a day; it gives the focus back as it closes. */
export function openDay(day, units) {
  const dialog = byId("day-dialog");
  const close = () => dialog.close();
  dialog.replaceChildren(
    el(
      "div",
      { class: "day-head" },
      el("p", { class: "eyebrow" }, date(day.date, "long")),
      el("h2", { id: "day-title" }, day.name),
      el("p", { class: "muted" }, facts(day, units) || "No running on this day."),
      el("button", { type: "button", class: "close", "aria-label": "Close", click: close }, "✕"),
    ),
    ...(day.steps.length ? [drawing(day), steps(day, units)] : []),
    ...(day.run ? [el("section", {}, el("h3", {}, "Logged"), el("p", {}, runWords(day.run, units)))] : []),
    ...(day.rationale ? [el("section", {}, el("h3", {}, "Why it is there"), el("p", {}, day.rationale))] : []),
    ...(day.cues.length
      ? [el("section", {}, el("h3", {}, "Cues"), el("ul", {}, ...day.cues.map((cue) => el("li", {}, cue))))]
      : []),
  );
  dialog.onclick = (event) => {
    if (event.target === dialog) close();
  };
  dialog.showModal();
}

/** Return a day as a row that opens it. */
export function dayRow(day, today, units) {
  const state = standing(day, today);
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: `row is-${state}`,
        "aria-current": day.date === today ? "date" : null,
        click: () => openDay(day, units),
      },
      el("span", { class: "row-day" }, el("b", {}, date(day.date, "weekday")), el("span", {}, date(day.date, "short"))),
      el("span", { class: `mark kind-${kind(day)}`, "aria-hidden": "true" }),
      el("span", { class: "row-what" }, el("span", { class: "row-name" }, day.name), rowFacts(day, units)),
      el("span", { class: "row-state" }, day.date === today ? unseen("today ") : null, standingWords(day, today)),
    ),
  );
}

function rowFacts(day, units) {
  const words = day.run && day.run.status !== "missed" ? runWords({ ...day.run, status: "", adherence: null }, units) : facts(day, units);
  return words ? el("span", { class: "row-facts" }, words) : null;
}
