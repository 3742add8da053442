"""What several tools' results have in common."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

from storage.values import SafetyHold
from training.plans import Hold
from training.receipts import Receipt
from training.units import render_number, render_pace, weekday
from training.workouts import PaceRange, Segment, Workout


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


Number = Annotated[float, PlainSerializer(_whole, return_type=float | int)]
"""A number written as people do: 35, not 35.0."""


class Result(BaseModel):
    """A tool's result; every key is always there."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class CheckResult(Result):
    """One limit of a receipt, with its numbers."""

    rule: str
    limit: str
    found: str
    allowed: str
    passed: bool


class ReceiptResult(Result):
    """All limits that a plan or change was held against."""

    passed: bool
    checks: tuple[CheckResult, ...]

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptResult":
        """Return the receipt as a result."""
        return cls(
            passed=receipt.passed,
            checks=tuple(
                CheckResult(
                    rule=check.rule,
                    limit=check.limit,
                    found=check.found,
                    allowed=check.allowed,
                    passed=check.passed,
                )
                for check in receipt.checks
            ),
        )


class DatedWorkout(Result):
    """A workout in one line, its date with the weekday."""

    date: dt.date
    weekday: str
    type: str
    name: str

    @classmethod
    def of(cls, workout: Workout | None) -> "DatedWorkout | None":
        """Return the workout's line, or None for none."""
        if workout is None:
            return None
        day = workout.scheduled_date
        return cls(date=day, weekday=weekday(day), type=workout.type.value, name=workout.name)


class HoldResult(Result):
    """A safety hold: what it pauses and what ends it."""

    since: dt.date
    flag: str
    pauses: str
    ends_when: str

    @classmethod
    def of(cls, hold: SafetyHold | None, timed: Hold | None, today: dt.date) -> "HoldResult | None":
        """Return what holds as a result, a red flag's before a timed one, or None for none."""
        if hold is None and timed is not None:
            pauses = "plan" if timed.bars_running(today) else "intensity"
            return cls(
                since=timed.since,
                flag=timed.cause,
                pauses=pauses,
                ends_when=timed.ends_when(today),
            )
        if hold is None:
            return None
        return cls(since=hold.since, flag=hold.flag, pauses=hold.pauses, ends_when=hold.ends_when)


def render_segment(segment: Segment) -> str:
    """Return a stretch as a coach writes it: "3 x 8 min at tempo effort (4:40 /km)"."""
    by_distance = segment.by == "distance"
    length = render_number(segment.km if by_distance else segment.minutes)
    if not by_distance and segment.minutes < 1:
        length, unit = str(round(segment.minutes * 60)), "s"
    else:
        unit = "km" if by_distance else "min"
    text = f"{length} {unit} {segment.text or segment.zone.value}"
    if segment.repeats > 1:
        text = f"{segment.repeats} x {text}"
        if segment.recovery_minutes:
            text += f", {render_number(segment.recovery_minutes)} min easy between"
    if segment.pace_range is not None:
        text += f" ({render_pace_range(segment.pace_range)} /km)"
    return text


def render_pace_range(pace: PaceRange) -> str:
    """Return a pace range, fast end first, as minutes:seconds a km."""
    fast, slow = render_pace(pace.fast_s_per_km), render_pace(pace.slow_s_per_km)
    return fast if fast == slow else f"{fast}-{slow}"
