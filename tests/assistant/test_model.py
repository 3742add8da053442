"""Model access on the wire: whole and streamed answers, faults, retries and the fallback."""

import json
import time
from collections.abc import Sequence
from email.utils import formatdate
from typing import Any

import pytest
import respx
from openai import AsyncOpenAI
from openai_server import Endpoint, calls, chunk, serve, streamed, whole
from wiring import HTTPCore2Mocker  # noqa: F401 - registers itself with respx

from assistant import model as model_module
from assistant.completions import MAX_ANSWER_CHARACTERS, Answer, Usage
from assistant.errors import ModelRefused, ModelUnavailable
from assistant.events import Restarted, TextDelta
from assistant.model import OpenAIModel

pytestmark = pytest.mark.anyio
ASKED = [{"role": "user", "content": "hello"}]
TOOLS = [{"type": "function", "function": {"name": "get_progress", "parameters": {}}}]
BOTH = pytest.mark.parametrize("streaming", [False, True])
TWO_CALLS = calls(("get_progress", {"weeks": 2}), ("get_workout", {"date": "2026-02-12"}))


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "WAIT_FLOOR_S", 0.01)
    monkeypatch.setattr(model_module, "WAIT_CEILING_S", 0.02)


async def ask(
    url: str, *, streaming: bool, seconds: float = 10, tools: Sequence[Any] = TOOLS, **options: Any
) -> list[Any]:
    client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
    model = OpenAIModel(client, "m", streaming=streaming, **options)
    deadline = time.monotonic() + seconds
    async with client:
        return [event async for event in model.stream(ASKED, tools=tools, deadline=deadline)]


def last(events: list[Any]) -> Answer:
    assert isinstance(events[-1], Answer)
    return events[-1]


@BOTH
async def test_two_parallel_calls_come_whole_and_with_ids_of_our_own(streaming: bool) -> None:
    endpoint = Endpoint(TWO_CALLS)
    with serve(endpoint) as url:
        answer = last(await ask(url, streaming=streaming))
    assert [(c.name, json.loads(c.arguments)) for c in answer.calls] == [
        ("get_progress", {"weeks": 2}),
        ("get_workout", {"date": "2026-02-12"}),
    ]
    assert len({call.id for call in answer.calls}) == 2
    assert all(call.id.startswith("call_") and len(call.id) > 12 for call in answer.calls)
    assert endpoint.requests[0]["messages"] == ASKED
    assert endpoint.requests[0]["tools"] == TOOLS


async def test_text_is_shown_as_it_comes() -> None:
    first, *others = streamed("an easy day today").split(b"\n\n")[1:]
    paced = [first + b"\n\n", 0.4, b"\n\n".join(others)]
    with serve(Endpoint(paced)) as url:
        client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
        deadline = time.monotonic() + 10
        seen = []
        async with client:
            async for event in OpenAIModel(client, "m").stream(ASKED, tools=(), deadline=deadline):
                seen.append((time.monotonic(), event))
    *deltas, (_, answer) = seen
    assert [delta.text for _, delta in deltas] == ["an ", "easy day today "]
    assert deltas[1][0] - deltas[0][0] > 0.3
    assert answer.text == "an easy day today "


async def test_a_stream_is_read_however_the_network_cuts_it() -> None:
    stream = streamed("30 min, größer \u2028 und 🏃")
    stream = stream.replace(b"\\u2028", "\u2028".encode())  # JSON may hold it as it is
    parts: list[bytes | float] = []
    for place in range(0, len(stream), 5):
        parts += [stream[place : place + 5], 0.0]
    for sent in (parts, stream.replace(b"\n", b"\r\n")):
        with serve(Endpoint(sent)) as url:
            answer = last(await ask(url, streaming=True, tools=()))
        assert answer.text.split() == ["30", "min,", "größer", "und", "🏃"]


async def test_a_stream_that_stays_open_after_its_end_is_not_waited_for() -> None:
    began = time.monotonic()
    with serve(Endpoint([streamed("an easy day"), 5.0, b"\n"])) as url:
        answer = last(await ask(url, streaming=True, tools=(), seconds=4))
        assert time.monotonic() - began < 3
    assert answer.text == "an easy day "


async def test_a_line_without_an_end_is_dropped_and_asked_for_again() -> None:
    endless = [b'data: {"choices": "', *([b"x" * 100_000] * 11)]
    with serve(Endpoint(endless, "well now")) as url:
        assert last(await ask(url, streaming=True)).text.strip() == "well now"


