"""GET /chat/{conversation_id}/stream: the turn that is being answered, for who lost its stream.

It is where the AI SDK's `useChat({ resume: true })` looks after a reload.
"""

from typing import Annotated, Any

from fastapi import FastAPI, Path, Request
from fastapi.responses import Response

from assistant.coach import Incoming
from assistant.threads import in_thread
from assistant.web.callers import Callers
from assistant.web.dialects import CONVERSATION_ID
from assistant.web.gate import caller_of
from assistant.web.history import LAST
from assistant.web.problems import refusals
from assistant.web.streams import stream_turn
from assistant.web.turns import RunningTurns
from storage.database import Database
from storage.transcripts import SaidTurn, find_transcript


def add_resuming(
    app: FastAPI, callers: Callers, turns: RunningTurns, database: Database, deadline_s: float
) -> None:
    """Add the route to the application."""

    @app.get(
        "/chat/{conversation_id}/stream",
        response_class=Response,
        responses=refusals(_TEXTS) | {200: _STREAM, 204: {"description": "Nothing to stream"}},
    )
    async def resume(
        request: Request, conversation_id: Annotated[str, Path(pattern=CONVERSATION_ID)]
    ) -> Response:
        """Stream the conversation's turn that is not answered yet; 204 where there is none.

        It is the message that was accepted under its key before: what was done stays done, and a
        turn that broke off goes on.
        """
        user_id = await callers.runner_alone(caller_of(request))
        last = await in_thread(_last, database, user_id, conversation_id)
        if last is None or last.status != "pending" or last.key is None:
            return Response(status_code=204)
        incoming = Incoming(user_id, last.text, conversation_id, last.key)
        return await stream_turn(turns.start(incoming, deadline_s, streaming=True))


def _last(database: Database, user_id: str, conversation_id: str) -> SaidTurn | None:
    with database.read() as session:
        found = find_transcript(session, user_id, conversation_id, before=LAST, count=1)
    return found[0] if found else None


_STREAM: dict[str, Any] = {
    "description": "The turn as a stream of server-sent events",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
_TEXTS = {
    403: "Only the runner may ask for this, no integration",
    409: "Another message of this runner is being answered",
    410: "The message is kept no longer",
    422: "The conversation's id is off, or its message came without one",
}
