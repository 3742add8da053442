"""Erasing a runner: nothing is left, nothing comes back, and others keep all of theirs."""

import datetime as dt
import os
import random
import sqlite3
from collections import Counter
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from fakes import ScriptedModel, Step
from holdings import copy_runner, files_with, rows_of, text_of
from running import Runner

from assistant.coach import Coach, Incoming
from assistant.events import Finished
from storage.database import Database, count_changed
from storage.erasing import erase_user
from storage.errors import UserNotFound
from storage.integrations import add_integration, link_user
from storage.profiles import Profile, save_profile
from storage.rate_limits import Bucket, take
from storage.tables import UserProfile
from training.runners import Level

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)
LOG = ("log_execution", {"completion_status": "completed", "workout_id": "wk_987"})
MOVE = ("adapt_plan", {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})
WHO = ("update_profile", {"name": "Someone"})
RACES = int(os.environ.get("RUNPLAN_TEST_RACES", "30"))
CANARY = "kanarienvogel"


def coach_of(database: Database, *script: Step) -> Coach:
    return Coach(database, ScriptedModel(*script), clock=lambda: NOW, today=TODAY)


async def say(coach: Coach, text: str, user: str = "demo", key: str | None = None) -> Any:
    async for event in coach.answer(Incoming(user, text, "conv_1", key)):
        if isinstance(event, Finished):
            return event.response
    raise AssertionError("a turn ended without a reply")


@pytest.mark.anyio
@pytest.mark.both_stores
async def test_nothing_is_left_of_a_runner_and_all_of_the_others(demo: Database) -> None:
    coach = coach_of(demo, [LOG], "Logged.", [MOVE], "Moved.")
    await say(coach, "done")
    await say(coach, "move it")
    Runner(demo, "inactive").call("get_workout", date="2026-02-12")
    with demo.write_common() as session:
        add_integration(session, "acme", "whsec", now=NOW)
        link_user(session, "acme", "demo", now=NOW)
        take(session, [Bucket("user", "demo", 30), Bucket("user", "other", 30)], now=0.0)
    held, others = rows_of(demo, "demo"), text_of(demo, "inactive")
    assert len(held) == 10, "something of each kind but a proposal"
    erased = erase_user(demo, "demo")
    assert erased.rows == held
    assert erased.wiped == demo.is_sqlite
    assert rows_of(demo, "demo") == {}
    assert text_of(demo, "inactive") == others
    with demo.read() as session:
        connection = session.connection()
        assert connection.scalar(sa.text("SELECT count(*) FROM rate_limit")) == 1
        assert connection.scalar(sa.text("SELECT count(*) FROM integration")) == 1
    with pytest.raises(UserNotFound):
        erase_user(demo, "demo")


@pytest.mark.anyio
@pytest.mark.sqlite_only
@pytest.mark.parametrize("turns", [1, 60])
async def test_no_byte_of_a_runner_is_left_in_any_file(demo: Database, turns: int) -> None:
    with demo.write("demo") as session:
        values = {"name": CANARY, "injury_flags": (CANARY,)}
        count_changed(
            session, sa.update(UserProfile).where(UserProfile.id == "demo").values(values)
        )
    note = {"feedback": {"notes": CANARY * 9}, "completion_status": "completed"}
    coach = coach_of(demo, [("log_execution", note | {"workout_id": "wk_987"})], f"Yes. {CANARY}")
    others = coach_of(demo, "Hello.")  # whose rows lie between
    for n in range(turns):  # enough of them to split pages
        await say(coach, f"{CANARY} {'x' * (37 * n % 3000)} {CANARY}", key=f"{CANARY}-{n}")
        await say(others, "y" * (53 * n % 3000 + 1), "noplan")
    assert files_with(demo, CANARY), "it was there"
    assert erase_user(demo, "demo").wiped
    assert files_with(demo, CANARY) == []


@pytest.mark.sqlite_only
def test_what_another_program_deleted_before_goes_too(demo: Database) -> None:
    store = sqlite3.connect(str(demo.url.database), isolation_level=None)
    store.execute("PRAGMA secure_delete=OFF")
    store.execute("UPDATE workout_plan SET rationale = ?", (CANARY * 50,))
    store.execute("UPDATE workout_plan SET rationale = ''")
    store.close()
    assert files_with(demo, CANARY), "it was left behind"
    assert erase_user(demo, "demo").wiped
    assert files_with(demo, CANARY) == []


@pytest.mark.sqlite_only
def test_a_reader_who_stays_keeps_traces_and_that_is_told(demo: Database) -> None:
    with demo.write("demo") as session:
        count_changed(session, sa.update(UserProfile).values(name=CANARY))
    with demo.read() as session:
        session.connection().execute(sa.text("SELECT count(*) FROM plan")).all()
        demo.engine.dispose()
        other = Database(str(demo.url))
        sa.event.listen(other.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=50"))
        with other.write("demo") as writing:
            count_changed(writing, sa.delete(UserProfile))
        assert not other.wipe()
    assert files_with(demo, CANARY)
    assert other.wipe()
    assert files_with(demo, CANARY) == []
    other.close()


# While a turn runs


@pytest.mark.anyio
@pytest.mark.both_stores
@pytest.mark.parametrize("point", ["before the call", "before the reply"])
async def test_a_turn_whose_runner_goes_fails_and_writes_nothing(
    demo: Database, point: str
) -> None:
    def go(messages: Any) -> Any:
        erase_user(demo, "demo")
        return [LOG, MOVE, WHO] if point == "before the call" else "Well done."

    script = [go] if point == "before the call" else [[LOG], go]
    with pytest.raises(UserNotFound):
        await say(coach_of(demo, *script, "Not this."), "done", key="one")
    assert rows_of(demo, "demo") == {}
    with pytest.raises(UserNotFound):
        await say(coach_of(demo, "Hello."), "done", key="one")


@pytest.mark.anyio
@pytest.mark.both_stores
async def test_a_turn_does_not_go_on_for_another_runner_of_the_same_id(demo: Database) -> None:
    def go(messages: Any) -> Any:
        erase_user(demo, "demo")
        with demo.write("demo") as session:
            save_profile(session, Profile("demo", "Another", Level.BEGINNER), now=NOW)
        return [WHO]

    with pytest.raises(UserNotFound, match="deleted meanwhile"):
        await say(coach_of(demo, go, "Hello."), "done")
    assert rows_of(demo, "demo") == {"user_profile": 1}
    with demo.read() as session:
        assert (
            session.connection().scalar(sa.select(UserProfile.name).where(UserProfile.id == "demo"))
            == "Another"
        )


@pytest.mark.anyio
@pytest.mark.both_stores
async def test_no_row_comes_back_whenever_a_runner_goes(demo: Database) -> None:
    chance, ends = random.Random(1), Counter[str]()
    for n in range(RACES):
        user = f"racer_{n}"
        copy_runner(demo, "demo", demo, user)
        coach = coach_of(demo, [LOG], [MOVE], [WHO], "Done.")

        async def turn(coach: Coach = coach, user: str = user) -> None:
            try:
                await say(coach, "done", user)
                ends["answered"] += 1
            except UserNotFound:
                ends["refused"] += 1

        async def delete(user: str = user, wait_s: float = chance.uniform(0, 0.25)) -> None:
            await anyio.sleep(wait_s)
            await anyio.to_thread.run_sync(erase_user, demo, user)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(turn)
            tasks.start_soon(delete)
        assert rows_of(demo, user) == {}
    assert ends.total() == RACES
    assert ends["refused"] > 0, "no deletion ever met a turn"
