"""Passports as files: one JSON document, or a folder of CSV tables for a spreadsheet."""

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from storage.database import Database
from storage.passports import read_passport

ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet run a text as a formula."""


class PassportFileRefused(AssistantError):
    """A file or folder that can't be read or written."""


def export_passport(database: Database, user_id: str) -> dict[str, Any]:
    """Return everything that is held of the runner. Raises UserNotFound."""
    with database.read() as session:
        return read_passport(session, user_id)


def write_file(path: Path, text: str) -> None:
    """Write a new file that only its owner may read. Raises PassportFileRefused."""
    try:
        with open(path, "x", encoding="utf-8", newline="", opener=_private) as file:
            file.write(text)
    except OSError as error:
        raise _refused(path, error, "written") from None


def write_tables(folder: Path, passport: Mapping[str, Any]) -> None:
    """Write each table that has rows to a new folder. Raises PassportFileRefused."""
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise _refused(folder, error, "made") from None
    for name, rows in passport["tables"].items():
        if rows:
            write_file(folder / f"{name}.csv", render_table(rows))


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises PassportFileRefused."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, error, "read") from None


def render_table(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV; texts are quoted, so no cell ends where a spreadsheet sees another."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(rows[0])
    writer.writerows([render_cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


def render_cell(value: Any) -> str | int | float:
    """Return a value as a cell that no spreadsheet runs; numbers stay numbers."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case str():
            return f"'{value}" if value.startswith(ACTIVE) else value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _refused(path: Path, error: OSError, what: str) -> PassportFileRefused:
    why = "it is there already" if isinstance(error, FileExistsError) else error.strerror
    return PassportFileRefused(f"{str(path)!r} can't be {what}: {why}")
