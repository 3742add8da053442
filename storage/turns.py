"""Turns: accepting a message once, who works on it, its log of steps, and its reply.

A turn is worked on by the holder of its lease. Every write of a step is fenced on the attempt that
the holder was given, so a worker that lost its lease can't commit anything. All times of a turn are
the database's: workers' clocks differ.
"""

import datetime as dt
import functools
import hashlib
import os
import secrets
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select, update

from storage import tables
from storage.database import Database, count_changed, database_now, retried
from storage.errors import (
    KeyReused,
    LeaseLost,
    MessagePurged,
    StorageError,
    TurnConflict,
    UserNotFound,
)
from storage.ids import new_id
from storage.messages import Message

MAX_ATTEMPTS = 3
PURGED = (
    "this message came before and is kept no longer, nor is its reply; it was not counted again. "
    "Send a new message under a new key"
)
_PURGED = "\x1f"
_NONCE = secrets.token_hex(4)
_at_work = {_NONCE}


@contextmanager
def at_work() -> Iterator[str]:
    """Yield a mark for the leases of one piece of work; at the end of the block they are free.

    They are so in this process even where the store could not be told, or took a lease and the
    answer was lost.
    """
    mark = secrets.token_hex(4)
    _at_work.add(mark)
    try:
        yield mark
    finally:
        _at_work.discard(mark)


def lease_owner(mark: str = _NONCE) -> str:
    """Return who holds a lease: host, process, and a mark of this start of it or of its work."""
    return f"{_host()}/{os.getpid()}/{mark}"


@functools.cache
def _host() -> str:
    """Name where process numbers are this worker's own: the host, since its start, or a container.

    Two containers may share a host's name and count their processes apart.
    """
    parts = [socket.gethostname().replace("/", "-")]
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = Path("/proc/self/ns/pid").stat().st_ino
        parts += [boot[:8], str(space)]
    return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Request:
    """A message as it came in, normalised."""

    user_id: str
    text: str
    idempotency_key: str
    payload_sha256: str
    today: dt.date
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored message. response: the reply, where this key was answered before."""

    turn_id: str
    conversation_id: str
    sequence: int
    text: str
    today: dt.date
    response: dict[str, Any] | None = None


@retried
def accept(database: Database, request: Request) -> Accepted:
    """Store the message, or find it by its key; from here it is never lost.

    Raises UserNotFound; KeyReused where the key came with another payload before; MessagePurged
    where what it brought is kept no longer.
    """
    keys = (request.idempotency_key, purged_key(request.user_id, request.idempotency_key))
    with database.write(request.user_id) as session:
        _require_user(session, request.user_id)
        known = session.exec(
            select(tables.Turn).where(
                col(tables.Turn.user_id) == request.user_id,
                col(tables.Turn.idempotency_key).in_(keys),
            )
        ).first()
        if known is not None:
            if is_purged(known.idempotency_key):
                raise MessagePurged(PURGED)
            if known.payload_sha256 != request.payload_sha256:
                raise KeyReused("this idempotency key was used for another message")
            said = read_messages(session, request.user_id, known.id)[0].text
            return Accepted(
                known.id, known.conversation_id, known.sequence, said, known.today, known.response
            )
        now = database_now(session)
        conversation_id = _conversation(session, request.user_id, request.conversation_id, now)
        sequence = _next_sequence(session, request.user_id, conversation_id)
        turn = tables.Turn(
            user_id=request.user_id,
            id=new_id("turn"),
            conversation_id=conversation_id,
            sequence=sequence,
            idempotency_key=request.idempotency_key,
            payload_sha256=request.payload_sha256,
            today=request.today,
            status="pending",
            attempt=0,
            created_at=now,
        )
        session.add(turn)
        session.flush()
        _add(session, request.user_id, turn.id, 0, Message("user", request.text), now)
        return Accepted(turn.id, conversation_id, sequence, request.text, request.today)


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn taken up. attempt: fences this worker's writes. response: the reply, where another
    worker finished the turn meanwhile. exhausted: it broke off too often to be tried again."""

    attempt: int
    response: dict[str, Any] | None = None
    exhausted: bool = False


@retried
def claim(
    database: Database, user_id: str, turn_id: str, *, lease_s: float, mark: str = _NONCE
) -> Claim:
    """Take the turn's lease, unless it is done already. mark: of the work that it is for.

    Raises TurnConflict while this turn, or another of the runner, is being worked on; UserNotFound
    or MessagePurged where it went meanwhile.
    """
    with database.write(user_id) as session:
        now = database_now(session)
        table = tables.Turn
        pending = session.exec(
            select(table).where(col(table.user_id) == user_id, col(table.status) == "pending")
        ).all()
        for turn in pending:
            if is_held(turn, now):
                raise TurnConflict("another message of this runner is being answered")
        mine = session.exec(
            select(table).where(col(table.user_id) == user_id, col(table.id) == turn_id)
        ).first()
        if mine is None or is_purged(mine.idempotency_key):
            raise _lost(session, user_id, turn_id)
        if mine.status == "done":
            return Claim(mine.attempt, mine.response)
        broke_off = mine.status == "pending" and mine.attempt >= MAX_ATTEMPTS
        attempt = mine.attempt + 1
        session.execute(
            update(table)
            .where(col(table.user_id) == user_id, col(table.id) == turn_id)
            .values(
                status="pending",
                attempt=attempt,
                lease_owner=lease_owner(mark),
                lease_until=now + dt.timedelta(seconds=lease_s),
            )
        )
        return Claim(attempt, exhausted=broke_off)


