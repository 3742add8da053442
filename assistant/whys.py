"""Why a day's workout is there, for a coach: its reason, then each change that touched it."""

import datetime as dt
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.views import one_line, render_day
from storage.database import Database
from storage.ids import new_id
from storage.profiles import load_profile
from tools.context import Context
from tools.get_workout import GetWorkout, TouchedBy, WorkoutDetails, run


def show_why(
    database: Database, user_id: str, day: dt.date, *, today: dt.date, now: dt.datetime
) -> RenderableType:
    """Return the day's workout and why it is so. Raises PlanNotFound, WorkoutNotFound."""
    with database.read() as session:
        context = Context(
            session=session,
            profile=load_profile(session, user_id),
            today=today,
            now=now,
            turn_id=new_id("turn"),
            conversation_id=new_id("conv"),
        )
        details = run(context, GetWorkout(date=day))
    return Group(*_lines(details))


def _lines(details: WorkoutDetails) -> Iterator[Text]:
    effort = f", {details.effort}" if details.effort else ""
    yield Text(f"{render_day(details.date)}: {details.type}, {one_line(details.name)}{effort}")
    for part in ("warmup", "main", "cooldown"):
        for segment in getattr(details.structure, part):
            yield Text(f"  {part}: {one_line(segment)}", "dim")
    if details.rationale:
        yield Text(f"why: {one_line(details.rationale)}")
    if not details.history:
        yield Text("no change touched it", "dim")
    for change in details.history:
        yield from _change(change)


def _change(change: TouchedBy) -> Iterator[Text]:
    yield Text(
        f"version {change.version}, {render_day(change.date)}: {one_line(change.change_summary)}"
    )
    yield Text(f"  reason: {one_line(change.reason)}")
    words = f": {one_line(change.rule_words)}" if change.rule_words else ""
    yield Text(f"  rule {change.rule}{words}", "dim")
    if change.execution is not None:
        run_on = change.execution
        rpe = run_on.feedback.rpe
        felt = "" if rpe is None else f", RPE {rpe}"
        yield Text(
            f"  after the run of {render_day(run_on.date)}: {run_on.completion_status.value}{felt}"
        )
    if change.message:
        yield Text(f'  the runner said: "{one_line(change.message)}"')
