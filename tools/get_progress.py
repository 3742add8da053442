"""The tool that looks back."""

import datetime as dt

from pydantic import Field

from storage.executions import find_executions
from storage.plans import find_plan
from tools.arguments import Arguments
from tools.context import Context
from tools.results import Number, Result
from training.early_warnings import WINDOW_DAYS, warnings
from training.progress import Progress, progress
from training.units import monday_of, render_number


class GetProgress(Arguments):
    """Compare planned and done volume by week, with adherence and trends.

    Use it for "how am I doing", "how much did I run last month".
    """

    weeks: int = Field(4, ge=1, le=52)
    """How many weeks back, the current one included, e.g. 4."""


class WeekProgress(Result):
    """One week: planned against done."""

    week_start_date: dt.date
    planned_km: Number
    done_km: Number
    planned_minutes: Number
    done_minutes: Number
    runs: int
    adherence: int | None


class ProgressResult(Result):
    """The weeks asked for, oldest first, and what they add up to; advice: early warnings."""

    weeks: tuple[WeekProgress, ...]
    adherence: int | None
    trend: str
    advice: tuple[str, ...]


def run(context: Context, arguments: GetProgress) -> ProgressResult:
    """Compare planned and done; a runner without a plan sees what was done."""
    plan = find_plan(context.session, context.user_id)
    first = monday_of(context.today) - dt.timedelta(weeks=arguments.weeks - 1)
    seen_from = min(first, context.today - dt.timedelta(days=WINDOW_DAYS))
    lately = find_executions(context.session, context.user_id, seen_from, context.today)
    done = tuple(execution for execution in lately if execution.performed_on >= first)
    found = progress(plan, done, context.today, arguments.weeks)
    return ProgressResult(
        weeks=tuple(
            WeekProgress(
                week_start_date=week.week_start_date,
                planned_km=round(week.planned_km, 1),
                done_km=round(week.done_km, 1),
                planned_minutes=round(week.planned_minutes),
                done_minutes=round(week.done_minutes),
                runs=week.done_runs,
                adherence=week.adherence,
            )
            for week in found.weeks
        ),
        adherence=found.adherence,
        trend=_trend(found),
        advice=() if plan is None else warnings(plan, lately, context.today),
    )


def _trend(found: Progress) -> str:
    """Return the stretch in a sentence."""
    parts = [f"{render_number(found.done_km)} km in {len(found.weeks)} weeks"]
    if found.volume_trend is not None:
        parts.append(f"weekly volume {found.volume_trend}")
    if found.band is not None:
        parts.append(f"adherence {found.adherence}: {found.band}")
    return "; ".join(parts)
