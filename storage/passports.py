"""Passports: everything that is held of a runner as one document that imports again unchanged.

Rows are read and written by the tables' own columns, so a new table or column is in it at once. A
row leaves out its runner's id, which the document says once, and what belongs to a worker.
`python -m storage.passports` prints the document's JSON Schema.
"""

import datetime as dt
import functools
import json
import math
import sys
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Database, retried
from storage.errors import (
    IntegrationInvalid,
    PassportInvalid,
    TextRefused,
    UserExists,
    UserNotFound,
)
from storage.integrations import IntegrationLink, ensure_integration
from storage.rate_limits import RateLimit
from storage.tables import ONE_OF, UserProfile

FORMAT = "runplan-passport"
VERSION = 1
NOBODYS = frozenset({"integration", str(RateLimit.__tablename__)})
"""The tables that no runner owns."""

_OWNER = "user_id"
_PROFILE = str(UserProfile.__tablename__)
_LINKS = str(IntegrationLink.__tablename__)
_WORKERS = frozenset({"lease_owner", "lease_until"})  # who works on a turn just now
_STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def tables_of_runners() -> tuple[sa.Table, ...]:
    """Return all tables that runners own, each after those that it points at."""
    return tuple(t for t in SQLModel.metadata.sorted_tables if t.name not in NOBODYS)


def owner_of(table: sa.Table) -> sa.Column[str]:
    """Return the column that says whose a row is."""
    column: sa.Column[str] = table.c.id if table.name == _PROFILE else table.c[_OWNER]
    return column


def read_passport(session: Session, user_id: str) -> dict[str, Any]:
    """Return the runner's passport as JSON values. Raises UserNotFound."""
    tables = read_tables(session, user_id)
    if not tables[_PROFILE]:
        raise UserNotFound(f"there is no runner {user_id!r}")
    return {"format": FORMAT, "version": VERSION, "tables": tables}


