"""The embedded model through the real client, in process."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI, BadRequestError

from assistant.embedded.app import build_app

CONTEXT = {
    "today": "2026-02-10",
    "top_prompt": "Track my training",
    "runner": {"name": "Demo", "units": "km"},
    "plan": None,
}
TOOLS: Any = [{"type": "function", "function": {"name": "log_execution", "parameters": {}}}]


def conversation(said: str) -> Any:
    return [
        {"role": "system", "content": f"<context>{json.dumps(CONTEXT)}</context>"},
        {
            "role": "user",
            "content": f"<runner_message>{json.dumps({'text': said})}</runner_message>",
        },
    ]


def talk(use: Callable[[AsyncOpenAI], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        transport = httpx2.ASGITransport(app=build_app())
        async with httpx2.AsyncClient(transport=transport) as http:
            client = AsyncOpenAI(
                api_key="-", base_url="http://embedded/v1", http_client=http, max_retries=0
            )
            return await use(client)

    return asyncio.run(run())


def test_a_report_is_answered_with_a_call() -> None:
    got = talk(
        lambda client: client.chat.completions.create(
            model="runplan-embedded", messages=conversation("40 min easy done, rpe 3"), tools=TOOLS
        )
    )
    [choice] = got.choices
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content is None
    [call] = choice.message.tool_calls or []
    assert call.type == "function"
    assert json.loads(call.function.arguments)["feedback"] == {"rpe": 3}


def test_words_and_calls_are_streamed_with_an_end_and_usage() -> None:
    async def use(client: AsyncOpenAI, said: str) -> list[Any]:
        stream = await client.chat.completions.create(
            model="runplan-embedded",
            messages=conversation(said),
            tools=TOOLS,
            stream=True,
            stream_options={"include_usage": True},
        )
        return [chunk async for chunk in stream]

    called = talk(lambda client: use(client, "40 min easy done"))
    deltas = [chunk.choices[0].delta for chunk in called if chunk.choices]
    calls = [call for delta in deltas for call in delta.tool_calls or []]
    assert calls[0].function.name == "log_execution"
    arguments = "".join(call.function.arguments for call in calls)
    assert json.loads(arguments)["date"] == "2026-02-10"
    assert called[-2].choices[0].finish_reason == "tool_calls"
    assert called[-1].usage.total_tokens > 0
    spoken = talk(lambda client: use(client, "hello"))
    pieces = [chunk.choices[0].delta.content or "" for chunk in spoken if chunk.choices]
    assert "".join(pieces).startswith("Hi, Demo!")
    assert len(pieces) > 5
    assert spoken[-2].choices[0].finish_reason == "stop"


def test_the_same_request_gives_the_same_bytes() -> None:
    async def post(client: AsyncOpenAI) -> bytes:
        body = {"model": "m", "messages": conversation("hello"), "stream": True}
        reply = await client.post("/chat/completions", body=body, cast_to=httpx2.Response)
        return bytes(reply.content)

    first, second = talk(post), talk(post)
    assert first == second
    assert first.endswith(b"data: [DONE]\n\n")


def test_the_model_is_listed() -> None:
    async def names(client: AsyncOpenAI) -> list[str]:
        return [model.id async for model in client.models.list()]

    assert talk(names) == ["runplan-embedded"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"[", None),
        (b"[]", None),
        (b'{"messages": []}', "model"),
        (b'{"model": "m"}', "messages"),
        (b'{"model": "m", "messages": []}', "messages"),
        (b'{"model": "m", "messages": ["x"]}', "messages[0]"),
        (b'{"model": "m", "messages": [{"role": "user", "content": 1}]}', "messages[0].content"),
        (b'{"model": "m", "messages": [{"role": "user"}], "tools": 1}', "tools"),
        (b'{"model": "m", "messages": [{"role": "user"}], "tools": [{}]}', "tools[0]"),
        (b'{"model": "m", "messages": [{"role": "user"}], "stream_options": 1}', "stream_options"),
    ],
)
def test_malformed_requests_get_an_error_of_openais_shape(body: bytes, param: str | None) -> None:
    async def post() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=build_app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://embedded") as http:
            return await http.post("/v1/chat/completions", content=body)

    reply = asyncio.run(post())
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param


def test_the_client_raises_its_own_error() -> None:
    with pytest.raises(BadRequestError):
        talk(lambda client: client.chat.completions.create(model="m", messages=[]))


def test_tool_choice_none_means_words() -> None:
    got = talk(
        lambda client: client.chat.completions.create(
            model="m", messages=conversation("40 min done"), tools=TOOLS, tool_choice="none"
        )
    )
    assert got.choices[0].message.content
