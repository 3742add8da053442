"""No statement of a turn reads a table of runners but through an index by the runner's id."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fakes import ScriptedModel, Step

from assistant.coach import Coach, Incoming
from assistant.events import Finished
from storage.database import Database
from storage.passports import owner_of, tables_of_runners

pytestmark = [pytest.mark.anyio, pytest.mark.both_stores]
NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
RAN = {"date": "2026-02-10", "completion_status": "completed", "feedback": {"rpe": 4}}
MOVED = {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}
CALLS: list[list[tuple[str, Any]]] = [
    [("get_plan_summary", {})],
    [("get_workout", {"date": "2026-02-12"}), ("get_progress", {"weeks": 4})],
    [("log_execution", RAN)],
    [("adapt_plan", MOVED)],
    [("adapt_plan", {"kind": "undo"})],
    [("adapt_plan", {"kind": "availability", "days": [{"day": "tue"}, {"day": "sat"}]})],
    [("update_profile", {"name": "Kim"})],
]
SAID = ("how is it going?", "yes", "my calf is swollen and hot", "a doctor cleared me, all is fine")
TABLES = "|".join(table.name for table in tables_of_runners())
OWNER = {table.name: owner_of(table).name for table in tables_of_runners()}


@contextmanager
def recorded(database: Database) -> Iterator[dict[str, Any]]:
    """Keep each statement that the driver is given, with values of its own."""
    dialect: Any = database.engine.dialect
    really, seen = dialect.do_execute, {}

    def note(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        seen[statement] = parameters
        really(cursor, statement, parameters, context)

    dialect.do_execute = note
    try:
        yield seen
    finally:
        dialect.do_execute = really


async def test_each_statement_finds_a_runners_rows_by_an_index(demo: Database) -> None:
    with recorded(demo) as statements:
        for calls in CALLS:
            script: list[Step] = [calls, "Done."]
            coach = Coach(demo, ScriptedModel(*script), clock=lambda: NOW, today=NOW.date())
            for text in SAID:
                events = coach.answer(Incoming("demo", text, conversation_id="one"))
                assert [e async for e in events if isinstance(e, Finished)]
    asked = {
        statement: values
        for statement, values in statements.items()
        if re.match(r"\s*(?:SELECT|UPDATE|DELETE|WITH|INSERT)\b", statement)
        and re.search(rf"\b(?:FROM|UPDATE|JOIN)\s+(?:{TABLES})\b", statement)
    }
    assert len(asked) > 20
    explain = _sqlite_faults if demo.is_sqlite else _postgres_faults
    with demo.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        faults = [
            f"{fault}: {' '.join(statement.split())}"
            for statement, values in asked.items()
            for fault in explain(driver, statement, values)
        ]
    assert faults == []


def _sqlite_faults(driver: Any, statement: str, values: Any) -> Iterator[str]:
    for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values):
        kind, _, rest = step.partition(" ")
        if kind == "SCAN" and not rest.startswith(("CONSTANT ROW", "(subquery")):
            yield step
        if kind == "SEARCH" and "(user_id=?" not in rest and "(id=?" not in rest:
            yield step


def _postgres_faults(driver: Any, statement: str, values: Any) -> Iterator[str]:
    with driver.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # of tables as small as these it would choose it
        cursor.execute("SET enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        found = cursor.fetchone()[0]
    plan = found if isinstance(found, list) else json.loads(found)
    yield from _nodes_without_index(plan[0]["Plan"])


def _nodes_without_index(node: dict[str, Any]) -> Iterator[str]:
    table = node.get("Relation Name")
    if table in OWNER and node["Node Type"] != "ModifyTable":
        condition = node.get("Index Cond", "")
        if OWNER[table] not in condition:
            yield f"{node['Node Type']} of {table} ({condition})"
    for inner in node.get("Plans", ()):
        yield from _nodes_without_index(inner)
