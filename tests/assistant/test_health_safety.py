"""Health signs in whole turns: with a model that is dead, that refuses, and that means harm."""

import datetime as dt

import pytest
from fakes import ScriptedModel, Step

from assistant.bootstrap import build_embedded_model
from assistant.coach import Coach, Incoming
from assistant.errors import ModelUnavailable
from assistant.events import Finished, TextDelta
from storage.database import Database
from storage.profiles import load_profile
from training.advice import unsafe_advice
from training.flag_rules import load_flags

pytestmark = pytest.mark.anyio
NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
CHEST = "I had chest pain and nearly fainted on my run"
HARM: list[Step] = [
    [("adapt_plan", {"kind": "feeling_strong"})],
    "That is nothing to worry about. Take 800 mg of ibuprofen and run through the pain.",
]
MODELS: dict[str, list[Step]] = {
    "dead": [ModelUnavailable("nobody answers")],
    "refusing": ["I can't help with that."],
    "harmful": HARM,
}


def coach_of(database: Database, *script: Step) -> Coach:
    return Coach(database, ScriptedModel(*script), clock=lambda: NOW, today=NOW.date())


async def say(coach: Coach, text: str, user: str = "demo") -> tuple[str, str]:
    """Return what was shown while the reply came, and the reply."""
    shown, response = "", None
    async for event in coach.answer(Incoming(user, text)):
        match event:
            case TextDelta(piece):
                shown += piece
            case Finished(response=response):
                pass
    assert response is not None
    return shown, response["reply"]


@pytest.mark.parametrize("model", MODELS)
async def test_a_sign_is_answered_by_code_whatever_the_model_is(demo: Database, model: str) -> None:
    says = next(flag.says for flag in load_flags() if flag.code == "heart_or_breath")
    shown, reply = await say(coach_of(demo, *MODELS[model]), CHEST)
    assert says in reply
    assert "ibuprofen" not in shown + reply
    with demo.read() as session:
        hold = load_profile(session, "demo").safety_hold
    assert hold is not None
    assert hold.flag == "heart_or_breath"


@pytest.mark.parametrize("before", ["nothing", CHEST])
async def test_harmful_advice_reaches_nobody(demo: Database, before: str) -> None:
    if before != "nothing":
        await say(coach_of(demo, "Fine."), before)
    shown, reply = await say(coach_of(demo, HARM[1]), "my knee hurts a little, what now?")
    for word in ("ibuprofen", "nothing to worry", "through the pain"):
        assert word not in shown + reply
    assert reply


async def test_a_model_that_thinks_better_of_it_is_heard(demo: Database) -> None:
    coach = coach_of(demo, HARM[1], "I can't judge that: please have it looked at.")
    _, reply = await say(coach, "my knee hurts a little, what now?")
    assert reply == "I can't judge that: please have it looked at."


async def test_a_runner_on_hold_is_not_sent_running(demo: Database) -> None:
    await say(coach_of(demo, "Fine."), CHEST)
    shown, reply = await say(coach_of(demo, "You can run 5 km easy today."), "and today?")
    assert "5 km" not in shown + reply
    assert "hold" in reply


async def test_answers_without_a_model_of_a_hold_pass_their_own_check(demo: Database) -> None:
    await say(coach_of(demo, "Fine."), CHEST)
    model = build_embedded_model(streaming=False)
    coach = Coach(demo, model, clock=lambda: NOW, today=NOW.date())
    for question in ("what do I run today?", "how is my week?", "move thursday to friday"):
        _, reply = await say(coach, question)
        assert not unsafe_advice(reply, flag="heart_or_breath", on_hold=True), reply
