"""A model that does what a message says, and the faults that its wire can have.

A message carries its script, so the model needs no state: `{"do": [[tool, arguments], ...],
"say": text}` after the words. Each fault is drawn by itself with the same chance for each request.
"""

import asyncio
import datetime as dt
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from email.utils import formatdate
from typing import Any

import httpx2
from openai_server import calls, chunk, streamed

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
TODAY = NOW.date()
HUNG_S = 5.0
EVENTS = {"content-type": "text/event-stream"}
Fault = Callable[[random.Random, dict[str, Any]], "tuple[int, Mapping[str, str], bytes]"]


def scripted(words: str, *do: tuple[str, Mapping[str, Any]], say: str) -> str:
    """Return a runner's message that tells the model what to do."""
    return f"{words} ⟦{json.dumps({'do': do, 'say': say})}⟧"


def message_for(body: dict[str, Any]) -> dict[str, Any]:
    """Answer as the last message's script says: its calls first, then its words."""
    asked = [m for m in body["messages"] if m["role"] == "user" and "⟦" in m["content"]]
    if not asked:
        return {"role": "assistant", "content": "Fine."}
    text = json.loads(
        asked[-1]["content"].removeprefix("<runner_message>").removesuffix("</runner_message>")
    )["text"]
    script = json.loads(text.partition("⟦")[2].partition("⟧")[0])
    after = body["messages"][body["messages"].index(asked[-1]) :]
    if script["do"] and body.get("tools") and not any(m["role"] == "tool" for m in after):
        return calls(*((name, arguments) for name, arguments in script["do"]))
    return {"role": "assistant", "content": script["say"]}


class Stream(httpx2.AsyncByteStream):
    """A body in pieces that may break off."""

    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self.pieces = pieces
        self.breaks = breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.breaks:
            raise httpx2.ReadError("reset by peer")


