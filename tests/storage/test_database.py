"""The store opens safely, knows its schema, and says clearly what is wrong."""

import os
import sqlite3
import subprocess
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from storage.database import Database, count_changed, retried
from storage.errors import (
    StoreConflict,
    StoreOutdated,
    StoreTooNew,
    StoreUnavailable,
    TextRefused,
)
from storage.migrations import HEAD, REVISIONS
from storage.migrations.upgrade import config_for
from storage.tables import UserProfile


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_is_set_to_survive_a_power_cut(
    database: Database, pragma: str, value: object
) -> None:
    with database.read() as session:
        assert session.connection().scalar(sa.text(f"PRAGMA {pragma}")) == value


@pytest.mark.sqlite_only
def test_writes_take_the_lock_at_once(database: Database) -> None:
    with database.write("demo"):
        path = str(database.url.database)
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.sqlite_only
def test_a_commit_that_fails_leaves_no_lock_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_connection: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(database.engine.dialect, "do_commit", full)
        with pytest.raises(StoreUnavailable, match="full"), database.write("demo"):
            pass
    other = sqlite3.connect(str(database.url.database), timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.both_stores
def test_a_block_that_fails_leaves_nothing(demo: Database) -> None:
    def rename() -> None:
        with demo.write("demo") as session:
            statement = sa.update(UserProfile).values(name="other")
            assert count_changed(session, statement) == 4
            raise LookupError

    with pytest.raises(LookupError):
        rename()
    with demo.read() as session:
        names = session.connection().scalars(sa.text("SELECT name FROM user_profile")).all()
    assert "other" not in names


def test_the_known_revisions_are_the_files(database: Database) -> None:
    scripts = ScriptDirectory.from_config(config_for(database))
    found = [script.revision for script in scripts.walk_revisions()][::-1]
    assert tuple(found) == REVISIONS
    assert scripts.get_current_head() == HEAD


@pytest.mark.both_stores
def test_the_migrations_make_the_tables_that_the_code_has(database: Database) -> None:
    command.check(config_for(database))


@pytest.mark.both_stores
def test_an_empty_store_is_told_from_a_newer_one(new_store: Database) -> None:
    with pytest.raises(StoreOutdated, match=r"'none' is behind .* `runplan db upgrade`"):
        new_store.check()
    new_store.upgrade()
    new_store.check()
    with new_store.write("") as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num='9999'"))
    with pytest.raises(StoreTooNew, match="'9999' is newer"):
        new_store.upgrade()


@pytest.mark.both_stores
def test_two_processes_may_upgrade_at_once(new_store: Database) -> None:
    url = new_store.url.render_as_string(hide_password=False)
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "assistant.cli", "db", "upgrade"]
    environment = os.environ | {"PYTHONPATH": root, "RUNPLAN_DATABASE_URL": url}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in running]
    assert said == [(f"the store is at schema {HEAD}\n".encode(), b"")] * 2
    new_store.check()


def test_a_path_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.db'}")
    with pytest.raises(StoreUnavailable, match="unable to open"):
        database.upgrade()
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "oracle+x://a/b",
        "mysql://coach:canary@db/runplan",
        "postgresql+none://coach:canary@db/runplan",
        "postgresql//coach:canary@db",
    ],
)
def test_an_address_that_is_no_store_is_refused_and_no_password_shown(url: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        Database(url)
    assert "canary" not in str(caught.value)


@pytest.mark.both_stores
@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b"])
def test_both_databases_refuse_what_is_no_text(demo: Database, name: str) -> None:
    with pytest.raises(TextRefused), demo.write("demo") as session:
        count_changed(session, sa.update(UserProfile).values(name=name))


@pytest.mark.both_stores
def test_a_broken_rule_of_the_schema_tells_nothing_of_the_row(demo: Database) -> None:
    broken = sa.insert(UserProfile).from_select(
        ["id", *(name := [c.name for c in sa.inspect(UserProfile).columns if c.name != "id"])],
        sa.select(UserProfile.id, *(getattr(UserProfile, n) for n in name)),
    )
    with pytest.raises(sa.exc.IntegrityError) as caught, demo.write("demo") as session:
        session.connection().execute(broken)
    assert "unique" in str(caught.value).lower()
    assert "active_not_entitled" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("transaction_isolation", "read committed"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "8s"),
        ("client_encoding", "UTF8"),
    ],
)
def test_postgresql_bounds_what_a_write_may_wait_for(
    database: Database, setting: str, value: str
) -> None:
    with database.write("demo") as session:
        assert session.connection().scalar(sa.text(f"SHOW {setting}")) == value


