"""Reading what a scenario expects, each part held against what there is to expect."""

import functools
from typing import Any

from assistant.scenarios.scenario import Expected, ExpectedCall
from assistant.scenarios.shapes import (
    ANYTHING,
    Fault,
    Shape,
    closest,
    faults_in,
    shape_of,
    unknown_key,
)
from assistant.scenarios.values import Given
from storage.passports import column_types, tables_of_runners
from storage.values import SafetyHold
from tools.registry import TOOLS

BY_DAY = {"weeks": "week_plan", "workouts": "workout_plan", "executions": "execution"}
LISTED = {"adaptations": "adaptation_log", "proposals": "proposal"}
COUNTED = {
    "plans": "plan",
    "weeks": "week_plan",
    "workouts": "workout_plan",
    "executions": "execution",
    "adaptations": "adaptation_log",
    "proposals": "proposal",
}
STATE = ("plan", "profile", "weeks", "workouts", "executions", "adaptations", "proposals")
STATE_KEYS = (*STATE, "safety", "counts")
CALL_KEYS = ("calls", "calls_include", "forbidden_calls")
EXPECT_KEYS = (*STATE_KEYS, *CALL_KEYS, "top_prompt", "reply")


@functools.cache
def entity_shape(table: str) -> Shape:
    """Return the shape of a table's rows, as they are judged."""
    [found] = [each for each in tables_of_runners() if each.name == table]
    return Shape(fields={name: shape_of(kind) for name, kind in column_types(found).items()})


@functools.cache
def _state_shape(key: str) -> Shape:
    match key:
        case "plan":
            return entity_shape("plan")
        case "profile":
            return entity_shape("user_profile")
        case "safety":
            return shape_of(SafetyHold)
        case "counts":
            return Shape(fields=dict.fromkeys(COUNTED, Shape(kind=int)))
        case _:
            return entity_shape((BY_DAY | LISTED)[key])


def needed_tables(expected: Expected) -> frozenset[str]:
    """Return the tables that the expected state is told by."""
    if not expected.state:
        return frozenset()
    tables = {"plan", "user_profile"}
    for key, given in expected.state.items():
        tables |= {(BY_DAY | LISTED).get(key, "plan")}
        if key == "counts" and isinstance(given.value, dict):
            tables |= {COUNTED[str(name)] for name in given.value}
    return frozenset(tables)


def read_expected(given: Given, faults: list[Fault]) -> Expected:
    """Return what is expected, adding each mistake to `faults`."""
    value = given.value
    if not isinstance(value, dict):
        faults.append((given.line, f"expect is a group: {', '.join(EXPECT_KEYS)}"))
        return Expected()
    state: dict[str, Given] = {}
    read: dict[str, Any] = {}
    for key, inner in value.items():
        match key:
            case str() if key in STATE_KEYS:
                state[key] = inner
                _check_state(key, inner, faults)
            case str() if key in CALL_KEYS:
                read[key] = _calls(key, inner, faults)
            case "top_prompt":
                faults += faults_in(inner, Shape(kind=str), "top_prompt")
                read["top_prompt"] = inner
            case "reply":
                read |= _reply(inner, faults)
            case _:
                faults.append((inner.line, unknown_key(str(key), "expect", EXPECT_KEYS)))
    if "calls" in read:
        read["calls_line"] = value["calls"].line
    return Expected(state=state, **read)


def _check_state(key: str, given: Given, faults: list[Fault]) -> None:
    shape, value = _state_shape(key), given.value
    if key in BY_DAY:
        _check_days(key, given, shape, faults)
    elif key in LISTED and isinstance(value, tuple):
        for each in value:
            if not isinstance(each.value, dict):
                faults.append((each.line, f"each of {key} is a group such as {{kind: move}}"))
            else:
                faults += faults_in(each, shape, key, conditions=True)
    elif key in LISTED:
        faults.append((given.line, f"{key} is a list; [] for none"))
    elif value is None and key in ("profile", "counts"):
        faults.append((given.line, f"{key} is a group, not null"))
    else:
        faults += faults_in(given, shape, key, conditions=True)


def _check_days(key: str, given: Given, shape: Shape, faults: list[Fault]) -> None:
    if not isinstance(given.value, dict):
        faults.append((given.line, f"{key} go by their day: {{2026-02-10: {{...}}}}"))
        return
    for day, inner in given.value.items():
        if isinstance(day, str):
            faults.append((inner.line, f"{key} go by their day, not by {day!r}: 2026-02-10"))
        faults += faults_in(inner, shape, f"{key}.{day}", conditions=True)


def _calls(key: str, given: Given, faults: list[Fault]) -> tuple[ExpectedCall, ...]:
    if not isinstance(given.value, tuple):
        faults.append((given.line, f"{key} is a list of tools; [] for none"))
        return ()
    return tuple(_call(each, faults) for each in given.value)


def _call(given: Given, faults: list[Fault]) -> ExpectedCall:
    value = given.value
    if not isinstance(value, dict):
        return ExpectedCall(_tool(given, faults), given.line)
    for key, inner in value.items():
        if key not in ("tool", "arguments", "result"):
            known = ("tool", "arguments", "result")
            faults.append((inner.line, unknown_key(str(key), "a call", known)))
    if "tool" not in value:
        faults.append((given.line, "a call needs its tool: {tool: adapt_plan, arguments: {...}}"))
        return ExpectedCall("", given.line)
    tool = _tool(value["tool"], faults)
    arguments, result = value.get("arguments"), value.get("result")
    if arguments is not None and tool in TOOLS:
        shape = shape_of(TOOLS[tool].arguments)
        faults += faults_in(arguments, shape, f"{tool}'s arguments", conditions=True)
    if result is not None:
        faults += faults_in(result, ANYTHING, "result")
    return ExpectedCall(tool, given.line, arguments, result)


def _tool(given: Given, faults: list[Fault]) -> str:
    name = given.value
    if isinstance(name, str) and name in TOOLS:
        return name
    shown = name if isinstance(name, str) else "that"
    faults.append((given.line, f"there is no tool {shown!r}{closest(str(shown), TOOLS)}"))
    return ""


def _reply(given: Given, faults: list[Fault]) -> dict[str, tuple[Given, ...]]:
    value = given.value
    if not isinstance(value, dict):
        faults.append((given.line, "reply is a group: {mentions: [Friday], never: [Thursday]}"))
        return {}
    read: dict[str, tuple[Given, ...]] = {}
    for key, inner in value.items():
        if key not in ("mentions", "never"):
            faults.append((inner.line, unknown_key(str(key), "reply", ("mentions", "never"))))
        elif not isinstance(inner.value, tuple):
            faults.append((inner.line, f"reply.{key} is a list of texts"))
        else:
            faults += faults_in(inner, Shape(item=Shape(kind=str)), f"reply.{key}")
            read[str(key)] = inner.value
            if any(each.value in ("", None) for each in inner.value):
                faults.append((inner.line, f"reply.{key} holds a text that is empty"))
    return read
