"""Turns: accepting a message once, who works on it, its log of steps, and its reply.

A turn is worked on by the holder of its lease. Every write of a step is fenced on the attempt that
the holder was given, so a worker that lost its lease can't commit anything. All times of a turn are
the database's: workers' clocks differ. Statements are built once, since each turn runs them.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage import tables
from storage.database import Database, after_commit, database_now, execute, retried
from storage.errors import (
    KeyReused,
    LeaseLost,
    MessagePurged,
    StorageError,
    TurnConflict,
    UserNotFound,
)
from storage.ids import new_id
from storage.leases import THIS_PROCESS, is_held, lease_owner
from storage.leases import at_work as at_work  # beside `claim`, which it is for
from storage.messages import Message
from storage.tables import table_of

MAX_ATTEMPTS = 3
PURGED = (
    "this message came before and is kept no longer, nor is its reply; it was not counted again. "
    "Send a new message under a new key"
)
KEY_SEPARATOR = "\x1f"  # no header can hold it: in an integration's keys and in purged ones alone
_user = table_of(tables.UserProfile)
_turn = table_of(tables.Turn)
_message = table_of(tables.Message)
_conversation = table_of(tables.Conversation)
_of_user = _turn.c.user_id == sa.bindparam("runner")
_this_turn = _of_user & (_turn.c.id == sa.bindparam("turn"))
_held = (_turn.c.attempt == sa.bindparam("of_attempt")) & (_turn.c.status == "pending")


@dataclass(frozen=True, slots=True)
class Request:
    """A message as it came in, normalised. today: the runner's, or how it is in a time zone."""

    user_id: str
    text: str
    idempotency_key: str
    payload_sha256: str
    today: dt.date | Callable[[str], dt.date]
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a turn may be worked on. mark: of the work that it is for, see `at_work`."""

    seconds: float
    mark: str = THIS_PROCESS


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn taken up. attempt: fences this worker's writes. response: the reply, where another
    worker finished the turn meanwhile. exhausted: it broke off too often to be tried again."""

    attempt: int
    response: dict[str, Any] | None = None
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored message. response: the reply, where this key was answered before. claim: the lease,
    where it was asked for and free."""

    turn_id: str
    conversation_id: str
    sequence: int
    text: str
    today: dt.date
    response: dict[str, Any] | None = None
    claim: Claim | None = None

    @property
    def messages(self) -> tuple[Message, ...] | None:
        """The turn's steps, where it is new; else they are in the store."""
        return None if self.claim is None else (Message("user", self.text),)


_FIND_USER = sa.select(_user.c.preferences).where(_user.c.id == sa.bindparam("runner"))
_FIND_BY_KEY = sa.select(
    _turn.c.id,
    _turn.c.conversation_id,
    _turn.c.sequence,
    _turn.c.today,
    _turn.c.response,
    _turn.c.idempotency_key,
    _turn.c.payload_sha256,
).where(
    _of_user,
    (_turn.c.idempotency_key == sa.bindparam("key"))
    | (_turn.c.idempotency_key == sa.bindparam("old_key")),
)
_FIND_PENDING = sa.select(_turn.c.lease_owner, _turn.c.lease_until).where(
    _of_user,
    _turn.c.status == sa.literal_column("'pending'"),  # as the index has it
)
_FIND_CONVERSATION = sa.select(
    sa.select(_conversation.c.id)
    .where(
        _conversation.c.user_id == sa.bindparam("runner"),
        _conversation.c.id == sa.bindparam("thread"),
    )
    .scalar_subquery()
    .label("known"),
    sa.select(sa.func.max(_turn.c.sequence))
    .where(_of_user, _turn.c.conversation_id == sa.bindparam("thread"))
    .scalar_subquery()
    .label("highest"),
)


@retried
def accept(database: Database, request: Request, lease: Lease | None = None) -> Accepted:
    """Store the message, or find it by its key; from here it is never lost.

    lease: is taken at once for a new message, unless another of the runner is being answered.
    Raises UserNotFound; KeyReused where the key came with another payload before; MessagePurged
    where what it brought is kept no longer.
    """
    user_id, key = request.user_id, request.idempotency_key
    with database.write(user_id) as session:
        preferences = execute(session, _FIND_USER, runner=user_id).scalar()
        if preferences is None:
            raise _no_user(user_id)
        old_key = purged_key(user_id, key)
        known = execute(session, _FIND_BY_KEY, runner=user_id, key=key, old_key=old_key).first()
        if known is not None:
            return _known(session, request, known)
        now = database_now(session)
        conversation_id, sequence = _place(session, request, now)
        today = request.today
        claimed = None
        turn: dict[str, Any] = {
            "user_id": user_id,
            "id": new_id("turn"),
            "conversation_id": conversation_id,
            "sequence": sequence,
            "idempotency_key": key,
            "payload_sha256": request.payload_sha256,
            "today": today if isinstance(today, dt.date) else today(preferences.time_zone),
            "status": "pending",
            "attempt": 0,
            "created_at": now,
        }
        if lease is not None and not _is_answered(session, user_id, now):
            claimed = Claim(1)
            turn |= {
                "attempt": claimed.attempt,
                "lease_owner": lease_owner(lease.mark),
                "lease_until": now + dt.timedelta(seconds=lease.seconds),
            }
        execute(session, _ADD_TURN, **turn)
        _add(session, user_id, turn["id"], 0, Message("user", request.text), now)
        return Accepted(
            turn["id"],
            conversation_id,
            sequence,
            request.text,
            turn["today"],
            claim=claimed,
        )