def read_tables(
    session: Session, user_id: str, names: Collection[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the runner's rows by table as JSON values: of all tables, or of those named."""
    return {
        str(table.name): [_plain(table, row) for row in _rows(session, table, user_id)]
        for table in tables_of_runners()
        if names is None or table.name in names
    }


def render_passport(passport: dict[str, Any]) -> str:
    """Return the passport's text, the same for the same rows."""
    return json.dumps(passport, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def parse_passport(text: bytes) -> BaseModel:
    """Read a passport strictly. Raises PassportInvalid naming the place and what is accepted."""
    try:
        said = json.loads(
            text,
            object_pairs_hook=_refuse_twice,
            parse_constant=_refuse_number,
            parse_float=_parse_float,
        )
    except RecursionError:
        raise PassportInvalid("the passport is nested too deeply") from None
    except ValueError as error:
        raise PassportInvalid(f"the passport is no JSON: {error}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise PassportInvalid(f"format: the document does not say {FORMAT!r}: it is no passport")
    version = said.get("version")
    if isinstance(version, int) and version > VERSION:
        raise PassportInvalid(
            f"version: {version} is newer than this program, which takes up to {VERSION}: "
            "update runplan"
        )
    try:
        return passport_model().model_validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the document"
        raise PassportInvalid(f"{place}: {first['msg']}") from None


@retried
def store_passport(database: Database, passport: BaseModel, *, now: dt.datetime) -> str:
    """Store a passport's runner, or nothing of it; return the id.

    An integration that the store does not know is made without a secret.
    Raises UserExists; PassportInvalid where a row breaks a rule of the store.
    """
    rows: Any = passport.tables  # type: ignore[attr-defined]  # its type is made from the tables
    user_id: str = getattr(rows, _PROFILE)[0].id
    with database.write(user_id) as session:
        if session.get(UserProfile, user_id) is not None:
            raise UserExists(
                f"there is a runner {user_id!r} already: a passport is taken for a new one alone"
            )
        for table in tables_of_runners():
            for place, row in enumerate(getattr(rows, table.name)):
                try:
                    _insert(session, table, user_id, row, now)
                except (DataError, IntegrityError) as error:
                    raise PassportInvalid(_broken(table, place, error)) from None
                except (IntegrationInvalid, TextRefused) as error:
                    raise PassportInvalid(f"tables.{table.name}.{place}: {error}") from None
    return user_id


@functools.cache
def passport_model() -> type[BaseModel]:
    """Return the document's type, made from the tables on first use: that takes a while."""
    rows: dict[str, Any] = {}
    for table in tables_of_runners():
        row = _row_model(table)
        rows[table.name] = (tuple[row] if table.name == _PROFILE else tuple[row, ...], ...)  # type: ignore[valid-type]  # made here
    tables = create_model("Tables", __config__=_STRICT, **rows)
    parts: dict[str, Any] = {
        "format": (Literal[FORMAT], ...),
        "version": (Literal[VERSION], ...),
        "tables": (tables, ...),
    }
    return create_model(
        "Passport",
        __config__=_STRICT,
        __doc__="Everything that a runplan instance holds of one runner, table by table.",
        **parts,
    )


def render_schema() -> str:
    """Return the passport's JSON Schema."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(schema | passport_model().model_json_schema(), indent=2) + "\n"


def columns_of(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """Yield the columns that a passport tells of."""
    return (c for c in table.columns if c.name not in _WORKERS and c.name != _OWNER)


def _rows(session: Session, table: sa.Table, user_id: str) -> list[Any]:
    """Return the runner's rows by their keys, in an order that is alike on every server."""
    keys = [column.name for column in table.primary_key]
    found = session.execute(sa.select(table).where(owner_of(table) == user_id)).mappings()
    return sorted(found, key=lambda row: tuple(row[key] for key in keys))


def _plain(table: sa.Table, row: Any) -> dict[str, Any]:
    return {str(c.name): _json(c.type, row[c.name]) for c in columns_of(table)}


def _json(kind: Any, value: Any) -> Any:
    if isinstance(kind, Json) and value is not None:
        return kind.adapter.dump_python(value, mode="json")
    return value.isoformat() if isinstance(value, dt.date) else value  # a time is a date, too


def _insert(session: Session, table: sa.Table, user_id: str, row: Any, now: dt.datetime) -> None:
    values = {column.name: getattr(row, column.name) for column in columns_of(table)}
    if table.name == _LINKS:
        ensure_integration(session, values["integration_id"], now=now)
    session.connection().execute(sa.insert(table).values({owner_of(table).name: user_id} | values))


def _broken(table: sa.Table, place: int, error: DataError | IntegrityError) -> str:
    """Say which rule a row breaks, without what the database tells of the row."""
    kind = "it is not one that the store can hold"
    text = str(error.orig).upper()
    if "FOREIGN KEY" in text:
        targets = sorted({key.column.table.name for key in table.foreign_keys})
        kind = f"it points at a row that is not there (of {' or '.join(targets)})"
    elif "UNIQUE" in text:
        kind = "another row has the same key, or the same place, day or number"
    elif "CHECK" in text:
        names = sorted(
            str(rule.sqltext)
            for rule in table.constraints
            if isinstance(rule, sa.CheckConstraint) and ONE_OF not in rule.info
        )
        kind = f"it must keep to {'; '.join(names)}"
    return f"tables.{table.name}.{place}: {kind}"


def column_types(table: sa.Table) -> dict[str, Any]:
    """Return the type of each column that a passport tells of."""
    listed = dict(rule.info[ONE_OF] for rule in table.constraints if ONE_OF in rule.info)
    return {str(c.name): _type(c, listed.get(c.name)) for c in columns_of(table)}


def _row_model(table: sa.Table) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (kind, ...) for name, kind in column_types(table).items()}
    name = "".join(part.title() for part in table.name.split("_"))
    return create_model(name, __config__=_STRICT, **fields)


def _type(column: sa.Column[Any], listed: tuple[str, ...] | None) -> Any:
    kind: Any
    match column.type:
        case Json():
            kind = column.type.of
        case UtcDateTime():
            kind = Annotated[AwareDatetime, AfterValidator(_utc)]
        case sa.Integer():
            kind = Annotated[int, Field(ge=-(2**31), lt=2**31)]
        case TypeDecorator():  # SQLModel's texts
            kind = column.type.impl_instance.python_type
        case _:
            kind = column.type.python_type
    if listed is not None:
        kind = Literal[listed]
    return kind | None if column.nullable else kind


def _utc(value: dt.datetime) -> dt.datetime:
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("give a time of the years 1 to 9999 in UTC") from None


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _parse_float(text: str) -> float:
    return value if math.isfinite(value := float(text)) else _refuse_number(text)


def _refuse_number(text: str) -> float:
    raise ValueError(f"{text[:20]} is no number that the store can hold")


if __name__ == "__main__":
    sys.stdout.write(render_schema())
