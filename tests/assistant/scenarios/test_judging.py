"""What is expected against what there is: values, conditions, calls, words."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.scenarios.expectations import read_expected
from assistant.scenarios.judging import judge
from assistant.scenarios.matching import fits, is_same, misses, shown
from assistant.scenarios.scenario import Expected
from assistant.scenarios.shapes import Fault
from assistant.scenarios.values import Given, read_documents

EMPTY: dict[str, list[dict[str, Any]]] = {
    "user_profile": [{"id": "demo", "safety_hold": None, "injury_flags": ["knee"]}],
    "plan": [],
    "week_plan": [],
    "workout_plan": [],
    "execution": [],
    "adaptation_log": [],
    "proposal": [],
}
STATE: dict[str, list[dict[str, Any]]] = {
    **EMPTY,
    "plan": [
        {"id": "old", "ended_at": "2026-02-01T08:00:00+00:00", "version": 9},
        {"id": "plan_1", "ended_at": None, "version": 2, "goal_date": "2026-05-18"},
    ],
    "week_plan": [
        {"plan_id": "plan_1", "week_start_date": "2026-02-09", "target_volume": 28.5},
        {"plan_id": "old", "week_start_date": "2026-02-16", "target_volume": 1.0},
    ],
    "workout_plan": [
        {"plan_id": "old", "scheduled_date": "2026-02-12", "type": "long"},
        {"plan_id": "plan_1", "scheduled_date": "2026-02-12", "type": "tempo", "coach_cues": ["a"]},
        {"plan_id": "plan_1", "scheduled_date": "2026-02-13", "type": "rest", "coach_cues": []},
    ],
    "execution": [
        {"performed_on": "2026-02-10", "workout_id": None, "completion_status": "completed"},
        {"performed_on": "2026-02-10", "workout_id": "wk_1", "completion_status": "modified"},
    ],
    "adaptation_log": [
        {"plan_id": "plan_1", "plan_version": 3, "kind": "undo"},
        {"plan_id": "plan_1", "plan_version": 2, "kind": "move"},
        {"plan_id": "old", "plan_version": 5, "kind": "pain"},
    ],
    "proposal": [
        {"status": "accepted", "created_at": "1", "tool": "create_plan"},
        {"status": "open", "created_at": "2", "tool": "adapt_plan"},
    ],
}
RESPONSE: dict[str, Any] = {
    "reply": "The tempo moves to\nFriday, February 13.",
    "top_prompt": "Track my training",
    "actions": [
        {"tool": "get_workout", "arguments": {}, "result": {"date": "2026-02-12"}},
        {
            "tool": "adapt_plan",
            "arguments": {"kind": "move", "to_date": "2026-02-13", "dates": ["2026-02-12"]},
            "result": {"applied": True},
        },
    ],
}


def expected(text: str) -> Expected:
    [document] = read_documents("f", text)
    assert not document.mistakes
    faults: list[Fault] = []
    read = read_expected(document.given, faults)
    assert not faults
    return read


def told(text: str, state: dict[str, Any] = STATE) -> list[str]:
    return [what for _, what in judge(expected(text), state, RESPONSE)]


HOLDS = [
    "plan: {version: 2, goal_date: 2026-05-18}",
    "plan: {version: {at_least: 2, at_most: 2}}",
    "plan: {version: {any_of: [1, 2]}}",
    "plan: {version: {not: 1}}",
    "plan: {goal_date: {at_least: 2026-05-01}}",
    "weeks: {2026-02-09: {target_volume: 28.5}, 2026-02-16: null}",
    "workouts: {2026-02-12: {type: tempo}, 2026-02-13: {type: rest, coach_cues: []}}",
    "workouts: {2026-02-12: {coach_cues: {contains: a}}, 2026-03-12: null}",
    "executions: {2026-02-10: {completion_status: completed}}",
    "executions: {2026-02-10: {completion_status: modified, workout_id: wk_1}, 2026-02-11: null}",
    "adaptations: [{kind: move, plan_version: 2}, {kind: undo}]",
    "counts: {adaptations: 2, proposals: 1, plans: 2}",
    "proposals: [{tool: adapt_plan}]",
    "profile: {injury_flags: [knee]}",
    "profile: {injury_flags: {contains: knee, length: 1}}",
    "safety: null",
    "calls: [get_workout, adapt_plan]",
    "calls: [get_workout, {tool: adapt_plan, arguments: {kind: move}, result: {applied: true}}]",
    "calls_include: [adapt_plan]",
    "calls_include: [{tool: adapt_plan, arguments: {to_date: 2026-02-13, dates: [2026-02-12]}}]",
    "forbidden_calls: [log_execution, {tool: adapt_plan, arguments: {kind: swap}}]",
    "top_prompt: Track my training",
    "reply: {mentions: [tempo moves to Friday, FEBRUARY 13], never: [Thursday]}",
]


@pytest.mark.parametrize("text", HOLDS)
def test_what_is_so_is_no_miss(text: str) -> None:
    assert told(text) == []


FAILS = {
    "plan: {version: 3}": "plan.version is 2, not 3",
    "plan: {goal_date: 2026-05-19}": "plan.goal_date is 2026-05-18, not 2026-05-19",
    "plan: null": "there is a plan: plan_1",
    "plan: {version: {at_least: 3}}": "plan.version is 2, not at least 3",
    "plan: {version: {any_of: [1, 3]}}": "plan.version is 2, not any of [1, 3]",
    "plan: {version: {not: 2}}": "plan.version is 2, not anything but 2",
    "weeks: {2026-02-09: {target_volume: 28}}": "weeks.2026-02-09.target_volume is 28.5, not 28",
    "workouts: {2026-02-12: null}": "workouts.2026-02-12 is there: tempo",
    "workouts: {2026-03-12: {type: rest}}": "workouts.2026-03-12 is not there",
    "workouts: {2026-02-13: {type: easy}}": "workouts.2026-02-13.type is rest, not easy",
    "executions: {2026-02-10: null}": "executions.2026-02-10 is there: completed",
    "executions: {2026-02-10: {completion_status: missed}}": (
        "executions.2026-02-10.completion_status is completed, not missed"
    ),
    "adaptations: [{kind: move}]": (
        "adaptations has 2 entries, not 1: [{plan_id: plan_1, plan_version: 2, kind: move}, "
        "{plan_id: plan_1, plan_version: 3, kind: undo}]"
    ),
    "adaptations: [{kind: swap}, {kind: undo}]": "adaptations[0].kind is move, not swap",
    "proposals: []": (
        "proposals has 1 entries, not 0: [{status: open, created_at: 2, tool: adapt_plan}]"
    ),
    "counts: {executions: 1}": "counts.executions is 2, not 1",
    "safety: {flag: heart}": "safety is null, not {flag: heart}",
    "profile: {injury_flags: []}": "profile.injury_flags has 1 entries, not 0: [knee]",
    "profile: {injury_flags: {contains: hip}}": (
        "profile.injury_flags is [knee], not something that contains hip"
    ),
    "calls: []": "get_workout, adapt_plan was called, not nothing",
    "calls: [adapt_plan]": "get_workout, adapt_plan was called, not adapt_plan",
    "calls: [get_workout, {tool: adapt_plan, arguments: {kind: swap}}]": (
        "adapt_plan's arguments.kind is move, not swap"
    ),
    "calls: [get_workout, {tool: adapt_plan, arguments: {date: 2026-02-12}}]": (
        "adapt_plan's arguments has no date"
    ),
    "calls: [get_workout, {tool: adapt_plan, result: {applied: false}}]": (
        "adapt_plan's result.applied is true, not false"
    ),
    "calls_include: [log_execution]": ("log_execution was not called, but get_workout, adapt_plan"),
    "forbidden_calls: [adapt_plan]": (
        "adapt_plan was called: {kind: move, to_date: 2026-02-13, dates: [2026-02-12]}"
    ),
    "top_prompt: null": "top_prompt is Track my training, not null",
    "reply: {mentions: [Saturday]}": "the reply does not mention 'Saturday'",
    "reply: {never: [to friday]}": "the reply mentions 'to friday'",
}


@pytest.mark.parametrize(("text", "wanted"), FAILS.items(), ids=FAILS)
def test_what_is_otherwise_is_told(text: str, wanted: str) -> None:
    assert told(text) == [wanted]


def test_without_a_plan_its_entities_are_not_there() -> None:
    assert told("plan: null", EMPTY) == []
    assert told("plan: {version: 1}", EMPTY) == ["there is no plan"]
    assert told("workouts: {2026-02-12: null}", EMPTY) == []
    assert told("adaptations: []", EMPTY) == []


def test_the_end_state_is_judged_before_the_calls_and_those_before_the_words() -> None:
    text = "reply: {never: [Friday]}\ntop_prompt: null\ncalls: []\nplan: {version: 1}"
    found = list(judge(expected(text), STATE, RESPONSE))
    assert [line for line, _ in found] == [4, 3, 2, 1]


def test_a_safety_hold_is_judged_field_by_field() -> None:
    hold = {"since": "2026-02-10", "flag": "heart_or_breath", "pauses": "plan", "ends_when": "x"}
    state = {**EMPTY, "user_profile": [{"id": "demo", "safety_hold": hold}]}
    assert told("safety: {since: 2026-02-10, pauses: plan}", state) == []
    assert told("safety: {pauses: intensity}", state) == ["safety.pauses is plan, not intensity"]
    [miss] = told("safety: null", state)
    assert miss.startswith("safety is {since: 2026-02-10, flag: heart_or_breath")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, None, True),
        (None, 0, False),
        ("1", 1, False),
        (0.1 + 0.2, 0.3, True),
        (40, 40.01, False),
    ],
)
def test_values_are_the_same_by_value_and_kind(one: object, other: object, same: bool) -> None:
    assert is_same(one, other) is same


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text("abc", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner, max_size=3)
    ),
)


def as_given(value: Any) -> Given:
    if isinstance(value, dict):
        return Given({key: as_given(each) for key, each in value.items()}, 1)
    if isinstance(value, list):
        return Given(tuple(map(as_given, value)), 1)
    return Given(value, 1)


@settings(deadline=None)
@given(JSON)
def test_every_value_fits_itself(value: Any) -> None:
    assert fits(as_given(value), value)


@settings(deadline=None)
@given(JSON, JSON)
def test_what_fits_both_ways_is_the_same(one: Any, other: Any) -> None:
    if fits(as_given(one), other) and fits(as_given(other), one):
        assert one == other
    else:
        assert one != other


def test_a_long_value_is_shortened() -> None:
    [(_, what)] = misses(Given("a", 1), "b" * 1000, "x")
    assert len(what) < 200
    assert shown({"a": [1, True, None]}) == "{a: [1, true, null]}"


def test_what_is_shown_reads_as_yaml() -> None:
    value = {"a": [1, True, None], "b": {"c": "2026-02-10"}}
    assert yaml.safe_load(shown(value))["a"] == value["a"]
