"""The chat page's own files: each listed by its path, nothing else of the disk is ever served.

They hold nothing of a runner, so anybody may ask for them; what they read comes from the routes
behind the gate.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response

from assistant.web.bodies import packs

FOLDER = Path(__file__).with_name("page")
MODULES = (
    "api",
    "calendar",
    "cards",
    "day",
    "dom",
    "frame",
    "main",
    "plan",
    "sending",
    "states",
    "thread",
    "words",
)
FILES = {
    "/": "index.html",
    "/page/page.css": "page.css",
    **{f"/page/{name}.js": f"{name}.js" for name in MODULES},
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it goes out, plain and packed."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


def read_file(name: str) -> Served:
    """Read one of the page's files."""
    content = (FOLDER / name).read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    media_type = f"{_TYPES[Path(name).suffix]}; charset=utf-8"
    return Served(content, gzip.compress(content, mtime=0), media_type, tag)


def add_page(app: FastAPI) -> None:
    """Add the page's files to the application."""
    for path, name in FILES.items():
        _add_file(app, path, read_file(name))


def _add_file(app: FastAPI, path: str, file: Served) -> None:
    @app.get(path, include_in_schema=False)
    async def page(request: Request) -> Response:
        """Give the file, or say that the one that is known is still good."""
        headers = {"Cache-Control": "no-cache", "ETag": file.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        if packs(request):
            headers["Content-Encoding"] = "gzip"
            return Response(file.packed, media_type=file.media_type, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)
