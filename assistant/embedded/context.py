"""What the system message tells of the runner, the day and the plan."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_CONTEXT = re.compile(r"<context>(.*?)</context>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One day of this week or the next."""

    date: dt.date
    type: str = "rest"
    name: str = "Rest"
    effort: str | None = None
    workout_id: str | None = None
    status: str | None = None

    @property
    def is_run(self) -> bool:
        """True where something is to be run."""
        return self.type != "rest" or self.is_race

    @property
    def is_race(self) -> bool:
        """True for the day of the race."""
        return self.name.startswith("Race day")


@dataclass(frozen=True, slots=True)
class Context:
    """The context block. offers_plan: the plan belongs to the runner's subscription."""

    today: dt.date
    offers_plan: bool = False
    units: str = "km"
    runner: Mapping[str, Any] = field(default_factory=dict)
    plan: Mapping[str, Any] | None = None
    days: tuple[PlanDay, ...] = ()
    proposal: Mapping[str, Any] | None = None
    safety: Mapping[str, Any] | None = None

    @property
    def goal_date(self) -> dt.date | None:
        """The day of the plan's race."""
        try:
            return dt.date.fromisoformat(str((self.plan or {}).get("goal_date")))
        except ValueError:
            return None

    def day(self, date: dt.date | None) -> PlanDay | None:
        """Return the plan's entry on a date, where the context shows it."""
        return next((day for day in self.days if day.date == date), None)

    def by_id(self, workout_id: str | None) -> PlanDay | None:
        """Return the plan's entry with an id."""
        return next((d for d in self.days if workout_id and d.workout_id == workout_id), None)

    def coming(self, kind: str) -> PlanDay | None:
        """Return the next day of a type that is still to be run."""
        return next(
            (
                day
                for day in self.days
                if day.date >= self.today and day.type == kind and day.status in (None, "planned")
            ),
            None,
        )

    def latest(self, kind: str) -> PlanDay | None:
        """Return the last day of a type up to today."""
        found = [day for day in self.days if day.date <= self.today and day.type == kind]
        return found[-1] if found else None


def read_context(text: str) -> Context | None:
    """Return the context of a system message, None where there is none that can be read."""
    for match in reversed(list(_CONTEXT.finditer(text))):
        try:
            block = json.loads(match[1])
            today = dt.date.fromisoformat(block["today"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        runner, plan = _mapping(block.get("runner")) or {}, _mapping(block.get("plan"))
        return Context(
            today=today,
            offers_plan=bool(block.get("top_prompt")),
            units="mi" if runner.get("units") == "mi" else "km",
            runner=runner,
            plan=plan,
            days=tuple(sorted(_days(plan or {}), key=lambda day: day.date)),
            proposal=_mapping(block.get("proposal")),
            safety=_mapping(block.get("safety")),
        )
    return None


def _mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) else None


def _days(plan: Mapping[str, Any]) -> Iterator[PlanDay]:
    listed = plan.get("days")
    for entry in listed if isinstance(listed, list) else []:
        try:
            date = dt.date.fromisoformat(entry["date"])
        except (KeyError, TypeError, ValueError):
            continue
        texts = {
            key: entry[key]
            for key in ("type", "name", "effort", "workout_id", "status")
            if isinstance(entry.get(key), str)
        }
        yield PlanDay(date, **texts)
