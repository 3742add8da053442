"""`runplan probe`: what endpoints do differently is found, named, and leads to safe settings."""

import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
from openai import AsyncOpenAI
from openai_server import calls, chunk, serve_app, streamed, whole
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from typer.testing import CliRunner

from assistant.cli import app as cli
from assistant.embedded.app import build_app
from assistant.probing import CASES, Probe, demo_prompt, report

pytestmark = pytest.mark.anyio
LOG = (
    "log_execution",
    {
        "date": "2026-02-10",
        "completion_status": "completed",
        "actual_metrics": {"distance_km": 8.0, "duration_minutes": 44.0},
    },
)
MOVE = ("adapt_plan", {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})
READ = ("get_workout", {"date": "2026-02-12"})


@dataclass(frozen=True)
class Endpoint:
    """A well-behaved endpoint with what a test changes of it."""

    tools: bool = True
    parallel: bool = True
    reshape: Callable[[dict[str, Any]], dict[str, Any]] = lambda message: message
    restream: Callable[[bytes], bytes] = lambda stream: stream
    any_model: bool = False
    most_chars: int = 10**9

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        if body["model"] != "m" and not self.any_model:
            return JSONResponse({"error": {"message": "no such model"}}, status_code=404)
        if sum(len(m["content"] or "") for m in body["messages"]) > self.most_chars:
            return JSONResponse({"error": {"code": "context_length_exceeded"}}, status_code=400)
        message = self.reshape(self._message(body))
        if body.get("stream"):
            stream = self.restream(streamed(message))
            return Response(stream, media_type="text/event-stream")
        return JSONResponse(whole(message))

    def _message(self, body: dict[str, Any]) -> dict[str, Any]:
        said = {"role": "assistant", "content": "The tempo is on Thursday and it is three times 8."}
        last = body["messages"][-1]
        if last["role"] == "tool":
            return calls(READ) if "error" in last["content"] else said
        if not self.tools or not body.get("tools"):
            return said
        if "8 km in 44" in last["content"]:
            return calls(LOG, MOVE) if self.parallel else calls(LOG)
        return calls(READ) if "Thursday" in last["content"] else said


def changed(key: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def reshape(message: dict[str, Any]) -> dict[str, Any]:
        for call in message.get("tool_calls") or ():
            if key == "arguments":
                call["function"]["arguments"] = value
            else:
                call[key] = value
        return message

    return reshape


async def probe(answer: Any) -> tuple[Probe, dict[str, tuple[str, str]]]:
    routes = [Route("/v1/chat/completions", answer, methods=["POST"])]
    with serve_app(Starlette(routes=routes)) as url:
        async with AsyncOpenAI(api_key="k", base_url=f"{url}/v1", max_retries=0) as client:
            trial = Probe(client, "m", demo_prompt(), timeout_s=2)
            found = {f.case: (f.verdict, f.says) async for f in trial.run()}
    return trial, found


async def test_a_good_endpoint_passes_every_case() -> None:
    trial, found = await probe(Endpoint().answer)
    assert found.keys() == CASES.keys()
    # the scripted server counts no tokens in its streams
    assert {case for case, (verdict, _) in found.items() if verdict != "ok"} == {
        "token counts, streamed"
    }
    assert trial.usable
    assert trial.settings() == {
        "RUNPLAN_MODEL": "m",
        "RUNPLAN_MODEL_STREAMING": "true",
        "RUNPLAN_MODEL_TIMEOUT_S": "20",
        "RUNPLAN_DEADLINE_S": "25",
    }


PARALLEL, STREAMED = "parallel calls", "parallel calls, streamed"


@pytest.mark.parametrize(
    ("endpoint", "case", "verdict", "named"),
    [
        (Endpoint(parallel=False), PARALLEL, "copes", "one call an answer"),
        (Endpoint(reshape=changed("id", None)), PARALLEL, "copes", "ids are missing"),
        (Endpoint(reshape=changed("id", "call_1")), PARALLEL, "copes", "ids come twice"),
        (
            Endpoint(restream=lambda s: s.replace(b'"index": 1', b'"index": 0')),
            STREAMED,
            "copes",
            "share an index",
        ),
        (Endpoint(reshape=changed("arguments", '{"date": ')), PARALLEL, "fails", "one JSON object"),
        (Endpoint(reshape=changed("arguments", '{"day": 1}')), "a tool call", "fails", "day"),
        (Endpoint(any_model=True), "an unknown model", "copes", "misspelt"),
        (Endpoint(most_chars=20_000), "a long history", "fails", "status 400"),
    ],
)
async def test_each_difference_is_named(
    endpoint: Endpoint, case: str, verdict: str, named: str
) -> None:
    _, found = await probe(endpoint.answer)
    assert found[case][0] == verdict
    assert named in found[case][1]


async def test_without_tool_support_it_is_of_no_use() -> None:
    trial, found = await probe(Endpoint(tools=False).answer)
    assert found["a tool call"] == (
        "fails",
        "no tool was called: the endpoint or model has no tool support",
    )
    assert not trial.usable
    console = Console(record=True, width=120)
    async with AsyncOpenAI(api_key="k", base_url="http://127.0.0.1:9", max_retries=0) as client:
        assert not await report(Probe(client, "m", "x", timeout_s=1), console)
    assert "can't work with this endpoint" in console.export_text()


async def test_streams_that_break_off_lead_to_answers_in_one_piece() -> None:
    ending = chunk({}, "tool_calls") + b"data: [DONE]\n\n"
    trial, found = await probe(Endpoint(restream=lambda s: s.replace(ending, b"")).answer)
    assert found["a tool call, streamed"] == (
        "fails",
        "the answer ended without a finish reason",
    )
    assert trial.usable
    assert trial.settings()["RUNPLAN_MODEL_STREAMING"] == "false"


async def test_calls_that_a_stream_mixes_up_lead_to_answers_in_one_piece() -> None:
    def mix(stream: bytes) -> bytes:
        return stream.replace(b'"arguments": "{', b'"arguments": "{{')

    trial, found = await probe(Endpoint(restream=mix).answer)
    assert found["a tool call, streamed"][0] == "fails"
    assert trial.settings()["RUNPLAN_MODEL_STREAMING"] == "false"


@pytest.mark.parametrize("kind", ["error in the stream", "no event stream", "hangs", "no JSON"])
async def test_an_endpoint_that_is_none_is_told_and_nothing_is_raised(kind: str) -> None:
    async def broken(request: Request) -> Response:
        if not (await request.json()).get("stream"):
            if kind == "no JSON":
                return Response("<html>", media_type="text/html")
            if kind == "hangs":
                await anyio.sleep(4)
            return JSONResponse(whole("Hello, I am here."))
        if kind == "error in the stream":
            error = json.dumps({"error": {"message": "overloaded"}})
            return Response(f"data: {error}\n\n", media_type="text/event-stream")

        async def lines() -> AsyncIterator[bytes]:
            yield b"hello\n\n"

        return StreamingResponse(lines())

    trial, found = await probe(broken)
    assert any(verdict == "fails" for verdict, _ in found.values())
    assert not trial.usable


def test_the_command_tries_the_embedded_model_as_served() -> None:
    with serve_app(build_app()) as url:
        result = CliRunner().invoke(cli, ["probe", f"{url}/v1"])
    assert result.exit_code == 0, result.output
    assert "RUNPLAN_MODEL_STREAMING=true" in result.output


def test_nobody_there_is_one_line_and_a_failure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        result = CliRunner().invoke(cli, ["probe", f"http://127.0.0.1:{port}/v1"])
    assert result.exit_code == 1
    assert "the connection failed" in result.output
