"""A coach over a scripted endpoint, on a real wire or through respx."""

import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpcore2
import respx
from openai import AsyncOpenAI
from openai_server import Endpoint, serve, streamed, whole
from respx.mocks import HTTPCoreMocker

from assistant.coach import Coach, Incoming
from assistant.events import Event, Finished
from assistant.model import OpenAIModel
from storage.database import Database

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)


class HTTPCore2Mocker(HTTPCoreMocker):
    """Lets respx see the library that the openai client speaks through."""

    name = "httpcore2"
    targets = [t.replace("httpcore.", "httpcore2.", 1) for t in HTTPCoreMocker.targets]  # noqa: RUF012

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: Any, target: Any, **_: Any) -> Any:
        """Return the mocked response as that library's own."""
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )


@contextmanager
def endpoint_url(endpoint: Endpoint, transport: str) -> Iterator[str]:
    """Offer the endpoint's script; transport: "wire" or "respx"."""
    if transport == "wire":
        with serve(endpoint) as url:
            yield url
        return
    with respx.mock(base_url="http://model", using="httpcore2") as router:
        router.post("/v1/chat/completions").mock(
            side_effect=lambda request: _mocked(endpoint, request)
        )
        yield "http://model/v1"


def _mocked(endpoint: Endpoint, request: Any) -> respx.MockResponse:
    body = json.loads(request.content)
    endpoint.requests.append(body)
    answer = endpoint.script.pop(0) if len(endpoint.script) > 1 else endpoint.script[0]
    if isinstance(answer, tuple):
        status, headers, content = answer
        return respx.MockResponse(status, headers=headers, json=content)
    stream = {"content-type": "text/event-stream"}
    if isinstance(answer, bytes):
        return respx.MockResponse(200, headers=stream, content=answer)
    if body.get("stream"):
        return respx.MockResponse(200, headers=stream, content=streamed(answer))
    return respx.MockResponse(200, json=whole(answer))


@asynccontextmanager
async def coach_at(database: Database, url: str, **options: Any) -> AsyncIterator[Coach]:
    """Yield a coach whose model is the endpoint at the URL."""
    client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
    model = OpenAIModel(client, "m", streaming=True)
    coach = Coach(database, model, clock=lambda: NOW, today=TODAY, **options)
    try:
        yield coach
    finally:
        await coach.close()


async def say(
    coach: Coach, text: str, *, user: str = "demo", conversation: str | None = "conv_1", **more: Any
) -> dict[str, Any]:
    """Send one message and return the reply object."""
    events = [event async for event in coach.answer(Incoming(user, text, conversation, **more))]
    return finished(events)


def finished(events: list[Event]) -> dict[str, Any]:
    """Return the last event's reply object."""
    last = events[-1]
    assert isinstance(last, Finished)
    return last.response
