"""Reading who a scenario's runner is: a demo runner, or one of its own, with plan and runs."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.demo import DEMO_FILES
from assistant.plan_files import FORMAT, PlanFile, PlanPart, UserPart
from assistant.scenarios.scenario import Cast, GivenExecution
from assistant.scenarios.shapes import Fault, Shape, closest, faults_in, shape_of
from assistant.scenarios.values import Given, Key, plain

LIKE = "like"
NEW_RUNNER: Mapping[str, Any] = {
    "id": "runner",
    "name": "Runner",
    "experience_level": "intermediate",
    "subscription": {"status": "active", "plan_entitled": True},
}
NEW_FILE: Mapping[str, Any] = {"format": FORMAT, "user": NEW_RUNNER, "plan": None}
_EXECUTIONS = TypeAdapter(tuple[GivenExecution, ...])


@functools.cache
def demo_runners() -> Mapping[str, Mapping[str, Any]]:
    """Return the demo runners' files by their ids."""
    files = [json.loads(path.read_bytes()) for path in sorted(DEMO_FILES.glob("*.json"))]
    return {file["user"]["id"]: file for file in files}


def read_cast(
    runner: Given, plan: Given | None, executions: Given | None, faults: list[Fault]
) -> Cast:
    """Return the runner, adding each mistake to `faults`."""
    before = len(faults)
    given = _read_executions(executions, faults)
    if isinstance(runner.value, dict):
        own = runner.value
        like = own.get(LIKE)
        shape = shape_of(UserPart)
        known = {**(shape.fields or {}), LIKE: Shape(kind=str)}
        faults += faults_in(runner, Shape(fields=known), "runner")
        start = NEW_FILE if like is None else _demo(like, faults)
    else:
        own, start = {}, _demo(runner, faults)
    if plan is not None:
        faults += faults_in(plan, shape_of(PlanPart), "plan")
    if len(faults) > before:
        return Cast("")
    if isinstance(runner.value, str) and plan is None:
        return Cast(str(runner.value), executions=given, line=runner.line)
    file = _file(_Parts(start, runner, own, plan), faults)
    if file is None:
        return Cast("")
    return Cast(file.user.id, file, given, runner.line)


def _demo(given: Given, faults: list[Fault]) -> Mapping[str, Any]:
    known = demo_runners()
    if isinstance(given.value, str) and given.value in known:
        return known[given.value]
    name = str(given.value)
    faults.append((given.line, f"there is no demo runner {name!r}{closest(name, known)}"))
    return NEW_FILE


@dataclass(frozen=True, slots=True)
class _Parts:
    start: Mapping[str, Any]
    runner: Given
    own: Mapping[Key, Given]
    plan: Given | None

    def values(self) -> dict[str, Any]:
        said = {str(key): plain(value) for key, value in self.own.items() if key != LIKE}
        values = {**self.start, "user": {**self.start["user"], **said}}
        if self.plan is not None:
            whole = plain(self.plan)
            values["plan"] = {"id": "plan_1", **whole} if isinstance(whole, dict) else whole
        return values

    def line(self, place: Sequence[int | str]) -> int:
        part = self.plan if place[:1] == ("plan",) and self.plan is not None else self.runner
        return line_of(part, place[1:])


def _file(parts: _Parts, faults: list[Fault]) -> PlanFile | None:
    try:
        return PlanFile.model_validate_json(json.dumps(parts.values()))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            part = {"user": "runner"}.get(str(each["loc"][0]), str(each["loc"][0]))
            said = _say((part, *each["loc"][1:]), each["msg"])
            faults.append((parts.line(each["loc"]), said))
        return None


def _read_executions(given: Given | None, faults: list[Fault]) -> tuple[GivenExecution, ...]:
    if given is None:
        return ()
    if not isinstance(given.value, tuple):
        faults.append((given.line, "executions is a list: [{performed_on: 2026-02-10}]"))
        return ()
    wrong = faults_in(given, Shape(item=shape_of(GivenExecution)), "executions")
    faults += wrong
    if wrong:
        return ()
    try:
        return _EXECUTIONS.validate_json(json.dumps(plain(given)))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            line = line_of(given, each["loc"])
            faults.append((line, _say(("executions", *each["loc"]), each["msg"])))
        return ()


def line_of(given: Given, place: Sequence[int | str]) -> int:
    """Return the line of a place inside a value, or of what is nearest around it."""
    for step in place:
        value = given.value
        below: Given | None = None
        if isinstance(value, dict):
            below = next((v for k, v in value.items() if str(k) == str(step)), None)
        elif isinstance(value, tuple) and isinstance(step, int) and step < len(value):
            below = value[step]
        if below is None:
            break
        given = below
    return given.line


def _say(place: Sequence[int | str], message: str) -> str:
    where = ".".join(step for step in place if isinstance(step, str))
    return f"{where}: {message[:1].lower()}{message[1:]}"
