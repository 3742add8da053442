"""The tool that changes what is known of the runner."""

from dataclasses import asdict, replace
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import Field

from storage.agenda import find_overview
from storage.executions import find_executions
from storage.plans import find_plan
from storage.profiles import Profile, load_profile, save_profile
from tools.adapt_plan import HISTORY
from tools.arguments import Arguments, Block, day_blocks
from tools.changes import ChangeResult, carry_out, keep_flags, unchanged
from tools.context import Context
from tools.errors import InvalidArguments
from tools.recovery import require_recovery_said
from tools.results import Result
from training.adaptation import adapt
from training.changes import NoChange, Pain
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


class PreferencesResult(Result):
    """The runner's preferences."""

    units: str
    time_zone: str
    workout_types: tuple[str, ...]


class BlockResult(Result):
    """One block of the runner's week."""

    day: str
    start: str | None
    minutes: int | None


class ProfileResult(Result):
    """What is known of the runner."""

    name: str
    experience_level: Level
    injury_flags: tuple[str, ...]
    weekly_availability: tuple[BlockResult, ...]
    preferences: PreferencesResult
    age: int | None
    hr_max_bpm: int | None
    hr_rest_bpm: int | None


class ProfileUpdate(Result):
    """The profile now, and what that means for the plan.

    plan_change: what changed in the plan at once, where an injury was noted or is over.
    """

    profile: ProfileResult
    should_adapt: bool
    why: str | None
    plan_change: ChangeResult | None


def run(context: Context, arguments: UpdateProfile) -> ProfileUpdate:
    """Change the profile; a new injury flag takes intensity out of the plan in the same step.

    Raises InvalidArguments for an unknown time zone, ChangeRefused, NotSaid.
    """
    profile = _changed(context.profile, arguments)
    for flag in arguments.remove_injury_flags:
        require_recovery_said(context, flag)
    save_profile(context.session, profile, now=context.now)
    change = None
    for pain in _injury_news(context.profile, arguments):
        change = _adapt_to(replace(context, profile=profile), pain)
        profile = load_profile(context.session, context.user_id)
    days_changed = profile.weekly_availability != context.profile.weekly_availability
    has_plan = find_overview(context.session, context.user_id, context.today) is not None
    return ProfileUpdate(
        profile=_result(profile),
        should_adapt=days_changed and has_plan,
        why="the days to run on changed, so the plan can be fitted to them"
        if days_changed and has_plan
        else None,
        plan_change=change,
    )


def _changed(profile: Profile, arguments: UpdateProfile) -> Profile:
    said = arguments.preferences
    if said.time_zone is not None and said.time_zone not in available_timezones():
        raise InvalidArguments(
            f"{said.time_zone!r} is no time zone; one looks like 'Europe/Berlin'",
            field="preferences.time_zone",
        )
    preferences = replace(profile.preferences, **said.model_dump(exclude_none=True))
    body = arguments.model_dump(include={"age", "hr_max_bpm", "hr_rest_bpm"}, exclude_none=True)
    return replace(
        profile,
        preferences=preferences,
        physiology=replace(profile.physiology, **body),
        experience_level=arguments.experience_level or profile.experience_level,
        weekly_availability=profile.weekly_availability
        if arguments.availability is None
        else day_blocks(arguments.availability),
        injury_flags=_flags(profile, arguments),
    )


def _flags(profile: Profile, arguments: UpdateProfile) -> tuple[str, ...]:
    gone = _named(profile, arguments.remove_injury_flags)
    kept = [flag for flag in profile.injury_flags if flag not in gone]
    return tuple(dict.fromkeys([*kept, *arguments.add_injury_flags]))


def _named(profile: Profile, flags: tuple[str, ...]) -> list[str]:
    """Return the stored flags that are meant, whatever the case. Raises InvalidArguments."""
    stored = {flag.casefold(): flag for flag in profile.injury_flags}
    unknown = [flag for flag in flags if flag.casefold() not in stored]
    if unknown:
        known = ", ".join(profile.injury_flags) or "none"
        raise InvalidArguments(
            f"{unknown[0]!r} is not among the noted injuries, which are: {known}",
            field="remove_injury_flags",
        )
    return [stored[flag.casefold()] for flag in flags]


def _injury_news(profile: Profile, arguments: UpdateProfile) -> list[Pain]:
    added = [f for f in arguments.add_injury_flags if f not in profile.injury_flags]
    removed = _named(profile, arguments.remove_injury_flags)
    return [
        *(Pain(body_part=flag, noted=True) for flag in added),
        *(Pain(body_part=flag, cleared=True) for flag in removed),
    ]


def _adapt_to(context: Context, pain: Pain) -> ChangeResult | None:
    plan = find_plan(context.session, context.user_id)
    if plan is None:
        return None
    done = find_executions(
        context.session, context.user_id, plan.start_date - HISTORY, context.today
    )
    outcome = adapt(plan, context.profile.runner, done, pain, context.today)
    if isinstance(outcome, NoChange):
        keep_flags(context, outcome)
        return unchanged(plan, outcome)
    return carry_out(context, plan, outcome, kind="pain")


def _result(profile: Profile) -> ProfileResult:
    return ProfileResult(
        name=profile.name,
        experience_level=profile.experience_level,
        injury_flags=profile.injury_flags,
        weekly_availability=tuple(
            BlockResult(day=block.day.value, start=block.start, minutes=block.minutes)
            for block in profile.weekly_availability
        ),
        preferences=PreferencesResult(**asdict(profile.preferences)),
        age=profile.physiology.age,
        hr_max_bpm=profile.physiology.hr_max_bpm,
        hr_rest_bpm=profile.physiology.hr_rest_bpm,
    )
