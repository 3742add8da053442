"""Errors over HTTP: RFC 9457 problem+json that names what is accepted and echoes no input."""

import math
from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse

from assistant.errors import (
    AssistantError,
    Busy,
    KeysUnavailable,
    MessageRefused,
    ModelRefused,
    ModelUnavailable,
)
from storage.errors import (
    KeyReused,
    LeaseLost,
    MessagePurged,
    RateExceeded,
    StorageError,
    StoreOutdated,
    StoreTooNew,
    UserNotFound,
)

REFUSED_RETRY_S = 60
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that ends a request at once."""

    def __init__(
        self, status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.response = problem(status, title, detail, headers=headers)


def problem(
    status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "title": title,
        "detail": detail,
    }
    return JSONResponse(
        body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def problem_of(error: Exception) -> JSONResponse:
    """Return the problem that an error of the house is."""
    match error:
        case MessageRefused():
            return problem(422, "Message refused", str(error))
        case UserNotFound():
            return problem(404, "Unknown runner", "there is no such runner")
        case KeyReused():
            return problem(422, "Key reused", str(error))
        case MessagePurged():
            return problem(410, "Kept no longer", str(error))
        case Busy():
            return problem(409, "Busy", str(error), headers=_retry(error.retry_after_s))
        case LeaseLost():
            return problem(409, "Busy", "the message is being answered", headers=_retry(2))
        case RateExceeded():
            return problem(429, "Too many requests", str(error), headers=_limited(error))
        case KeysUnavailable():
            return problem(503, "Not available", str(error), headers=_retry(10))
        case ModelRefused():
            detail = "the model can't be used right now; your message is kept"
            return problem(503, "Model unavailable", detail, headers=_retry(REFUSED_RETRY_S))
        case ModelUnavailable():
            return problem(
                503,
                "Model unavailable",
                "your message is kept; send it again under the same Idempotency-Key",
                headers=_retry(error.retry_after_s),
            )
        case StoreOutdated():
            return problem(503, "Schema behind", str(error), headers=_retry(5))
        case StoreTooNew():
            return problem(503, "Schema ahead", str(error), headers=_retry(5))
        case StorageError() | AssistantError():
            return problem(503, "Not available", "the store can't be used", headers=_retry(5))
    return problem(500, "Internal error", "something went wrong; nothing of it is shown here")


def _retry(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))}


def _limited(error: RateExceeded) -> dict[str, str]:
    """Return when to come back, also as draft-ietf-httpapi-ratelimit-headers has it."""
    wait_s = max(1, math.ceil(error.retry_after_s))
    return {
        "Retry-After": str(wait_s),
        "RateLimit": f'"{error.scope}";r=0;t={wait_s}',
        "RateLimit-Policy": f'"{error.scope}";q={error.per_minute};w=60',
    }


def refusals(more: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Describe how a route that reads for its runner refuses, as its OpenAPI entry has it."""
    texts = {
        401: "Not authenticated",
        404: "No such runner",
        408: "The body came too slowly",
        413: "The body is too large",
        429: "Too many requests of this user or address",
        503: "The store can't be used",
    }
    content = {MEDIA_TYPE: {"schema": {"type": "object"}}}
    return {
        status: {"description": told, "content": content}
        for status, told in (texts | dict(more)).items()
    }
