"""What a runner may have and end, over HTTP and by command: all that is held of them."""

import csv
import json
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import JSON, Answer, ask
from command import is_one_clear_line, runplan
from credentials import SHARED, bearer, integrate, signed, token
from fakes import ScriptedModel, Step
from fastapi import FastAPI
from holdings import copy_runner, rows_of, text_of
from running import NOW, Runner
from starlette.testclient import TestClient

from assistant.coach import Coach
from assistant.passports import ACTIVE, render_table
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database, database_now
from storage.erasing import erase_user
from storage.retention import purge_messages

ROOT = Path(__file__).parents[2]
CONFIRM = b'{"confirm": "delete everything"}'
DEMO = pytest.mark.usefixtures("demo_here")
CANARY = "kanarienvogel"


def application(database: Database, *script: Step) -> FastAPI:
    coach = Coach(database, ScriptedModel(*(script or ["Hello."])), clock=lambda: NOW)
    return build_app(load_settings(auth="jwt,webhook", **SHARED), database, coach=coach)


@asynccontextmanager
async def running(database: Database, *script: Step) -> AsyncIterator[FastAPI]:
    app = application(database, *script)
    async with app.router.lifespan_context(app):
        yield app


async def export(app: FastAPI, **more: Any) -> Answer:
    headers = bearer(token()) if "headers" not in more else more.pop("headers")
    return await ask(app, method="GET", path="/me/export", headers=headers, pieces=[b""], **more)


async def delete(app: FastAPI, content: bytes = CONFIRM, **more: Any) -> Answer:
    headers = bearer(token()) if "headers" not in more else more.pop("headers")
    return await ask(app, method="DELETE", path="/me", headers=headers, pieces=[content], **more)


def is_problem(answer: Answer, status: int) -> bool:
    told = answer.headers["content-type"] == "application/problem+json"
    return told and (answer.status, answer.json()["status"]) == (status, status)


# Over HTTP


@pytest.mark.anyio
@pytest.mark.both_stores
async def test_a_runner_takes_all_away_and_ends_it(demo: Database) -> None:
    Runner(demo).adapt(kind="move", date="2026-02-12", to_date="2026-02-13")
    others = text_of(demo, "inactive")
    async with running(demo) as app:
        await ask(app, headers=bearer(token()))
        held = rows_of(demo, "demo")
        passport = await export(app)
        assert passport.status == 200
        assert passport.body.decode() == text_of(demo, "demo")
        assert passport.headers["content-disposition"].startswith("attachment")
        assert passport.headers["cache-control"] == "no-store"
        gone = await delete(app)
        assert (gone.status, gone.json()) == (200, {"deleted": held, "wiped": demo.is_sqlite})
        assert rows_of(demo, "demo") == {}
        assert text_of(demo, "inactive") == others
        for answer in (
            await export(app),
            await delete(app),
            await ask(app, headers=bearer(token())),
        ):
            assert is_problem(answer, 404)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", (JSON,), 400),
        (b"{", (JSON,), 400),
        (b"{}", (JSON,), 422),
        (b"null", (JSON,), 422),
        (b'{"confirm": true}', (JSON,), 422),
        (b'{"confirm": "delete nothing"}', (JSON,), 422),
        (b'{"confirm": "delete everything", "user_id": "inactive"}', (JSON,), 422),
        (CONFIRM, ((b"content-type", b"text/plain"),), 415),
        (b" " * 70_000, (JSON,), 413),
    ],
)
async def test_a_deletion_without_its_words_deletes_nothing(
    demo: Database, content: bytes, headers: Any, status: int
) -> None:
    before = text_of(demo, "demo")
    credentials = bearer(token())[1:]
    async with running(demo) as app:
        answer = await delete(app, content, headers=(*headers, *credentials))
    assert is_problem(answer, status)
    assert status != 422 or answer.json()["detail"]
    assert text_of(demo, "demo") == before


