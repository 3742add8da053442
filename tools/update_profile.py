"""The tool that changes what is known of the runner."""

from typing import Annotated

from pydantic import Field

from tools.arguments import Arguments, Block
from training.runners import Level

Flag = Annotated[str, Field(min_length=1, max_length=60)]


class PreferenceArguments(Arguments):
    """Preferences to set; those left out stay."""

    units: str | None = Field(None, pattern="^(km|mi)$")
    """"km" or "mi"."""
    time_zone: str | None = Field(None, min_length=1, max_length=64)
    """IANA time zone, e.g. "Europe/Berlin"."""
    workout_types: Annotated[tuple[Flag, ...], Field(max_length=10)] | None = None
    """Kinds of training the runner likes, e.g. ["trail", "intervals"]."""


class UpdateProfile(Arguments):
    """Change the runner's profile: days, injuries, preferences, level, age, heart rates.

    Use it for lasting facts ("I can only run Tuesday, Thursday and Sunday", "I use miles", "I am
    46"). For pain that is there now use adapt_plan(kind=pain). Returns the profile and whether the
    plan should be adapted to it.
    """

    availability: Annotated[tuple[Block, ...], Field(min_length=1, max_length=21)] | None = None
    """All days on which the runner can run; replaces what is stored."""
    add_injury_flags: Annotated[tuple[Flag, ...], Field(max_length=10)] = ()
    """Injuries to note, e.g. ["left knee"]."""
    remove_injury_flags: Annotated[tuple[Flag, ...], Field(max_length=10)] = ()
    """Injuries that the runner says are over."""
    preferences: PreferenceArguments = PreferenceArguments()
    """Units, time zone, liked training."""
    experience_level: Level | None = None
    """beginner, intermediate or advanced."""
    age: int | None = Field(None, ge=5, le=110)
    """Age in years."""
    hr_max_bpm: int | None = Field(None, ge=100, le=240)
    """Measured maximum heart rate."""
    hr_rest_bpm: int | None = Field(None, ge=25, le=120)
    """Resting heart rate."""
