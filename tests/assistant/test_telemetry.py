"""Numbers, spans and log lines tell what happened and how long it took, and nothing of a runner."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_server import Endpoint, calls, serve, serve_app
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr
from served import served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from wiring import TODAY

from assistant import telemetry
from assistant.errors import SettingsInvalid
from assistant.logs import configure_logs
from assistant.settings import load_settings
from assistant.web.app import PATHS, build_app
from storage.database import Database

TOKEN = "metrics-token-0123456789"
CANARY = "canary knee hurts 4 of 10 heart rate 187"
LOGGED = calls(
    (
        "log_execution",
        {
            "date": "2026-02-10",
            "completion_status": "completed",
            "actual_metrics": {"distance_km": 8.0, "duration_minutes": 44.0},
            "feedback": {"notes": CANARY},
        },
    ),
    ("no_such_tool", {"note": CANARY}),
)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("runplan"))
    return exporter


@pytest.fixture
def client(demo: Database) -> Iterator[TestClient]:
    with serve(Endpoint(LOGGED, f"Saved: {CANARY}", "Fine.")) as url:
        settings = load_settings(
            today=TODAY,
            openai_base_url=url,
            openai_api_key=SecretStr("k"),
            metrics_token=SecretStr(TOKEN),
        )
        app = build_app(settings, demo)
        with TestClient(app, base_url="http://127.0.0.1") as found:
            yield found


def post(client: TestClient, text: str = CANARY, key: str = "key-1") -> str:
    answer = client.post("/chat", json={"message": text}, headers={"Idempotency-Key": key})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["message_id"])


def numbers(client: TestClient) -> dict[str, float]:
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    assert "canary" not in page.text
    assert "demo" not in page.text
    lines = [line for line in page.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_the_numbers_tell_of_turns_models_tools_and_requests(client: TestClient) -> None:
    before = numbers(client)
    post(client)
    post(client)  # the same key: replayed
    client.get("/nowhere/canary")
    client.request("BREW", "/chat")
    after = numbers(client)

    def grew(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    assert grew('runplan_turn_seconds_count{outcome="ok"}') == 1
    assert grew('runplan_turn_seconds_count{outcome="replayed"}') == 1
    assert grew('runplan_tool_call_seconds_count{outcome="ok",tool="log_execution"}') == 1
    assert grew('runplan_tool_call_seconds_count{outcome="refused",tool="unknown"}') == 1
    assert grew('runplan_model_call_seconds_count{model="gpt-5-mini",outcome="ok"}') >= 2
    assert grew('runplan_http_request_seconds_count{method="POST",route="/chat",status="200"}') == 2
    assert grew('runplan_http_request_seconds_count{method="GET",route="other",status="404"}') == 1
    assert (
        grew('runplan_http_request_seconds_count{method="other",route="/chat",status="405"}') == 1
    )


@pytest.mark.parametrize("sent", [None, "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ", "é"])
def test_the_numbers_are_for_who_has_the_token(client: TestClient, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent.encode()}
    assert client.get("/metrics", headers=headers).status_code == 401


def test_without_a_token_of_theirs_there_are_no_numbers(demo: Database) -> None:
    with TestClient(build_app(load_settings(), demo), base_url="http://127.0.0.1") as client:
        assert client.get("/metrics").status_code == 404
    with pytest.raises(SettingsInvalid, match="RUNPLAN_METRICS_TOKEN"):
        load_settings(metrics_token="short")


def test_a_turns_spans_have_the_names_of_the_conventions_and_one_trace(
    client: TestClient, spans: InMemorySpanExporter
) -> None:
    turn_id = post(client)
    found = spans.get_finished_spans()
    turn = next(span for span in found if span.name == "invoke_agent runplan")
    assert turn.attributes is not None
    assert turn.attributes["runplan.turn.id"] == turn_id
    others = [span for span in found if span is not turn]
    assert [span.name for span in others] == [
        "chat gpt-5-mini",
        "execute_tool log_execution",
        "execute_tool unknown",
        "chat gpt-5-mini",
    ]
    assert all(span.parent and span.parent.span_id == turn.context.span_id for span in others)
    asked = others[0].attributes
    assert asked is not None
    assert asked["gen_ai.operation.name"] == "chat"
    assert asked["gen_ai.request.model"] == "gpt-5-mini"
    assert "gen_ai.usage.input_tokens" in asked
    assert "canary" not in "".join(span.to_json() for span in found)


def test_a_turn_that_fails_says_so_by_its_error_s_class(
    demo: Database, spans: InMemorySpanExporter
) -> None:
    settings = load_settings(
        today=TODAY, openai_base_url="http://127.0.0.1:9/v1", model_attempts=1, plain_answers=False
    )
    with TestClient(build_app(settings, demo), base_url="http://127.0.0.1") as client:
        assert client.post("/chat", json={"message": CANARY}).status_code == 503
    told = {span.name: dict(span.attributes or {}) for span in spans.get_finished_spans()}
    assert told["chat gpt-5-mini"]["error.type"] == "APIConnectionError"
    assert told["invoke_agent runplan"]["error.type"] == "ModelUnavailable"
    assert all(not span.events for span in spans.get_finished_spans())


def test_log_lines_have_the_turns_id_and_no_text(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("info")
    turn_id = post(client)
    logged = capsys.readouterr().err
    assert "canary" not in logged
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    turn = next(line for line in lines if line["event"] == "turn")
    assert (turn["turn_id"], turn["attempt"], turn["outcome"]) == (turn_id, 1, "ok")
    request = next(line for line in lines if line["event"] == "request")
    assert (request["route"], request["status"]) == ("/chat", 200)


def test_every_path_of_the_application_is_measured_by_its_name(demo: Database) -> None:
    app = build_app(load_settings(metrics_token=TOKEN), demo)
    paths = {getattr(route, "path", "") for route in app.routes}
    assert {path for path in paths if not re.search("[{]", path)} <= PATHS


def test_a_service_sends_its_spans_where_it_is_told_to(demo: Database, tmp_path: Path) -> None:
    received: list[str] = []
    bodies: list[bytes] = []

    async def collect(request: Request) -> Response:
        bodies.append(await request.body())
        sent = ExportTraceServiceRequest.FromString(bodies[-1])
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                received.extend(span.name for span in scope.spans)
        return Response(ExportTraceServiceRequest().SerializeToString())

    routes = [Route("/v1/traces", collect, methods=["POST"])]
    environment = {
        "RUNPLAN_DATABASE_URL": demo.url.render_as_string(hide_password=False),
        "RUNPLAN_TRACING": "true",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
    }
    with serve_app(Starlette(routes=routes)) as url:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
        with served(tmp_path / "log", "--today", "2026-02-10", **environment) as service:
            answer = service.client.post("/chat", json={"message": f"{CANARY}. What is next?"})
            assert answer.status_code == 200
            assert service.terminate() == 0
    assert {"POST /chat", "invoke_agent runplan", "chat runplan-embedded"} <= set(received)
    assert not any(b"canary" in body for body in bodies)
