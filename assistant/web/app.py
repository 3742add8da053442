"""The HTTP application: POST /chat, what a page reads, GET /healthz and /readyz, and /me."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from assistant.bootstrap import build_callers, build_coach
from assistant.coach import Coach, Incoming
from assistant.errors import AssistantError
from assistant.events import Event, Finished
from assistant.settings import Settings
from assistant.threads import in_thread
from assistant.web.bodies import read_json
from assistant.web.callers import Caller
from assistant.web.describing import IDEMPOTENCY_KEY, KEY_CHARS, describe_callers
from assistant.web.dialects import ChatRequest, ReplyBody, UIRequest, parse_said
from assistant.web.ending import EndsWell
from assistant.web.gate import SECURITY, Gate, SecurityHeaders, caller_of
from assistant.web.history import CHAT, add_history
from assistant.web.measuring import Measured, metrics_page
from assistant.web.plan import PLAN, add_plan
from assistant.web.privacy import EXPORT, ME, add_privacy
from assistant.web.problems import Problem, problem, problem_of
from assistant.web.resuming import add_resuming
from assistant.web.static import FILES, add_page
from assistant.web.streams import stream_turn
from assistant.web.turns import RunningTurns
from storage.database import Database
from storage.errors import StorageError
from storage.migrations import HEAD

_log = structlog.get_logger("runplan.web")
PATHS = frozenset(
    {CHAT, PLAN, "/healthz", "/readyz", "/metrics", "/openapi.json", EXPORT, ME, *FILES}
)


def build_app(settings: Settings, database: Database, *, coach: Coach | None = None) -> FastAPI:
    """Return the application over one store. coach: in place of the one that settings build.

    Raises SettingsInvalid where the settings leave a way in without what keeps it shut.
    """
    callers = build_callers(settings, database)
    answering = coach or build_coach(settings, database)
    turns = RunningTurns(answering, settings.drain_s)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with turns.open():
            yield
        await answering.close()
        database.close()

    app = FastAPI(
        title="runplan",
        summary="A self-hosted conversational running coach.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry={  # spans of requests alone: what logs and operations hold may quote a runner
            "tracing": settings.tracing,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": settings.tracing,
        },
    )
    _handle_errors(app)
    app.add_middleware(Gate, callers=callers, max_body_bytes=settings.max_body_bytes)
    if settings.cors_origins:  # the last one added is the first one asked: preflights end here
        app.add_middleware(CORSMiddleware, **_cors(settings.cors_origins))
    app.add_middleware(EndsWell)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured, routes=PATHS)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @app.get("/readyz", responses={503: {"description": "The store can't be used, and why"}})
    async def readyz() -> dict[str, str]:
        """Say that the store answers and that its schema is this program's."""
        await in_thread(database.check)
        return {"status": "ok", "schema": HEAD}

    if settings.metrics_token is not None:
        token = settings.metrics_token.get_secret_value()

        @app.get("/metrics", include_in_schema=False)
        async def metrics(request: Request) -> Response:
            """Give Prometheus the numbers of this worker."""
            return metrics_page(request, token)

    @app.post("/chat", responses=_documented(), openapi_extra=_request_body())
    async def chat(request: Request) -> Response:
        """Answer a runner's message, as JSON or as a stream by the Accept header."""
        caller = caller_of(request)
        said = parse_said(await read_json(request))
        incoming = Incoming(
            user_id=await callers.speak_for(caller, said.user_id),
            text=said.text,
            conversation_id=said.conversation_id,
            idempotency_key=_key(request, caller) or said.key,
        )
        if said.streams or _wants_stream(request):
            return await stream_turn(
                turns.start(incoming, settings.stream_deadline_s, streaming=True)
            )
        finished = await _run_to_end(turns.start(incoming, settings.deadline_s, streaming=False))
        headers = {"Idempotent-Replayed": "true"} if finished.replayed else {}
        return JSONResponse(finished.response, headers={"Vary": "Accept", **headers})

    add_page(app)
    add_history(app, callers, answering, database)
    add_resuming(app, callers, turns, database, settings.stream_deadline_s)
    add_plan(app, callers, answering, database)
    add_privacy(app, callers, database)
    describe_callers(app)
    return app


