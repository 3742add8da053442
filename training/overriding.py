"""An installation's own numbers in place of the rules' standard ones: more careful ones alone.

The tables of `training.tables` are read at each decision, so numbers are put in once, at the start
of the program, before anything is planned.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from training import tables
from training.building import Baseline, PlanRequest, build_plan
from training.errors import GoalRefused, ImpossibleValue, LimitBroken
from training.plans import Fitness
from training.runners import Day, DayBlock, Distance, Level, Runner

TRIAL_START, TRIAL_WEEKS = dt.date(2026, 1, 5), 20
TRIAL_DAYS = (Day.TUE, Day.THU, Day.SAT, Day.SUN)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be changed. more: whether a larger one is the more careful one; least and
    most: what can be at all."""

    words: str
    more: bool
    least: float
    most: float

    @property
    def direction(self) -> str:
        """Which way it may go, in words."""
        return "more" if self.more else "less"


SCALARS = {
    "growth": Number("growth a week, over the highest of three (1.10 is 10 %)", False, 1.02, 1.1),
    "growth_high_volume": Number("the same, advanced above 80 km", False, 1.02, 1.08),
    "spike": Number("a run over the longest of 30 days", False, 1.02, 1.1),
    "loading_weeks": Number("weeks that load in a row", False, 1, 3),
}
TABLES = {
    "run_days": Number("days of running a week, by distance and level", False, 2, 7),
    "rest_days": Number("days of rest a week, by level", True, 0, 5),
    "hard_days": Number("hard days a week, by level", False, 0, 3),
    "quality": Number("sessions a week besides the long run, by phase and level", False, 0, 2),
    "long_minutes": Number("minutes of the long run, by distance and level", False, 20, 300),
    "long_km": Number("km of the long run, by distance and level", False, 3, 60),
    "peak_km": Number("km of the highest week, by distance and level", False, 10, 200),
    "last_hard_days_out": Number("days from the last hard one to the race", True, 1, 21),
    "low_share": Number("share of a week that is easy, by level (0.85 is 85 %)", True, 0.5, 1.0),
}


def check_overrides(values: Mapping[str, Any]) -> None:
    """Say whether numbers can stand in place of the standard ones.

    values: as a rules file holds them, `{"growth": 1.05, "rest_days": {"beginner": 4}}`.
    Raises ImpossibleValue naming the key and what would be accepted, also where the numbers are
    sound one by one and no plan can be built with them.
    """
    with overridden(values):
        _build_a_plan_each()


@contextmanager
def overridden(values: Mapping[str, Any]) -> Iterator[None]:
    """Put numbers in for a while. Raises ImpossibleValue as check_overrides does."""
    before = _state()
    try:
        apply_overrides(values)
        yield
    finally:
        _restore(before)


def apply_overrides(values: Mapping[str, Any]) -> None:
    """Put numbers in for good. Raises ImpossibleValue, and then nothing is changed."""
    before = _state()
    try:
        for key, value in values.items():
            _put(key, value)
    except ImpossibleValue:
        _restore(before)
        raise


def standard_of(key: str) -> Any:
    """Return what stands for a key now: a number, or a table of them."""
    if key in SCALARS:
        return getattr(tables, key.upper())
    return _peaks() if key == "peak_km" else getattr(tables, key.upper())


def _put(key: str, value: Any) -> None:
    if key in SCALARS:
        name = key.upper()
        setattr(tables, name, _sound(key, SCALARS[key], value, getattr(tables, name)))
        if key == "loading_weeks":
            careful = min(tables.LOADING_WEEKS_CAREFUL, tables.LOADING_WEEKS)
            tables.LOADING_WEEKS_CAREFUL = careful
        return
    if key not in TABLES:
        known = ", ".join((*SCALARS, *TABLES))
        raise ImpossibleValue(f"{key} is no number of the rules; known are {known}")
    if key == "peak_km":
        _put_peaks(value)
    else:
        _fill(key, TABLES[key], value, getattr(tables, key.upper()))


