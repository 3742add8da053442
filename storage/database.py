"""The database: engine, short transactions, its clock, and whether its schema fits this program."""

import datetime as dt
import functools
import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session as Session  # callers hold one and never import SQL

from storage.errors import (
    StoreConflict,
    StoreOutdated,
    StoreTooNew,
    StoreUnavailable,
    TextRefused,
)
from storage.migrations import HEAD, REVISIONS
from storage.statements import Rows, refuse_nul, run

P = ParamSpec("P")
T = TypeVar("T")

CONNECT_TIMEOUT_S = 5
BUSY_TIMEOUT_S = 10
IDLE_TIMEOUT_S = 8
"""How long a worker may hold a transaction without a word: more than a step of ours takes, and less
than others wait for the lock, so that they get it from a worker that hangs."""
CONNECTIONS = 8
CONFLICT_TRIES = 4
_CONFLICTS = ("40001", "40P01")  # serialization failure, deadlock: nothing was done, try again
_NOT_NOW = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)
_KNOWN = ("sqlite", "postgresql")
_AFTER_COMMIT, _NOW = "after commit", "now"
_SQLITE_NOW = sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
_LOCK_RUNNER = sa.text("SELECT 1 FROM user_profile WHERE id = :id FOR NO KEY UPDATE")
_LOCK_NAME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))")
_POSTGRES_NOW = sa.text("SELECT clock_timestamp()")


