"""Alembic's entry: runs the migrations on the engine it was given."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage import integrations, rate_limits, tables  # noqa: F401 - registers the tables
from storage.columns import Json, UtcDateTime


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
        context.run_migrations()
    connection.commit()
