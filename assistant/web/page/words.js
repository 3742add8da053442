// Dates, distances and paces as people write them.

const KM_PER_MILE = 1.609344;
const FORMATS = {
  weekday: { weekday: "short" },
  letter: { weekday: "narrow" },
  short: { month: "short", day: "numeric" },
  day: { weekday: "short", month: "short", day: "numeric" },
  long: { weekday: "long", month: "long", day: "numeric" },
  year: { weekday: "short", month: "long", day: "numeric", year: "numeric" },
};
const MADE = {};
const RACES = { "5k": "5 km", "10k": "10 km", half: "Half marathon", marathon: "Marathon" };

/** Return a date ("2026-02-12") in one of the formats. */
export function date(text, format = "day") {
  MADE[format] ??= new Intl.DateTimeFormat("en-US", { ...FORMATS[format], timeZone: "UTC" });
  return MADE[format].format(new Date(`${text}T00:00:00Z`));
}

/** Return the date so many days later. */
export function later(text, days) {
  return new Date(Date.parse(`${text}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Return how many days lie between two dates. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** Return a number with at most so many decimals. */
export function number(value, decimals = 1) {
  return String(Number(value.toFixed(decimals)));
}

/** Return a distance in the runner's units. */
export function distance(km, units, decimals = 1) {
  return `${number(units === "mi" ? km / KM_PER_MILE : km, decimals)} ${units}`;
}

/** Return a time: "41 min", "1 h 15", "30 s". */
export function duration(minutes) {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  const whole = Math.floor(minutes / 60);
  if (whole < 2 && minutes <= 120) return `${number(minutes)} min`;
  return `${whole} h ${String(Math.round(minutes - whole * 60)).padStart(2, "0")}`;
}

function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Return a pace in the runner's units from seconds a km: "5:40 /km". */
export function pace(secondsPerKm, units) {
  return `${clock(units === "mi" ? secondsPerKm * KM_PER_MILE : secondsPerKm)} /${units}`;
}

/** Return a pace range, fast end first. */
export function paces([fast, slow], units) {
  if (fast === slow) return pace(fast, units);
  const factor = units === "mi" ? KM_PER_MILE : 1;
  return `${clock(fast * factor)}–${pace(slow, units)}`;
}

/** Return a race's name from the plan's distance. */
export function race(goalDistance) {
  return RACES[goalDistance] ?? goalDistance;
}

/** Return a count with its noun: "1 week", "3 weeks". */
export function count(value, noun) {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

/** Return a word with a capital. */
export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " ");
}
