"""What a turn costs in a store with very many runners and messages, beside one with a few.

`python -m tests.bench.scale` fills a store by statements that copy one runner's rows over and over
inside the database, then runs the same turns in it and in a small one, by turns. A benchmark, not a
test: it holds nothing, and machines differ.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from fakes import ScriptedModel
from rich.console import Console
from rich.progress import Progress

from assistant.coach import Coach, Incoming
from assistant.demo import DEMO_FILES
from assistant.plan_files import read_plan_file, store_plan_file
from storage.database import Database
from storage.passports import owner_of, tables_of_runners
from tests.bench.fill import NOW, TODAY, talk

TEMPLATE = "demo"
MESSAGES_A_TURN = 4
AT_ONCE = 500  # runners copied by one statement
SMALL, REPEAT, TURNS = 20, 5, 60
CALLS = [("get_plan_summary", {})]
REPLY = "You are on track. Keep the easy days easy, and sleep well before the long run."


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runners", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=100, help="of each runner")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    console = Console()
    with ExitStack() as stack:
        stores = stack.enter_context(_stores(asked.database))
        sizes = {SMALL: next(stores), asked.runners: next(stores)}
        for runners, database in sizes.items():
            fill(database, runners, asked.messages, Console(stderr=True))
        figures: dict[int, list[tuple[float, float]]] = {runners: [] for runners in sizes}
        for _ in range(REPEAT):
            for runners, database in sizes.items():
                figures[runners].append(asyncio.run(measure(database, runners)))
        for runners, measured in figures.items():
            cpu, wall = (statistics.median(each) for each in zip(*measured, strict=True))
            console.print(
                f"{asked.database}, {runners:,} runners, {runners * asked.messages:,} messages: "
                f"{cpu:.1f} ms of CPU and {wall:.1f} ms a turn"
            )
        few, many = (statistics.median(c for c, _ in measured) for measured in figures.values())
        console.print(f"many to few, CPU: {many / few:.2f}")


def fill(database: Database, runners: int, messages: int, console: Console) -> None:
    """Put one runner with a plan and a past into the store, and copies of them: r1, r2, ..."""
    database.upgrade()
    store_plan_file(database, read_plan_file(DEMO_FILES / "demo.json"), now=NOW)
    for _ in range(messages // MESSAGES_A_TURN):
        talk(database, TEMPLATE, "talk")
    with Progress(console=console) as progress, database.engine.connect() as connection:
        task = progress.add_task(f"{runners:,} runners", total=runners)
        for first in range(1, runners + 1, AT_ONCE):
            last = min(runners, first + AT_ONCE - 1)
            span = {"first": first, "last": last, "template": TEMPLATE}
            with connection.begin():
                for table in tables_of_runners():
                    connection.execute(_copy(table, sqlite=database.is_sqlite), span)
            progress.advance(task, last - first + 1)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _copy(table: sa.Table, *, sqlite: bool) -> sa.TextClause:
    owner = owner_of(table).name
    others = [f'"{c.name}"' for c in table.columns if c.name != owner]
    numbers = "generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n(i)"
    counted = ""
    if sqlite:
        counted = (
            "WITH RECURSIVE n(i) AS (VALUES(:first) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
        )
        numbers = "n"
    return sa.text(
        f'INSERT INTO "{table.name}" ("{owner}", {", ".join(others)}) {counted} '
        f"SELECT 'r' || n.i, {', '.join(others)} FROM \"{table.name}\", {numbers} "
        f'WHERE "{owner}" = :template'
    )


async def measure(database: Database, runners: int) -> tuple[float, float]:
    """Return CPU and wall time of a turn in ms, of runners drawn at random."""
    rng = random.Random(runners)

    async def one() -> None:
        model = ScriptedModel(list(CALLS), REPLY)
        coach = Coach(database, model, clock=lambda: NOW, today=TODAY)
        user = f"r{rng.randrange(1, runners + 1)}"
        async for _ in coach.answer(
            Incoming(user, "how is my plan going?", conversation_id="talk")
        ):
            pass

    for _ in range(5):
        await one()
    cpu, began = time.process_time(), time.perf_counter()
    for _ in range(TURNS):
        await one()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    return cpu / TURNS * 1e3, wall / TURNS * 1e3


@contextmanager
def _stores(kind: str) -> Iterator[Iterator[Database]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if kind == "sqlite":
            urls = (f"sqlite:///{folder / name}" for name in ("few.db", "many.db"))
        else:
            from postgres_server import running_server

            server = stack.enter_context(running_server())
            urls = (server.url(server.make()) for _ in range(2))

        def opened() -> Iterator[Database]:
            for url in urls:
                database = Database(url)
                stack.callback(database.close)
                yield database

        yield opened()


if __name__ == "__main__":
    main()
