"""Passports: all of a runner leaves, and comes back unchanged into an empty store."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import sqlalchemy as sa
from holdings import all_rows, text_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import Runner

from storage.adaptations import log_change
from storage.database import Database
from storage.erasing import erase_user
from storage.errors import PassportInvalid, StorageError, UserExists, UserNotFound
from storage.executions import save_execution
from storage.ids import new_id
from storage.integrations import add_integration, find_secrets, link_user
from storage.messages import Message, ToolCall
from storage.passports import (
    NOBODYS,
    columns_of,
    owner_of,
    parse_passport,
    passport_model,
    render_schema,
    store_passport,
    tables_of_runners,
)
from storage.plans import save_changed_plan, save_new_plan
from storage.profiles import Profile, save_profile
from storage.proposals import Proposal, save_proposals
from storage.tables import SQLModel
from storage.turns import Request, TurnLog, accept, claim
from tests.training.strategies import Journey, Stage, journeys, moments
from training.changes import Adaptation

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
EXAMPLES = int(os.environ.get("RUNPLAN_TEST_PASSPORTS", "15"))
SCHEMA = Path(__file__).parents[2] / "docs" / "passport.schema.json"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@pytest.fixture
def other(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A second empty store on the same kind of database."""
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'other.db'}"
    else:
        server = request.getfixturevalue("postgres")
        name = server.make(request.getfixturevalue("postgres_templates")["empty"])
        url = server.url(name)
    database = Database(url)
    database.upgrade()
    yield database
    database.close()
    if backend == "postgresql":
        server.drop(name)


def bring(database: Database, text: str) -> str:
    return store_passport(database, parse_passport(text.encode()), now=NOW)


# What a passport holds


@pytest.mark.both_stores
def test_every_table_of_the_store_is_in_the_passport_or_is_nobodys(database: Database) -> None:
    with database.read() as session:
        inspector = sa.inspect(session.connection())
        there = set(inspector.get_table_names()) - {"alembic_version"}
        owned = {
            name: {column["name"] for column in inspector.get_columns(name)}
            for name in there - NOBODYS
        }
    told = {
        table.name: {owner_of(table).name} | {column.name for column in columns_of(table)}
        for table in tables_of_runners()
    }
    assert owned.keys() == told.keys()
    untold = {(name, column) for name in owned for column in owned[name] - told[name]}
    assert untold == {("turn", "lease_owner"), ("turn", "lease_until")}


def test_no_table_of_a_runner_is_called_nobodys() -> None:
    for table in SQLModel.metadata.tables.values():
        reaches = "user_id" in table.c or any(
            key.column.table.name == "user_profile" for key in table.foreign_keys
        )
        assert not (reaches and table.name in NOBODYS), table.name


def test_a_new_table_of_runners_is_told_and_erased_without_a_word_more() -> None:
    metadata = SQLModel.metadata
    new = sa.Table("shoe", metadata, sa.Column("user_id", sa.String, primary_key=True))
    passport_model.cache_clear()
    try:
        assert new in tables_of_runners()
        assert render_schema() != SCHEMA.read_text(), "the published schema would be behind"
    finally:
        metadata.remove(new)
        passport_model.cache_clear()


def test_the_published_schema_is_the_codes() -> None:
    command = [sys.executable, "-m", "storage.passports"]  # alone, without the tests' imports
    root = Path(__file__).parents[2]
    alone = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    assert SCHEMA.read_text() == alone == render_schema(), (
        "the tables changed: raise VERSION where old passports can't be taken any more, and run "
        "`python -m storage.passports > docs/passport.schema.json`"
    )


def test_a_passport_keeps_to_the_published_schema(demo: Database) -> None:
    Runner(demo).adapt(kind="move", date="2026-02-12", to_date="2026-02-13")
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    passport = json.loads(text_of(demo, "demo"))
    schema.validate(passport)
    passport["tables"]["plan"][0]["phase"] = "holiday"
    assert not schema.is_valid(passport)


def test_of_an_integration_a_passport_has_the_name_alone(demo: Database) -> None:
    with demo.write_common() as session:
        add_integration(session, "acme", "whsec_canary", now=NOW)
        link_user(session, "acme", "demo", now=NOW)
    text = text_of(demo, "demo")
    assert json.loads(text)["tables"]["integration_link"][0]["integration_id"] == "acme"
    assert "canary" not in text


# The way round


