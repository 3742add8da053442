"""A database whose Nth call fails, by the driver's own error: a statement, a commit or the like."""

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from storage.database import Database

Call = Callable[..., Any]


class Failing:
    """Counts the calls of the database's driver and fails one, or one and all that follow.

    A call is a connect, a statement, a commit or a rollback. how: "conflict" (locked; not
    serializable or a deadlock), "lost" (the disk, or the connection), or "unheard" (the call is
    done, and the connection is lost before its answer comes).
    """

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self.at, self.count, self.fired = 0, 0, 0
        self.how, self.lasting = "lost", False
        self.sqlite = database.is_sqlite
        dialect: Any = self.engine.dialect
        self._commit, self._rollback = dialect.do_commit, dialect.do_rollback
        self._really, self._really_plain = dialect.do_execute, dialect.do_execute_no_params
        dialect.do_execute = self._execute
        dialect.do_execute_no_params = self._execute_plain
        sa.event.listen(self.engine, "do_connect", self._connect)
        dialect.do_commit = lambda connection: self._end(self._commit, connection)
        dialect.do_rollback = lambda connection: self._end(self._rollback, connection)

    def arm(self, at: int, how: str, *, lasting: bool) -> None:
        """Fail the call of this number, counted from now; lasting: and those after it."""
        self.at, self.how, self.lasting = at, how, lasting
        self.count = self.fired = 0

    def repair(self) -> None:
        """Fail no more."""
        self.at = 0

    def _fails(self) -> bool:
        self.count += 1
        fails = self.at > 0 and (self.count >= self.at if self.lasting else self.count == self.at)
        self.fired += fails
        return fails

    def _execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        self._ends(lambda: self._really(cursor, statement, parameters, context), cursor)

    def _execute_plain(self, cursor: Any, statement: str, context: Any = None) -> None:
        self._ends(lambda: self._really_plain(cursor, statement, context), cursor)

    def _ends(self, really: Call, cursor: Any) -> None:
        if not self._fails():
            really()
            return
        if self.how == "unheard":
            really()
        raise self._error(cursor.connection)

    def _connect(self, *_: Any) -> None:
        if self._fails():
            raise self._error(None)

    def _end(self, end: Call, connection: Any) -> None:
        if not self._fails():
            end(connection)
            return
        if self.how == "unheard":
            end(connection)
        elif self.how == "conflict" and not self.sqlite:
            self._rollback(connection)  # as the server does, before it says so
        raise self._error(connection)

    def _error(self, connection: Any) -> Exception:
        if self.sqlite:
            locked = self.how == "conflict"
            return sqlite3.OperationalError("database is locked" if locked else "disk I/O error")
        if self.how == "conflict" and connection is not None:
            kinds = psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected
            return kinds[self.count % 2]("another transaction got in the way")
        if connection is not None:
            getattr(connection, "driver_connection", connection).close()
        return psycopg.OperationalError("the connection is lost")
