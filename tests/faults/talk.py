"""What runners say in a run: messages whose scripts log, change, read and lie, drawn at random."""

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from tests.faults.stage import canary
from tests.faults.wire import TODAY, scripted

DAY = dt.timedelta(days=1)
SAY = "Here is what I have for you."
Call = tuple[str, Mapping[str, Any]]


def random_message(rng: random.Random, runner: str) -> str:
    """Return one message of a runner; what is private in it is a canary."""
    words = f"{canary(runner, 'said')} {rng.randrange(10**6)}"
    if rng.random() < 0.15:
        return rng.choice(["yes", "no", "the second one", f"{words} hello"])
    return scripted(words, *random_calls(rng, runner), say=SAY)


def random_calls(rng: random.Random, runner: str) -> list[Call]:
    """Return one to three calls that log, change or read."""
    kinds = (_log, _log, _move, _move, _read, _tired, _days, _undo, _goal, _profile)
    return [rng.choice(kinds)(rng, runner) for _ in range(rng.choice((1, 1, 1, 2, 3)))]


def _log(rng: random.Random, runner: str) -> Call:
    return "log_execution", {
        "date": (TODAY - rng.randrange(20) * DAY).isoformat(),
        "completion_status": rng.choice(["completed", "modified", "missed"]),
        "actual_metrics": {
            "distance_km": round(rng.uniform(2, 12), 1),
            "duration_minutes": rng.randrange(25, 80),
        },
        "feedback": {"rpe": rng.randrange(2, 9), "notes": canary(runner, "note")},
    }


def _day(rng: random.Random) -> str:
    return (TODAY + rng.randrange(-2, 40) * DAY).isoformat()


def _move(rng: random.Random, _runner: str) -> Call:
    return "adapt_plan", {"kind": "move", "date": _day(rng), "to_date": _day(rng)}


def _read(rng: random.Random, _runner: str) -> Call:
    return rng.choice(
        [
            ("get_plan_summary", {}),
            ("get_workout", {"date": _day(rng)}),
            ("get_progress", {"weeks": 3}),
        ]
    )


def _tired(rng: random.Random, _runner: str) -> Call:
    return "adapt_plan", {
        "kind": "fatigue",
        "soreness": rng.randrange(11),
        "fatigue": rng.randrange(11),
    }


def _days(rng: random.Random, _runner: str) -> Call:
    days = rng.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 4)
    preview = rng.random() < 0.3
    given = {"kind": "availability", "days": [{"day": day} for day in days], "preview": preview}
    return "adapt_plan", given


def _undo(_rng: random.Random, _runner: str) -> Call:
    return "adapt_plan", {"kind": "undo"}


def _goal(rng: random.Random, _runner: str) -> Call:
    return "adapt_plan", {"kind": "goal", "goal_date": f"2026-06-{rng.randrange(1, 29):02}"}


def _profile(rng: random.Random, runner: str) -> Call:
    return "update_profile", {"name": canary(runner, f"name{rng.randrange(9)}")}