async def test_streams_share_a_connection() -> None:
    endpoint = Endpoint("an easy day")
    with serve(endpoint) as url:
        client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
        model = OpenAIModel(client, "m")
        async with client:
            for _ in range(4):
                deadline = time.monotonic() + 10
                assert [e async for e in model.stream(ASKED, tools=(), deadline=deadline)]
    assert len(endpoint.callers) == 1


@pytest.mark.parametrize("with_ids", [True, False])
async def test_calls_that_are_all_streamed_under_index_0_stay_apart(with_ids: bool) -> None:
    def piece(number: int, name: str, arguments: str) -> bytes:
        call = {"index": 0, "function": {"name": name, "arguments": arguments}}
        return chunk({"tool_calls": [call | ({"id": f"c{number}"} if with_ids else {})]})

    stream = piece(1, "get_progress", '{"weeks":2}') + piece(2, "get_workout", '{"date":"x"}')
    stream += (
        piece(3, "get_workout", '{"date":"y"}') + chunk({}, "tool_calls") + b"data: [DONE]\n\n"
    )
    with serve(Endpoint(stream)) as url:
        answer = last(await ask(url, streaming=True))
    assert [(c.name, c.arguments) for c in answer.calls] == [
        ("get_progress", '{"weeks":2}'),
        ("get_workout", '{"date":"x"}'),
        ("get_workout", '{"date":"y"}'),
    ]


async def test_a_stream_cut_before_its_finish_reason_is_withdrawn_and_asked_for_again() -> None:
    endpoint = Endpoint(streamed("I have logged it", cut=True), "what did you run?")
    with serve(endpoint) as url:
        events = await ask(url, streaming=True)
    assert [type(event) for event in events].count(Restarted) == 1
    assert last(events).text.strip() == "what did you run?"
    after = events[events.index(Restarted()) + 1 : -1]
    assert "".join(e.text for e in after if isinstance(e, TextDelta)).startswith("what did")


async def test_calls_of_a_cut_stream_never_come_out() -> None:
    with serve(Endpoint(streamed(TWO_CALLS, cut=True))) as url, pytest.raises(ModelUnavailable):
        await ask(url, streaming=True)


@pytest.mark.parametrize(
    "broken",
    [
        b"data: {not json}\n\n",
        chunk({"content": "hi"}) + b'data: {"error": {"message": "boom", "code": 500}}\n\n',
        b"data: \xff\xfe\n\n",
    ],
)
async def test_a_stream_that_cannot_be_read_is_asked_for_again(broken: bytes) -> None:
    with serve(Endpoint(broken, "well now")) as url:
        assert last(await ask(url, streaming=True)).text.strip() == "well now"


@pytest.mark.parametrize(
    "body",
    [
        {"choices": []},
        {"choices": [{"message": {"role": "assistant", "content": "x"}}]},
        {"nothing": True},
        [1, 2],
        None,
    ],
)
async def test_an_answer_that_is_none_is_asked_for_again(body: Any) -> None:
    with serve(Endpoint((200, {}, body), "well now")) as url:
        assert last(await ask(url, streaming=False)).text == "well now"


@BOTH
@pytest.mark.parametrize(
    "endless",
    ["run " * 20_000, calls(("get_progress", {"weeks": "9" * MAX_ANSWER_CHARACTERS}))],
    ids=["text", "arguments"],
)
async def test_an_answer_without_an_end_is_dropped_and_asked_for_again(
    endless: Any, streaming: bool
) -> None:
    with serve(Endpoint(endless, "well now")) as url:
        events = await ask(url, streaming=streaming)
    assert last(events).text.strip() == "well now"
    assert last(events).calls == ()
    shown = sum(len(event.text) for event in events if isinstance(event, TextDelta))
    assert shown <= MAX_ANSWER_CHARACTERS + len("well now ")