_ADD_TURN = sa.insert(_turn)
_ADD_CONVERSATION = sa.insert(_conversation)


def _known(session: Session, request: Request, known: Any) -> Accepted:
    """Return a message that came before under the same key."""
    if is_purged(known.idempotency_key):
        raise MessagePurged(PURGED)
    if known.payload_sha256 != request.payload_sha256:
        raise KeyReused("this idempotency key was used for another message")
    said = read_messages(session, request.user_id, known.id)[0].text
    return Accepted(
        known.id, known.conversation_id, known.sequence, said, known.today, known.response
    )


def _place(session: Session, request: Request, now: dt.datetime) -> tuple[str, int]:
    """Return the message's conversation, a new one where it is not there, and its place in it."""
    user_id, wanted = request.user_id, request.conversation_id or new_id("conv")
    found = execute(session, _FIND_CONVERSATION, runner=user_id, thread=wanted).one()
    if found.known is None:
        execute(session, _ADD_CONVERSATION, user_id=user_id, id=wanted, created_at=now, summary="")
    return wanted, 0 if found.highest is None else found.highest + 1


def _is_answered(session: Session, user_id: str, now: dt.datetime) -> bool:
    """Whether a message of the runner is being worked on."""
    pending = execute(session, _FIND_PENDING, runner=user_id).all()
    return any(is_held(turn.lease_owner, turn.lease_until, now) for turn in pending)


_FIND_TURN = sa.select(
    _turn.c.status, _turn.c.attempt, _turn.c.response, _turn.c.idempotency_key
).where(_this_turn)
_TAKE = (
    sa.update(_turn)
    .where(_this_turn)
    .values(
        status="pending",
        attempt=sa.bindparam("new_attempt"),
        lease_owner=sa.bindparam("owner"),
        lease_until=sa.bindparam("until"),
    )
)


@retried
def claim(
    database: Database, user_id: str, turn_id: str, *, lease_s: float, mark: str = THIS_PROCESS
) -> Claim:
    """Take the turn's lease, unless it is done already. mark: of the work that it is for.

    Raises TurnConflict while this turn, or another of the runner, is being worked on; UserNotFound
    or MessagePurged where it went meanwhile.
    """
    with database.write(user_id) as session:
        now = database_now(session)
        if _is_answered(session, user_id, now):
            raise TurnConflict("another message of this runner is being answered")
        mine = execute(session, _FIND_TURN, runner=user_id, turn=turn_id).first()
        if mine is None or is_purged(mine.idempotency_key):
            raise _lost(session, user_id, turn_id)
        if mine.status == "done":
            return Claim(mine.attempt, mine.response)
        attempt = mine.attempt + 1
        execute(
            session,
            _TAKE,
            runner=user_id,
            turn=turn_id,
            new_attempt=attempt,
            owner=lease_owner(mark),
            until=now + dt.timedelta(seconds=lease_s),
        )
        broke_off = mine.status == "pending" and mine.attempt >= MAX_ATTEMPTS
        return Claim(attempt, exhausted=broke_off)


_FINISH = (
    sa.update(_turn)
    .where(_this_turn, _held)
    .values(
        status="done",
        response=sa.bindparam("reply"),
        finished_at=sa.bindparam("now"),
        lease_owner=None,
        lease_until=None,
    )
)
_FAIL = (
    sa.update(_turn)
    .where(_this_turn, _held)
    .values(status="failed", finished_at=sa.bindparam("now"), lease_owner=None, lease_until=None)
)
_SUM_UP = (
    sa.update(_conversation)
    .where(
        _conversation.c.user_id == sa.bindparam("runner"),
        _conversation.c.id == sa.bindparam("thread"),
    )
    .values(summary=sa.bindparam("so_far"))
)


