// The weeks to race day: a grid of days by phase, and planned against done volume by week.

import { kind, openDay, standing, standingWords } from "./day.js";
import { el, svg, unseen } from "./dom.js";
import { capital, count, date, distance, later, number } from "./words.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-7, 0], End: [7, 0] };
const LETTERS = ["M", "T", "W", "T", "F", "S", "S"];
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Return the calendar as a grid: one week a row; arrow keys walk, Enter opens a day. */
export function calendar(plan, today, units) {
  const rows = [];
  const cells = new Map();
  let phase = null;
  plan.weeks.forEach((week, y) => {
    if (week.phase !== phase) {
      phase = week.phase;
      rows.push(el("tr", { class: "phase" }, el("th", { colspan: 8, scope: "rowgroup" }, capital(phase))));
    }
    const byDate = new Map(week.days.map((day) => [day.date, day]));
    const own = NAMES.map((_, x) => {
      const day = byDate.get(later(week.week_start_date, x));
      return day ? dayCell(day, x, y, today, units, cells) : el("td", {});
    });
    rows.push(el("tr", {}, el("th", { scope: "row" }, date(week.week_start_date, "short")), ...own));
  });
  const head = el("tr", {}, el("td", {}), ...NAMES.map((name, i) => el("th", { scope: "col", abbr: name }, LETTERS[i])));
  const table = el(
    "table",
    { class: "calendar", role: "grid", "aria-label": "Calendar to race day; arrow keys move between days" },
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );
  const first = [...cells.values()].find((cell) => cell.dataset.date >= today) ?? [...cells.values()][0];
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", (event) => walk(event, cells));
  return table;
}

function dayCell(day, x, y, today, units, cells) {
  const state = standing(day, today);
  const words = [date(day.date), day.name, standingWords(day, today)].filter(Boolean).join(", ");
  const button = el(
    "button",
    {
      type: "button",
      tabindex: -1,
      class: `cell kind-${kind(day)} is-${state}`,
      "aria-label": words,
      "aria-current": day.date === today ? "date" : null,
      title: words,
      click: () => openDay(day, units),
    },
    el("span", { "aria-hidden": "true" }, { done: "✓", changed: "✓", missed: "×" }[state] ?? ""),
  );
  button.dataset.date = day.date;
  button.dataset.x = x;
  button.dataset.y = y;
  cells.set(`${x},${y}`, button);
  return el("td", { role: "gridcell" }, button);
}

function walk(event, cells) {
  const step = KEYS[event.key];
  const from = event.target.closest("button[data-x]");
  if (!step || !from) return;
  event.preventDefault();
  const y = Number(from.dataset.y) + step[1];
  const along = Number(from.dataset.x) + step[0];
  const x = Math.min(6, Math.max(0, along));
  let to = cells.get(`${x},${y}`);
  for (let near = 1; !to && near < 7; near += 1) to = cells.get(`${x - near * Math.sign(step[0] || 1)},${y}`);
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** Return the legend of the calendar's marks. */
export function legend() {
  const kinds = [["easy", "Easy"], ["long", "Long"], ["tempo", "Tempo"], ["interval", "Intervals"], ["race", "Race"]];
  return el(
    "ul",
    { class: "legend" },
    ...kinds.map(([name, words]) => el("li", {}, el("span", { class: `mark kind-${name}`, "aria-hidden": "true" }), words)),
  );
}

/** Return planned against done volume by week as bars, and as a table for who can't see them. */
export function chart(plan, today, units) {
  const factor = units === "mi" ? 1 / 1.609344 : 1;
  const most = Math.max(1, ...plan.weeks.flatMap((week) => [week.planned_km, week.done_km]));
  const [width, height, foot] = [340, 110, 16];
  const step = width / plan.weeks.length;
  const bar = Math.max(3, Math.min(16, step * 0.68));
  const scale = (km) => (km / most) * (height - 14);
  const drawn = plan.weeks.flatMap((week, i) => {
    const x = i * step + (step - bar) / 2;
    const now = week.week_start_date <= today && today < later(week.week_start_date, 7);
    return [
      column("bar-planned", x, scale(week.planned_km), bar, height),
      column("bar-done", x, scale(week.done_km), bar, height),
      now ? svg("circle", { class: "bar-now", cx: x + bar / 2, cy: height + 6, r: 2.5 }) : null,
    ].filter(Boolean);
  });
  const top = svg("text", { class: "bar-text", x: 0, y: 9 }, `${number(most * factor, 0)} ${units}`);
  return el(
    "figure",
    { class: "chart" },
    svg("svg", { viewBox: `0 0 ${width} ${height + foot}`, "aria-hidden": "true" }, svg("line", { class: "bar-line", x1: 0, x2: width, y1: height, y2: height }), ...drawn, top),
    el("figcaption", {}, el("span", { class: "key planned" }, "Planned"), el("span", { class: "key done" }, "Done")),
    el("div", { class: "sr" }, volumes(plan, units)),
  );
}

function column(name, x, tall, width, height) {
  return svg("rect", { class: name, x: number(x, 2), y: number(height - tall, 2), width: number(width, 2), height: number(tall, 2), rx: 2 });
}

function volumes(plan, units) {
  return el(
    "table",
    {},
    el("caption", {}, "Planned and done volume by week"),
    el("thead", {}, el("tr", {}, ...["Week of", "Planned", "Done"].map((name) => el("th", { scope: "col" }, name)))),
    el(
      "tbody",
      {},
      ...plan.weeks.map((week) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, date(week.week_start_date, "short")),
          el("td", {}, distance(week.planned_km, units)),
          el("td", {}, distance(week.done_km, units), unseen(`, ${count(week.done_runs, "run")}`)),
        ),
      ),
    ),
  );
}