class FaultyWire(httpx2.AsyncBaseTransport):
    """The scripted model behind a wire where each kind of fault has the same chance.

    requests: what it was sent. counts: how often each fault was met. early: requests that came
    before the time that the one before had asked to wait for.
    """

    def __init__(self, rng: random.Random, chance: float) -> None:
        self.rng = rng
        self.chance = chance
        self.counts: dict[str, int] = {}
        self.prompts: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request, or fail it."""
        text = (await request.aread()).decode()
        self.prompts.append(text)
        body = json.loads(text)
        for name in self.rng.sample(sorted(FAULTS), len(FAULTS)):
            if self.rng.random() < self.chance:
                self.counts[name] = self.counts.get(name, 0) + 1
                return await FAULTS[name](self.rng, body)
        return answered(message_for(body))


def answered(message: dict[str, Any] | bytes) -> httpx2.Response:
    """Return a whole stream."""
    sent = message if isinstance(message, bytes) else streamed(message)
    return httpx2.Response(200, headers=EVENTS, content=sent)


def refused(status: int, code: str | None = None, **headers: str) -> httpx2.Response:
    """Return an error of the endpoint's."""
    error = {"error": {"message": "CANARY-endpoint-error", "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, headers=named, json=error)


async def _too_many(rng: random.Random, _body: Any) -> httpx2.Response:
    soon = formatdate(dt.datetime.now(dt.UTC).timestamp(), usegmt=True)
    headers: dict[str, str] = rng.choice(
        [
            {"retry_after": "0.05"},
            {"retry_after_ms": "40"},
            {"retry_after": soon},
            {"retry_after": "-1"},
            {"retry_after": "soon"},
            {"retry_after": "3600"},
            {},
        ]
    )
    return refused(429, **headers)


async def _refuses(rng: random.Random, _body: Any) -> httpx2.Response:
    status, code = rng.choice(
        [(429, "insufficient_quota"), (401, None), (403, None), (400, "context_length_exceeded")]
    )
    return refused(status, code)


async def _fails(rng: random.Random, _body: Any) -> httpx2.Response:
    return refused(rng.choice([408, 500, 502, 503, 504]))


async def _nobody(rng: random.Random, _body: Any) -> httpx2.Response:
    raise rng.choice([httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.RemoteProtocolError])("x")


async def _hangs(_rng: random.Random, _body: Any) -> httpx2.Response:
    await asyncio.sleep(HUNG_S)
    raise httpx2.ReadTimeout("x")


async def _breaks(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    whole = streamed(message_for(body))
    cut = rng.randrange(len(whole))
    return httpx2.Response(200, headers=EVENTS, stream=Stream(whole[:cut], breaks=True))


async def _ends_early(_rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    return answered(streamed(message_for(body), cut=True))


async def _garbles(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    bad = rng.choice(
        [
            b"data: {\n\n",
            b'data: {"error": {"message": "x"}}\n\n',
            b"data: \xff\xfe\n\n",
            b"data: 7\n\n",
        ]
    )
    return answered(chunk({"content": "half "}) + bad + streamed(message_for(body)))


def _misnames(name: Callable[[random.Random], str]) -> Any:
    async def fault(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
        message = message_for(body)
        for call in message.get("tool_calls") or ():
            call["function"]["name"] = name(rng)
        return answered(message)

    return fault


BAD_ARGUMENTS = (
    "",
    "null",
    "[]",
    '"x"',
    "{",
    '{"date": NaN}',
    '{"date": "2026-02-10", "date": "2026-02-11"}',
    '{"user_id": "runner_00", "date": "2026-02-10"}',
    "[" * 200_000,
    '{"weeks": ' + "9" * 5000 + "}",
    '{"date": "2026-02-10", "note": "\\u0000"}',
)


async def _bad_arguments(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    message = message_for(body)
    for call in message.get("tool_calls") or ():
        call["function"]["arguments"] = rng.choice(BAD_ARGUMENTS)
    return answered(message)


async def _same_ids(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    message, said = message_for(body), rng.choice(["", "call_1", "call_1"])
    for call in message.get("tool_calls") or ():
        call["id"] = said
    return answered(message)


async def _calls_twice(_rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    message = message_for(body)
    if message.get("tool_calls"):
        message["tool_calls"] = [*message["tool_calls"], *message["tool_calls"]]
    return answered(message)


async def _loops(_rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    return answered(calls(("get_progress", {"weeks": 2})) if body.get("tools") else "Fine.")


async def _says_nothing(rng: random.Random, _body: Any) -> httpx2.Response:
    return answered(rng.choice(["", "   ", "\n"]))


async def _lies(_rng: random.Random, _body: Any) -> httpx2.Response:
    return answered("I moved your long run to Saturday and saved 42 km for you.")


async def _ends_oddly(rng: random.Random, body: dict[str, Any]) -> httpx2.Response:
    message = message_for(body)
    reason = rng.choice(["length", "content_filter", "something_new"])
    sent = streamed(message, cut=True) + chunk({}, reason) + b"data: [DONE]\n\n"
    return answered(sent)


async def _refuses_to_say(_rng: random.Random, _body: Any) -> httpx2.Response:
    return answered(chunk({"refusal": "I can't."}) + chunk({}, "stop") + b"data: [DONE]\n\n")


async def _odd_text(rng: random.Random, _body: Any) -> httpx2.Response:
    odd = rng.choice(
        ["\\u0000", "\\ud800", "\\u202e", "\\u200b", "\\udb40\\udc41", "e\\u0301" * 2000]
    )
    sent = chunk({"content": "~"}).replace(b"~", b"Fine " + odd.encode() + b" then.")
    return answered(sent + chunk({}, "stop") + b"data: [DONE]\n\n")


FAULTS: Mapping[str, Any] = {
    "429": _too_many,
    "refusal by status": _refuses,
    "5xx or 408": _fails,
    "no connection": _nobody,
    "hang": _hangs,
    "reset in the stream": _breaks,
    "no finish reason": _ends_early,
    "garbled stream": _garbles,
    "unknown tool": _misnames(lambda rng: f"tool_{rng.randrange(10**6)}"),
    "odd tool name": _misnames(
        lambda rng: rng.choice(["", "Log_Execution", " log_execution", "ｌog"])
    ),
    "bad arguments": _bad_arguments,
    "ids missing or twice": _same_ids,
    "each call twice": _calls_twice,
    "tool loop": _loops,
    "empty answer": _says_nothing,
    "false claim": _lies,
    "odd finish reason": _ends_oddly,
    "refusal": _refuses_to_say,
    "odd characters": _odd_text,
}
