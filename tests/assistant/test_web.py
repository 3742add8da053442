"""POST /chat as an integrator sees it: JSON, streams, keys and problems."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fakes import ScriptedModel, Step
from starlette.testclient import TestClient

from assistant.bootstrap import build_coach
from assistant.coach import Coach
from assistant.errors import ModelRefused, ModelUnavailable
from assistant.settings import Settings, load_settings
from assistant.web.app import build_app
from storage.database import Database
from storage.migrations import HEAD

MONDAY = dt.date(2026, 2, 9)
NOW = dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)
LOG = ("log_execution", {"completion_status": "completed", "workout_id": "wk_987"})
pytestmark = pytest.mark.both_stores
SUMMARY = {
    "plan_id": "plan_123",
    "goal_distance": "half",
    "goal_date": "2026-05-18",
    "phase": "build",
    "weekly_focus": "Aerobic efficiency + pacing control",
    "next_workouts": [
        {"date": "2026-02-10", "name": "40 min easy", "effort": "RPE 3-4"},
        {"date": "2026-02-12", "name": "Tempo 3 x 8 min", "effort": "RPE 6-7"},
        {"date": "2026-02-15", "name": "Long run 75 min", "effort": "RPE 4-5"},
    ],
}
EXECUTION = {
    "workout_id": "wk_987",
    "completion_status": "modified",
    "actual_metrics": {
        "duration_minutes": 35,
        "distance_km": 6.2,
        "avg_pace": "5:40",
        "hr_avg": 158,
        "hr_drift": 8,
        "cadence": 168,
    },
    "feedback": {"rpe": 8, "soreness": 4, "fatigue": 3, "notes": "Felt heavy in last 10 minutes"},
    "adherence_score": 72,
}
SAID = (
    "log wk_987: modified, 35 min, 6.2 km, 5:40 pace, hr 158, drift 8, cadence 168, rpe 8, "
    "soreness 4, fatigue 3, felt heavy in last 10 minutes"
)


@pytest.fixture
def settings() -> Settings:
    return load_settings(today=MONDAY)


@pytest.fixture
def client(demo: Database, settings: Settings) -> Iterator[TestClient]:
    """The service with the embedded model."""
    with TestClient(build_app(settings, demo), base_url="http://127.0.0.1") as found:
        yield found


def scripted(demo: Database, settings: Settings, *script: Step) -> TestClient:
    coach = Coach(demo, ScriptedModel(*script), clock=lambda: NOW, today=MONDAY)
    return TestClient(build_app(settings, demo, coach=coach), base_url="http://127.0.0.1")


def rows(demo: Database, statement: str) -> list[Any]:
    with demo.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]


def frames(text: str) -> list[Any]:
    assert text.endswith("data: [DONE]\n\n")
    lines = text.removesuffix("data: [DONE]\n\n").split("\n\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line]


def test_the_process_says_that_it_is_there(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_the_service_is_ready_where_the_schema_is_its_own(
    client: TestClient, demo: Database
) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "schema": HEAD}
    with demo.write("") as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num='9999'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["title"]) == (503, "Schema ahead")
    assert answer.json()["detail"].endswith("update runplan")
    assert client.get("/healthz").status_code == 200


def test_a_service_whose_schema_is_behind_says_so_and_waits_for_the_upgrade(
    new_store: Database, settings: Settings
) -> None:
    with TestClient(build_app(settings, new_store), base_url="http://127.0.0.1") as client:
        for answer in (client.get("/readyz"), client.post("/chat", json={"message": "hi"})):
            assert (answer.status_code, answer.json()["title"]) == (503, "Schema behind")
            assert answer.headers["content-type"] == "application/problem+json"
            assert "run `runplan db upgrade`" in answer.json()["detail"]
        new_store.upgrade()
        assert client.get("/readyz").status_code == 200
        assert client.post("/chat", json={"message": "hi"}).status_code == 404


def test_the_seeds_plan_summary_comes_through_key_for_key(client: TestClient) -> None:
    reply = client.post("/chat", json={"message": "what's on this week?"}).json()
    assert list(reply) == [
        "conversation_id",
        "message_id",
        "reply",
        "top_prompt",
        "actions",
        "proposal",
        "safety",
        "usage",
    ]
    assert reply["top_prompt"] == "Track my training"
    assert reply["actions"][0]["result"] == SUMMARY


def test_the_seeds_execution_comes_through_key_for_key(client: TestClient, demo: Database) -> None:
    reply = client.post("/chat", json={"message": SAID}).json()
    assert reply["actions"][0]["tool"] == "log_execution"
    assert reply["actions"][0]["result"] == EXECUTION
    assert rows(demo, "SELECT workout_id, adherence_score FROM execution") == [("wk_987", 72)]


def test_the_runner_is_whom_the_header_names(client: TestClient) -> None:
    said = {"message": "what's on this week?"}
    inactive = client.post("/chat", json=said, headers={"X-Runplan-User": "inactive"}).json()
    assert (inactive["top_prompt"], inactive["actions"]) == (None, [])


def test_the_same_key_gives_the_same_reply_and_one_effect(
    demo: Database, settings: Settings
) -> None:
    with scripted(demo, settings, [LOG], "Logged it.") as client:
        headers = {"Idempotency-Key": "one"}
        first = client.post("/chat", json={"message": "done"}, headers=headers)
        again = client.post("/chat", json={"message": "done"}, headers=headers)
        other = client.post("/chat", json={"message": "other"}, headers=headers)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert (other.status_code, other.json()["title"]) == (422, "Key reused")
    assert rows(demo, "SELECT count(*) FROM execution") == [(1,)]


def test_a_stream_tells_the_same_turn(demo: Database, settings: Settings) -> None:
    with scripted(demo, settings, [LOG], "Logged it. Well done.") as client:
        answer = client.post(
            "/chat", json={"message": "done"}, headers={"Accept": "text/event-stream"}
        )
    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    parts = frames(answer.text)
    kinds = [part["type"] for part in parts]
    assert kinds[:4] == ["start", "start-step", "tool-input-available", "tool-output-available"]
    assert kinds[-4:] == ["data-prompt", "data-reply", "finish-step", "finish"]
    text = "".join(part["delta"] for part in parts if part["type"] == "text-delta")
    assert text.strip() == "Logged it. Well done."
    reply = next(part["data"] for part in parts if part["type"] == "data-reply")
    assert reply["reply"] == "Logged it. Well done."


def test_a_false_claim_is_withdrawn_from_a_stream(demo: Database, settings: Settings) -> None:
    with scripted(demo, settings, "Hi there. I've logged your run. Bye.", "What did you run?") as c:
        answer = c.post("/chat", json={"message": "hm"}, headers={"Accept": "text/event-stream"})
    assert "logged" not in answer.text
    parts = frames(answer.text)
    assert any(part["type"] == "data-withdrawn" for part in parts)
    assert parts[-3]["data"]["reply"] == "What did you run?"


def test_a_replayed_turn_streams_its_reply(demo: Database, settings: Settings) -> None:
    headers = {"Idempotency-Key": "one", "Accept": "text/event-stream"}
    with scripted(demo, settings, "Hello.") as client:
        client.post("/chat", json={"message": "hi"}, headers=headers)
        again = frames(client.post("/chat", json={"message": "hi"}, headers=headers).text)
    assert [p["delta"] for p in again if p["type"] == "text-delta"] == ["Hello."]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_model_that_is_down_is_a_503_and_the_key_goes_on_later(
    demo: Database, settings: Settings, accept: str
) -> None:
    headers = {"Idempotency-Key": "one", "Accept": accept}
    down = ModelUnavailable("down", retry_after_s=7)
    with scripted(demo, settings, down, "Here again.") as client:
        first = client.post("/chat", json={"message": "hi"}, headers=headers)
        assert (first.status_code, first.headers["Retry-After"]) == (503, "7")
        assert first.headers["content-type"] == "application/problem+json"
        assert "same Idempotency-Key" in first.json()["detail"]
        assert "Here again." in client.post("/chat", json={"message": "hi"}, headers=headers).text


def test_a_model_that_is_lost_after_an_effect_leaves_an_honest_reply(
    demo: Database, settings: Settings
) -> None:
    with scripted(demo, settings, [LOG], ModelUnavailable("down")) as client:
        reply = client.post("/chat", json={"message": "done"}).json()["reply"]
    assert reply.startswith("Recorded: completed.")
    assert "could not finish" in reply


def test_a_refusing_endpoint_is_a_503(demo: Database, settings: Settings) -> None:
    with scripted(demo, settings, ModelRefused("key sk-secret is wrong")) as client:
        answer = client.post("/chat", json={"message": "hi"})
    assert answer.status_code == 503
    assert "sk-secret" not in answer.text


def test_an_unexpected_fault_shows_nothing_of_itself(demo: Database, settings: Settings) -> None:
    with scripted(demo, settings, RuntimeError("secret canary"), "Fine.") as client:
        quiet = TestClient(client.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        with quiet:
            headers = {"Idempotency-Key": "one"}
            answer = quiet.post("/chat", json={"message": "hi"}, headers=headers)
            assert (answer.status_code, "canary" in answer.text) == (500, False)
            again = quiet.post("/chat", json={"message": "hi"}, headers=headers)
            assert again.json()["reply"] == "Fine."


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 50_000, 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"message": 5}', 422),
        (b'{"message": ["hi"]}', 422),
        (b'{"message": null}', 422),
        (b'{"message": "hi", "role": "admin"}', 422),
        (b'{"message": "hi", "conversation_id": "../x"}', 422),
        (b'{"message": ""}', 422),
        (b'{"message": "  \\n "}', 422),
        (b'{"message": "a\\u0000b"}', 422),
        (b'{"message": "a\\ud800b"}', 422),
        (b'{"message": "' + b"x" * 5000 + b'"}', 422),
        (b'{"message": "' + b"x" * 100_000 + b'"}', 413),
        (b'{"message": "hi", "user_id": "nobody"}', 404),
    ],
)
def test_bad_bodies_are_clear_problems_and_leave_nothing(
    client: TestClient, demo: Database, content: bytes, status: int
) -> None:
    answer = client.post("/chat", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "status", "title", "detail"}
    assert "xxx" not in answer.text
    assert "nobody" not in answer.text
    assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "multipart/form-data"}, 415),
        ({"Accept": "text/html"}, 406),
        ({"Idempotency-Key": "x" * 256}, 400),
        ({"Idempotency-Key": ""}, 400),
        ({"Origin": "http://evil.example"}, 401),
        ({"Host": "evil.example"}, 401),
    ],
)
def test_bad_headers_are_clear_problems(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json"} | headers
    answer = client.post("/chat", content=b'{"message": "hi"}', headers=sent)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_unknown_paths_and_methods_are_problems(client: TestClient) -> None:
    assert client.get("/nowhere").headers["content-type"] == "application/problem+json"
    assert client.delete("/chat").status_code == 405


def test_callers_from_elsewhere_are_refused(demo: Database, settings: Settings) -> None:
    app = build_app(settings, demo)
    with TestClient(app, base_url="http://127.0.0.1", client=("203.0.113.9", 1)) as client:
        assert client.post("/chat", json={"message": "hi"}).status_code == 401


def test_no_message_text_reaches_the_log(
    demo: Database, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    with TestClient(
        build_app(settings, demo, coach=build_coach(settings, demo)), base_url="http://127.0.0.1"
    ) as client:
        client.post("/chat", json={"message": "canary knee hurts 4/10"})
        client.post("/chat", json={"message": "canary", "user_id": "nobody"})
    out, err = capfd.readouterr()
    assert "canary" not in out + err


def test_a_body_cannot_name_another_runner_than_the_caller(client: TestClient) -> None:
    said = {"message": "what's on this week?", "user_id": "demo"}
    answer = client.post("/chat", json=said, headers={"X-Runplan-User": "inactive"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Not this runner")


def test_the_service_describes_its_body_and_its_reply(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/chat"]["post"]
    body = described["requestBody"]["content"]["application/json"]["schema"]
    native, ui = body["anyOf"]
    assert set(native["properties"]) == {"message", "conversation_id", "user_id"}
    assert set(ui["properties"]) == {"id", "messages", "trigger", "user_id"}
    reply = described["responses"]["200"]["content"]["application/json"]["schema"]
    told = client.post("/chat", json={"message": "hi"}).json()
    assert list(reply["properties"]) == list(told)
    assert "text/event-stream" in described["responses"]["200"]["content"]


def test_the_openapi_document_names_the_ways_in_for_all_that_is_closed(demo: Database) -> None:
    document = build_app(load_settings(), demo).openapi()
    ways = {
        (method, path): operation["security"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert ways.pop(("get", "/healthz")) == ways.pop(("get", "/readyz")) == []
    assert ways.pop(("post", "/chat")) == [{"bearer": []}, {"webhook": []}]
    assert ways
    assert all(way == [{"bearer": []}] for way in ways.values())
    assert set(document["components"]["securitySchemes"]) == {"bearer", "webhook"}