@BOTH
async def test_a_429_waits_as_long_as_it_was_told(streaming: bool) -> None:
    endpoint = Endpoint((429, {"Retry-After": "1"}, {"error": {"message": "slow down"}}), "hi")
    with serve(endpoint) as url:
        assert last(await ask(url, streaming=streaming)).text.strip() == "hi"
    assert endpoint.times[1] - endpoint.times[0] >= 1.0


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    endpoint = Endpoint((429, {"Retry-After": "60"}, {"error": {"message": "slow down"}}))
    start = time.monotonic()
    with serve(endpoint) as url, pytest.raises(ModelUnavailable, match="over its limits") as caught:
        await ask(url, streaming=False, seconds=2)
    assert time.monotonic() - start < 2
    assert len(endpoint.requests) == 1
    assert caught.value.retry_after_s == 60


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, None), (403, None), (400, None), (404, None), (429, "insufficient_quota")],
)
async def test_what_retrying_cannot_help_is_tried_once(status: int, code: str | None) -> None:
    endpoint = Endpoint((status, {}, {"error": {"message": "no", "code": code}}))
    with serve(endpoint) as url, pytest.raises(ModelRefused, match=str(status)):
        await ask(url, streaming=False)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_passing_faults_are_tried_three_times_by_one_layer(status: int) -> None:
    endpoint = Endpoint((status, {}, {"error": {"message": "later"}}))
    with serve(endpoint) as url, pytest.raises(ModelUnavailable):
        await ask(url, streaming=False)
    assert len(endpoint.requests) == 3


async def test_the_fallback_model_answers_where_the_first_cannot() -> None:
    endpoint = Endpoint((401, {}, {"error": {"message": "no"}}), "from the other")
    with serve(endpoint) as url:
        answer = last(await ask(url, streaming=False, fallback="other"))
    assert answer.text == "from the other"
    assert [request["model"] for request in endpoint.requests] == ["m", "other"]


async def test_nobody_listening_is_the_model_being_unavailable() -> None:
    with pytest.raises(ModelUnavailable, match="can't be reached"):
        await ask("http://127.0.0.1:9/v1", streaming=False)


@pytest.mark.parametrize(
    ("message", "reason", "text", "count"),
    [
        ({"role": "assistant", "content": "half an ans"}, "length", "half an ans … (cut short)", 0),
        (TWO_CALLS, "length", "", 0),
        ({"role": "assistant", "content": "x"}, "content_filter", "I can't help with that", 0),
        ({"role": "assistant", "content": None, "refusal": "no"}, "stop", "I can't help", 0),
        (TWO_CALLS, "stop", "", 2),
        ({"role": "assistant", "content": None}, "stop", "", 0),
    ],
)
async def test_each_finish_reason_has_its_meaning(
    message: dict[str, Any], reason: str, text: str, count: int
) -> None:
    with serve(Endpoint((200, {}, whole(message, reason)))) as url:
        answer = last(await ask(url, streaming=False))
    assert answer.text.startswith(text)
    assert len(answer.calls) == count
    assert answer.usage == Usage(10, 5)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "0.5"}, 0.5, 0.5),
        ({"retry-after-ms": "20"}, 0.02, 0.02),
        ({"retry-after": "-3"}, None, None),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "1e999"}, None, None),
        ({"retry-after": formatdate(time.time() + 3600, usegmt=True)}, 3000, 3600),
        ({"retry-after": "Wed, 99 Foo"}, None, None),
    ],
)
@respx.mock(base_url="http://model", using="httpcore2")
async def test_retry_after_is_read_in_all_its_forms(
    respx_mock: respx.MockRouter, headers: dict[str, str], low: float | None, high: float | None
) -> None:
    respx_mock.post("/v1/chat/completions").mock(
        return_value=respx.MockResponse(429, headers=headers, json={"error": {"message": "x"}})
    )
    with pytest.raises(ModelUnavailable) as caught:
        await ask("http://model/v1", streaming=False, attempts=1)
    cause = caught.value.__cause__
    wait = model_module._retry_after(cause)
    assert wait == low if low is None else low - 1 <= (wait or 0) <= (high or 0)


@respx.mock(base_url="http://model", using="httpcore2")
async def test_the_same_calls_are_read_through_a_mocked_transport(
    respx_mock: respx.MockRouter,
) -> None:
    route = respx_mock.post("/v1/chat/completions").mock(
        side_effect=[
            respx.MockResponse(500, json={"error": {"message": "x"}}),
            respx.MockResponse(
                200, content=streamed(TWO_CALLS), headers={"content-type": "text/event-stream"}
            ),
        ]
    )
    answer = last(await ask("http://model/v1", streaming=True))
    assert [call.name for call in answer.calls] == ["get_progress", "get_workout"]
    assert route.call_count == 2


async def test_a_used_up_deadline_asks_nobody() -> None:
    endpoint = Endpoint("hi")
    with serve(endpoint) as url, pytest.raises(ModelUnavailable, match="used up"):
        await ask(url, streaming=False, seconds=-1)
    assert endpoint.requests == []
