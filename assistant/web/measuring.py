"""What is measured of requests, and the page where Prometheus reads it."""

import hmac
import time
from collections.abc import Collection

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.telemetry import REQUESTS
from assistant.web.problems import Problem

_log = structlog.get_logger("runplan.web")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measured:
    """Counts each request under its route; paths and methods that are none are "other"."""

    def __init__(self, app: ASGIApp, routes: Collection[str]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = scope["path"] if scope["path"] in self.routes else "other"
        method = scope["method"] if scope["method"] in METHODS else "other"
        status = 499  # nobody was left to be answered
        started = time.perf_counter()

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_counted)
        except BaseException:
            status = 500
            raise
        finally:
            took_s = time.perf_counter() - started
            REQUESTS.labels(route, method, status).observe(took_s)
            ms = round(1000 * took_s)
            _log.info("request", route=route, method=method, status=status, ms=ms)


def metrics_page(request: Request, token: str) -> Response:
    """Return the numbers for who has the token. Raises Problem (401)."""
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "Not authenticated", "send the token of metrics", headers=headers)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
