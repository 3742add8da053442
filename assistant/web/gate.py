"""The gate before every route: who calls, how often, how much is read, and what headers go out.

A route is closed unless its path is in `OPEN`; nothing of the application runs for a caller who was
not let in. The body is read here, since a signature covers its bytes.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant.errors import AssistantError
from assistant.web.callers import Caller, Callers
from assistant.web.problems import Problem, problem_of
from assistant.web.static import FILES
from storage.errors import StorageError

OPEN = frozenset({"/healthz", "/readyz", "/metrics", *FILES})
"""The paths that anybody may ask for: what a load balancer needs, the empty page, and nothing of a
runner.

`/metrics` is there only where it has a token, and asks for that itself.
"""

BODY_S = 15.0
CALLER = "runplan.caller"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Gate:
    """Lets known callers through to the application, each with its body read."""

    def __init__(self, app: ASGIApp, callers: Callers, max_body_bytes: int) -> None:
        self.app = app
        self.callers = callers
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] != "http" or scope["path"] in OPEN:
            await self.app(scope, receive, send)
        else:
            with suppress(ClientDisconnect):  # who left needs no answer
                await self._admit(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await read_body(request, self.max_body_bytes)
            caller = await self._identify(request, body)
        except Problem as refused:
            await refused.response(scope, receive, send)
        except (AssistantError, StorageError) as error:
            await problem_of(error)(scope, receive, send)
        else:
            scope[CALLER] = caller
            await self.app(scope, _again(body, receive), send)

    async def _identify(self, request: Request, body: bytes) -> Caller:
        """Say who calls, and count the request; who is refused is counted by address."""
        address = request.client.host if request.client else "unknown"
        limits = self.callers.limits
        try:
            caller = await self.callers.identify(request, body)
        except Problem:
            await limits.take(address=address)
            raise
        if caller.mode != "dev":
            await limits.take(address=address, integration=caller.integration, user=caller.user_id)
        return caller


class SecurityHeaders:
    """Sets the headers that keep a browser careful, unless the application set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def caller_of(request: HTTPConnection) -> Caller:
    """Return the caller whom the gate let in."""
    caller: Caller = request.scope[CALLER]
    return caller


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body. Its bytes are counted while they come, whatever Content-Length says.

    Raises Problem (413, 408), ClientDisconnect.
    """
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:20]) > max_bytes:
        raise _too_large(max_bytes)
    read = bytearray()
    try:
        with anyio.fail_after(BODY_S):
            async for piece in request.stream():
                read += piece
                if len(read) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError:
        raise Problem(408, "Too slow", f"send the body within {BODY_S:.0f} seconds") from None
    return bytes(read)


def _too_large(max_bytes: int) -> Problem:
    return Problem(
        413,
        "Body too large",
        f"up to {max_bytes} bytes can be taken",
        headers={"Connection": "close"},
    )


def _again(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Return a `receive` that hands out the body that was read, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