class TurnLog:
    """The stored steps of one turn, as one attempt at it may write them."""

    def __init__(self, database: Database, user_id: str, turn_id: str, attempt: int) -> None:
        self.database = database
        self.user_id = user_id
        self.turn_id = turn_id
        self.attempt = attempt

    def read(self) -> tuple[Message, ...]:
        """Return the turn's messages, the runner's first.

        Raises UserNotFound, MessagePurged where they went meanwhile.
        """
        with self.database.read() as session:
            return self.read_in(session)

    def read_in(self, session: Session) -> tuple[Message, ...]:
        """Return the turn's messages as the caller's transaction sees them."""
        found = read_messages(session, self.user_id, self.turn_id)
        if not found:
            raise _lost(session, self.user_id, self.turn_id)
        return found

    @retried
    def append(self, message: Message) -> None:
        """Store one step. Raises LeaseLost where another worker took over, UserNotFound."""
        with self.database.write(self.user_id) as session:
            self.append_in(session, message)

    def append_in(self, session: Session, message: Message) -> None:
        """Store one step in the caller's transaction, beside the effect it tells of."""
        self._fence(session)
        position = session.exec(
            select(func.count())
            .select_from(tables.Message)
            .where(
                col(tables.Message.user_id) == self.user_id,
                col(tables.Message.turn_id) == self.turn_id,
            )
        ).one()
        now = database_now(session)
        _add(session, self.user_id, self.turn_id, position, message, now)

    @retried
    def finish(self, response: dict[str, Any], summary: str | None) -> None:
        """Store the reply and end the turn. summary: the conversation's, where it changed."""
        table = tables.Turn
        with self.database.write(self.user_id) as session:
            self._fence(session)
            session.execute(
                update(table)
                .where(col(table.user_id) == self.user_id, col(table.id) == self.turn_id)
                .values(
                    status="done",
                    response=response,
                    finished_at=database_now(session),
                    lease_owner=None,
                    lease_until=None,
                )
            )
            if summary is not None:
                conversation = tables.Conversation
                session.execute(
                    update(conversation)
                    .where(
                        col(conversation.user_id) == self.user_id,
                        col(conversation.id) == response["conversation_id"],
                    )
                    .values(summary=summary)
                )

    @retried
    def fail(self) -> None:
        """End the attempt without a reply; the text stays and the key may be sent again."""
        table = tables.Turn
        with self.database.write(self.user_id) as session:
            session.execute(
                update(table)
                .where(
                    col(table.user_id) == self.user_id,
                    col(table.id) == self.turn_id,
                    col(table.attempt) == self.attempt,
                    col(table.status) == "pending",
                )
                .values(
                    status="failed",
                    finished_at=database_now(session),
                    lease_owner=None,
                    lease_until=None,
                )
            )

    def _fence(self, session: Session) -> None:
        table = tables.Turn
        held = count_changed(
            session,
            update(table)
            .where(
                col(table.user_id) == self.user_id,
                col(table.id) == self.turn_id,
                col(table.attempt) == self.attempt,
                col(table.status) == "pending",
            )
            .values(attempt=self.attempt),
        )
        if held != 1:
            raise _lost(session, self.user_id, self.turn_id)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn of a conversation."""

    turn_id: str
    sequence: int
    today: dt.date
    messages: tuple[Message, ...]
    response: dict[str, Any]


def find_history(
    session: Session, user_id: str, conversation_id: str, turn_id: str, *, turns: int
) -> tuple[str, tuple[PastTurn, ...]]:
    """Return the conversation's summary and its last answered turns, oldest first."""
    table, message = tables.Turn, tables.Message
    conversation = tables.Conversation
    summary = session.exec(
        select(conversation.summary).where(
            col(conversation.user_id) == user_id, col(conversation.id) == conversation_id
        )
    ).first()
    if summary is None:
        raise _lost(session, user_id, turn_id)
    past = session.execute(
        sa.select(col(table.id), col(table.sequence), col(table.today), col(table.response))
        .where(
            col(table.user_id) == user_id,
            col(table.conversation_id) == conversation_id,
            col(table.id) != turn_id,
            col(table.status) == "done",
            col(table.response).is_not(sa.null()),  # a purged turn has none
        )
        .order_by(col(table.sequence).desc())
        .limit(turns)
    ).all()
    rows = session.exec(
        select(message)
        .where(col(message.user_id) == user_id, col(message.turn_id).in_([t.id for t in past]))
        .order_by(col(message.position))
    ).all()
    by_turn: dict[str, list[Message]] = {}
    for row in rows:
        by_turn.setdefault(row.turn_id, []).append(_message(row))
    found = (
        PastTurn(t.id, t.sequence, t.today, tuple(by_turn.get(t.id, ())), t.response) for t in past
    )
    return summary, tuple(reversed(tuple(found)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a runner wrote in a turn, and on which day."""

    today: dt.date
    text: str


def find_asked(session: Session, user_id: str, turn_ids: Collection[str]) -> dict[str, Asked]:
    """Return the runner's words of those of the turns that are the runner's."""
    if not turn_ids:
        return {}
    turn, message = tables.Turn, tables.Message
    rows = session.execute(
        sa.select(col(turn.id), col(turn.today), col(message.text))
        .join(
            message,
            (col(message.user_id) == col(turn.user_id)) & (col(message.turn_id) == col(turn.id)),
        )
        .where(col(turn.user_id) == user_id, col(turn.id).in_(turn_ids), col(message.position) == 0)
    ).all()
    return {row.id: Asked(row.today, row.text) for row in rows}


def read_messages(session: Session, user_id: str, turn_id: str) -> tuple[Message, ...]:
    """Return a turn's messages in order."""
    rows = session.exec(
        select(tables.Message)
        .where(col(tables.Message.user_id) == user_id, col(tables.Message.turn_id) == turn_id)
        .order_by(col(tables.Message.position))
    ).all()
    return tuple(_message(row) for row in rows)


def _message(row: tables.Message) -> Message:
    return Message(row.role, row.text, row.calls, row.call_id)  # type: ignore[arg-type]  # checked by the table


def _add(
    session: Session,
    user_id: str,
    turn_id: str,
    position: int,
    message: Message,
    now: dt.datetime,
) -> None:
    session.add(
        tables.Message(
            user_id=user_id,
            turn_id=turn_id,
            position=position,
            role=message.role,
            text=message.text,
            calls=message.calls,
            call_id=message.call_id,
            created_at=now,
        )
    )
    session.flush()


def _require_user(session: Session, user_id: str) -> None:
    profile = tables.UserProfile
    if session.exec(select(profile.id).where(col(profile.id) == user_id)).first() is None:
        raise UserNotFound(f"there is no runner {user_id!r}")


def _conversation(
    session: Session, user_id: str, conversation_id: str | None, now: dt.datetime
) -> str:
    table = tables.Conversation
    wanted = conversation_id or new_id("conv")
    known = session.exec(
        select(table.id).where(col(table.user_id) == user_id, col(table.id) == wanted)
    ).first()
    if known is None:
        session.add(table(user_id=user_id, id=wanted, created_at=now))
        session.flush()
    return wanted


def _next_sequence(session: Session, user_id: str, conversation_id: str) -> int:
    highest: int | None = session.exec(
        select(func.max(tables.Turn.sequence)).where(
            col(tables.Turn.user_id) == user_id,
            col(tables.Turn.conversation_id) == conversation_id,
        )
    ).one()
    return 0 if highest is None else highest + 1


def purged_key(user_id: str, key: str) -> str:
    """Return what stays of an idempotency key once its message is purged.

    It begins with a character that no header can hold, so no caller can send it as a key.
    """
    return f"{_PURGED}{hashlib.sha256(f'{user_id}{_PURGED}{key}'.encode()).hexdigest()}"


def is_purged(key: str) -> bool:
    """Whether a turn's key says that its message is purged."""
    return key.startswith(_PURGED)


def _lost(session: Session, user_id: str, turn_id: str) -> StorageError:
    """Return what became of a turn that can't be worked on."""
    _require_user(session, user_id)
    turn = session.get(tables.Turn, (user_id, turn_id))
    if turn is None:  # the runner was deleted, and one of the same id was made
        return UserNotFound(f"the runner {user_id!r} was deleted meanwhile")
    if is_purged(turn.idempotency_key):
        return MessagePurged(PURGED)
    return LeaseLost("another worker took this turn over")


def is_held(turn: tables.Turn, now: dt.datetime) -> bool:
    """Whether a living worker holds the lease.

    A lease that ran out is free; so is one of a process of this host that is no longer there, so
    that a restart after a crash goes on at once instead of waiting the lease out; and one of this
    process for work that it no longer does.
    """
    if turn.lease_owner is None or turn.lease_until is None or turn.lease_until <= now:
        return False
    return not _is_gone(turn.lease_owner)


def _is_gone(owner: str) -> bool:
    host, pid, mark = owner.rsplit("/", 2)
    if host != _host():
        return False
    if int(pid) == os.getpid():
        return mark not in _at_work
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
