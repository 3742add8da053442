"""The tool that asks the engine to change the plan."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from tools.arguments import Arguments, Block, Date, Scale
from training.changes import Symptoms
from training.runners import Distance


class Kind(StrEnum):
    """Why the plan should change."""

    MISSED = "missed"
    PAIN = "pain"
    ILLNESS = "illness"
    FATIGUE = "fatigue"
    AVAILABILITY = "availability"
    MOVE = "move"
    SWAP = "swap"
    GOAL = "goal"
    FEELING_STRONG = "feeling_strong"
    UNDO = "undo"


class AdaptPlan(Arguments):
    """Change the plan because of what the runner reports or asks for; the engine decides how.

    missed: dates (missed, or that will be skipped) or days_off (days without any running).
    pain: pain_level and body_part; cleared=true when the runner says that it is over.
    illness: symptoms and days_ill; over=true when the runner is well again.
    fatigue: very tired or sore, or a run felt far harder than planned; soreness, fatigue.
    availability: days (the week's blocks, from now on or until `until`) or dates that are off.
    move: date and to_date. swap: date and to_date, both with workouts.
    goal: goal_date and/or goal_distance. feeling_strong: training feels too easy; a race result
    goes into race_distance_km and race_minutes. undo: take back the latest change.
    With preview=true nothing changes and the options come back as proposals. Returns what changed
    and why, or a proposal that the runner has to accept in a later message.
    """

    kind: Kind
    """Why the plan should change, e.g. "move"."""
    preview: bool = False
    """True for "what would happen if": show the change, apply nothing."""
    date: Date | None = None
    """The workout's day for move and swap, e.g. "2026-02-12"."""
    to_date: Date | None = None
    """The other day for move and swap, e.g. "2026-02-13"."""
    dates: Annotated[tuple[Date, ...], Field(max_length=31)] = ()
    """Days missed or skipped (missed), or days that are off (availability)."""
    days_off: int | None = Field(None, ge=1, le=3650)
    """Days without any running that end today, e.g. 9."""
    pain_level: Scale | None = None
    """Pain, 0 to 10, e.g. 4."""
    body_part: str | None = Field(None, min_length=1, max_length=60)
    """Where it hurts, e.g. "left knee"."""
    pain_signs: Annotated[
        tuple[Annotated[str, Field(pattern="^(limp|sharp|swelling|night|rest|rising)$")], ...],
        Field(max_length=6),
    ] = ()
    """Any of limp, sharp, swelling, night, rest, rising that the runner named."""
    cleared: bool = False
    """True when the runner says that the pain or injury is over."""
    symptoms: Symptoms | None = None
    """above_neck (cold, runny nose), below_neck (chest, cough, aches, stomach) or fever."""
    days_ill: int | None = Field(None, ge=1, le=365)
    """Days ill so far, today included, e.g. 2."""
    over: bool = False
    """True when the illness is over."""
    soreness: Scale | None = None
    """Soreness, 0 to 10."""
    fatigue: Scale | None = None
    """Tiredness, 0 to 10."""
    days: Annotated[tuple[Block, ...], Field(max_length=21)] = ()
    """The week's time blocks for availability, e.g. [{"day": "tue", "minutes": 60}]."""
    until: Date | None = None
    """Last day for which `days` holds; null for good."""
    goal_date: Date | None = None
    """The new race day, e.g. "2026-05-31"."""
    goal_distance: Distance | None = None
    """The new race distance: 5k, 10k, half or marathon."""
    race_distance_km: float | None = Field(None, gt=0, le=100)
    """Distance of a race or time trial just run, e.g. 10."""
    race_minutes: float | None = Field(None, gt=0, le=1440)
    """Its time in minutes, e.g. 48.5."""
