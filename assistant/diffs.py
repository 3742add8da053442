"""Changes of the plan as a diff: what goes with a minus, what comes with a plus."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.views import MOST_CHANGES, one_line, render_day, render_entry
from storage.adaptations import LoggedChange
from training.workouts import Workout

STYLES = {"-": "red", "+": "green"}


def diff_lines(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield two lines a changed day, and how many more there are beyond a screenful."""
    for change in changes[:MOST_CHANGES]:
        if change["before"] is not None:
            yield f"- {render_entry(change['before'])}"
        if change["after"] is not None:
            yield f"+ {render_entry(change['after'])}"
    if len(changes) > MOST_CHANGES:
        yield f"... and {len(changes) - MOST_CHANGES} more"


def styled(line: str) -> Text:
    """Return a diff's line in its colour, another line dim."""
    return Text(line, STYLES.get(line.strip()[:1], "dim"))


def render_diff(change: LoggedChange) -> RenderableType:
    """Return what one version changed, whole."""
    day = render_day(change.created_at.date())
    head = f"version {change.plan_version}, {day}: {one_line(change.change_summary)}"
    pairs = [{"before": _entry(c.before), "after": _entry(c.after)} for c in change.changes]
    lines = [
        line
        for first in range(0, len(pairs), MOST_CHANGES)
        for line in diff_lines(pairs[first : first + MOST_CHANGES])
    ]
    why = Text(f"why: {one_line(change.reason)}", "dim")
    return Group(Text(head), *map(styled, lines), why)


def _entry(workout: Workout | None) -> dict[str, Any] | None:
    if workout is None:
        return None
    day: dt.date = workout.scheduled_date
    return {"date": day.isoformat(), "type": workout.type.value, "name": workout.name}
