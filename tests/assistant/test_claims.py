"""Say/do: what the data does not bear out is not sent."""

import datetime as dt
import json
from typing import Any

import pytest

from assistant.claims import Evidence, fault_in
from storage.messages import Message, ToolCall

TODAY = dt.date(2026, 2, 10)
CONTEXT = {
    "today": "2026-02-10",
    "plan": {
        "goal_date": "2026-05-18",
        "days": [
            {"date": "2026-02-10", "weekday": "Tuesday", "type": "easy", "name": "40 min easy"},
            {"date": "2026-02-12", "weekday": "Thursday", "type": "tempo", "name": "Tempo 3 x 8"},
            {"date": "2026-02-15", "weekday": "Sunday", "type": "long", "name": "Long run 75 min"},
        ],
    },
}
LOGGED = {
    "workout_id": "wk_987",
    "completion_status": "completed",
    "actual_metrics": {"duration_minutes": 40, "distance_km": 6.2},
    "feedback": {"rpe": 3},
    "adherence_score": 100,
}
MOVED = {
    "applied": True,
    "proposal_id": None,
    "change_summary": "Tempo moved from Thursday to Friday",
    "reason": "you asked",
    "changes": [
        {
            "before": {"date": "2026-02-12", "type": "tempo"},
            "after": {"date": "2026-02-13", "type": "tempo"},
        }
    ],
}
PROPOSED = MOVED | {"applied": False, "proposal_id": "prop_1"}
FAILED = {"error": {"code": "no_such_workout", "message": "no"}}


def fault(reply: str, *results: tuple[str, dict[str, Any]], said: str = "hello") -> str | None:
    calls = [ToolCall(f"c{n}", name, "{}") for n, (name, _) in enumerate(results)]
    messages = [Message("user", said), Message("assistant", "", tuple(calls))]
    for call, (_, result) in zip(calls, results, strict=True):
        messages.append(Message("tool", json.dumps(result), call_id=call.id))
    return fault_in(reply, Evidence(TODAY, CONTEXT).with_results(messages))


@pytest.mark.parametrize(
    "reply",
    [
        "I've logged your run.",
        "Logged! Well done.",
        "Your run has been saved.",
        "Great, I logged it for you.",
        "I have moved the tempo to Friday.",
        "Done, moved to Friday.",
        "The tempo is now moved to Friday.",
        "I've undone that.",
        "Your profile was updated.",
        "I've created your plan.",
        "I've moved your tempo to Friday, so you can rest.",
        "I logged your run and will adjust the plan.",
        "I've gone ahead and moved your tempo.",
        "I've successfully logged it.",
        "We've moved it to Friday.",
        "Your run has been successfully logged.",
        "It has now been logged.",
        "Hello.\n- Logged: 10 km",
        "Your plan has been updated to the new race day.",
        "I've moved your tempo to Friday, ok?",
        "The tempo is now moved, and the rest stays.",
    ],
)
def test_a_deed_that_nothing_did_is_a_fault(reply: str) -> None:
    assert fault(reply) is not None
    assert fault(reply, ("log_execution", FAILED)) is not None


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ("I've logged your run.", ("log_execution", LOGGED)),
        ("Logged: 40 min, 6.2 km at RPE 3.", ("log_execution", LOGGED)),
        ("The tempo was moved to Friday 2026-02-13.", ("adapt_plan", MOVED)),
        ("I moved it to Friday, February 13.", ("adapt_plan", MOVED)),
    ],
)
def test_a_deed_with_its_result_may_be_told(reply: str, result: tuple[str, Any]) -> None:
    assert fault(reply, result) is None


def test_words_in_quotation_marks_are_no_claim_where_the_data_has_them() -> None:
    change = {"message": "I moved my tempo to Friday"}
    known = Evidence(TODAY, {}, results=(("get_workout", {"history": [change]}),))
    said = 'What led to it: you wrote "I moved my tempo to Friday".'
    assert fault_in(said, known) is None
    assert fault_in(said, Evidence(TODAY, {})) is not None
    assert fault_in('You wrote "hm", and I moved my tempo to Friday.', known) is not None


def test_a_log_is_no_move_and_a_proposal_is_no_change() -> None:
    assert fault("I've moved the tempo.", ("log_execution", LOGGED)) is not None
    assert fault("I've logged it.", ("adapt_plan", MOVED)) is not None
    assert fault("I've moved the tempo to Friday.", ("adapt_plan", PROPOSED)) is not None
    assert fault("Your plan has been updated.", ("adapt_plan", PROPOSED)) is not None


