"""The embedded model, judged by messages as runners write them: right tool, right arguments.

The messages and what is expected of them are in embedded_messages.yaml (and, where it is there,
in embedded_messages_heldback.yaml). Run with -s to see the table.
"""

import copy
import datetime as dt
import importlib
import itertools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from tools.adapt_plan import AdaptPlan
from tools.create_plan import CreatePlan
from tools.get_plan_summary import GetPlanSummary
from tools.get_progress import GetProgress
from tools.get_workout import GetWorkout
from tools.log_execution import LogExecution
from tools.update_profile import UpdateProfile

HERE = Path(__file__).parent
FILES = [
    path
    for name in ("embedded_messages.yaml", "embedded_messages_heldback.yaml")
    if (path := HERE / name).exists()
]
TOOL_RATE = 0.90
ARGUMENT_RATE = 0.85
MOST_ROUNDS = 8
KM_PER_MILE = 1.609344
TOLERANCE = 0.0101  # two decimals, rounded either way

MODELS: dict[str, type[BaseModel]] = {
    "get_plan_summary": GetPlanSummary,
    "get_workout": GetWorkout,
    "log_execution": LogExecution,
    "adapt_plan": AdaptPlan,
    "create_plan": CreatePlan,
    "update_profile": UpdateProfile,
    "get_progress": GetProgress,
}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": "", "parameters": {}}}
    for name in MODELS
]
ALWAYS_OPTIONAL = {"log_execution": ("feedback.notes",)}

TODAY = dt.date(2026, 2, 10)
WORKOUTS = {
    "2026-02-10": ("easy", "40 min easy", "RPE 3-4", "wk_987"),
    "2026-02-12": ("tempo", "Tempo 3 x 8 min", "RPE 6-7", "wk_988"),
    "2026-02-15": ("long", "Long run 75 min", "RPE 4-5", "wk_989"),
    "2026-02-17": ("easy", "42 min easy", "RPE 3-4", "wk_990"),
    "2026-02-19": ("tempo", "Tempo 4 x 8 min", "RPE 6-7", "wk_991"),
    "2026-02-22": ("long", "Long run 80 min", "RPE 4-5", "wk_992"),
}
DATE_OF = {workout[3]: date for date, workout in WORKOUTS.items()}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Call = tuple[str, dict[str, Any]]


def plan_day(date: dt.date) -> dict[str, Any]:
    """Return one day of the plan as the context shows it."""
    kind, name, effort, workout_id = WORKOUTS.get(str(date), ("rest", "Rest", None, None))
    return {
        "date": str(date),
        "weekday": f"{date:%A}",
        "type": kind,
        "name": name,
        "effort": effort,
        "workout_id": workout_id,
        "status": "planned" if workout_id else None,
    }


def demo_context() -> dict[str, Any]:
    """Return what the model is told of the demo runner on Tuesday 2026-02-10."""
    monday = TODAY - dt.timedelta(days=TODAY.weekday())
    return {
        "today": str(TODAY),
        "weekday": f"{TODAY:%A}",
        "time_zone": "UTC",
        "top_prompt": "Track my training",
        "runner": {
            "name": "Demo",
            "level": "intermediate",
            "units": "km",
            "injury_flags": [],
            "available_days": ["tue", "thu", "sun"],
        },
        "plan": {
            "goal_distance": "half",
            "goal_date": "2026-05-18",
            "goal_weekday": "Monday",
            "weeks_to_race": 14,
            "phase": "build",
            "version": 1,
            "weekly_focus": "Aerobic efficiency + pacing control",
            "days": [plan_day(monday + dt.timedelta(days=n)) for n in range(14)],
            "paces": {
                "easy": "5:50-6:40",
                "marathon": "5:25",
                "threshold": "5:05",
                "interval": "4:40",
                "unit": "km",
            },
        },
        "proposal": None,
        "safety": None,
    }


# What the tools would answer


def summary() -> dict[str, Any]:
    """Return a plan's summary in the seed's form."""
    return {
        "plan_id": "plan_123",
        "goal_distance": "half",
        "goal_date": "2026-05-18",
        "phase": "build",
        "weekly_focus": "Aerobic efficiency + pacing control",
        "next_workouts": [
            {"date": date, "weekday": f"{dt.date.fromisoformat(date):%A}", "name": w[1]}
            | {"effort": w[2]}
            for date, w in list(WORKOUTS.items())[:3]
        ],
    }


