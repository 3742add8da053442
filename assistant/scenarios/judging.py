"""Judging a turn: first what the store holds, then the calls, the top prompt, and the words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.scenarios.expectations import BY_DAY, COUNTED, LISTED
from assistant.scenarios.matching import Miss, fits, misses, shown
from assistant.scenarios.scenario import Expected, ExpectedCall
from assistant.scenarios.values import Given, Key, plain

State = Mapping[str, Sequence[Mapping[str, Any]]]
"""The runner's rows by table, as a passport has them."""

_DAY_OF = {"weeks": "week_start_date", "workouts": "scheduled_date", "executions": "performed_on"}


def judge(expected: Expected, state: State, response: Mapping[str, Any]) -> Iterator[Miss]:
    """Yield what is otherwise than expected, the store's end state first."""
    for key, given in expected.state.items():
        yield from _judge_state(key, given, state)
    yield from _judge_calls(expected, response["actions"])
    if expected.top_prompt is not None:
        yield from misses(expected.top_prompt, response["top_prompt"], "top_prompt")
    yield from judge_words(expected, response["reply"])


def judge_words(expected: Expected, reply: str) -> Iterator[Miss]:
    """Yield the words that are missing from a reply, and those that should not be in it."""
    said = " ".join(reply.split()).casefold()
    for given in expected.mentions:
        if _worded(given) not in said:
            yield given.line, f"the reply does not mention {given.value!r}"
    for given in expected.never:
        if _worded(given) in said:
            yield given.line, f"the reply mentions {given.value!r}"


def _worded(given: Given) -> str:
    return " ".join(str(given.value).split()).casefold()


def _judge_state(key: str, given: Given, state: State) -> Iterator[Miss]:
    plan = current_plan(state)
    match key:
        case "plan" if given.value is None:
            if plan is not None:
                yield given.line, f"there is a plan: {plan['id']}"
        case "plan" if plan is None:
            yield given.line, "there is no plan"
        case "plan":
            yield from misses(given, plan, "plan")
        case "profile":
            yield from misses(given, state["user_profile"][0], "profile")
        case "safety":
            yield from misses(given, state["user_profile"][0]["safety_hold"], "safety")
        case "counts":
            read = (name for name, table in COUNTED.items() if table in state)
            yield from misses(given, {name: len(_rows(name, state)) for name in read}, "counts")
        case _ if key in BY_DAY:
            yield from _judge_days(key, given, state)
        case _:
            yield from misses(given, list(_rows(key, state)), key)


def current_plan(state: State) -> Mapping[str, Any] | None:
    """Return the runner's plan that has not ended."""
    return next((row for row in state["plan"] if row["ended_at"] is None), None)


def _rows(key: str, state: State) -> Sequence[Mapping[str, Any]]:
    """Return an entity's rows: those of the current plan, and proposals that still wait."""
    rows = state[(BY_DAY | LISTED | COUNTED)[key]]
    plan = current_plan(state)
    match key:
        case "weeks" | "workouts":
            return [row for row in rows if plan is not None and row["plan_id"] == plan["id"]]
        case "adaptations":
            mine = (row for row in rows if plan is not None and row["plan_id"] == plan["id"])
            return sorted(mine, key=lambda row: int(row["plan_version"]))
        case "proposals":
            waiting = (row for row in rows if row["status"] == "open")
            return sorted(waiting, key=lambda row: str(row["created_at"]))
        case _:
            return rows


def _judge_days(key: str, given: Given, state: State) -> Iterator[Miss]:
    assert isinstance(given.value, dict)
    rows = _rows(key, state)
    days: Mapping[Key, Given] = given.value
    for day, inner in days.items():
        found = [row for row in rows if row[_DAY_OF[key]] == str(day)]
        where = f"{key}.{day}"
        if inner.value is None:
            if found:
                yield inner.line, f"{where} is there: {_brief(found[0])}"
        elif not found:
            yield inner.line, f"{where} is not there"
        elif not any(fits(inner, row) for row in found):
            yield from misses(inner, found[0], where)


def _brief(row: Mapping[str, Any]) -> str:
    told = ("name", "type", "completion_status", "focus_summary")
    return ", ".join(str(row[key]) for key in told if row.get(key))


def _judge_calls(expected: Expected, actions: Sequence[Mapping[str, Any]]) -> Iterator[Miss]:
    if expected.calls is not None:
        yield from _judge_all_calls(expected, expected.calls, actions)
    for call in expected.calls_include:
        if not any(_is_call(call, action) for action in actions):
            yield call.line, f"{_call(call)} was not called, but {_called(actions)}"
    for call in expected.forbidden_calls:
        for action in actions:
            if _is_call(call, action):
                yield call.line, f"{_call(call)} was called: {shown(action['arguments'])}"


def _judge_all_calls(
    expected: Expected, calls: Sequence[ExpectedCall], actions: Sequence[Mapping[str, Any]]
) -> Iterator[Miss]:
    if [call.tool for call in calls] != [action["tool"] for action in actions]:
        wanted = ", ".join(call.tool for call in calls) or "nothing"
        yield expected.calls_line, f"{_called(actions)} was called, not {wanted}"
        return
    for call, action in zip(calls, actions, strict=True):
        if call.arguments is not None:
            yield from misses(call.arguments, action["arguments"], f"{call.tool}'s arguments")
        if call.result is not None:
            yield from misses(call.result, action["result"], f"{call.tool}'s result")


def _is_call(call: ExpectedCall, action: Mapping[str, Any]) -> bool:
    return (
        call.tool == action["tool"]
        and (call.arguments is None or fits(call.arguments, action["arguments"]))
        and (call.result is None or fits(call.result, action["result"]))
    )


def _call(call: ExpectedCall) -> str:
    return call.tool if call.arguments is None else f"{call.tool} {shown(plain(call.arguments))}"


def _called(actions: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(action["tool"] for action in actions) or "nothing"
