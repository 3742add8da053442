"""What runners may have and end over HTTP: everything that is held of them."""

from typing import Any, Literal

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from assistant.passports import export_passport
from assistant.threads import in_thread
from assistant.web.bodies import read_json
from assistant.web.callers import Callers
from assistant.web.gate import caller_of
from assistant.web.problems import refusals
from storage.database import Database
from storage.erasing import erase_user
from storage.passports import render_passport

EXPORT, ME = "/me/export", "/me"
_log = structlog.get_logger("runplan.web")


class DeleteRequest(BaseModel):
    """The words that a deletion asks for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    confirm: Literal["delete everything"]


class DeletedBody(BaseModel):
    """What went. deleted: rows by table; wiped: whether the store's files hold no trace of it."""

    deleted: dict[str, int]
    wiped: bool


def add_privacy(app: FastAPI, callers: Callers, database: Database) -> None:
    """Add the two routes to the application."""

    @app.get(EXPORT, responses=refusals(_ALONE) | {200: _passport()})
    async def export(request: Request) -> Response:
        """Return the passport: everything that is held of the runner, as it imports again."""
        user_id = await callers.runner_alone(caller_of(request))
        text = render_passport(await in_thread(export_passport, database, user_id))
        name = {"Content-Disposition": 'attachment; filename="passport.json"'}
        return Response(text, media_type="application/json", headers=name)

    body = {"application/json": {"schema": DeleteRequest.model_json_schema()}}

    @app.delete(
        ME,
        responses=refusals(_ALONE | _WITH_BODY),
        response_model=DeletedBody,
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )
    async def delete(request: Request) -> Response:
        """Delete everything that is held of the runner, at once and for good."""
        user_id = await callers.runner_alone(caller_of(request))
        DeleteRequest.model_validate_json(await read_json(request))
        erased = await in_thread(erase_user, database, user_id)
        _log.info("runner deleted", rows=sum(erased.rows.values()), wiped=erased.wiped)
        return JSONResponse({"deleted": dict(erased.rows), "wiped": erased.wiped})


_ALONE = {403: "Only the runner may ask for this, no integration"}
_WITH_BODY = {
    400: "The body is not JSON",
    415: "Not application/json",
    422: 'The body does not say {"confirm": "delete everything"}',
}


def _passport() -> dict[str, Any]:
    says = "The passport; its JSON Schema is docs/passport.schema.json"
    return {"description": says, "content": {"application/json": {"schema": {"type": "object"}}}}