class Database:
    """One store by its URL. Nothing is opened until the first transaction.

    SQLite runs in WAL with foreign keys and `synchronous=FULL`, so a committed turn survives a
    power cut; writes begin IMMEDIATE, since a read that becomes a write fails at once otherwise.
    PostgreSQL reads in REPEATABLE READ; a write is READ COMMITTED and locks its runner's row first.
    """

    def __init__(self, url: str) -> None:
        self.fits = False  # whether a check has found the schema to be this program's
        try:
            self.url = sa.engine.make_url(url)
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = self._build_engine()
        except (ArgumentError, ImportError) as error:
            raise StoreUnavailable(_no_address(url)) from error

    def _build_engine(self) -> sa.Engine:
        settings: dict[str, Any] = {"json_serializer": _compact_json, "hide_parameters": True}
        if self.url.get_backend_name() not in _KNOWN:
            raise ArgumentError("another database")
        if self.is_sqlite:
            settings["connect_args"] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
            settings["poolclass"] = QueuePool
            if self._in_memory:
                raise StoreUnavailable("an in-memory database would lose what runners say")
        else:
            ours = {"client_encoding": "utf8", "connect_timeout": CONNECT_TIMEOUT_S}
            settings["connect_args"] = {k: v for k, v in ours.items() if k not in self.url.query}
            settings |= {"pool_size": CONNECTIONS, "pool_pre_ping": True}
            settings["isolation_level"] = "READ COMMITTED"
        engine = sa.create_engine(self.url, **settings)
        sa.event.listen(engine, "before_cursor_execute", _refuse_nul)
        if self.is_sqlite:
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin)
            sa.event.listen(engine, "checkin", _end_what_is_left)
        else:
            sa.event.listen(engine, "connect", _prepare_postgres)
        return engine

    @property
    def _in_memory(self) -> bool:
        return self.url.database in (None, "", ":memory:")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session whose reads see one moment."""
        options: dict[str, Any] = {"immediate": False}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._session(**options) as session:
            yield session

    @contextmanager
    def write(self, user_id: str) -> Iterator[Session]:
        """Open a session for one runner's rows that commits when the block ends well.

        Otherwise it leaves nothing. A runner's writes come one at a time, whoever makes them.
        Raises StoreConflict where the block may be tried again, see `retried`.
        """
        with self._session(immediate=True) as session:
            session.connection()  # takes SQLite's lock now, not at the first statement
            if not self.is_sqlite:
                _lock_runner(session, user_id)
            yield session
            session.commit()
            for done in session.info.get(_AFTER_COMMIT, ()):
                done()

    @contextmanager
    def write_common(self) -> Iterator[Session]:
        """Open a session, as `write` does, for rows that no one runner owns."""
        with self._session(immediate=True) as session:
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def _session(self, **options: Any) -> Iterator[Session]:
        try:
            connection = self.engine.connect().execution_options(**options)
            with connection, Session(connection, expire_on_commit=False) as session:
                yield session
        except IntegrityError as error:
            raise _without_values(error) from None
        except DBAPIError as error:
            kind = StoreConflict if _sqlstate(error) in _CONFLICTS else StoreUnavailable
            raise kind(f"the store can't be used: {_primary(error)}") from None
        except sa.exc.TimeoutError as error:
            raise StoreUnavailable("the store can't be used: all connections are busy") from error
        except UnicodeEncodeError:
            raise TextRefused("a text holds half a character (a lone surrogate)") from None

    def revision(self) -> str | None:
        """Return the schema's revision, or None for an empty store."""
        with self.read() as session:
            if not sa.inspect(session.connection()).has_table("alembic_version"):
                return None
            found: str | None = session.connection().scalar(
                sa.text("SELECT version_num FROM alembic_version")
            )
            return found

    def check(self) -> None:
        """Raise StoreOutdated or StoreTooNew unless the schema is the one this program knows."""
        found = self.revision()
        self.fits = found == HEAD
        if self.fits:
            return
        if found is None or found in REVISIONS:
            raise StoreOutdated(
                f"the store's schema {found or 'none'!r} is behind this program's {HEAD!r}: "
                "run `runplan db upgrade`"
            )
        raise StoreTooNew(
            f"the store's schema {found!r} is newer than this program (which knows {HEAD!r}): "
            "update runplan"
        )

    def upgrade(self) -> None:
        """Bring the schema to this program's revision; a newer one is left alone.

        Two processes may do it at once: the second waits, and finds nothing left to do.
        Raises StoreTooNew, StoreUnavailable.
        """
        try:
            self.check()
        except StoreOutdated:
            from storage.migrations.upgrade import upgrade  # Alembic takes long to import

            try:
                upgrade(self)
            except DBAPIError as error:
                raise StoreUnavailable(f"the store can't be used: {_primary(error)}") from None

    def wipe(self) -> bool:
        """Take what deleted rows left behind out of SQLite's files; return whether that was done.

        `secure_delete` overwrites what goes now; what went without it, by an older version or
        another program, is left behind when the file is written anew. The write-ahead log is
        emptied last. Where others use the store all the while, or the disk has no room for a second
        file, it has to be asked for again. PostgreSQL's pages are its operator's to clean.
        Raises StoreUnavailable.
        """
        if not self.is_sqlite:
            return False
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            held: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return held == 0
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _NOT_NOW:
                return False
            raise StoreUnavailable(f"the store can't be wiped: {error}") from None
        finally:
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def retried(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function that is one write transaction again where another one got in its way.

    The database has undone all of it then. After the last try StoreConflict is raised.
    """

    @functools.wraps(function)
    def run(*arguments: P.args, **named: P.kwargs) -> T:
        for tried in range(1, CONFLICT_TRIES):
            try:
                return function(*arguments, **named)
            except StoreConflict:
                time.sleep(random.uniform(0.01, 0.05) * tried)
        return function(*arguments, **named)

    return run


def execute(session: Session, statement: sa.Executable, **values: Any) -> Rows:
    """Run a statement that was built once, with these values, after what is pending."""
    session.flush()
    return run(session.connection(), statement, values)


def after_commit(session: Session, do: Callable[[], None]) -> None:
    """Do something once the session's transaction, begun by `write`, is committed."""
    session.info.setdefault(_AFTER_COMMIT, []).append(do)


def database_now(session: Session) -> dt.datetime:
    """Return the time by the database's clock, which is one for all workers.

    It is asked for once a transaction.
    """
    known: dt.datetime | None = session.info.get(_NOW)
    if known is None:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            known = dt.datetime.fromisoformat(run(connection, _SQLITE_NOW, {}).scalar())
        else:
            known = run(connection, _POSTGRES_NOW, {}).scalar().astimezone(dt.UTC)
        session.info[_NOW] = known
    return known


def _lock_runner(session: Session, user_id: str) -> None:
    """Hold the runner's row until the transaction ends.

    One who is not there yet is held by name, so that two who make the same runner meet too.
    """
    connection, named = session.connection(), {"id": user_id}
    if run(connection, _LOCK_RUNNER, named).first() is None:
        run(connection, _LOCK_NAME, named)
        run(connection, _LOCK_RUNNER, named)


def _no_address(url: str) -> str:
    """Say what is wrong with an address, without the password that may stand in it."""
    shown = "an address with a password" if "@" in url else repr(url)
    if url.startswith("postgresql"):
        return f"{shown} can't be used: install the extra, pip install 'runplan[postgres]'"
    return (
        f"{shown} is no database address this program can use; one looks like "
        "'sqlite:///runplan.db' or 'postgresql+psycopg://user@host/database'"
    )


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _primary(error: DBAPIError) -> str:
    """Return the database's message in one line, without its details, which quote the row."""
    details = getattr(error.orig, "diag", None)
    message = getattr(details, "message_primary", None) or error.orig
    return " ".join(str(message).split())


def _without_values(error: IntegrityError) -> IntegrityError:
    return IntegrityError(error.statement, None, Exception(_primary(error)), hide_parameters=True)


def _refuse_nul(_c: Any, _cursor: Any, _s: str, parameters: Any, _x: Any, many: bool) -> None:
    for row in parameters if many else (parameters,):
        refuse_nul(row)


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten, not just left out
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _end_what_is_left(connection: Any, record: Any) -> None:
    """Undo what a failed commit left open, or it would hold SQLite's only lock from the pool."""
    if connection is not None and connection.in_transaction:
        try:
            connection.rollback()
        except sqlite3.Error:
            record.invalidate()


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """Bound the waits: a worker that hangs inside a transaction must not hold its runner."""
    connection.execute(
        f"SET lock_timeout = '{BUSY_TIMEOUT_S}s';"
        f"SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT_S}s'"
    )
    connection.commit()


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def count_changed(session: Session, statement: sa.Update | sa.Delete) -> int:
    """Run a statement after what is pending, and return how many rows it changed."""
    session.flush()
    return session.connection().execute(statement).rowcount
