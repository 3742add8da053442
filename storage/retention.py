"""Retention: what was said is kept for so long; plans, runs, receipts and reasons stay."""

import datetime as dt
from dataclasses import astuple, dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from storage import tables
from storage.database import Database, count_changed, database_now, retried
from storage.leases import is_held
from storage.profiles import list_users
from storage.turns import is_purged, purged_key


@dataclass(frozen=True, slots=True)
class Purged:
    """How much went: turns, their messages, stored replies and proposals, and summaries.

    waiting: runners who were being answered just then, and so come next time.
    """

    turns: int = 0
    messages: int = 0
    replies: int = 0
    proposals: int = 0
    summaries: int = 0
    waiting: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def purge_messages(database: Database, *, before: dt.datetime) -> Purged:
    """Purge the turns whose last step came before a moment, one runner at a time.

    Of each turn a digest of its key stays, so that the same message never counts twice. A summary
    goes with the first turn that it may tell of.
    """
    with database.read() as session:
        users = list_users(session)
    return sum((_purge(database, user_id, before) for user_id in users), Purged())


@retried
def _purge(database: Database, user_id: str, before: dt.datetime) -> Purged:
    turn = tables.Turn
    with database.write(user_id) as session:
        turns = session.exec(
            select(turn).where(
                col(turn.user_id) == user_id,
                col(turn.created_at) < before,
                sa.or_(col(turn.finished_at).is_(None), col(turn.finished_at) < before),
            )
        ).all()
        old = [turn for turn in turns if not is_purged(turn.idempotency_key)]
        if not old:
            return Purged()
        if _is_answered(session, user_id):  # a running turn would write the old summary again
            return Purged(waiting=1)
        ids = [turn.id for turn in old]
        replies = sum(turn.response is not None for turn in old)
        for each in old:
            each.idempotency_key = purged_key(user_id, each.idempotency_key)
            each.payload_sha256 = ""
            each.response = None
            each.lease_owner = each.lease_until = None
            if each.status == "pending":
                each.status = "failed"
        return Purged(
            len(old),
            _delete(session, tables.Message, user_id, ids),
            replies,
            _delete(session, tables.Proposal, user_id, ids),
            _clear_summaries(session, user_id, {turn.conversation_id for turn in old}),
        )


def _is_answered(session: Session, user_id: str) -> bool:
    turn, now = tables.Turn, database_now(session)
    pending = session.exec(
        select(turn).where(col(turn.user_id) == user_id, col(turn.status) == "pending")
    ).all()
    return any(is_held(each.lease_owner, each.lease_until, now) for each in pending)


def _delete(
    session: Session,
    table: type[tables.Message] | type[tables.Proposal],
    user_id: str,
    turn_ids: list[str],
) -> int:
    return count_changed(
        session,
        sa.delete(table).where(col(table.user_id) == user_id, col(table.turn_id).in_(turn_ids)),
    )


def _clear_summaries(session: Session, user_id: str, conversations: set[str]) -> int:
    table = tables.Conversation
    return count_changed(
        session,
        sa.update(table)
        .where(col(table.user_id) == user_id, col(table.id).in_(conversations))
        .where(col(table.summary) != "")
        .values(summary=""),
    )
