"""Heat in whole turns: a pace and advice, and no change of the plan."""

import pytest
from wiring import TODAY, say

from assistant.bootstrap import build_coach
from assistant.settings import load_settings
from storage.database import Database
from storage.plans import load_plan

pytestmark = pytest.mark.anyio


async def test_a_hot_day_is_no_fever(demo: Database) -> None:
    with demo.read() as session:
        before = load_plan(session, "demo")
    coach = build_coach(load_settings(today=TODAY), demo)
    reply = await say(coach, "it is 30 degrees today, should I slow down?")
    (action,) = reply["actions"]
    assert (action["tool"], action["arguments"]["temperature_c"]) == ("get_workout", 30)
    assert "Run at 5:56-6:32 a km instead of 5:40-6:14 a km." in reply["reply"]
    assert "about 4.7 % slower" in reply["reply"]
    with demo.read() as session:
        assert load_plan(session, "demo") == before