class TurnLog:
    """The stored steps of one turn, as one attempt at it may write them.

    While the attempt holds, nobody else writes them: what was read or written once is known.
    messages: the stored steps, where the caller knows them.
    """

    def __init__(
        self,
        database: Database,
        user_id: str,
        turn_id: str,
        attempt: int,
        messages: tuple[Message, ...] | None = None,
    ) -> None:
        self.database = database
        self.user_id = user_id
        self.turn_id = turn_id
        self.attempt = attempt
        self._stored = messages
        self._kept: tuple[Message, ...] = ()

    def read(self) -> tuple[Message, ...]:
        """Return the turn's messages, the runner's first.

        Raises UserNotFound, MessagePurged where they went meanwhile.
        """
        if self._stored is None:
            with self.database.read() as session:
                return self.read_in(session)
        return self._stored + self._kept

    def read_in(self, session: Session) -> tuple[Message, ...]:
        """Return the turn's messages, read in the caller's transaction where they have to be."""
        if self._stored is None:
            self._stored = read_messages(session, self.user_id, self.turn_id)
        if not self._stored:
            raise _lost(session, self.user_id, self.turn_id)
        return self._stored + self._kept

    @property
    def known(self) -> tuple[Message, ...] | None:
        """What `read` returns, where it takes no transaction to tell."""
        return None if self._stored is None else self._stored + self._kept

    def keep(self, message: Message) -> None:
        """Add a step that is stored together with the next one, or with the reply.

        It is for answers that call nothing: one that calls is stored before its calls run.
        """
        self._kept += (message,)

    @retried
    def append(self, message: Message) -> None:
        """Store one step. Raises LeaseLost where another worker took over, UserNotFound."""
        with self.database.write(self.user_id) as session:
            self.append_in(session, message)

    def append_in(self, session: Session, message: Message) -> None:
        """Store one step in the caller's transaction, beside the effect it tells of."""
        self._store(session, (*self._kept, message))

    def _store(self, session: Session, messages: tuple[Message, ...]) -> None:
        """Store steps, and know them once they are committed."""
        self.read_in(session)
        stored = self._stored or ()
        now = database_now(session)
        for position, message in enumerate(messages, len(stored)):
            _add(session, self.user_id, self.turn_id, position, message, now, self.attempt)

        def know() -> None:
            self._stored, self._kept = stored + messages, ()

        after_commit(session, know)

    def finish(self, session: Session, response: dict[str, Any], summary: str | None) -> None:
        """Store the reply and end the turn in the caller's transaction.

        summary: the conversation's, where it changed. Raises as `append`.
        """
        if self._kept:
            self._store(session, self._kept)
        self._end(session, _FINISH, reply=response)
        if summary is not None:
            execute(
                session,
                _SUM_UP,
                runner=self.user_id,
                thread=response["conversation_id"],
                so_far=summary,
            )

    @retried
    def fail(self) -> None:
        """End the attempt without a reply; the text stays and the key may be sent again."""
        with self.database.write(self.user_id) as session, suppress(LeaseLost):
            self._end(session, _FAIL)

    def _end(self, session: Session, how: sa.Update, **values: Any) -> None:
        mine = {"runner": self.user_id, "turn": self.turn_id, "of_attempt": self.attempt}
        now = database_now(session)
        if execute(session, how, **mine, now=now, **values).rowcount != 1:
            raise _lost(session, self.user_id, self.turn_id)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn of a conversation."""

    turn_id: str
    sequence: int
    today: dt.date
    messages: tuple[Message, ...]
    reply: str


_past = (
    sa.select(_turn.c.id, _turn.c.sequence, _turn.c.today, _turn.c.response["reply"].as_string())
    .where(
        _of_user,
        _turn.c.conversation_id == sa.bindparam("thread"),
        _turn.c.id != sa.bindparam("turn"),
        _turn.c.status == "done",
        _turn.c.response.is_not(sa.null()),  # a purged turn has none
    )
    .order_by(_turn.c.sequence.desc())
    .limit(sa.bindparam("turns"))
)
_FIND_PAST = _past
_FIND_PAST_MESSAGES = (
    sa.select(
        _message.c.turn_id,
        _message.c.role,
        _message.c.text,
        _message.c.calls,
        _message.c.call_id,
    )
    .where(
        _message.c.user_id == sa.bindparam("runner"),
        _message.c.turn_id.in_(_past.with_only_columns(_turn.c.id)),
    )
    .order_by(_message.c.turn_id, _message.c.position)
)
_FIND_SUMMARY = sa.select(_conversation.c.summary).where(
    _conversation.c.user_id == sa.bindparam("runner"),
    _conversation.c.id == sa.bindparam("thread"),
)


def find_history(
    session: Session, user_id: str, conversation_id: str, turn_id: str, *, turns: int
) -> tuple[str, tuple[PastTurn, ...]]:
    """Return the conversation's summary and its last answered turns, oldest first."""
    here = {"runner": user_id, "thread": conversation_id}
    summary = execute(session, _FIND_SUMMARY, **here).scalar()
    if summary is None:
        raise _lost(session, user_id, turn_id)
    wanted = {**here, "turn": turn_id, "turns": turns}
    past = execute(session, _FIND_PAST, **wanted).all()
    if not past:
        return summary, ()
    by_turn: dict[str, list[Message]] = {}
    for of_turn, *step in execute(session, _FIND_PAST_MESSAGES, **wanted):
        by_turn.setdefault(of_turn, []).append(Message(*step))
    found = (
        PastTurn(known, sequence, today, tuple(by_turn.get(known, ())), reply)
        for known, sequence, today, reply in past
    )
    return summary, tuple(reversed(tuple(found)))