@pytest.mark.both_stores
@pytest.mark.parametrize("user", ["demo", "inactive", "active_not_entitled"])
def test_the_demo_runners_come_into_an_empty_store_unchanged(
    demo: Database, other: Database, user: str
) -> None:
    runner = Runner(demo, user)
    runner.call("log_execution", completion_status="completed", date="2026-02-10")
    runner.adapt(kind="move", date="2026-02-12", to_date="2026-02-13")
    text = text_of(demo, user)
    assert bring(other, text) == user
    assert text_of(other, user) == text


@pytest.mark.both_stores
def test_an_imported_runner_goes_on_where_the_first_one_stopped(
    demo: Database, other: Database
) -> None:
    Runner(demo).adapt(kind="move", date="2026-02-12", to_date="2026-02-13")
    bring(other, text_of(demo, "demo"))
    undone = Runner(other).adapt(kind="undo")
    assert (undone["applied"], undone["version"]) == (True, 3)


@pytest.mark.both_stores
def test_an_unknown_integration_comes_without_a_secret(demo: Database, other: Database) -> None:
    with demo.write_common() as session:
        add_integration(session, "acme", "whsec_canary", now=NOW)
        link_user(session, "acme", "demo", now=NOW)
    text = text_of(demo, "demo")
    bring(other, text)
    assert text_of(other, "demo") == text
    with other.read() as session:
        assert find_secrets(session, now=NOW) == ()


@pytest.mark.both_stores
def test_of_two_imports_at_once_one_wins(demo: Database, other: Database) -> None:
    text = text_of(demo, "demo")

    def attempt(_: int) -> str:
        try:
            return bring(other, text)
        except UserExists:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(pool.map(attempt, range(4)))
    assert ends == ["demo", "refused", "refused", "refused"]
    assert text_of(other, "demo") == text


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, Any]:
    return {"id": draw(st.text("abcXYZ09_-é ", min_size=1, max_size=12)), "name": draw(TEXT)}


@pytest.mark.both_stores
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(journeys(), profiles(), st.lists(TEXT, max_size=4))
def test_generated_runners_come_into_an_empty_store_unchanged_and_leave_nothing(
    database: Database,
    other: Database,
    journey: Journey,
    profile: dict[str, Any],
    said: list[str],
) -> None:
    user_id = profile["id"]
    for store in (database, other):  # what an example that failed may have left
        with suppress(UserNotFound):
            erase_user(store, user_id)
    for stage in moments(journey):
        keep(database, profile, stage)
    for text in said:
        talk(database, user_id, text)
    running = accept(database, Request(user_id, "x", "key", "sha", NOW.date())).turn_id
    claim(database, user_id, running, lease_s=60)
    passport = text_of(database, user_id)
    bring(other, passport)
    assert text_of(other, user_id) == passport
    for store in (database, other):
        erase_user(store, user_id)
        assert set(all_rows(store).values()) == {0}


def keep(database: Database, profile: dict[str, Any], stage: Stage) -> None:
    """Store what a moment of a journey holds, as the tools do."""
    user_id, runner = profile["id"], stage.runner
    with database.write(user_id) as session:
        person = Profile(
            **profile,
            experience_level=runner.level,
            injury_flags=runner.injury_flags,
            weekly_availability=runner.availability,
        )
        save_profile(session, person, now=NOW)
        if stage.created:
            save_new_plan(session, user_id, stage.plan, now=NOW)
        for execution in stage.done:
            save_execution(session, user_id, execution, now=NOW)
        if isinstance(stage.result, Adaptation):
            assert stage.before is not None
            kept = save_changed_plan(session, user_id, stage.before, stage.plan, now=NOW)
            log_change(session, user_id, stage.result, kept, kind="move", turn_id=None, now=NOW)


def talk(database: Database, user_id: str, text: str) -> None:
    """Hold a whole turn with a call and a proposal."""
    request = Request(user_id, text, new_id("key"), "sha", NOW.date(), "conv_1")
    turn = accept(database, request).turn_id
    if not text:  # and one that nobody took up
        return
    log = TurnLog(database, user_id, turn, claim(database, user_id, turn, lease_s=60).attempt)
    call = ToolCall(new_id("call"), "adapt_plan", json.dumps({"said": text}))
    log.append(Message("assistant", text, (call,)))
    log.append(Message("tool", "{}", call_id=call.id))
    offer = Proposal(
        new_id("prop"), turn, "conv_1", "adapt_plan", {"z": 1, "a": text}, None, None, text, "", {}
    )
    with database.write(user_id) as session:
        save_proposals(session, user_id, [offer], now=NOW)
        log.finish(session, {"reply": text, "conversation_id": "conv_1", "actions": []}, text)


