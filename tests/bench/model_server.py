"""A scripted OpenAI-compatible endpoint that is not the bottleneck: HTTP/1.1 by hand on uvloop.

It answers a runner's message with a call of get_plan_summary and the call's result with a reply of
sixty words, whole or streamed word by word. Usage: python model_server.py PORT [LATENCY_S]
"""

import asyncio
import itertools
import json
import sys

import httptools
import uvloop

REPLY = " ".join(
    ["Keep the easy days easy and take the long run as it comes with water along the way."] * 3
    + ["Sleep well before it and tell me how it went."]
)
"""What is said of no plan: no contender's check of claims has anything against it."""

_ids = itertools.count()
counted = {"requests": 0, "bytes": 0}
"""What came so far: told to whoever asks without a body."""


def _head(kind: str, size: int) -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\n"
        "connection: keep-alive\r\n\r\n"
    ).encode()


def _whole(message: dict[str, object], reason: str) -> bytes:
    body = {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    return json.dumps(body).encode()


def _chunk(delta: dict[str, object], reason: str | None = None) -> bytes:
    body = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _call() -> dict[str, object]:
    return {
        "id": f"call_{next(_ids)}",
        "type": "function",
        "function": {"name": "get_plan_summary", "arguments": "{}"},
    }


_SPOKEN = _whole({"role": "assistant", "content": REPLY}, "stop")
_END = b"data: [DONE]\n\n"
_SPOKEN_PIECES = [
    _chunk({"role": "assistant", "content": ""}),
    *(_chunk({"content": f"{word} "}) for word in REPLY.split()),
    _chunk({}, "stop") + _END,
]
_SPOKEN_STREAM = b"".join(_SPOKEN_PIECES)


def answer(body: bytes) -> tuple[str, bytes]:
    """Return the content type and the body that answer a request."""
    asked = json.loads(body)
    streamed = bool(asked.get("stream"))
    told = asked["messages"][-1]["role"] == "tool"
    if told:
        return ("text/event-stream", _SPOKEN_STREAM) if streamed else ("application/json", _SPOKEN)
    if not streamed:
        message = {"role": "assistant", "content": None, "tool_calls": [_call()]}
        return "application/json", _whole(message, "tool_calls")
    called = _chunk({"role": "assistant", "tool_calls": [{"index": 0, **_call()}]})
    return "text/event-stream", called + _chunk({}, "tool_calls") + _END


class Endpoint(asyncio.Protocol):
    """One connection; requests come one after another."""

    def __init__(self, latency_s: float) -> None:
        self.latency_s = latency_s
        self.parser = httptools.HttpRequestParser(self)
        self.body: list[bytes] = []
        self.transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport  # type: ignore[assignment]  # of a stream, it can write

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Collect the body."""
        self.body.append(body)

    def on_message_complete(self) -> None:
        """Answer, at once or after the latency."""
        body, self.body = b"".join(self.body), []
        if body:
            counted["requests"] += 1
            counted["bytes"] += len(body)
            kind, found = answer(body)
        else:
            kind, found = "application/json", json.dumps(counted).encode()
        said = _head(kind, len(found)) + found
        if self.latency_s:
            asyncio.get_running_loop().call_later(self.latency_s, self._say, said)
        else:
            self._say(said)

    def _say(self, said: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(said)


async def main(port: str, latency_s: str = "0") -> None:
    """Serve until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Endpoint(float(latency_s)), "127.0.0.1", int(port), backlog=2048
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
