"""The store opens safely, knows its schema, and says clearly what is wrong."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from storage.database import Database, count_changed
from storage.errors import StoreOutdated, StoreTooNew, StoreUnavailable
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


def test_an_empty_store_is_told_from_a_newer_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(StoreOutdated, match="runplan db upgrade"):
        database.check()
    database.upgrade()
    database.check()
    with database.write("demo") as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num='9999'"))
    with pytest.raises(StoreTooNew, match="'9999' is newer"):
        database.upgrade()
    database.close()


def test_a_path_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.db'}")
    with pytest.raises(StoreUnavailable, match="unable to open"):
        database.upgrade()
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "oracle+x://a/b"])
def test_an_address_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        Database(url)


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is no database, but it is long enough to be read as one " * 20)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        database.upgrade()
    database.close()
