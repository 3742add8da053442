"""Statements that are built once and run often, straight through the driver.

SQLAlchemy builds a statement, its SQL and the converters of its values; running it through
`Connection.execute` again costs several times what the driver takes. So what it built is kept here
by statement and dialect. Transactions, pool, types and the errors are still its own.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.errors import TextRefused

Convert = Callable[[Any], Any]
Row = Any  # a named tuple with the statement's columns


class Rows:
    """What a statement brought. rowcount: how many rows it changed."""

    def __init__(self, rows: list[Row], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> list[Row]:
        """Return all rows."""
        return self._rows

    def first(self) -> Row | None:
        """Return the first row, or None."""
        return self._rows[0] if self._rows else None

    def one(self) -> Row:
        """Return the only row. Raises sqlalchemy's NoResultFound, MultipleResultsFound."""
        if not self._rows:
            raise sa.exc.NoResultFound("a row was expected, and there is none")
        if len(self._rows) > 1:
            raise sa.exc.MultipleResultsFound("one row was expected, and there are more")
        return self._rows[0]

    def scalar(self) -> Any:
        """Return the first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None


@dataclass(slots=True)
class _Prepared:
    """A statement in one dialect.

    names: the values' order, where they go by their places. fixed: values of the statement's own.
    readers: what converts each column's values, from the first result on; empty where nothing does.
    """

    sql: str
    names: tuple[str, ...] | None
    fixed: dict[str, Any]
    converters: dict[str, Convert]
    types: tuple[sa.types.TypeEngine[Any], ...]
    row: Callable[[Any], Row]
    readers: tuple[Convert | None, ...] | None = None

    def bound(self, values: dict[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        given = {**self.fixed, **values} if self.fixed else values
        converters = self.converters
        if self.names is None:
            return {
                name: converters[name](value) if name in converters else value
                for name, value in given.items()
            }
        return tuple(
            [
                converters[name](given[name]) if name in converters else given[name]
                for name in self.names
            ]
        )


_Key = tuple[str, tuple[str, ...]]
_prepared: "WeakKeyDictionary[sa.Executable, dict[_Key, _Prepared]]" = WeakKeyDictionary()


def run(connection: sa.Connection, statement: sa.Executable, values: dict[str, Any]) -> Rows:
    """Run a statement with these values. Raises DBAPIError, TextRefused as SQLAlchemy's own do."""
    dialect = connection.dialect
    known = _prepared.get(statement)
    if known is None:
        known = _prepared[statement] = {}
    key = (dialect.name, tuple(values))
    prepared = known.get(key)
    if prepared is None:
        prepared = known[key] = _prepare(statement, dialect, values)
    bound = prepared.bound(values)
    refuse_nul(bound)
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        dialect.do_execute(cursor, prepared.sql, bound)
        if cursor.description is None:
            return Rows([], cursor.rowcount)
        return Rows(_read(cursor, prepared, dialect), cursor.rowcount)
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, driver, cursor)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            prepared.sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()


def refuse_nul(parameters: Any) -> None:
    """Refuse on both databases what PostgreSQL can't hold and SQLite cuts off."""
    for value in parameters.values() if isinstance(parameters, dict) else parameters:
        if isinstance(value, str) and "\x00" in value:
            raise TextRefused("a text holds a NUL character")


def _prepare(statement: sa.Executable, dialect: sa.Dialect, values: dict[str, Any]) -> _Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(values))  # type: ignore[attr-defined]
    if compiled.post_compile_params or getattr(compiled, "prefetch", None):
        raise sa.exc.CompileError("a statement that is run often can't be expanded or add defaults")
    converters = {}
    for name, bind in compiled.binds.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converters[name] = convert
    fixed = {name: value for name, value in compiled.params.items() if name not in values}
    columns: Sequence[Any] = tuple(getattr(statement, "exported_columns", ()))
    make: Any = namedtuple  # its columns are not known here
    shape = make("Row", [column.key for column in columns] or ["value"], rename=True)
    return _Prepared(
        compiled.string,
        tuple(compiled.positiontup) if compiled.positional else None,
        fixed,
        converters,
        tuple(column.type for column in columns),
        shape._make,
    )


def _read(cursor: Any, prepared: _Prepared, dialect: sa.Dialect) -> list[Row]:
    make = prepared.row
    readers = prepared.readers
    if readers is None:
        found = [
            kind.dialect_impl(dialect).result_processor(dialect, column[1])
            for kind, column in zip(prepared.types, cursor.description, strict=False)
        ]
        readers = prepared.readers = tuple(found) if any(found) else ()
    if not readers:
        return [make(row) for row in cursor.fetchall()]
    return [
        make(
            [
                value if read is None else read(value)
                for read, value in zip(readers, row, strict=True)
            ]
        )
        for row in cursor.fetchall()
    ]
