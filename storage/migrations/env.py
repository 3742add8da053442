"""Alembic's entry: runs the migrations on the engine it was given."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage import integrations, rate_limits, tables  # noqa: F401 - registers the tables
from storage.columns import Json, UtcDateTime

ONE_AT_A_TIME = 7_236_911  # the lock of upgrades: the second waits, then finds nothing to do


def render_plainly(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as the database's own, so that a migration stays as it was made."""
    if kind == "type":
        for ours, plain in (
            (Json, "sa.JSON()"),
            (UtcDateTime, "sa.DateTime(timezone=True)"),
            (AutoString, "sa.String()"),
        ):
            if isinstance(item, ours):
                return plain
    return False


with context.config.attributes["engine"].connect() as connection:
    connection = connection.execution_options(immediate=True)
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_plainly,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # SQLite's lock is taken by its BEGIN
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()
    connection.commit()
