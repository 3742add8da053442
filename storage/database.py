"""The database: engine, short transactions, and whether its schema fits this program."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session as Session  # callers hold one and never import SQL

from storage.errors import StoreOutdated, StoreTooNew, StoreUnavailable
from storage.migrations import HEAD, REVISIONS

BUSY_TIMEOUT_S = 10


class Database:
    """One store by its URL. Nothing is opened until the first transaction.

    SQLite runs in WAL with foreign keys and `synchronous=FULL`, so a committed turn survives a
    power cut; writes begin IMMEDIATE, since a read that becomes a write fails at once otherwise.
    """

    def __init__(self, url: str) -> None:
        try:
            self.url = sa.engine.make_url(url)
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = self._build_engine()
        except (ArgumentError, ImportError) as error:
            raise StoreUnavailable(
                f"{url!r} is no database address this program can use; "
                "one looks like 'sqlite:///runplan.db'"
            ) from error

    def _build_engine(self) -> sa.Engine:
        settings: dict[str, Any] = {"json_serializer": _compact_json, "hide_parameters": True}
        if self.is_sqlite:
            settings["connect_args"] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
            settings["poolclass"] = QueuePool
            if self._in_memory:
                raise StoreUnavailable("an in-memory database would lose what runners say")
        engine = sa.create_engine(self.url, **settings)
        if self.is_sqlite:
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin)
        return engine

    @property
    def _in_memory(self) -> bool:
        return self.url.database in (None, "", ":memory:")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session whose reads see one moment."""
        with self._session(immediate=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits when the block ends well, and leaves nothing otherwise."""
        with self._session(immediate=True) as session:
            session.connection()  # takes the lock now, not at the first statement
            yield session
            session.commit()

    @contextmanager
    def write_common(self) -> Iterator[Session]:
        """Open a session, as `write` does, for rows that no one runner owns."""
        with self._session(immediate=True) as session:
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def _session(self, *, immediate: bool) -> Iterator[Session]:
        try:
            connection = self.engine.connect().execution_options(immediate=immediate)
            with connection, Session(connection, expire_on_commit=False) as session:
                yield session
        except DBAPIError as error:
            if isinstance(error, sa.exc.IntegrityError):
                raise
            raise StoreUnavailable(f"the store can't be used: {error.orig}") from error

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
        if found == HEAD:
            return
        if found is None or found in REVISIONS:
            raise StoreOutdated("the store's schema is behind: run `runplan db upgrade`")
        raise StoreTooNew(
            f"the store's schema {found!r} is newer than this program (which knows {HEAD!r}): "
            "update runplan"
        )

    def upgrade(self) -> None:
        """Bring the schema to this program's revision; a newer one is left alone.

        Raises StoreTooNew, StoreUnavailable.
        """
        try:
            self.check()
        except StoreOutdated:
            from storage.migrations.upgrade import upgrade  # Alembic takes long to import

            upgrade(self)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def count_changed(session: Session, statement: sa.Update | sa.Delete) -> int:
    """Run a statement after what is pending, and return how many rows it changed."""
    session.flush()
    return session.connection().execute(statement).rowcount