@pytest.mark.parametrize(
    "reply",
    [
        "Shall I log that?",
        "I can move it to Friday if you like.",
        "Nothing was changed.",
        "I haven't logged anything yet.",
        "If you say yes, the tempo would be moved to Friday.",
        "Hello! How did your run go?",
        "Easy runs should let you speak in full sentences.",
        "Have a gel every 8 km on long runs.",
        "Your long run is set for Sunday.",
        "Your plan is built around four days.",
        "If you say yes, the tempo is moved to Friday.",
        "Was it moved?",
        "You logged three runs last week.",
    ],
)
def test_questions_offers_and_advice_claim_nothing(reply: str) -> None:
    assert fault(reply) is None


@pytest.mark.parametrize(
    "reply",
    [
        "Your race is on 2026-05-19.",
        "Your race is on May 19.",
        "See you on 3 March!",
        "The tempo is on Friday, February 12.",
        "The tempo is on Friday 2026-02-12.",
        "It is 2026-02-12 (Friday).",
    ],
)
def test_dates_must_be_in_the_data_and_fall_on_their_weekday(reply: str) -> None:
    assert fault(reply) is not None


@pytest.mark.parametrize(
    "reply",
    [
        "Your race is on Monday, May 18.",
        "The tempo is on Thursday 12 February.",
        "Tomorrow, 2026-02-11, is a rest day.",
        "The year 2026-13-45 is no date.",
    ],
)
def test_dates_of_the_data_pass(reply: str) -> None:
    assert fault(reply) is None


def test_a_date_that_the_runner_said_may_be_repeated() -> None:
    assert fault("So your race would be May 31?", said="my race is on May 31") is None


@pytest.mark.parametrize(
    ("reply", "bad"),
    [
        ("Your tempo is on Thursday.", False),
        ("Your tempo is on Wednesday.", True),
        ("The long run is on Saturday.", True),
        ("The long run is on Sunday.", False),
        ("Intervals on Monday suit many runners.", False),
        ("The tempo is on Thursday and the long run on Sunday.", False),
    ],
)
def test_a_workout_is_told_on_the_day_that_the_data_has_it(reply: str, bad: bool) -> None:
    assert (fault(reply) is not None) is bad


def test_distances_are_those_of_the_results_or_of_the_runner() -> None:
    result = ("log_execution", LOGGED)
    assert fault("You ran 6.2 km.", result) is None
    assert fault("You ran 3.9 miles.", result) is None
    assert fault("You ran 7.5 km.", result) is not None
    assert fault("You ran 7.5 km.", result, said="7.5 km today") is None
    assert fault("A half is 21.1 km.", result) is None


def test_an_empty_reply_is_a_fault() -> None:
    assert fault("   ") is not None


def test_history_may_tell_of_earlier_changes() -> None:
    details = {"date": "2026-02-12", "type": "tempo", "history": [{"change_summary": "moved"}]}
    assert fault("It was moved because you asked.", ("get_workout", details)) is None
    assert fault("I've moved it for you.", ("get_workout", details)) is not None


def test_the_date_that_a_log_was_given_may_be_told() -> None:
    arguments = json.dumps({"date": "2026-02-07"})
    messages = [
        Message("user", "raced on saturday"),
        Message("assistant", "", (ToolCall("c", "log_execution", arguments),)),
        Message("tool", json.dumps(LOGGED), call_id="c"),
    ]
    evidence = Evidence(TODAY, CONTEXT).with_results(messages)
    assert fault_in("Logged for Saturday, February 7.", evidence) is None
    assert fault_in("Logged for Friday, February 7.", evidence) is not None


def test_a_results_own_words_may_be_passed_on() -> None:
    reason = "So far 0 of 3 faster sessions are logged at the planned effort."
    result = {"applied": False, "proposal_id": None, "reason": f"Good to hear! {reason} Go on."}
    assert fault(f"The plan stays. {reason}", ("adapt_plan", result)) is None
    assert fault("Three sessions are logged at the planned effort.") is not None


def test_a_date_may_be_given_as_an_example() -> None:
    assert fault('A day such as "May 31" lets me build the plan.') is None


def test_a_date_without_a_year_is_one_of_the_data_however_far() -> None:
    result = {"applied": True, "summary": {"goal_date": "2026-09-20"}}
    assert fault("Your race is on Sunday, September 20.", ("create_plan", result)) is None
    assert fault("Your race is on Saturday, September 20.", ("create_plan", result)) is not None
