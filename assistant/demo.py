"""The demo runners: loaded once, left alone afterwards."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import AssistantError
from assistant.plan_files import read_plan_file, store_plan_file
from storage.database import Database
from storage.profiles import list_users

DEMO_FILES = Path(__file__).resolve().parent.parent / "examples" / "demo"


class DemoMissing(AssistantError):
    """The demo files are not where they should be."""


def load_demo(
    database: Database, now: dt.datetime, *, folder: Path = DEMO_FILES
) -> tuple[str, ...]:
    """Load the demo runners that the store does not have yet; return their ids."""
    return tuple(iterate_demo(database, now, folder=folder))


def iterate_demo(database: Database, now: dt.datetime, *, folder: Path) -> Iterator[str]:
    """Load the demo runners one by one, yielding the id of each that is new."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise DemoMissing(f"there are no demo runners (*.json) in {folder}")
    with database.read() as session:
        known = set(list_users(session))
    for path in paths:
        file = read_plan_file(path)
        if file.user.id not in known:
            store_plan_file(database, file, now=now)
            yield file.user.id