# What is refused, whole


def test_a_runner_who_is_there_is_left_alone(demo: Database) -> None:
    before = text_of(demo, "demo")
    with pytest.raises(UserExists, match="there is a runner 'demo' already"):
        bring(demo, before.replace("Tempo", "Changed"))
    assert text_of(demo, "demo") == before


def test_who_is_not_there_has_no_passport(demo: Database) -> None:
    with pytest.raises(UserNotFound, match="'nobody'"):
        text_of(demo, "nobody")


def put(*place: Any) -> Callable[[Any], None]:
    """Return a change of a passport: all but the last say where, the last is put there."""
    *way, last, value = place

    def change(passport: Any) -> None:
        found = passport
        for step in way:
            found = found[step]
        found[last] = value

    return change


def twice(table: str) -> Callable[[Any], None]:
    return lambda passport: passport["tables"][table].append(passport["tables"][table][0])


T = "tables"


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("version", 2), "version: 2 is newer than this program, which takes up to 1"),
        (put("version", 0), "version: Input should be 1"),
        (put("version", "1"), "version: Input should be 1"),
        (put("format", "runplan/1"), "format: .*'runplan-passport'"),
        (put("more", 1), "more: Extra inputs are not permitted"),
        (put(T, "shoe", []), "tables.shoe: Extra"),
        (put(T, "user_profile", []), "tables.user_profile.0: Field required"),
        (twice("user_profile"), "tables.user_profile: .*at most 1"),
        (put(T, "user_profile", 0, "id", 5), "tables.user_profile.0.id: .*string"),
        (put(T, "user_profile", 0, "name", "a\x00b"), "tables.user_profile.0: .*NUL"),
        (put(T, "plan", 0, "goal_distance", "50k"), "tables.plan.0.goal_distance: .*'marathon'"),
        (put(T, "plan", 0, "goal_date", "soon"), "tables.plan.0.goal_date: .*date"),
        (put(T, "plan", 0, "created_at", "2026-02-10T08:00:00"), "plan.0.created_at: .*timezone"),
        (put(T, "plan", 0, "created_at", "0001-01-01T00:00:00+14:00"), "created_at: .*years 1 to"),
        (put(T, "plan", 0, "version", 0), "tables.plan.0: it must keep to version >= 1"),
        (put(T, "plan", 0, "version", 2**40), "tables.plan.0.version: .*less than"),
        (put(T, "plan", 0, "user_id", "other"), "tables.plan.0.user_id: Extra"),
        (
            put(T, "workout_plan", 3, "planned_km", "5"),
            "tables.workout_plan.3.planned_km: .*number",
        ),
        (put(T, "workout_plan", 3, "structure", {"mian": []}), "3.structure.mian: Unexp"),
        (put(T, "workout_plan", 3, "plan_id", "x"), r"workout_plan.3: it points at .*\(of plan"),
        (twice("plan"), "tables.plan.1: another row has the same key"),
        (put(T, "week_plan", []), "tables.workout_plan.0: it points at a row that is not there"),
    ],
)
def test_what_is_no_passport_is_refused_by_its_place_and_leaves_nothing(
    demo_passport: str, database: Database, change: Callable[[Any], None], words: str
) -> None:
    passport = json.loads(demo_passport)
    change(passport)
    with pytest.raises(PassportInvalid, match=words):
        bring(database, json.dumps(passport))
    assert set(all_rows(database).values()) == {0}


@pytest.fixture(scope="session")
def demo_passport(demo_store: Path) -> str:
    store = Database(f"sqlite:///{demo_store}")
    text = text_of(store, "demo")
    store.close()
    return text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format": "runplan-passport", "format": "x"}',
        b'{"format": "runplan-passport", "version": NaN}',
        b'{"format": "runplan-passport", "version": 1e999}',
        b'{"format": "runplan-passport"}',
        b'{"format": "runplan-passport", "version": true}',
        b'{"format": "\\ud800"}',
    ],
)
def test_what_is_no_document_at_all_is_one_clear_error(text: bytes) -> None:
    with pytest.raises(StorageError):
        parse_passport(text)
