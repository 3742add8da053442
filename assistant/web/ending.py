"""Requests that the end of the process cuts off: each is told to come again, by another process."""

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.problems import problem

AGAIN_S = 1


class EndsWell:
    """Answers a request that is cut off before its answer began with a 503, which may be resent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        began = False

        async def send_noted(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except anyio.get_cancelled_exc_class():
            if scope["type"] == "http" and not began:
                await problem(
                    503,
                    "Restarting",
                    "this process is ending; send the message again under the same Idempotency-Key",
                    headers={"Retry-After": str(AGAIN_S)},
                )(scope, receive, send)
            raise