def result_of(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a plausible result of a tool call."""
    date = str(arguments.get("date") or DATE_OF.get(arguments.get("workout_id", ""), TODAY))
    kind, workout, effort, workout_id = WORKOUTS.get(date, ("rest", "Rest", None, None))
    weekday = f"{dt.date.fromisoformat(date):%A}"
    if name == "log_execution":
        metrics = ("duration_minutes", "distance_km", "avg_pace", "hr_avg", "hr_drift", "cadence")
        said = arguments.get("actual_metrics") or {}
        felt = arguments.get("feedback") or {}
        return {
            "workout_id": workout_id,
            "date": date,
            "weekday": weekday,
            "completion_status": arguments.get("completion_status"),
            "actual_metrics": {key: said.get(key) for key in metrics},
            "feedback": {key: felt.get(key) for key in ("rpe", "soreness", "fatigue", "notes")},
            "adherence_score": 90 if workout_id else None,
        }
    if name == "adapt_plan":
        return {
            "applied": not arguments.get("preview", False),
            "proposal_id": "prop_1" if arguments.get("preview") else None,
            "change_summary": "The plan was changed as asked.",
            "reason": "The runner asked for it.",
            "changes": [],
            "impacted_workouts": [],
            "delta": {"volume_change": 0, "intensity_change": 0},
            "receipt": [],
            "version": 2,
            "warnings": [],
        }
    if name == "get_workout":
        return {
            "workout_id": workout_id,
            "date": date,
            "weekday": weekday,
            "type": kind,
            "name": workout,
            "structure": {"warmup": "10 min easy", "main": workout, "cooldown": "5 min easy"},
            "targets": {"effort": effort, "rpe": effort, "duration_minutes": 40},
            "rationale": "It builds the aerobic base.",
            "coach_cues": ["Relax your shoulders."],
            "execution": None,
            "changes": [],
        }
    if name == "get_progress":
        return {
            "weeks": [
                {"week_start_date": "2026-02-09", "planned_minutes": 155, "done_minutes": 40}
                | {"planned_km": 25.0, "done_km": 6.2, "adherence": 90}
            ],
            "adherence": 90,
            "trends": [],
        }
    if name == "update_profile":
        return {"profile": demo_context()["runner"], "plan_should_adapt": False}
    if name == "create_plan":
        proposal = {"applied": False, "proposal_id": "prop_1", "receipt": [], "warnings": []}
        return summary() | proposal | {k: v for k, v in arguments.items() if k.startswith("goal")}
    return summary() | {"safety": None}


# Driving the model


def run_turns(texts: list[str]) -> tuple[list[Call], str]:
    """Say the texts one after the other; return the last turn's calls and its answer."""
    answer: Callable[..., Any] = importlib.import_module("assistant.embedded.answers").answer
    context = demo_context()
    messages: list[dict[str, Any]] = [{}]
    calls: list[Call] = []
    text = ""
    numbers = itertools.count(1)
    for said in texts:
        messages[0] = {"role": "system", "content": f"<context>{json.dumps(context)}</context>"}
        content = f"<runner_message>{json.dumps({'text': said})}</runner_message>"
        messages.append({"role": "user", "content": content})
        calls, text = [], ""
        for _ in range(MOST_ROUNDS):
            reply = answer(copy.deepcopy(messages), copy.deepcopy(TOOLS))
            text = reply.text or ""
            if not reply.calls:
                break
            made = [(f"call_{next(numbers)}", name, dict(args)) for name, args in reply.calls]
            tool_calls = [
                {"id": key, "type": "function"}
                | {"function": {"name": name, "arguments": json.dumps(args)}}
                for key, name, args in made
            ]
            messages.append({"role": "assistant", "content": None, "tool_calls": tool_calls})
            for key, name, args in made:
                calls.append((name, args))
                result = json.dumps(result_of(name, args))
                messages.append({"role": "tool", "tool_call_id": key, "content": result})
                if name == "log_execution":
                    for day in context["plan"]["days"]:
                        if day["date"] == args.get("date") or (
                            day["workout_id"] and day["workout_id"] == args.get("workout_id")
                        ):
                            day["status"] = args.get("completion_status")
        else:
            pytest.fail(f"no answer in words after {MOST_ROUNDS} rounds: {texts}")
        messages.append({"role": "assistant", "content": text})
    return calls, text


# Comparing arguments


def flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested dicts with their dotted keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value


def dumped(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments as leaves, without defaults, a workout's id as its date."""
    model = MODELS[name].model_validate_json(json.dumps(arguments))
    leaves = dict(flatten(model.model_dump(mode="json", exclude_defaults=True)))
    workout_id = leaves.pop("workout_id", None)
    if workout_id is not None:
        date = DATE_OF.get(workout_id, workout_id)
        if leaves.setdefault("date", date) != date and name == "get_workout":
            leaves["date"] = f"{leaves['date']} or {date}"
    if leaves.get("kind") == "swap":
        pair = sorted(str(leaves.get(key)) for key in ("date", "to_date"))
        leaves |= {"date": pair[0], "to_date": pair[1]}
    return leaves


def same(key: str, got: Any, wanted: Any) -> bool:
    """Whether an argument has the value that was expected."""
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return isinstance(got, int | float) and abs(got - wanted) <= TOLERANCE
    if key == "avg_pace" or key.endswith(".avg_pace"):
        return isinstance(got, str) and abs(seconds(got) - seconds(wanted)) <= 1
    if key == "body_part":
        return isinstance(got, str) and wanted.lower() in got.lower()
    if isinstance(wanted, list):
        return isinstance(got, list) and canonical(got) == canonical(wanted)
    return bool(got == wanted)


def canonical(values: list[Any]) -> list[str]:
    """Return a list's items in an order of their own, without null values."""
    return sorted(
        json.dumps({k: v for k, v in item.items() if v is not None}, sort_keys=True)
        if isinstance(item, dict)
        else str(item).lower()
        for item in values
    )


def seconds(clock: str) -> int:
    """Return "m:ss" in seconds."""
    minutes, rest = clock.split(":")[:2]
    return int(minutes) * 60 + int(rest)


def differences(call: Call, wanted: dict[str, Any], expect: dict[str, Any]) -> list[str]:
    """Say what is wrong with a call's arguments."""
    name, arguments = call
    try:
        got = dumped(name, arguments)
    except (ValidationError, TypeError, ValueError) as error:
        return [f"{name}: invalid: {' '.join(str(error).split())[:200]}"]
    wanted_leaves = dict(flatten(wanted))
    if wanted_leaves.get("kind") == "swap":
        pair = sorted((wanted_leaves["date"], wanted_leaves["to_date"]))
        wanted_leaves |= {"date": pair[0], "to_date": pair[1]}
    wanted_leaves = {
        ("date" if key == "workout_id" else key): DATE_OF.get(str(value), value)
        for key, value in wanted_leaves.items()
    }
    optional = (*expect.get("optional", ()), *ALWAYS_OPTIONAL.get(name, ()))

    def is_optional(key: str) -> bool:
        return any(key == item or key.startswith(f"{item}.") for item in optional)

    found = []
    defaults = dict(flatten(MODELS[name].model_construct().model_dump(mode="json")))
    for key, value in wanted_leaves.items():
        if key not in got and is_optional(key) and key not in {"completion_status"}:
            if not key.startswith(("actual_metrics", "feedback")):
                continue
            found.append(f"{name}.{key}: missing, not {value!r}")
        elif not same(key, got.get(key, defaults.get(key)), value):
            found.append(f"{name}.{key}: {got.get(key)!r}, not {value!r}")
    if name == "adapt_plan" and "kind_any" in expect:
        if got.get("kind") not in expect["kind_any"]:
            found.append(f"{name}.kind: {got.get('kind')!r}, not one of {expect['kind_any']}")
        got.pop("kind", None)
    for key in got.keys() - wanted_leaves.keys():
        if not is_optional(key):
            found.append(f"{name}.{key}: {got[key]!r} was not expected")
    return found


# Nothing that was not said

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = (
    {word: float(n) for n, word in enumerate(ONES)}
    | {word: 10.0 * n for n, word in enumerate(TENS, 2)}
    | {"a": 1.0, "an": 1.0, "first": 1.0, "second": 2.0, "third": 3.0, "couple": 2.0, "half": 0.5}
)


def said_numbers(text: str) -> set[float]:
    """Return every number that a text says, in every unit that it may have been said in."""
    low = text.lower()
    found = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", low)}
    found |= {WORDS[word] for word in re.findall(r"[a-z]+", low) if word in WORDS}
    for ten, one in re.findall(rf"\b({'|'.join(TENS)})[ -]({'|'.join(ONES[1:10])})\b", low):
        found.add(WORDS[ten] + WORDS[one])
    for hours, minutes in re.findall(r"(\d+) ?h(?:ours?|rs?)? ?(?:and )?(\d{1,2})\b", low):
        found.add(int(hours) * 60.0 + int(minutes))
    for clock in re.findall(r"\d+(?::\d\d){1,2}", low):
        parts = [int(part) for part in clock.split(":")]
        if len(parts) == 3:
            found.add(parts[0] * 60 + parts[1] + parts[2] / 60)
        else:
            found |= {parts[0] + parts[1] / 60, parts[0] * 60.0 + parts[1]}
    plain = set(found)
    if re.search(r"mile|\bmi\b", low):
        found |= {n * KM_PER_MILE for n in plain}
    if re.search(r"hour|hr|\dh", low):
        found |= {n * 60 for n in plain}
    if "hour and a half" in low:
        found |= {90.0} | {n * 60 + 30 for n in plain}
    if "quarter" in low:
        found |= {15.0, 45.0, 75.0, 105.0}
    if "week" in low:
        found |= {n * 7 for n in plain}
    if "half" in low:
        found |= {21.0975, 21.1}
    if "marathon" in low:
        found |= {42.195, 42.2}
    if "as planned" in low:
        found.add(40.0)
    return found


def said_spans(text: str) -> set[float]:
    """Return the lengths in days or weeks that a text gives by a day or a word."""
    low = text.lower()
    found: set[float] = set()
    for position, weekday in enumerate(WEEKDAYS):
        if re.search(rf"\b{weekday[:3]}", low):
            back = (TODAY.weekday() - position) % 7 or 7
            found |= {float(back), back + 1.0}
    for word, spans in (
        ("today", {1.0}),
        ("night", {1.0, 2.0}),
        ("yesterday", {1.0, 2.0}),
        ("week", {1.0, 2.0}),
        ("month", {4.0, 5.0}),
        ("year", {52.0}),
    ):
        if word in low:
            found |= spans
    return found


def date_was_said(date: dt.date, text: str) -> bool:
    """Whether a date is in the context's two weeks or comes from what was said."""
    context = {str(day["date"]) for day in demo_context()["plan"]["days"]}
    if str(date) in context or str(date) == "2026-05-18":
        return True
    numbers = said_numbers(text)
    if float(date.day) in said_numbers(re.sub(r"\b(an?|half)\b", "", text.lower())):
        return True
    race = dt.date(2026, 5, 18)
    if any(float(abs((date - start).days)) in numbers for start in (TODAY, race)):
        return True
    weekday = WEEKDAYS[date.weekday()]
    near = abs((date - TODAY).days) <= 21
    return near and bool(re.search(rf"\b{weekday[:3]}", text.lower()))


def unsaid(call: Call, text: str) -> list[str]:
    """Return the values in a call that nobody said."""
    name, arguments = call
    numbers = said_numbers(text)
    low = text.lower()
    found = []

    def known(value: float, key: str) -> bool:
        allowed = set(numbers)
        if key in {"weeks", "days_ill", "days_off"}:
            allowed |= said_spans(text)
        return any(abs(value - number) <= TOLERANCE for number in allowed)

    def check(key: str, value: Any) -> bool:
        if value is None or isinstance(value, bool):
            return True
        if isinstance(value, int | float):
            return known(float(value), key) or (key == "weeks" and value == 4)
        if key == "workout_id":
            return value in DATE_OF
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date_was_said(dt.date.fromisoformat(value), text)
        if key == "avg_pace":
            clocks = [seconds(c) for c in re.findall(r"\d+:\d\d", low)]
            clocks += [round(clock / KM_PER_MILE) for clock in clocks]
            return any(abs(seconds(value) - clock) <= 1 for clock in clocks)
        if key == "body_part":
            return all(re.sub(r"s$", "", word) in low for word in value.lower().split())
        return all(known(float(n), key) for n in re.findall(r"\d+(?:\.\d+)?", value))

    def visit(key: str, value: Any) -> None:
        if isinstance(value, dict):
            for inner_key, inner in value.items():
                visit(inner_key, inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                visit(key, inner)
        elif not check(key, value):
            found.append(f"{name}.{key}: {value!r} was not said")

    visit("", arguments)
    return found


# The verdict


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one message went; arguments is None where no call was due and none was made."""

    group: str
    tool: bool
    arguments: bool | None
    problems: tuple[str, ...]
    unsaid: tuple[str, ...]


def judge(entry: dict[str, Any]) -> Verdict:
    """Run one message and compare."""
    expect = entry["expect"]
    texts = [*entry.get("before", ()), entry["say"]]
    calls, text = run_turns(texts)
    names = [name for name, _ in calls]
    choices: list[list[str]] = expect.get("tools_any") or [expect["tools"]]
    tool = names in choices and bool(text.strip())
    problems = [] if tool else [f"tools {names}, not {' or '.join(map(str, choices))}"]
    arguments: bool | None = None
    if tool and calls:
        if "arguments_any" in expect:
            pairs = zip(choices, expect["arguments_any"], strict=True)
            wanted_lists = [wanted for choice, wanted in pairs if choice == names]
        else:
            wanted_lists = [expect.get("arguments", [])]
        faults = [
            [
                fault
                for call, wanted in zip(calls, wanted_list, strict=False)
                if wanted is not None
                for fault in differences(call, wanted, expect)
            ]
            for wanted_list in wanted_lists
        ]
        faults.sort(key=len)
        arguments = not faults[0]
        problems += faults[0]
    elif not tool and all(choices):
        arguments = False
    for name, given in calls:
        try:
            MODELS[name].model_validate_json(json.dumps(given))
        except (ValidationError, TypeError, ValueError) as error:
            arguments = False
            problems.append(f"{name} {given}: invalid: {' '.join(str(error).split())[:200]}")
    not_said = [fault for call in calls for fault in unsaid(call, "\n".join(texts))]
    group = str(entry["id"]).rsplit("-", 1)[0]
    return Verdict(group, tool, arguments, tuple(dict.fromkeys(problems)), tuple(not_said))


def share(marks: list[bool]) -> float:
    """Return the share of true marks."""
    return sum(marks) / len(marks) if marks else 1.0


def table(verdicts: list[Verdict], faults: list[str], title: str) -> str:
    """Return the scores by group and in total, and what went wrong."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.group].append(verdict)
    groups["total"] = verdicts
    lines = ["", title, f"{'group':<8}{'n':>5}{'tool':>8}{'args':>8}{'of':>5}"]
    for group, members in groups.items():
        marks = [v.arguments for v in members if v.arguments is not None]
        tool = share([v.tool for v in members])
        lines.append(f"{group:<8}{len(members):>5}{tool:>8.1%}{share(marks):>8.1%}{len(marks):>5}")
    return "\n".join([*lines, *faults, ""])


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_messages(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right tool for 90 % of the messages, right arguments for 85 %, and nothing made up."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    verdicts = [judge(entry) for entry in entries]
    # what is said of the held-back messages stays a number: nobody tunes rules by them
    shown = "heldback" not in path.stem
    faults = [
        f"{entry['id']} {entry['say']!r}: {'; '.join((*verdict.problems, *verdict.unsaid))}"
        for entry, verdict in zip(entries, verdicts, strict=True)
        if shown and (verdict.problems or verdict.unsaid)
    ]
    with capsys.disabled():
        sys.stdout.write(table(verdicts, faults, path.name))
    made_up = [fault for verdict in verdicts for fault in verdict.unsaid]
    assert not made_up, f"{len(made_up)} values that were not said"
    assert share([v.tool for v in verdicts]) >= TOOL_RATE
    marks = [v.arguments for v in verdicts if v.arguments is not None]
    assert share(marks) >= ARGUMENT_RATE


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_expectations_are_possible(path: Path) -> None:
    """Every message expects known tools, values that the tools take and values that were said."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        expect = entry["expect"]
        text = "\n".join([*entry.get("before", ()), entry["say"]])
        choices = expect.get("tools_any") or [expect["tools"]]
        lists = expect.get("arguments_any") or [expect.get("arguments", [])] * len(choices)
        for names, wanted_list in zip(choices, lists, strict=True):
            assert set(names) <= MODELS.keys(), entry["id"]
            for name, wanted in zip(names, wanted_list, strict=False):
                if wanted is None or entry["id"].startswith("odd-"):
                    continue
                kinds = [wanted["kind"]] if "kind" in wanted else expect.get("kind_any", ["goal"])
                for kind in kinds:
                    whole = wanted | ({"kind": kind} if name == "adapt_plan" else {})
                    assert not differences((name, whole), wanted, expect), entry["id"]
                    assert not unsaid((name, whole), text), entry["id"]