@pytest.mark.postgres_only
def test_postgresql_reads_one_moment_and_writes_nothing(demo: Database) -> None:
    names = sa.text("SELECT count(*) FROM user_profile WHERE name = 'other'")
    with demo.read() as reading:
        assert reading.connection().scalar(names) == 0
        with demo.write("demo") as session:
            count_changed(session, sa.update(UserProfile).values(name="other"))
        assert reading.connection().scalar(names) == 0
    with demo.read() as reading:
        assert reading.connection().scalar(names) == 4
    with pytest.raises(StoreUnavailable, match="read-only"), demo.read() as session:
        count_changed(session, sa.update(UserProfile).values(name="x"))


@pytest.mark.both_stores
@pytest.mark.parametrize("runner", ["demo", "not there yet"])
def test_a_runners_writes_come_one_at_a_time(demo: Database, runner: str) -> None:
    order: list[str] = []

    def second() -> None:
        with demo.write(runner):
            order.append("second")

    thread = threading.Thread(target=second)
    with demo.write(runner):
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


@pytest.mark.postgres_only
def test_a_worker_that_hangs_inside_a_transaction_loses_it(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.IDLE_TIMEOUT_S", 1)
    other = Database(demo.url.render_as_string(hide_password=False))
    renamed = sa.update(UserProfile).where(sa.column("id") == "demo")

    def hang_while_another_writes() -> None:
        with demo.write("demo") as hanging:
            count_changed(hanging, renamed.values(name="late"))
            with other.write("demo") as session:
                count_changed(session, renamed.values(name="in time"))
            count_changed(hanging, renamed.values(name="later still"))

    with pytest.raises(StoreUnavailable):
        hang_while_another_writes()
    with other.read() as session:
        name = session.connection().scalar(sa.text("SELECT name FROM user_profile WHERE id='demo'"))
    other.close()
    assert name == "in time"


@pytest.mark.postgres_only
def test_an_upgrade_that_is_not_allowed_is_one_clear_error(new_store: Database) -> None:
    with new_store.engine.begin() as connection:
        connection.execute(sa.text("CREATE ROLE reader LOGIN"))
    reader = Database(new_store.url.set(username="reader").render_as_string(hide_password=False))
    with pytest.raises(StoreUnavailable, match=r"^the store .* permission denied for schema .*"):
        reader.upgrade()
    reader.close()
    with new_store.engine.begin() as connection:
        connection.execute(sa.text("DROP ROLE reader"))


@pytest.mark.postgres_only
def test_a_deadlock_is_undone_and_done_again(demo: Database) -> None:
    both_hold, tries = threading.Barrier(2), []

    @retried
    def rename(own: str, other: str) -> None:
        with demo.write(own) as session:
            if len(tries) < 2:
                tries.append(own)
                both_hold.wait(20)
            else:
                tries.append(own)
            changed = sa.update(UserProfile).where(sa.column("id") == other)
            count_changed(session, changed.values(name=f"by {own}"))

    pairs = [("demo", "noplan"), ("noplan", "demo")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: rename(*pair), pairs))
    assert len(tries) == 3
    with demo.read() as session:
        names = session.connection().scalars(
            sa.text("SELECT name FROM user_profile WHERE id IN ('demo', 'noplan') ORDER BY id")
        )
        assert names.all() == ["by noplan", "by demo"]


def test_conflicts_are_tried_again_a_bounded_number_of_times() -> None:
    tries: list[int] = []

    @retried
    def conflict() -> None:
        tries.append(1)
        raise StoreConflict("again")

    with pytest.raises(StoreConflict):
        conflict()
    assert len(tries) == 4


def test_a_server_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://coach:canary@/runplan?host={tmp_path}")
    with pytest.raises(StoreUnavailable, match="can't be used") as caught:
        database.check()
    assert "canary" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is no database, but it is long enough to be read as one " * 20)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        database.upgrade()
    database.close()
