"""What was said: a conversation's turns as a reader sees them, a page at a time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage import tables
from storage.database import execute
from storage.tables import table_of
from storage.turns import KEY_SEPARATOR

_turn = table_of(tables.Turn)
_message = table_of(tables.Message)
_conversation = table_of(tables.Conversation)


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """A message and what became of it. status: pending, done or failed. key: under which the
    runner may send it again, None where another sent it. response: the reply, once it is done."""

    turn_id: str
    sequence: int
    today: dt.date
    created_at: dt.datetime
    text: str
    status: str
    key: str | None
    response: dict[str, Any] | None


_FIND_LATEST = (
    sa.select(_conversation.c.id)
    .where(
        _conversation.c.user_id == sa.bindparam("runner"),
        sa.exists().where(
            _turn.c.user_id == _conversation.c.user_id,
            _turn.c.conversation_id == _conversation.c.id,
            ~_turn.c.idempotency_key.contains(KEY_SEPARATOR),
        ),
    )
    .order_by(_conversation.c.created_at.desc(), _conversation.c.id.desc())
    .limit(1)
)
_FIND_TURNS = (
    sa.select(
        _turn.c.id,
        _turn.c.sequence,
        _turn.c.today,
        _turn.c.created_at,
        _message.c.text,
        _turn.c.status,
        _turn.c.idempotency_key,
        _turn.c.response,
    )
    .join(
        _message,
        (_message.c.user_id == _turn.c.user_id)
        & (_message.c.turn_id == _turn.c.id)
        & (_message.c.position == 0),  # a purged turn has no messages
    )
    .where(
        _turn.c.user_id == sa.bindparam("runner"),
        _turn.c.conversation_id == sa.bindparam("thread"),
        _turn.c.sequence < sa.bindparam("before"),
    )
    .order_by(_turn.c.sequence.desc())
    .limit(sa.bindparam("count"))
)


def find_latest_conversation(session: Session, user_id: str) -> str | None:
    """Return the conversation that was begun last of those that the runner spoke in, or None.

    What an integration alone said there is its own thread, and what was purged is nobody's.
    """
    found: str | None = execute(session, _FIND_LATEST, runner=user_id).scalar()
    return found


def find_transcript(
    session: Session, user_id: str, conversation_id: str, *, before: int, count: int
) -> tuple[SaidTurn, ...]:
    """Return the last `count` turns in front of a place in the conversation, oldest first."""
    rows = execute(
        session, _FIND_TURNS, runner=user_id, thread=conversation_id, before=before, count=count
    ).all()
    return tuple(_said(*row) for row in reversed(rows))


def _said(
    turn_id: str,
    sequence: int,
    today: dt.date,
    created_at: dt.datetime,
    text: str,
    status: str,
    key: str,
    response: dict[str, Any] | None,
) -> SaidTurn:
    own = None if KEY_SEPARATOR in key else key
    return SaidTurn(turn_id, sequence, today, created_at, text, status, own, response)
