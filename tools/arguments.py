"""What the tools' arguments have in common: strictness, and the values several of them take."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from training.runners import Day, DayBlock

Scale = Annotated[int, Field(ge=0, le=10)]
Date = dt.date
WorkoutId = Annotated[str, Field(pattern=r"^wk_[A-Za-z0-9_-]{1,40}$")]


class Arguments(BaseModel):
    """A tool's arguments: unknown keys, NaN and text in place of numbers are refused."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Block(Arguments):
    """One block of time in which the runner can run."""

    day: Day
    """Weekday, e.g. "tue"."""
    start: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Local start time, e.g. "06:30"; null for any time."""
    minutes: int | None = Field(None, ge=10, le=480)
    """Length of the block in minutes, e.g. 60; null for no limit."""


def day_blocks(blocks: tuple[Block, ...]) -> tuple[DayBlock, ...]:
    """Return the blocks as the engine's values."""
    return tuple(DayBlock(block.day, block.start, block.minutes) for block in blocks)
