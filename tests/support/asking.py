"""Asking the application as a server does, with header bytes and body pieces as they come."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message

JSON = (b"content-type", b"application/json")
Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the body's value."""
        return json.loads(self.body)


async def ask(
    app: ASGIApp,
    *,
    method: str = "POST",
    path: str = "/chat",
    headers: Sequence[Header] = (JSON,),
    pieces: Iterable[bytes] = (b'{"message": "hi"}',),
    client: str = "203.0.113.9",
    host: str = "coach.example",
) -> Answer:
    """Send one request. pieces: of the body, each received on its own."""
    coming = list(pieces) or [b""]
    waiting: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": more < len(coming)}
        for more, piece in enumerate(coming, 1)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host.encode()), *headers],
        "client": (client, 50_000),
        "server": (host, 443),
    }
    await app(scope, receive, send)
    start = sent[0]
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