@pytest.mark.anyio
async def test_an_integration_may_neither_have_nor_end_its_runners(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    before = text_of(demo, "demo")
    async with running(demo) as app:
        assert is_problem(await export(app, headers=signed(b"")), 403)
        for content in (CONFIRM, b'{"confirm": "delete everything", "user_id": "demo"}'):
            assert is_problem(await delete(app, content, headers=signed(content)), 403)
    assert text_of(demo, "demo") == before


@pytest.mark.anyio
async def test_a_token_ends_its_own_runner_alone(demo: Database) -> None:
    async with running(demo) as app:
        assert (await delete(app, headers=bearer(token(sub="inactive")))).status == 200
    assert rows_of(demo, "inactive") == {}
    assert rows_of(demo, "demo")


@pytest.mark.both_stores
def test_a_turn_whose_runner_goes_says_so(demo: Database) -> None:
    def go(messages: Any) -> str:
        erase_user(demo, "demo")
        return "Well done."

    with TestClient(
        application(demo, go), headers={"Authorization": f"Bearer {token()}"}
    ) as client:
        copy_runner(demo, "inactive", demo, "spare")
        answer = client.post("/chat", json={"message": "done"})
        assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such runner")
        copy_runner(demo, "spare", demo, "demo")
        stream = client.post(
            "/chat", json={"message": "done"}, headers={"Accept": "text/event-stream"}
        )
    parts = [line for line in stream.text.split("\n\n") if line]
    assert "there is no such runner" in parts[-2]
    assert parts[-1] == "data: [DONE]"
    assert "data-reply" not in stream.text
    assert rows_of(demo, "demo") == {}


@pytest.mark.anyio
@pytest.mark.both_stores
async def test_a_purged_message_that_comes_back_is_a_410(demo: Database) -> None:
    headers = (*bearer(token()), (b"idempotency-key", b"one"))
    async with running(demo, "Hello.") as app:
        first = await ask(app, headers=headers)
        assert first.status == 200
        with demo.read() as session:
            later = database_now(session)
        purge_messages(demo, before=later)
        again = await ask(app, headers=headers)
    assert is_problem(again, 410)
    assert "not counted again" in again.json()["detail"]
    assert len(json.loads(text_of(demo, "demo"))["tables"]["turn"]) == 1


@pytest.mark.anyio
async def test_the_service_describes_what_a_runner_may_have_and_end(demo: Database) -> None:
    async with running(demo) as app:
        paths = app.openapi()["paths"]
    have, end = paths["/me/export"]["get"], paths["/me"]["delete"]
    assert {"200", "401", "403", "404", "429", "503"} <= set(have["responses"])
    assert {"200", "400", "401", "403", "404", "413", "415", "422"} <= set(end["responses"])
    problems = {*have["responses"], *end["responses"]} - {"200"}
    for described in (have, end):
        for status in problems & set(described["responses"]):
            assert set(described["responses"][status]["content"]) == {"application/problem+json"}
    body = end["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["confirm"]["const"] == "delete everything"
    assert end["requestBody"]["required"]


# Tables for spreadsheets


FORMULAS = [
    f"{start}{text}"
    for start in ACTIVE
    for text in (
        "1+1",
        'HYPERLINK("http://evil.example","x")',
        "cmd|' /C calc'!A0",
        "SUM(1,2)",
        "a;=1+1",
        "",
        "x\n=1+1",
        '"=1+1"',
        "-5",
    )
]


def test_no_cell_is_run_by_a_spreadsheet_and_numbers_stay_numbers() -> None:
    assert len(FORMULAS) == 63
    values = [{"said": text, "km": -5.25, "n": -3, "yes": True, "none": None} for text in FORMULAS]
    text = render_table(
        [*values, {"said": "a fine day", "km": 1e-7, "n": 0, "yes": False, "none": 1}]
    )
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert [row["said"] for row in rows] == [f"'{said}" for said in FORMULAS] + ["a fine day"]
    assert {row["km"] for row in rows[:-1]} == {"-5.25"}
    assert {(row["n"], row["yes"], row["none"]) for row in rows[:-1]} == {("-3", "true", "")}
    numbers = list(csv.reader(text.splitlines(keepends=True), quoting=csv.QUOTE_NONNUMERIC))
    assert numbers[1][1:3] == [-5.25, -3.0]


# By command


@DEMO
def test_a_runner_moves_to_another_instance_and_leaves_the_first() -> None:
    said = f"40 min easy done, rpe 3, {CANARY}\n"
    talked = runplan("chat", "--user", "demo", "--today", "2026-02-10", "--json", said=said)
    assert talked.returncode == 0, talked.stderr
    done = runplan("user", "export", "demo", "--to", "one.json", "--csv", "tables")
    assert done.returncode == 0, done.stderr
    there = {"RUNPLAN_DATABASE_URL": "sqlite:///there.db"}
    assert runplan("user", "import", "one.json", **there).stdout == "demo was imported\n"
    again = runplan("user", "export", "demo", "--to", "-", **there)
    assert again.stdout == Path("one.json").read_text()
    assert CANARY in again.stdout
    assert stat.S_IMODE(Path("one.json").stat().st_mode) == 0o600
    with Path("tables/message.csv").open(newline="") as file:
        assert CANARY in next(csv.DictReader(file))["text"]
    gone = runplan("user", "delete", "demo", "--yes")
    assert (gone.returncode, gone.stderr) == (0, "")
    assert gone.stdout.startswith("demo was deleted: ")
    for file in Path().glob("runplan.db*"):
        assert CANARY.encode() not in file.read_bytes(), file


@DEMO
def test_a_deletion_asks_first() -> None:
    kept = runplan("user", "delete", "demo", said="n\n")
    assert kept.returncode == 1
    assert "Delete everything that is held of 'demo'?" in kept.stdout + kept.stderr
    assert runplan("user", "export", "demo", "--to", "-").returncode == 0
    assert runplan("user", "delete", "demo", said="y\n").returncode == 0
    assert is_one_clear_line(runplan("user", "delete", "demo"), "there is no runner 'demo'")


@DEMO
def test_what_the_commands_cannot_do_is_one_clear_line() -> None:
    assert is_one_clear_line(runplan("user", "export", "demo"), "--to FILE.json")
    assert is_one_clear_line(runplan("user", "export", "nobody", "--to", "x"), "'nobody'")
    assert not Path("x").exists()
    Path("there").write_text("mine")
    assert is_one_clear_line(runplan("user", "export", "demo", "--to", "there"), "there already")
    assert is_one_clear_line(runplan("user", "export", "demo", "--csv", "there"), "there already")
    assert Path("there").read_text() == "mine"
    assert is_one_clear_line(runplan("user", "import", "no.json"), "No such file")
    assert is_one_clear_line(runplan("user", "import", "there"), "no JSON")
    assert runplan("user", "export", "demo", "--to", "demo.json").returncode == 0
    assert is_one_clear_line(runplan("user", "import", "demo.json"), "runner 'demo' already")


@DEMO
def test_a_sweep_prints_what_went() -> None:
    runplan("chat", "--user", "demo", "--today", "2026-02-10", "--json", said="hi\nhello\n")
    kept = runplan("db", "sweep").stdout.splitlines()
    assert kept[0] == "messages: all are kept (RUNPLAN_KEEP_MESSAGES_DAYS is not set)"
    store = sqlite3.connect("runplan.db")
    for table, column in (("turn", "created_at"), ("turn", "finished_at")):
        store.execute(f"UPDATE {table} SET {column} = '2026-01-01 00:00:00.000000'")
    store.commit()
    swept = runplan("db", "sweep", RUNPLAN_KEEP_MESSAGES_DAYS="30")
    assert "purged 2 turns with" in swept.stdout, swept.stderr
    assert "2 stored responses" in swept.stdout
    assert store.execute("SELECT count(*) FROM message").fetchone() == (0,)
    store.close()
    bad = runplan("db", "sweep", RUNPLAN_KEEP_MESSAGES_DAYS="0")
    assert is_one_clear_line(bad, "RUNPLAN_KEEP_MESSAGES_DAYS")