_FIND_ACTIONS = sa.select(_turn.c.response).where(_this_turn)


def find_actions(session: Session, user_id: str, turn_id: str) -> list[dict[str, Any]]:
    """Return what a turn did, as its reply has it: tool, arguments, result."""
    response = execute(session, _FIND_ACTIONS, runner=user_id, turn=turn_id).scalar()
    actions: list[dict[str, Any]] = [] if response is None else response["actions"]
    return actions


@dataclass(frozen=True, slots=True)
class Asked:
    """What a runner wrote in a turn, and on which day."""

    today: dt.date
    text: str


def find_asked(session: Session, user_id: str, turn_ids: Collection[str]) -> dict[str, Asked]:
    """Return the runner's words of those of the turns that are the runner's."""
    if not turn_ids:
        return {}
    rows = session.execute(
        sa.select(_turn.c.id, _turn.c.today, _message.c.text)
        .join(
            _message,
            (_message.c.user_id == _turn.c.user_id) & (_message.c.turn_id == _turn.c.id),
        )
        .where(_turn.c.user_id == user_id, _turn.c.id.in_(turn_ids), _message.c.position == 0)
    ).all()
    return {row.id: Asked(row.today, row.text) for row in rows}


_FIND_MESSAGES = (
    sa.select(_message.c.role, _message.c.text, _message.c.calls, _message.c.call_id)
    .where(
        _message.c.user_id == sa.bindparam("runner"),
        _message.c.turn_id == sa.bindparam("turn"),
    )
    .order_by(_message.c.position)
)


def read_messages(session: Session, user_id: str, turn_id: str) -> tuple[Message, ...]:
    """Return a turn's messages in order."""
    rows = execute(session, _FIND_MESSAGES, runner=user_id, turn=turn_id)
    return tuple(Message(*row) for row in rows)


_step = sa.select(
    _turn.c.user_id,
    _turn.c.id,
    *(
        sa.bindparam(f"the_{column.name}", type_=column.type)
        for column in _message.c
        if column.name not in ("user_id", "turn_id")
    ),
).where(_this_turn)
_columns = [column.name for column in _message.c]
_ADD_FIRST = sa.insert(_message).from_select(_columns, _step)
_ADD_FENCED = (
    sa.insert(_message)
    .from_select(_columns, _step.where(_held))
    .execution_options(preserve_rowcount=True)
)


def _add(
    session: Session,
    user_id: str,
    turn_id: str,
    position: int,
    message: Message,
    now: dt.datetime,
    attempt: int | None = None,
) -> None:
    """Store a step. attempt: that it is fenced on, all but the runner's own message."""
    step = {
        "runner": user_id,
        "turn": turn_id,
        "the_position": position,
        "the_role": message.role,
        "the_text": message.text,
        "the_calls": message.calls,
        "the_call_id": message.call_id,
        "the_created_at": now,
    }
    if attempt is None:
        execute(session, _ADD_FIRST, **step)
    elif execute(session, _ADD_FENCED, **step, of_attempt=attempt).rowcount != 1:
        raise _lost(session, user_id, turn_id)


def purged_key(user_id: str, key: str) -> str:
    """Return what stays of an idempotency key once its message is purged.

    It begins with a character that no header can hold, so no caller can send it as a key.
    """
    return f"{KEY_SEPARATOR}{hashlib.sha256(f'{user_id}{KEY_SEPARATOR}{key}'.encode()).hexdigest()}"


def is_purged(key: str) -> bool:
    """Whether a turn's key says that its message is purged."""
    return key.startswith(KEY_SEPARATOR)


def _lost(session: Session, user_id: str, turn_id: str) -> StorageError:
    """Return what became of a turn that can't be worked on."""
    if execute(session, _FIND_USER, runner=user_id).first() is None:
        return _no_user(user_id)
    turn = execute(session, _FIND_TURN, runner=user_id, turn=turn_id).first()
    if turn is None:  # the runner was deleted, and one of the same id was made
        return UserNotFound(f"the runner {user_id!r} was deleted meanwhile")
    if is_purged(turn.idempotency_key):
        return MessagePurged(PURGED)
    return LeaseLost("another worker took this turn over")


def _no_user(user_id: str) -> UserNotFound:
    return UserNotFound(f"there is no runner {user_id!r}")
