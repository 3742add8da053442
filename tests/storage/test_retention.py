"""Retention: what was said goes after its time, what it led to stays, nothing counts twice."""

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa
from fakes import ScriptedModel, Step
from holdings import files_with, text_of
from running import Runner

from assistant.coach import Coach, Incoming
from assistant.errors import ModelUnavailable
from assistant.events import Finished
from assistant.sweeping import sweep_store
from storage.database import Database, database_now
from storage.errors import MessagePurged
from storage.retention import Purged, purge_messages
from storage.turns import claim

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)
DAY = dt.timedelta(days=1)
CANARY = "kanarienvogel"
LOG = ("log_execution", {"completion_status": "completed", "workout_id": "wk_987"})
MOVE = ("adapt_plan", {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})
ASK = ("adapt_plan", {"kind": "goal", "goal_date": "2026-05-31"})
pytestmark = [pytest.mark.anyio, pytest.mark.both_stores]


def coach_of(database: Database, *script: Step, history_turns: int = 1) -> Coach:
    model = ScriptedModel(*script)
    return Coach(database, model, clock=lambda: NOW, today=TODAY, history_turns=history_turns)


async def say(coach: Coach, text: str, key: str) -> Any:
    async for event in coach.answer(Incoming("demo", text, "conv_1", key)):
        if isinstance(event, Finished):
            return event.response
    raise AssertionError("a turn ended without a reply")


def now_of(database: Database) -> dt.datetime:
    with database.read() as session:
        return database_now(session)


def tables_of(database: Database) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = json.loads(text_of(database, "demo"))["tables"]
    return found


async def test_after_its_time_all_of_what_was_said_is_gone_and_all_it_led_to_stays(
    demo: Database,
) -> None:
    coach = coach_of(demo, [LOG], f"{CANARY} 1", [MOVE], f"{CANARY} 2", [ASK], f"{CANARY} 3")
    for n in range(3):
        await say(coach, f"{CANARY} said {n}", f"key-{n}")
    before = tables_of(demo)
    assert len(before["message"]) == 12
    assert len(before["proposal"]) == 1
    assert before["conversation"][0]["summary"]
    lines = list(sweep_store(demo, 30, now=now_of(demo) + 31 * DAY))
    assert lines[0] == (
        "older than 30 days: purged 3 turns with 12 messages, 3 stored responses, 1 proposals and "
        "1 summaries"
    )
    after = tables_of(demo)
    assert after["message"] == after["proposal"] == []
    assert [turn["response"] for turn in after["turn"]] == [None] * 3
    assert after["conversation"][0]["summary"] == ""
    for table in ("user_profile", "plan", "week_plan", "workout_plan", "execution"):
        assert after[table] == before[table]
    assert after["adaptation_log"] == before["adaptation_log"]
    text = text_of(demo, "demo")
    assert CANARY not in text
    assert "key-" not in text
    if demo.is_sqlite:
        assert files_with(demo, CANARY) == files_with(demo, "key-") == []
    assert purge_messages(demo, before=now_of(demo) + 31 * DAY) == Purged()


async def test_what_is_younger_stays_word_for_word(demo: Database) -> None:
    await say(coach_of(demo, "Hello."), "hi", "one")
    before = text_of(demo, "demo")
    assert purge_messages(demo, before=now_of(demo) - 30 * DAY) == Purged()
    lines = list(sweep_store(demo, None, now=now_of(demo) + 999 * DAY))
    assert lines[0] == "messages: all are kept (RUNPLAN_KEEP_MESSAGES_DAYS is not set)"
    assert text_of(demo, "demo") == before


@pytest.mark.parametrize("text", ["done", "something else"])
async def test_a_purged_key_is_told_of_and_never_counts_twice(demo: Database, text: str) -> None:
    coach = coach_of(demo, [LOG], "Logged.", [LOG], "Again.")
    await say(coach, "done", "one")
    purge_messages(demo, before=now_of(demo) + DAY)
    before = text_of(demo, "demo")
    with pytest.raises(MessagePurged, match="kept no longer"):
        await say(coach, text, "one")
    assert text_of(demo, "demo") == before
    (turn,) = tables_of(demo)["turn"]
    with pytest.raises(MessagePurged):
        await say(coach, text, turn["idempotency_key"])


async def test_the_conversation_goes_on_after_its_beginning_is_purged(demo: Database) -> None:
    coach = coach_of(demo, [ASK], "Shall I?", "Hello again.", history_turns=8)
    await say(coach, "another day please", "one")
    purge_messages(demo, before=now_of(demo) + DAY)
    reply = await say(coach, "yes", "two")
    assert (reply["reply"], reply["actions"]) == ("Hello again.", [])
    model = coach.model
    assert isinstance(model, ScriptedModel)
    assert "another day please" not in str(model.requests[-1])


async def test_a_why_after_the_words_are_gone_has_the_reason_alone(demo: Database) -> None:
    await say(coach_of(demo, [MOVE], "Moved."), f"{CANARY} move it", "one")
    purge_messages(demo, before=now_of(demo) + DAY)
    found = Runner(demo).call("get_workout", date="2026-02-13")
    (touched,) = found["history"]
    assert touched["message"] is None
    assert touched["reason"]


async def test_a_turn_that_failed_and_was_never_sent_again_goes_too(demo: Database) -> None:
    with pytest.raises(ModelUnavailable):
        await say(coach_of(demo, ModelUnavailable("down")), f"{CANARY} hm", "one")
    purged = purge_messages(demo, before=now_of(demo) + DAY)
    assert purged == Purged(turns=1, messages=1)
    with pytest.raises(MessagePurged):
        await say(coach_of(demo, "Hello."), f"{CANARY} hm", "one")


async def test_a_turn_that_runs_is_left_to_its_end(demo: Database) -> None:
    swept = []

    def look(messages: Any) -> str:
        swept.append(purge_messages(demo, before=now_of(demo) + DAY))
        return "Hello."

    await say(coach_of(demo, "First."), "hi", "one")
    reply = await say(coach_of(demo, look), "hi", "two")
    assert (reply["reply"], swept) == ("Hello.", [Purged(waiting=1)])
    assert purge_messages(demo, before=now_of(demo) + DAY).turns == 2


async def test_a_resend_that_meets_the_sweep_is_told_the_same(demo: Database) -> None:
    with pytest.raises(ModelUnavailable):
        await say(coach_of(demo, ModelUnavailable("down")), "hm", "one")
    with demo.read() as session:
        turn_id = session.connection().scalar(sa.text("SELECT id FROM turn"))
    purge_messages(demo, before=now_of(demo) + DAY)
    with pytest.raises(MessagePurged):
        claim(demo, "demo", str(turn_id), lease_s=5)
