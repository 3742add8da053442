"""The floor: Starlette, aiohttp, orjson and sqlite3, without retries, validation or callers."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
from common import GIVEN, MODEL_URL, connect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

store = connect()
SYSTEM = {"role": "system", "content": GIVEN["system"]}
URL = f"{MODEL_URL}/chat/completions"
_session: list[aiohttp.ClientSession] = []


def session() -> aiohttp.ClientSession:
    if not _session:
        _session.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
    return _session[0]


def load(conversation_id: str) -> list[Any]:
    rows = store.execute(
        "SELECT extra FROM message WHERE conversation_id = ? ORDER BY id", (conversation_id,)
    )
    return [message for (extra,) in rows for message in orjson.loads(extra)]


def save(conversation_id: str, messages: list[Any]) -> None:
    store.execute(
        "INSERT INTO message (conversation_id, role, extra) VALUES (?, 'turn', ?)",
        (conversation_id, orjson.dumps(messages).decode()),
    )
    store.commit()


def result_of(call: dict[str, Any]) -> dict[str, Any]:
    body = store.execute("SELECT body FROM plan WHERE user_id = 'demo'").fetchone()[0]
    return {"role": "tool", "tool_call_id": call["id"], "content": body}


def encode(past: list[Any], new: list[Any], **options: Any) -> bytes:
    return orjson.dumps(
        {"model": "m", "messages": [SYSTEM, *past, *new], "tools": GIVEN["tools"], **options}
    )


async def chat(request: Request) -> Response:
    ask = orjson.loads(await request.body())
    conversation_id = ask.get("conversation_id", "c1")
    past, new = load(conversation_id), [{"role": "user", "content": ask["message"]}]
    while True:
        headers = {"content-type": "application/json", "authorization": "Bearer x"}
        async with session().post(URL, data=encode(past, new), headers=headers) as response:
            message = orjson.loads(await response.read())["choices"][0]["message"]
        new.append(message)
        if not message.get("tool_calls"):
            break
        new.extend(map(result_of, message["tool_calls"]))
    save(conversation_id, new)
    return Response(orjson.dumps({"reply": message["content"]}), media_type="application/json")


async def stream(request: Request) -> Response:
    ask = orjson.loads(await request.body())
    return StreamingResponse(pieces(ask), media_type="text/event-stream")


async def pieces(ask: dict[str, Any]) -> AsyncIterator[bytes]:
    conversation_id = ask.get("conversation_id", "c1")
    past, new = load(conversation_id), [{"role": "user", "content": ask["message"]}]
    headers = {"content-type": "application/json", "authorization": "Bearer x"}
    while True:
        text, calls = "", []
        data = encode(past, new, stream=True)
        async with session().post(URL, data=data, headers=headers) as response:
            async for line in response.content:
                if not line.startswith(b"data: {"):
                    continue
                delta = orjson.loads(line[6:])["choices"][0]["delta"]
                if delta.get("content"):
                    text += delta["content"]
                    yield b"data: " + orjson.dumps({"delta": delta["content"]}) + b"\n\n"
                calls += delta.get("tool_calls") or []
        said = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
        new.append(said)
        if not calls:
            break
        new.extend(map(result_of, calls))
    save(conversation_id, new)
    yield b"data: [DONE]\n\n"


async def healthz(_request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


app = Starlette(
    routes=[
        Route("/healthz", healthz),
        Route("/chat", chat, methods=["POST"]),
        Route("/stream", stream, methods=["POST"]),
    ]
)
