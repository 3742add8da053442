"""Bodies: of requests, JSON and said to be; of long answers, packed where that is understood."""

import gzip
import json

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

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


def packs(request: Request) -> bool:
    """Whether the caller understands gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")


def json_answer(request: Request, body: BaseModel) -> Response:
    """Return a body as JSON, packed where the caller understands that."""
    content, headers = body.model_dump_json().encode(), {"Vary": "Accept-Encoding"}
    if packs(request):
        content = gzip.compress(content, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="application/json", headers=headers)
