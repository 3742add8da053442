"""Bodies of requests: JSON, and said to be."""

import json

from fastapi import Request

from assistant.web.problems import Problem


async def read_json(request: Request) -> bytes:
    """Return a body that is JSON in UTF-8. Raises Problem (415, 400)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "Unsupported media type", "send application/json")
    raw = await request.body()
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem(400, "Not JSON", "the body is not one JSON object in UTF-8") from None
    return raw
