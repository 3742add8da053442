"""A reply built from the data alone says what was done, and no more."""

import json
from typing import Any

import pytest
from wiring import TODAY

from assistant.history import fold
from assistant.replies import NOTHING_DONE, has_effect, reply_from
from storage.messages import Message, ToolCall

LOGGED = {
    "completion_status": "modified",
    "actual_metrics": {"distance_km": 6.2, "duration_minutes": 35},
    "feedback": {"rpe": 8},
}
CHANGED = {"applied": True, "proposal_id": None, "change_summary": "Moved", "reason": "You asked."}
PROPOSED = CHANGED | {"applied": False, "proposal_id": "prop_1"}
NOTHING = CHANGED | {"applied": False}


def reply(*results: tuple[str, dict[str, Any]]) -> str:
    calls = tuple(ToolCall(f"c{n}", name, "{}") for n, (name, _) in enumerate(results))
    messages = [Message("user", "x"), Message("assistant", "", calls)]
    for call, (_, result) in zip(calls, results, strict=True):
        messages.append(Message("tool", json.dumps(result), call_id=call.id))
    return reply_from(messages)


@pytest.mark.parametrize(
    ("name", "result", "text"),
    [
        ("log_execution", LOGGED, "Recorded: modified, 6.2 km, 35 min, RPE 8."),
        ("adapt_plan", CHANGED, "Moved. You asked."),
        ("adapt_plan", PROPOSED, "Proposed: Moved. Shall I do it, yes or no?"),
        (
            "adapt_plan",
            PROPOSED | {"options": [PROPOSED, PROPOSED | {"change_summary": "Cut"}]},
            "Proposed: Option 1: Moved. Option 2: Cut. "
            "Which one shall I take, the first, another one or none?",
        ),
        ("adapt_plan", NOTHING, "Nothing in the plan was changed: You asked."),
        ("create_plan", CHANGED, "Moved. It is your plan now."),
        ("create_plan", PROPOSED, "Proposed: Moved. Shall I use it, yes or no?"),
        ("update_profile", {"profile": {}}, "Your profile was updated."),
        (
            "get_plan_summary",
            {"next_workouts": [{"date": "2026-02-12", "name": "Tempo"}]},
            "Next in your plan: 2026-02-12 Tempo.",
        ),
        (
            "get_plan_summary",
            {"next_workouts": []},
            "Next in your plan: nothing more before the race.",
        ),
        (
            "get_workout",
            {"weekday": "Thursday", "date": "2026-02-12", "name": "Tempo"},
            "Thursday 2026-02-12: Tempo.",
        ),
        ("get_progress", {"trend": "steady"}, "steady."),
        ("adapt_plan", {"error": {"message": "no"}}, "That was not done: no."),
        (
            "adapt_plan",
            {"error": {"message": "no", "unlocked_by": "rest"}},
            "That was not done: no. What would change that: rest.",
        ),
    ],
)
def test_each_result_has_its_sentence(name: str, result: dict[str, Any], text: str) -> None:
    assert reply((name, result)) == text


def test_without_results_nothing_was_done() -> None:
    assert reply() == NOTHING_DONE


def test_the_same_sentence_is_said_once() -> None:
    assert reply(("adapt_plan", CHANGED), ("adapt_plan", CHANGED)) == "Moved. You asked."


@pytest.mark.parametrize(
    ("name", "result", "effect"),
    [
        ("log_execution", LOGGED, True),
        ("log_execution", {"error": {}}, False),
        ("update_profile", {"profile": {}}, True),
        ("adapt_plan", CHANGED, True),
        ("adapt_plan", PROPOSED, False),
        ("create_plan", CHANGED, True),
        ("get_progress", {"trend": "x"}, False),
        ("unknown", {"applied": True}, False),
    ],
)
def test_only_what_changed_the_store_is_an_effect(
    name: str, result: dict[str, Any], effect: bool
) -> None:
    assert has_effect(name, result) is effect


def test_the_summary_takes_deeds_alone_and_drops_the_oldest() -> None:
    moved = {"tool": "adapt_plan", "arguments": {}, "result": CHANGED}
    read = {"tool": "get_progress", "arguments": {}, "result": {"trend": "x"}}
    profile = {"tool": "update_profile", "arguments": {}, "result": {"profile": {}}}
    assert fold("before", TODAY, [read]) == "before"
    assert (
        fold("before", TODAY, [moved, profile]) == "before\n2026-02-10: Moved; updated the profile"
    )
    long = "\n".join(["x" * 300] * 4)
    assert fold(long, TODAY, [moved]).splitlines()[-1] == "2026-02-10: Moved"
    assert len(fold(long, TODAY, [moved])) <= 1200
