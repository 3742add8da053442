"""A runner's plan, week and history as tables and lines, for a terminal or a pipe."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.listings import Listing
from storage.adaptations import LoggedChange
from storage.agenda import AgendaDay
from training.executions import CompletionStatus, Execution
from training.plans import Plan, Week
from training.units import miles_from_km, render_number, weekday

MOST_CHANGES = 14
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain_text(text: str) -> str:
    """Return stored text without what could steer a terminal: ANSI sequences and controls."""
    return _UNSAFE.sub("", _ANSI.sub("", text))


def one_line(text: str) -> str:
    """Return stored text safe and on one line."""
    return " ".join(plain_text(text).split())


def render_day(day: dt.date) -> str:
    """Return a date with its weekday: "Thu 2026-02-12"."""
    return f"{weekday(day)[:3]} {day.isoformat()}"


def render_distance(km: float, units: str) -> str:
    """Return a distance in the runner's units."""
    value = miles_from_km(km) if units == "mi" else km
    return f"{render_number(value)} {units}"


def render_plan(
    plan: Plan, executions: Sequence[Execution], today: dt.date, units: str
) -> RenderableType:
    """Return the weeks to the race, today's marked, with what was done in each."""
    left = max(0, (plan.goal_date - today).days // 7)
    head = (
        f"{plan.goal_distance.value} on {render_day(plan.goal_date)}, "
        f"{left} {'week' if left == 1 else 'weeks'} to go, version {plan.version}"
    )
    rows = []
    for week in plan.weeks:
        first = week.week_start_date
        now = first <= today < first + dt.timedelta(days=7)
        volume = render_distance(week.target_volume_km, units)
        done = _done(week, executions, today, units)
        row = (">" if now else "", render_day(first), week.phase.value, volume, done)
        rows.append((*row, week.focus_summary))
    heads = ("", "week of", "phase", "volume", "done so far", "focus")
    return Group(Text(head), _listing(heads, rows))


def _done(week: Week, executions: Sequence[Execution], today: dt.date, units: str) -> str:
    first = week.week_start_date
    if first > today:
        return ""
    runs = [
        e
        for e in executions
        if first <= e.performed_on < first + dt.timedelta(days=7)
        and e.completion_status is not CompletionStatus.MISSED
    ]
    planned = sum(1 for w in week.workouts if w.planned_minutes > 0 or w.marker is not None)
    km = sum(e.actual_metrics.distance_km or 0.0 for e in runs)
    count = f"{len(runs)} of {planned} runs"
    return f"{count}, {render_distance(km, units)}" if km else count


def render_week(days: Sequence[AgendaDay], today: dt.date) -> RenderableType:
    """Return the days of one week, today's marked; a line where the plan has none."""
    if not days:
        return Text(f"the plan has no days in the week of {render_day(today)}")
    rows = [
        (
            ">" if day.date == today else "",
            render_day(day.date),
            day.type,
            day.name,
            day.effort or "",
            day.status,
        )
        for day in days
    ]
    return _listing(("", "day", "type", "name", "effort", "status"), rows)


def render_changes_log(changes: Sequence[LoggedChange]) -> RenderableType:
    """Return the plan's changes, newest last."""
    if not changes:
        return Text("the plan was never changed")
    rows = [
        (
            str(change.plan_version),
            render_day(change.created_at.date()),
            change.change_summary,
            change.reason,
        )
        for change in changes
    ]
    return _listing(("version", "date", "summary", "reason"), rows)


def render_versions(version: int, changes: Sequence[LoggedChange]) -> RenderableType:
    """Return the plan's versions, newest last, the present one marked."""
    first = min((change.plan_version for change in changes), default=version + 1) - 1
    rows = [(">" if first == version else "", str(first), "", "", "as it was made")]
    rows += [
        (
            ">" if change.plan_version == version else "",
            str(change.plan_version),
            render_day(change.created_at.date()),
            change.kind,
            change.change_summary,
        )
        for change in changes
    ]
    return _listing(("", "version", "date", "change", "summary"), rows)


def render_runs(executions: Sequence[Execution], units: str) -> RenderableType:
    """Return what was logged, oldest first."""
    if not executions:
        return Text("nothing was logged lately")
    rows = []
    for run in executions:
        metrics, feedback = run.actual_metrics, run.feedback
        km, minutes = metrics.distance_km, metrics.duration_minutes
        row = (
            render_day(run.performed_on),
            run.completion_status.value,
            "" if km is None else render_distance(km, units),
            "" if minutes is None else render_number(minutes),
            "" if feedback.rpe is None else f"RPE {feedback.rpe}",
            "" if run.adherence_score is None else str(run.adherence_score),
            feedback.notes or "",
        )
        rows.append(row)
    heads = ("run on", "status", "distance", "minutes", "effort", "adherence", "notes")
    return _listing(heads, rows)


def render_help(commands: Mapping[str, str]) -> RenderableType:
    """Return the commands, one a line."""
    return _listing((), list(commands.items()))


ChangeLines = Callable[[Sequence[Mapping[str, Any]]], Iterator[str]]


def reply_notes(response: Mapping[str, Any], lines: ChangeLines | None = None) -> Iterator[str]:
    """Yield the lines under a reply: what changed, what waits for a yes, what is paused.

    lines: how changed days are told; a line each by default.
    """
    lines = lines or change_lines
    for action in response["actions"]:
        result = action["result"]
        if result.get("applied"):
            yield from lines(result.get("changes", ()))
            if version := result.get("version"):
                yield f"plan version {version}"
    if proposal := response["proposal"]:
        yield from _proposed(proposal, lines)
    if hold := response["safety"]:
        until = one_line(hold["ends_when"])
        yield f"safety hold since {hold['since']}, {hold['pauses']} paused: {until}"


def _proposed(proposal: Mapping[str, Any], lines: ChangeLines) -> Iterator[str]:
    """Yield what waits for an answer: one change, or the options to choose from, numbered."""
    options = proposal.get("options", ())
    if not options:
        yield f"proposed: {one_line(proposal['change_summary'])}"
        yield from lines(proposal.get("changes", ()))
        yield "yes / no?"
        return
    for number, option in enumerate(options, 1):
        yield f"option {number}: {one_line(option['change_summary'])}"
        yield from (f"  {line}" for line in lines(option.get("changes", ())))
    numbers = [str(number) for number in range(1, len(options) + 1)]
    yield f"{' / '.join(numbers)} / none?"


def change_lines(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each workout before and after, and how many more there are beyond a screenful."""
    for change in changes[:MOST_CHANGES]:
        yield f"{render_entry(change['before'])} -> {render_entry(change['after'])}"
    if len(changes) > MOST_CHANGES:
        yield f"... and {len(changes) - MOST_CHANGES} more"


def render_entry(entry: Mapping[str, Any] | None) -> str:
    """Return a day's workout in a few words."""
    if entry is None:
        return "nothing"
    name, kind = one_line(entry["name"]), entry["type"]
    said = name if kind in name.lower() else f"{kind} ({name})"
    return f"{render_day(dt.date.fromisoformat(entry['date']))} {said}"


def fold_call(name: str, arguments: str) -> str:
    """Return a tool call on a short line: its name and what it was called with."""
    try:
        said = json.loads(arguments)
    except ValueError:
        said = None
    pairs = _leaves(said) if isinstance(said, dict) else ()
    told = ", ".join(f"{key} {one_line(str(value))}" for key, value in pairs)
    return f"> {one_line(name)} {told}".rstrip()


def fold_result(result: Mapping[str, Any]) -> str:
    """Return how a call ended, in a word or two; empty for a plain answer."""
    if error := result.get("error"):
        return f"refused: {one_line(str(error.get('message', error)))}"
    if "applied" not in result:
        return ""
    if result["applied"]:
        return f"done, version {result['version']}" if result.get("version") else "done"
    waits = result.get("proposal_id") or result.get("options")
    return "waits for an answer" if waits else "nothing changed"


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        elif value is not None:
            yield key, ", ".join(map(str, value)) if isinstance(value, list) else value


def compact_json(value: object) -> str:
    """Return a value as one line of JSON that reads back the same, controls as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _listing(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Listing:
    return Listing(heads, [[one_line(cell) for cell in row] for row in rows])
