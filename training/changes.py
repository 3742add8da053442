"""What a runner may report or ask for, as values that `adaptation.adapt` decides on."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from training.plans import Fitness, Plan
from training.receipts import Receipt
from training.runners import DayBlock, Distance
from training.workouts import Workout


class Symptoms(StrEnum):
    """Where an illness sits: the neck check."""

    ABOVE_NECK = "above_neck"
    BELOW_NECK = "below_neck"
    FEVER = "fever"


@dataclass(frozen=True, slots=True)
class Missed:
    """Workouts not run. days: dates missed, past or coming; days_off: length of a gap without
    any running that ends today."""

    days: tuple[dt.date, ...] = ()
    days_off: int | None = None


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain of 0-10 in a body part. cleared: the runner (or a clinician) says it is over.

    noted: an injury put on record without a level; it bars intensity as moderate pain does.
    days_out: days without any running that end today, where it is cleared.
    """

    body_part: str | None
    level: int | None = None
    signs: tuple[str, ...] = ()  # limp, sharp, swelling, night, rising
    cleared: bool = False
    noted: bool = False
    days_out: int = 0


@dataclass(frozen=True, slots=True)
class Illness:
    """days_ill: so far, today included; over: symptoms are gone now."""

    symptoms: Symptoms
    days_ill: int = 1
    over: bool = False


@dataclass(frozen=True, slots=True)
class Fatigue:
    """Tired, sore, or a run much harder than planned; the logged runs are looked at too."""

    soreness: int | None = None
    fatigue: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """Which days the runner has. blocks: the new week for good; days_off: single dates that
    cannot be run on; until: the last date for which `blocks` holds, None for good."""

    blocks: tuple[DayBlock, ...] = ()
    days_off: tuple[dt.date, ...] = ()
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One workout to another day that has none."""

    from_date: dt.date
    to_date: dt.date


@dataclass(frozen=True, slots=True)
class Swap:
    """Two days' workouts, exchanged."""

    first_date: dt.date
    second_date: dt.date


@dataclass(frozen=True, slots=True)
class Goal:
    """Another race day or distance."""

    goal_date: dt.date | None = None
    goal_distance: Distance | None = None


@dataclass(frozen=True, slots=True)
class FeelingStrong:
    """Training goes better than planned. new_fitness: from a race or trial, where there was one."""

    new_fitness: Fitness | None = None


@dataclass(frozen=True, slots=True)
class TuneUpRace:
    """A race before the goal: its day and distance."""

    day: dt.date
    distance: Distance


Change = (
    Missed
    | Pain
    | Illness
    | Fatigue
    | Availability
    | Move
    | Swap
    | Goal
    | FeelingStrong
    | TuneUpRace
)


@dataclass(frozen=True, slots=True)
class WorkoutChange:
    """One workout before and after; None where it did not or does not exist."""

    before: Workout | None
    after: Workout | None


@dataclass(frozen=True, slots=True)
class Delta:
    """New minus old over the whole plan: km, and minutes at moderate or high intensity."""

    volume_change: float
    intensity_change: float


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A change that a rule made, with everything needed to show, check and take it back.

    plan: the new plan, its version one higher; nothing differs from the old one outside `changes`,
    the weeks' targets and the header. rule: the rule's id ("3.3-moderate-pain"). trigger: id of the
    execution behind it. injury_flags: the runner's flags afterwards, None where they stay.
    needs_yes: large enough to be proposed first. advice: words to pass on, such as "see a physio".
    """

    plan: Plan
    rule: str
    summary: str
    reason: str
    changes: tuple[WorkoutChange, ...]
    delta: Delta
    receipt: Receipt
    needs_yes: bool = False
    injury_flags: tuple[str, ...] | None = None
    trigger: str | None = None
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoChange:
    """No rule fires: the plan stays, and `reason` says why, in words for the runner."""

    reason: str
    injury_flags: tuple[str, ...] | None = None
    advice: tuple[str, ...] = ()
