"""What a store holds of its runners, counted and searched for."""

import json
from pathlib import Path

import sqlalchemy as sa
from running import NOW

from storage.database import Database
from storage.passports import (
    owner_of,
    parse_passport,
    read_passport,
    render_passport,
    store_passport,
    tables_of_runners,
)


def text_of(database: Database, user_id: str) -> str:
    """Return the runner's passport."""
    with database.read() as session:
        return render_passport(read_passport(session, user_id))


def rows_of(database: Database, user_id: str) -> dict[str, int]:
    """Return how many rows each table has of a runner, those without any left out."""
    with database.read() as session:
        counts = {
            str(table.name): session.connection().scalar(
                sa.select(sa.func.count()).select_from(table).where(owner_of(table) == user_id)
            )
            for table in tables_of_runners()
        }
    return {name: count for name, count in counts.items() if count}


def all_rows(database: Database) -> dict[str, int]:
    """Return how many rows each table of the store has, the schema's own number aside."""
    with database.read() as session:
        connection = session.connection()
        names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in sorted(names)
        }


def copy_runner(source: Database, user_id: str, target: Database, new_id: str) -> None:
    """Put a runner of one store into another under a new id."""
    passport = json.loads(text_of(source, user_id))
    passport["tables"]["user_profile"][0]["id"] = new_id
    text = json.dumps(passport).encode()
    store_passport(target, parse_passport(text), now=NOW)


def files_with(database: Database, canary: str) -> list[str]:
    """Return the names of a SQLite store's files that hold a text."""
    path = Path(str(database.url.database))
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    wanted = canary.encode()
    return [file.name for file in files if file.exists() and wanted in file.read_bytes()]