def _key(request: Request, caller: Caller) -> str | None:
    """Return the message's idempotency key.

    A signed message's is its webhook-id alone: the signature does not cover another header, so a
    captured message could be given a new key, and would count again.
    """
    given = request.headers.getlist("idempotency-key")
    if caller.webhook_id is not None and any(key != caller.webhook_id for key in given):
        raise Problem(400, "Bad Idempotency-Key", "the key of a signed message is its webhook-id")
    if caller.idempotency_key is not None or not given:
        return caller.idempotency_key
    if len(given) > 1 or not 1 <= len(given[0]) <= KEY_CHARS or not given[0].isprintable():
        raise Problem(400, "Bad Idempotency-Key", f"use 1 to {KEY_CHARS} printable characters")
    return given[0]


def _cors(origins: tuple[str, ...]) -> dict[str, Any]:
    """Return what pages of these origins may do: bearer tokens, and no cookies."""
    return {
        "allow_origins": origins,
        "allow_methods": ("GET", "POST", "DELETE"),
        "allow_headers": ("Authorization", "Content-Type", "Idempotency-Key"),
        "expose_headers": ("Idempotent-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After"),
        "allow_credentials": False,
    }


def _wants_stream(request: Request) -> bool:
    accept = request.headers.get("accept", "*/*").lower()
    if "text/event-stream" in accept:
        return True
    if any(kind in accept for kind in ("*/*", "application/*", "application/json")):
        return False
    raise Problem(406, "Not acceptable", "accept application/json or text/event-stream")


async def _run_to_end(events: AsyncIterator[Event]) -> Finished:
    async for event in events:
        if isinstance(event, Finished):
            return event
    raise AssistantError("a turn ended without a reply")


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def _(_request: Request, error: Problem) -> Response:
        return error.response

    @app.exception_handler(AssistantError)
    @app.exception_handler(StorageError)
    async def _(_request: Request, error: Exception) -> Response:
        _log.warning("request failed", kind=type(error).__name__)
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    async def _(_request: Request, error: RequestValidationError) -> Response:
        return _invalid(error.errors())

    @app.exception_handler(HTTPException)
    async def _(_request: Request, error: HTTPException) -> Response:
        return problem(
            error.status_code, str(error.detail), str(error.detail), headers=error.headers
        )

    @app.exception_handler(Exception)
    async def _(_request: Request, error: Exception) -> Response:
        _log.exception("request failed", kind=type(error).__name__)
        answer = problem_of(error)
        answer.headers.update(SECURITY)  # this answer is given outside of all middleware
        return answer

    @app.exception_handler(ValidationError)
    async def _(_request: Request, error: ValidationError) -> Response:
        return _invalid(error.errors(include_url=False, include_input=False))


def _invalid(errors: Any) -> Response:
    first = errors[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    return problem(422, "Invalid request", f"{field}: {first['msg']}")


def _request_body() -> dict[str, Any]:
    """Describe what is read by hand: the body, whose bytes are counted, and the one key."""
    either = [ChatRequest.model_json_schema(), UIRequest.model_json_schema()]
    content = {"application/json": {"schema": {"anyOf": either}}}
    body = {"required": True, "content": content}
    return {"requestBody": body, "parameters": [IDEMPOTENCY_KEY]}


def _documented() -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": {"type": "object"}}}
    texts = {
        400: "The body or the key can't be read",
        401: "Not authenticated",
        403: "user_id is not the caller's, or not linked to the integration",
        408: "The body came too slowly",
        404: "No such runner",
        406: "Neither JSON nor a stream is accepted",
        409: "Another message of this runner is being answered",
        410: "The key's message is kept no longer; it was not counted again",
        413: "The body is too large",
        415: "Not application/json",
        422: "The body is not what is accepted, or the key came with another message",
        429: "Too many requests of this user, integration or address",
        503: "The model or the store can't be used; the message is kept",
    }
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": text, "content": content} for status, text in texts.items()
    }
    found[200] = {
        "description": "The reply object, or the turn as a stream of server-sent events",
        "content": {
            "application/json": {"schema": ReplyBody.model_json_schema()},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    }
    return found
