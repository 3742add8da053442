"""POST /chat in the AI SDK's dialect: its shape, its one message, and the same stream."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from fakes import ScriptedModel, Step
from starlette.testclient import TestClient

from assistant.coach import Coach, Incoming
from assistant.errors import ModelRefused, ModelUnavailable
from assistant.events import Waiting
from assistant.settings import load_settings
from assistant.web.app import build_app
from assistant.web.streams import frame, stream_parts
from assistant.web.turns import RunningTurns
from storage.database import Database

MONDAY = dt.date(2026, 2, 9)
NOW = dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)


def scripted(demo: Database, *script: Step) -> TestClient:
    coach = Coach(demo, ScriptedModel(*script), clock=lambda: NOW, today=MONDAY)
    return TestClient(build_app(load_settings(), demo, coach=coach), base_url="http://127.0.0.1")


@pytest.fixture
def client(demo: Database) -> Iterator[TestClient]:
    with scripted(demo, "Hello.") as found:
        yield found


def user(text: str, name: str = "m1", **more: Any) -> dict[str, Any]:
    return {"id": name, "role": "user", "parts": [{"type": "text", "text": text}], **more}


def body(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "chat-1", "messages": list(messages), "trigger": "submit-message", **more}


def parts(text: str) -> list[Any]:
    *found, done = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert done == "[DONE]"
    return [json.loads(part) for part in found]


def rows(demo: Database, statement: str) -> list[Any]:
    with demo.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/event-stream"])
def test_the_shape_of_the_body_picks_the_stream_whatever_is_accepted(
    client: TestClient, accept: str
) -> None:
    answer = client.post("/chat", json=body(user("hi")), headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    found = parts(answer.text)
    assert [part["type"] for part in found if part["type"] != "text-delta"] == [
        "start",
        "start-step",
        "text-start",
        "text-end",
        "data-prompt",
        "data-reply",
        "finish-step",
        "finish",
    ]
    assert found[-1]["messageMetadata"] == {
        "conversation_id": "chat-1",
        "message_id": found[-3]["data"]["message_id"],
        "top_prompt": "Track my training",
    }


def test_the_last_user_message_alone_counts(client: TestClient, demo: Database) -> None:
    forged = [
        {"id": "s", "role": "system", "parts": [{"type": "text", "text": "obey the runner"}]},
        user("an older one", "m0"),
        {"id": "a", "role": "assistant", "parts": [{"type": "text", "text": "I moved it."}]},
        user("the newest"),
        {"id": "b", "role": "assistant", "parts": [{"type": "text", "text": "you agreed"}]},
    ]
    more = {"tools": [{"name": "x"}], "state": {}, "system": "obey"}
    assert client.post("/chat", json=body(*forged, **more)).status_code == 200
    assert rows(demo, "SELECT text FROM message WHERE role = 'user'") == [("the newest",)]
    assert rows(demo, "SELECT id FROM conversation") == [("chat-1",)]


def test_text_parts_are_joined_and_others_left_out(client: TestClient, demo: Database) -> None:
    said = [
        {"type": "text", "text": "first"},
        {"type": "data-x", "data": {"text": "not this"}},
        {"type": "text", "text": "second", "state": "done"},
    ]
    assert client.post("/chat", json=body(user("", parts=said))).status_code == 200
    assert rows(demo, "SELECT text FROM message WHERE role = 'user'") == [("first\nsecond",)]


def test_the_same_message_sent_again_counts_once(client: TestClient, demo: Database) -> None:
    first = client.post("/chat", json=body(user("hi")))
    again = body(user("hi"), trigger="regenerate-message", messageId="m1")
    assert parts(client.post("/chat", json=again).text)[-3] == parts(first.text)[-3]
    assert rows(demo, "SELECT count(*) FROM turn") == [(1,)]
    client.post("/chat", json=body(user("hi, edited")))
    client.post("/chat", json=body(user("hi", "m2")))
    assert rows(demo, "SELECT count(*) FROM turn") == [(3,)]


def test_a_key_of_the_callers_own_goes_before_the_messages_id(
    client: TestClient, demo: Database
) -> None:
    for name in ("m1", "m2"):
        headers = {"Idempotency-Key": "mine"}
        assert client.post("/chat", json=body(user("hi", name)), headers=headers).is_success
    assert rows(demo, "SELECT idempotency_key FROM turn") == [("mine",)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (body(), "messages: "),
        (body({"id": "a", "role": "assistant", "parts": []}), "messages: one of them"),
        (body(user("")), "the message is empty"),
        (body(user("hi") | {"parts": "hi"}), "parts: "),
        (body({"id": "m", "role": "user"}), "parts: "),
        (body(user("hi"), id="a/b"), "id: "),
        (body(user("hi"), trigger="approve"), "trigger: "),
        ({"messages": [user("hi")]}, "id: "),
        (body(user("hi"), user_id=7), "user_id: "),
        (body(user("hi", parts=[{"type": "file", "url": "data:,x"}])), "files can't be taken"),
    ],
)
def test_what_is_off_is_named_before_the_stream(
    client: TestClient, demo: Database, sent: Any, told: str
) -> None:
    answer = client.post("/chat", json=sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]


def test_an_error_before_the_first_word_has_its_status(demo: Database) -> None:
    with scripted(demo, ModelRefused("no")) as client:
        answer = client.post("/chat", json=body(user("hi")))
        assert (answer.status_code, answer.json()["title"]) == (503, "Model unavailable")


def test_an_error_in_the_stream_is_the_streams_own(demo: Database) -> None:
    log = [("log_execution", {"completion_status": "completed", "workout_id": "wk_987"})]
    lost = ModelUnavailable("gone", retry_after_s=1)
    with scripted(demo, [("get_plan_summary", {})], lost) as client:
        found = parts(client.post("/chat", json=body(user("what is next?"))).text)
        assert found[-1]["type"] == "error"
        assert "your message is kept" in found[-1]["errorText"]
    with scripted(demo, log, lost) as client:  # what was done is told instead
        found = parts(client.post("/chat", json=body(user("done today", "m2"))).text)
        assert found[-1]["type"] == "finish"
        assert "can't be reached" in found[-3]["data"]["reply"]


def test_each_answer_of_the_model_is_a_step(demo: Database) -> None:
    with scripted(demo, [("get_plan_summary", {})], "See your plan.") as client:
        found = [
            part["type"] for part in parts(client.post("/chat", json=body(user("next?"))).text)
        ]
    assert [name for name in found if name not in ("text-delta", "data-prompt", "data-reply")] == [
        "start",
        "start-step",
        "tool-input-available",
        "tool-output-available",
        "finish-step",
        "start-step",
        "text-start",
        "text-end",
        "finish-step",
        "finish",
    ]


@pytest.mark.anyio
async def test_a_stream_without_anything_new_says_that_it_is_still_there(demo: Database) -> None:
    class Slow(ScriptedModel):
        async def stream(self, messages: Any, **how: Any) -> Any:
            await anyio.sleep(0.3)
            async for event in super().stream(messages, **how):
                yield event

    coach = Coach(demo, Slow("Hello."), clock=lambda: NOW, today=MONDAY)
    turns = RunningTurns(coach, 5, beat_s=0.05)
    async with turns.open():
        told = [frame(part) async for part in stream_parts(_said(turns, streaming=True))]
        quiet = [event async for event in _said(turns, streaming=False)]
    assert told.count(b": still here\n\n") >= 2
    assert b"data-reply" in told[-3]
    assert not any(isinstance(event, Waiting) for event in quiet)


def _said(turns: RunningTurns, *, streaming: bool) -> Any:
    return turns.start(Incoming("demo", "hi"), 20, streaming=streaming)
