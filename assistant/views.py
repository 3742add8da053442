"""A runner's plan, week and history as tables and lines, for a terminal or a pipe."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

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
    table = _table("", "week of", "phase", "volume", "done so far", "focus")
    for week in plan.weeks:
        first = week.week_start_date
        now = first <= today < first + dt.timedelta(days=7)
        volume = render_distance(week.target_volume_km, units)
        done = _done(week, executions, today, units)
        row = (">" if now else "", render_day(first), week.phase.value, volume, done)
        _add_row(table, *row, week.focus_summary)
    return Group(Text(head), table)


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
    table = _table("", "day", "type", "name", "effort", "status")
    for day in days:
        mark = ">" if day.date == today else ""
        row = (mark, render_day(day.date), day.type, day.name, day.effort or "", day.status)
        _add_row(table, *row)
    return table


def render_changes_log(changes: Sequence[LoggedChange]) -> RenderableType:
    """Return the plan's changes, newest last."""
    if not changes:
        return Text("the plan was never changed")
    table = _table("version", "date", "summary", "reason")
    for change in changes:
        day = render_day(change.created_at.date())
        _add_row(table, str(change.plan_version), day, change.change_summary, change.reason)
    return table


def render_runs(executions: Sequence[Execution], units: str) -> RenderableType:
    """Return what was logged, oldest first."""
    if not executions:
        return Text("nothing was logged lately")
    table = _table("run on", "status", "distance", "minutes", "effort", "adherence", "notes")
    for run in executions:
        metrics, feedback = run.actual_metrics, run.feedback
        km, minutes = metrics.distance_km, metrics.duration_minutes
        _add_row(
            table,
            render_day(run.performed_on),
            run.completion_status.value,
            "" if km is None else render_distance(km, units),
            "" if minutes is None else render_number(minutes),
            "" if feedback.rpe is None else f"RPE {feedback.rpe}",
            "" if run.adherence_score is None else str(run.adherence_score),
            feedback.notes or "",
        )
    return table


def render_help(commands: Mapping[str, str]) -> RenderableType:
    """Return the commands, one a line."""
    table = _table()
    for usage, does in commands.items():
        _add_row(table, usage, does)
    return table


def reply_notes(response: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines under a reply: what changed, what waits for a yes, what is paused."""
    for action in response["actions"]:
        result = action["result"]
        if result.get("applied"):
            yield from change_lines(result.get("changes", ()))
            if version := result.get("version"):
                yield f"plan version {version}"
    if proposal := response["proposal"]:
        yield from _proposed(proposal)
    if hold := response["safety"]:
        until = one_line(hold["ends_when"])
        yield f"safety hold since {hold['since']}, {hold['pauses']} paused: {until}"


def _proposed(proposal: Mapping[str, Any]) -> Iterator[str]:
    """Yield what waits for an answer: one change, or the options to choose from, numbered."""
    options = proposal.get("options", ())
    if not options:
        yield f"proposed: {one_line(proposal['change_summary'])}"
        yield from change_lines(proposal.get("changes", ()))
        yield "yes / no?"
        return
    for number, option in enumerate(options, 1):
        yield f"option {number}: {one_line(option['change_summary'])}"
        yield from (f"  {line}" for line in change_lines(option.get("changes", ())))
    numbers = [str(number) for number in range(1, len(options) + 1)]
    yield f"{' / '.join(numbers)} / none?"


def change_lines(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each workout before and after, and how many more there are beyond a screenful."""
    for change in changes[:MOST_CHANGES]:
        yield f"{_entry(change['before'])} -> {_entry(change['after'])}"
    if len(changes) > MOST_CHANGES:
        yield f"... and {len(changes) - MOST_CHANGES} more"


def _entry(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return "nothing"
    name, kind = one_line(entry["name"]), entry["type"]
    said = name if kind in name.lower() else f"{kind} ({name})"
    return f"{render_day(dt.date.fromisoformat(entry['date']))} {said}"


def compact_json(value: object) -> str:
    """Return a value as one line of JSON that reads back the same, controls as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=bool(columns), header_style="dim")
    for column in columns:
        table.add_column(column)
    return table


def _add_row(table: Table, *cells: str) -> None:
    table.add_row(*_texts(cells))


def _texts(cells: Iterable[str]) -> Iterator[Text]:
    return (Text(one_line(cell)) for cell in cells)
