"""Why a workout is there, in a whole conversation with the embedded model."""

import pytest
from fakes import ScriptedModel
from wiring import NOW, TODAY, say

from assistant.bootstrap import build_coach
from assistant.coach import Coach
from assistant.settings import load_settings
from storage.database import Database

pytestmark = pytest.mark.anyio


async def test_the_embedded_model_tells_the_rule_and_the_run_behind_a_change(
    demo: Database,
) -> None:
    coach = build_coach(load_settings(today=TODAY), demo)
    before = (await say(coach, "why is Thursday a tempo?"))["reply"]
    assert "Why it is there: Threshold work" in before
    assert "changed" not in before
    await say(coach, "40 min easy done, rpe 9")
    after = (await say(coach, "why is Thursday a tempo?"))["reply"]
    assert "Why it is there: Threshold work" in after
    assert "It was changed on Tuesday, February 10: 15% less running" in after
    assert "The rule (3.4-strong-sign): A strong sign" in after
    assert "your run on Tuesday, February 10 (completed, 40 min, RPE 9)" in after


async def test_what_the_runner_wrote_is_quoted_and_is_no_claim(demo: Database) -> None:
    coach = build_coach(load_settings(today=TODAY), demo)
    await say(coach, "move the tempo to friday")
    why = (await say(coach, "why is Friday a tempo?"))["reply"]
    assert why.endswith('you wrote "move the tempo to friday".')


async def test_a_model_is_given_the_whole_chain(demo: Database) -> None:
    change = [("adapt_plan", {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})]
    moving = Coach(demo, ScriptedModel(change, "Done."), clock=lambda: NOW, today=TODAY)
    await say(moving, "move my tempo by a day")
    model = ScriptedModel([("get_workout", {"date": "2026-02-13"})], "You asked for it.")
    reply = await say(Coach(demo, model, clock=lambda: NOW, today=TODAY), "why is it on Friday?")
    (change_told,) = reply["actions"][0]["result"]["history"]
    assert (change_told["rule"], change_told["message"]) == ("move", "move my tempo by a day")
    assert reply["reply"] == "You asked for it."
