"""A scripted OpenAI-compatible endpoint, as answers and as a real server on loopback."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


def calls(*made: tuple[str, Any]) -> dict[str, Any]:
    """Return an assistant message with calls; arguments are a dict or raw text."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": f"call_{n}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": said if isinstance(said, str) else json.dumps(said),
                },
            }
            for n, (name, said) in enumerate(made)
        ],
    }


def whole(message: dict[str, Any] | str, finish_reason: str | None = None) -> dict[str, Any]:
    """Return a whole completion of a message, or of a plain text."""
    if isinstance(message, str):
        message = {"role": "assistant", "content": message}
    reason = finish_reason or ("tool_calls" if message.get("tool_calls") else "stop")
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }


def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
    """Return one streamed piece."""
    body = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    return f"data: {json.dumps(body)}\n\n".encode()


def streamed(message: dict[str, Any] | str, *, cut: bool = False) -> bytes:
    """Return a message as a stream; cut: it ends before its finish reason."""
    if isinstance(message, str):
        message = {"role": "assistant", "content": message}
    pieces = [chunk({"role": "assistant"})]
    pieces += [chunk({"content": f"{word} "}) for word in (message.get("content") or "").split()]
    for index, call in enumerate(message.get("tool_calls") or ()):
        function = call["function"]
        head = {"name": function["name"], "arguments": ""}
        pieces.append(chunk({"tool_calls": [{"index": index, "id": call["id"], "function": head}]}))
        text = function["arguments"]
        for start in range(0, len(text), 7):
            part = {"index": index, "function": {"arguments": text[start : start + 7]}}
            pieces.append(chunk({"tool_calls": [part]}))
    if cut:
        return b"".join(pieces)
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    return b"".join([*pieces, chunk({}, reason), b"data: [DONE]\n\n"])


class Endpoint:
    """Gives each request the next answer of its script, the last one again and again.

    An answer is a message (a text, or from `calls`), sent whole or streamed as it was asked for; or
    a (status, headers, body) of its own; or bytes, sent as an event stream as they are, or a list
    of bytes and of seconds to wait between them.
    """

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.callers: set[Any] = set()

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        body = await request.json()
        self.requests.append(body)
        self.callers.add(request.client)
        self.times.append(time.monotonic())
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, tuple):
            status, headers, content = answer
            return JSONResponse(content, status_code=status, headers=headers)
        if isinstance(answer, bytes):
            return Response(answer, media_type="text/event-stream")
        if isinstance(answer, list):
            return StreamingResponse(_paced(answer), media_type="text/event-stream")
        if body.get("stream"):
            return Response(streamed(answer), media_type="text/event-stream")
        return JSONResponse(whole(answer))


async def _paced(parts: Sequence[bytes | float]) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            await asyncio.sleep(part)


@contextmanager
def serve(endpoint: Endpoint) -> Iterator[str]:
    """Serve the endpoint on loopback; yields its base URL."""
    app = Starlette(routes=[Route("/v1/chat/completions", endpoint.answer, methods=["POST"])])
    with serve_app(app) as url:
        yield f"{url}/v1"


@contextmanager
def serve_app(app: Any) -> Iterator[str]:
    """Serve any ASGI application on loopback; yields its URL."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def tool_results(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tool results that a request carries."""
    return [json.loads(m["content"]) for m in messages if m["role"] == "tool"]