def _put_peaks(value: Any) -> None:
    peaks = _peaks()
    _fill("peak_km", TABLES["peak_km"], value, peaks)
    for distance, levels in tables.VOLUME_KM.items():
        for level, (start, _) in levels.items():
            peak = peaks[distance][level]
            levels[level] = (min(start, peak), peak)


def _peaks() -> dict[Distance, dict[Level, float]]:
    return {
        distance: {level: peak for level, (_, peak) in levels.items()}
        for distance, levels in tables.VOLUME_KM.items()
    }


def _fill(key: str, number: Number, value: Any, table: MutableMapping[Any, Any]) -> None:
    """Put the given entries into a table, each held to what may stand there."""
    if not isinstance(value, Mapping):
        raise ImpossibleValue(f"{key} is a table: {_keys(table)}")
    entries: dict[str, Enum] = {entry.value: entry for entry in table}
    for name, given in value.items():
        entry = entries.get(name)
        if entry is None:
            raise ImpossibleValue(f"{key}.{name} is not there; {_keys(table)} are")
        inner = table[entry]
        if isinstance(inner, MutableMapping):
            _fill(f"{key}.{name}", number, given, inner)
        else:
            table[entry] = _sound(f"{key}.{name}", number, given, inner)


def _keys(table: Mapping[Any, Any]) -> str:
    return ", ".join(entry.value for entry in table)


def _sound(key: str, number: Number, given: Any, standard: float) -> Any:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ImpossibleValue(f"{key} is a number, not {given!r}")
    low, high = (standard, number.most) if number.more else (number.least, standard)
    if not low <= given <= high:
        raise ImpossibleValue(
            f"{key} can be {low:g} to {high:g}, not {given:g}: an installation may be more "
            f"careful than the rules ({number.direction}), never less"
        )
    if isinstance(standard, int) and given != int(given):
        raise ImpossibleValue(f"{key} is a whole number, not {given:g}")
    return type(standard)(given)


def _build_a_plan_each() -> None:
    """Build a plan of each distance and level. Raises ImpossibleValue for the first that fails."""
    blocks = tuple(DayBlock(day) for day in TRIAL_DAYS)
    for distance in Distance:
        for level in Level:
            usual = tables.VOLUME_KM[distance][level][0]
            request = PlanRequest(
                distance,
                TRIAL_START + dt.timedelta(days=7 * TRIAL_WEEKS - 1),
                TRIAL_START,
                Runner(level, blocks),
                Baseline(Fitness(45.0, "race", "high"), usual, usual / 3),
            )
            try:
                build_plan(request, plan_id="plan_rules")
            except (LimitBroken, GoalRefused) as error:
                raise ImpossibleValue(
                    f"with these numbers no {distance.value} plan of {level.value} runners holds "
                    f"its limits ({error})"
                ) from error


_TABLE_NAMES = ("VOLUME_KM", *(key.upper() for key in TABLES if key != "peak_km"))
_SCALAR_NAMES = (*(key.upper() for key in SCALARS), "LOADING_WEEKS_CAREFUL")


def _state() -> dict[str, Any]:
    kept = {name: _copied(getattr(tables, name)) for name in _TABLE_NAMES}
    return kept | {name: getattr(tables, name) for name in _SCALAR_NAMES}


def _copied(table: Mapping[Any, Any]) -> dict[Any, Any]:
    return {k: _copied(v) if isinstance(v, Mapping) else v for k, v in table.items()}


def _restore(state: Mapping[str, Any]) -> None:
    for name, value in state.items():
        if isinstance(value, Mapping):
            _refill(getattr(tables, name), value)
        else:
            setattr(tables, name, value)


def _refill(table: MutableMapping[Any, Any], values: Mapping[Any, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            _refill(table[key], value)
        else:
            table[key] = value
