"""GET /chat: what was said, a page at a time, and only to whom it belongs."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from asking import ask
from credentials import SHARED, bearer, integrate, signed, token
from fakes import ScriptedModel
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.coach import Coach
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database, database_now
from storage.retention import purge_messages

MONDAY = dt.date(2026, 2, 9)
NOW = dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)


def application(database: Database, **settings: Any) -> FastAPI:
    coach = Coach(database, ScriptedModel("Hello."), clock=lambda: NOW, today=MONDAY)
    return build_app(load_settings(**settings), database, coach=coach)


@pytest.fixture
def client(demo: Database) -> Iterator[TestClient]:
    with TestClient(application(demo), base_url="http://127.0.0.1") as found:
        yield found


def say(client: TestClient, text: str, conversation: str | None = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"message": text, "conversation_id": conversation}
    answer = client.post("/chat", json=body, headers=headers)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(
    ("user", "prompt"),
    [
        ("demo", "Track my training"),
        ("noplan", "Track my training"),
        ("inactive", None),
        ("active_not_entitled", None),
    ],
)
def test_a_runner_who_said_nothing_yet_reads_an_empty_history(
    client: TestClient, user: str, prompt: str | None
) -> None:
    body = client.get("/chat", headers={"X-Runplan-User": user}).json()
    assert body["top_prompt"] == prompt
    assert (body["turns"], body["conversation_id"], body["earlier"]) == ([], None, None)
    assert body["runner"]["id"] == user
    assert body["today"] == "2026-02-09"


@pytest.mark.both_stores
def test_the_history_holds_each_message_with_its_reply_and_its_key(client: TestClient) -> None:
    first = say(client, "hi", key="mine")
    second = say(client, "and again", first["conversation_id"])
    body = client.get("/chat").json()
    assert body["conversation_id"] == first["conversation_id"]
    assert [turn["reply"] for turn in body["turns"]] == [first, second]
    assert [(t["text"], t["status"]) for t in body["turns"]] == [
        ("hi", "done"),
        ("and again", "done"),
    ]
    assert body["turns"][0]["key"] == "mine"


def test_a_long_history_comes_a_page_at_a_time(client: TestClient) -> None:
    for n in range(7):
        say(client, f"message {n}", "conv_a")
    pages, before = [], None
    while True:
        wanted = {"turns": 3} | ({} if before is None else {"before": before})
        body = client.get("/chat", params=wanted).json()
        pages.append([turn["text"].removeprefix("message ") for turn in body["turns"]])
        before = body["earlier"]
        if before is None:
            break
    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]


def test_the_latest_conversation_is_read_unless_another_is_named(client: TestClient) -> None:
    say(client, "old", "conv_a")
    say(client, "new", "conv_b")
    assert client.get("/chat").json()["turns"][0]["text"] == "new"
    named = client.get("/chat", params={"conversation_id": "conv_a"}).json()
    assert [turn["text"] for turn in named["turns"]] == ["old"]


def test_another_runners_conversation_reads_like_one_that_is_not_there(client: TestClient) -> None:
    say(client, "a secret of mine", "conv_a")
    theirs = {"X-Runplan-User": "noplan"}
    taken = client.get("/chat", params={"conversation_id": "conv_a"}, headers=theirs)
    missing = client.get("/chat", params={"conversation_id": "conv_x"}, headers=theirs)
    assert taken.text == missing.text.replace("conv_x", "conv_a")
    assert "secret" not in taken.text


def test_a_message_without_a_reply_can_be_sent_again_under_its_key(
    client: TestClient, demo: Database
) -> None:
    say(client, "hi", key="mine")
    with demo.write("") as session:
        session.connection().execute(
            sa.text("UPDATE turn SET status = 'failed', response = NULL, finished_at = NULL")
        )
    (turn,) = client.get("/chat").json()["turns"]
    assert (turn["status"], turn["reply"], turn["key"]) == ("failed", None, "mine")
    say(client, "hi", key=turn["key"])
    (turn,) = client.get("/chat").json()["turns"]
    assert (turn["status"], turn["reply"]["reply"]) == ("done", "Hello.")


def test_purged_messages_are_gone_from_the_history(client: TestClient, demo: Database) -> None:
    say(client, "hi", "conv_a")
    with demo.read() as session:
        now = database_now(session)
    purge_messages(demo, before=now + dt.timedelta(minutes=1))
    assert client.get("/chat").json()["turns"] == []


@pytest.mark.parametrize("query", ["before=-1", "turns=0", "turns=51", "conversation_id=a/b"])
def test_parameters_that_are_off_are_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/chat?{query}")
    assert (answer.status_code, answer.json()["title"]) == (422, "Invalid request")


def test_runners_are_listed_in_dev_mode_alone(client: TestClient, demo: Database) -> None:
    listed = ["active_not_entitled", "demo", "inactive", "noplan"]
    assert client.get("/chat").json()["runners"] == listed
    closed = application(demo, auth="jwt", **SHARED)
    with TestClient(closed, base_url="http://127.0.0.1") as behind_a_token:
        headers = {"Authorization": f"Bearer {token()}"}
        assert behind_a_token.get("/chat", headers=headers).json()["runners"] == []


def test_a_turn_that_broke_off_is_streamed_to_who_asks_for_its_stream(
    client: TestClient, demo: Database
) -> None:
    said = say(client, "hi", "conv_a", key="mine")
    assert client.get("/chat/conv_a/stream").status_code == 204
    with demo.write("") as session:
        session.connection().execute(sa.text("UPDATE turn SET status = 'pending', response = NULL"))
    answer = client.get("/chat/conv_a/stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert said["message_id"] in answer.text
    assert client.get("/chat").json()["turns"][0]["status"] == "done"
    theirs = {"X-Runplan-User": "noplan"}
    for path in ("/chat/conv_a/stream", "/chat/conv_x/stream"):
        assert client.get(path, headers=theirs).status_code == 204


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/chat", "/plan", "/chat/conv_a/stream"])
async def test_an_integration_may_not_read_what_a_runner_may(demo: Database, path: str) -> None:
    integrate(demo, "shop", "demo")
    app = application(demo, auth="jwt,webhook", **SHARED)
    by_product = await ask(app, method="GET", path=path, headers=signed(b""), pieces=[b""])
    assert by_product.status == 403
    by_runner = await ask(app, method="GET", path=path, headers=bearer(token()), pieces=[b""])
    assert by_runner.status in (200, 204)
    by_nobody = await ask(app, method="GET", path=path, headers=(), pieces=[b""])
    assert by_nobody.status == 401


@pytest.mark.both_stores
def test_an_integrations_thread_is_not_the_runners_and_its_key_is_not_handed_out(
    demo: Database,
) -> None:
    integrate(demo, "shop", "demo")
    app = application(demo, auth="dev,webhook", **SHARED)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        own = say(client, "mine")
        message = {"message": "by the shop", "user_id": "demo"}
        content = json.dumps(message).encode()
        headers = {name.decode(): value.decode() for name, value in signed(content)}
        theirs = client.post("/chat", content=content, headers=headers).json()["conversation_id"]
        assert client.get("/chat").json()["conversation_id"] == own["conversation_id"]
        named = client.get("/chat", params={"conversation_id": theirs}).json()
        assert [(turn["text"], turn["key"]) for turn in named["turns"]] == [("by the shop", None)]
