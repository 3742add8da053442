"""GET /chat: the conversation so far, a page at a time, and the top-of-chat prompt."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from assistant.coach import Coach
from assistant.threads import in_thread
from assistant.web.bodies import json_answer
from assistant.web.callers import Callers
from assistant.web.dialects import CONVERSATION_ID, ReplyBody
from assistant.web.gate import caller_of
from assistant.web.problems import refusals
from storage.database import Database
from storage.profiles import list_users, load_profile
from storage.subscriptions import top_prompt
from storage.transcripts import SaidTurn, find_latest_conversation, find_transcript

CHAT = "/chat"
TURNS, MOST_TURNS = 20, 50
MOST_RUNNERS = 50
LAST = 2**31 - 1


class TurnBody(BaseModel):
    """One message and what became of it.

    key: under which it may be sent again; null where an integration sent it. reply: null until the
    turn is done.
    """

    message_id: str
    sequence: int
    today: dt.date
    said_at: dt.datetime
    text: str
    status: Literal["pending", "done", "failed"]
    key: str | None
    reply: ReplyBody | None

    @classmethod
    def of(cls, turn: SaidTurn) -> "TurnBody":
        """Return the stored turn as a body."""
        values: dict[str, Any] = {
            "message_id": turn.turn_id,
            "sequence": turn.sequence,
            "today": turn.today,
            "said_at": turn.created_at,
            "text": turn.text,
            "status": turn.status,
            "key": turn.key,
            "reply": turn.response,
        }
        return cls.model_validate(values)


class RunnerBody(BaseModel):
    """Who is asking."""

    id: str
    name: str
    units: Literal["km", "mi"]


class HistoryBody(BaseModel):
    """A page of a conversation, oldest turn first.

    earlier: what to pass as `before` for the page in front of it, null at the beginning. runners:
    in dev mode alone, whom the page may speak as; empty otherwise.
    """

    runner: RunnerBody
    today: dt.date
    top_prompt: str | None
    conversation_id: str | None
    turns: list[TurnBody]
    earlier: int | None
    runners: list[str]


def add_history(app: FastAPI, callers: Callers, coach: Coach, database: Database) -> None:
    """Add the route to the application."""

    @app.get(CHAT, response_model=HistoryBody, responses=refusals(_TEXTS))
    async def history(
        request: Request,
        conversation_id: Annotated[str | None, Query(pattern=CONVERSATION_ID)] = None,
        before: Annotated[int, Query(ge=0, le=LAST)] = LAST,
        turns: Annotated[int, Query(ge=1, le=MOST_TURNS)] = TURNS,
    ) -> Response:
        """Return a conversation's last turns, the latest conversation's unless one is named."""
        caller = caller_of(request)
        user_id = await callers.runner_alone(caller)
        body = await in_thread(
            _read, database, coach, user_id, conversation_id, before, turns, caller.mode == "dev"
        )
        return json_answer(request, body)


def _read(
    database: Database,
    coach: Coach,
    user_id: str,
    conversation_id: str | None,
    before: int,
    turns: int,
    lists_runners: bool,
) -> HistoryBody:
    with database.read() as session:
        profile = load_profile(session, user_id)
        thread = conversation_id or find_latest_conversation(session, user_id)
        found: tuple[SaidTurn, ...] = ()
        if thread is not None:
            found = find_transcript(session, user_id, thread, before=before, count=turns)
        runners = list_users(session)[:MOST_RUNNERS] if lists_runners else ()
    first = found[0].sequence if found else 0
    return HistoryBody(
        runner=RunnerBody(id=profile.id, name=profile.name, units=profile.preferences.units),
        today=coach.today_in(profile.preferences.time_zone),
        top_prompt=top_prompt(profile.subscription),
        conversation_id=thread,
        turns=[TurnBody.of(turn) for turn in found],
        earlier=first if first > 0 and len(found) == turns else None,
        runners=list(runners),
    )


_TEXTS = {403: "Only the runner may ask for this, no integration", 422: "A parameter is off"}
