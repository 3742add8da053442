"""`decide` alone says what a turn needs next."""

import datetime as dt
import json

import pytest

from assistant.claims import Evidence
from assistant.orchestrator import (
    AskModel,
    Correct,
    Finish,
    Limits,
    RunTools,
    clean,
    committed,
    decide,
)
from storage.messages import Message, ToolCall

EVIDENCE = Evidence(dt.date(2026, 2, 10), {})
LIMITS = Limits(rounds=3, calls=4)
ASKED = Message("user", "hello")


def call(number: int, name: str = "get_progress", arguments: str | None = None) -> ToolCall:
    return ToolCall(f"call_{number}", name, arguments or json.dumps({"weeks": number}))


def result(number: int, text: str = '{"trend":"steady"}') -> Message:
    return Message("tool", text, call_id=f"call_{number}")


def asks(*numbers: int) -> Message:
    return Message("assistant", "", tuple(call(number) for number in numbers))


def test_a_new_message_goes_to_the_model() -> None:
    assert decide([ASKED], LIMITS, EVIDENCE) == AskModel(offer_tools=True)


def test_waiting_calls_run_before_anything_else() -> None:
    assert decide([ASKED, asks(1, 2)], LIMITS, EVIDENCE) == RunTools((call(1), call(2)))
    assert decide([ASKED, asks(1, 2), result(1)], LIMITS, EVIDENCE) == RunTools((call(2),))


def test_when_all_calls_are_answered_the_model_speaks() -> None:
    messages = [ASKED, asks(1), result(1)]
    assert decide(messages, LIMITS, EVIDENCE) == AskModel(offer_tools=True)


def test_a_text_that_the_data_bears_out_is_the_reply() -> None:
    messages = [ASKED, Message("assistant", "  Hello!  ")]
    assert decide(messages, LIMITS, EVIDENCE) == Finish("Hello!")


@pytest.mark.parametrize("text", ["", "   ", "I've logged it."])
def test_a_bad_answer_is_asked_for_once_more_and_then_built_from_the_data(text: str) -> None:
    messages = [ASKED, Message("assistant", text)]
    outcome = decide(messages, LIMITS, EVIDENCE)
    assert isinstance(outcome, Correct)
    messages.append(Message("note", outcome.fault))
    assert decide(messages, LIMITS, EVIDENCE) == AskModel(offer_tools=True)
    messages.append(Message("assistant", text))
    last = decide(messages, LIMITS, EVIDENCE)
    assert isinstance(last, Finish)
    assert last.reply.startswith("Sorry")


def test_the_last_round_offers_no_tools_and_then_the_turn_ends() -> None:
    messages = [ASKED]
    for number in (1, 2, 3):
        messages += [asks(number), result(number)]
    assert decide(messages, LIMITS, EVIDENCE) == AskModel(offer_tools=False)
    messages += [asks(4), result(4)]
    assert isinstance(decide(messages, LIMITS, EVIDENCE), Finish)


def test_calls_over_the_limit_are_answered_but_not_run() -> None:
    messages = [ASKED, asks(1, 2, 3), result(1), result(2), result(3), asks(4, 5, 6)]
    assert decide(messages, LIMITS, EVIDENCE) == RunTools((call(4),), (call(5), call(6)))


def test_repairs_and_repetitions_end_by_offering_no_tools() -> None:
    wrong = '{"error":{"code":"invalid_arguments","message":"no"}}'
    failed = [ASKED, asks(1, 2, 3), *(result(n, wrong) for n in (1, 2, 3))]
    assert decide(failed, LIMITS, EVIDENCE) == AskModel(offer_tools=False)
    same = Message("assistant", "", tuple(call(n, arguments="{}") for n in (1, 2, 3)))
    repeated = [ASKED, same, result(1), result(2), result(3)]
    assert decide(repeated, LIMITS, EVIDENCE) == AskModel(offer_tools=False)


def test_model_text_is_cleaned_of_what_no_store_should_hold() -> None:
    assert clean("a\x00b\x1b[31mred\ud800 \tok\n") == "ab[31mred \tok\n"


@pytest.mark.parametrize(
    "arguments",
    ['{"date": NaN}', '{"weeks": 1e999}', "[" * 200_000, '{"weeks": ' + "9" * 5000 + "}"],
)
def test_arguments_that_are_no_json_are_not_shown(arguments: str) -> None:
    call = ToolCall("call_1", "get_progress", arguments)
    error = Message("tool", '{"error": {"code": "invalid_arguments"}}', call_id="call_1")
    (action,) = committed([Message("assistant", "", (call,)), error])
    assert action["arguments"] == {}
    json.dumps(action, allow_nan=False)
