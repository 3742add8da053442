"""Changes that wait for the runner's yes, one or several ways of one change to choose from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, update

from storage import tables
from storage.database import execute
from storage.tables import table_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stored change: the call that made it, the plan version it is for, and its diff's hash.

    result: what the runner is shown of it. option: its number among the ways of one change.
    """

    id: str
    turn_id: str
    conversation_id: str
    tool: str
    arguments: dict[str, Any]
    plan_id: str | None
    plan_version: int | None
    change_summary: str
    diff_sha256: str
    result: dict[str, Any]
    status: str = "open"

    @property
    def option(self) -> int:
        """Its number among the ways of one change, from 1."""
        return int(self.result.get("option", 1))


def save_proposals(
    session: Session, user_id: str, proposals: Sequence[Proposal], *, now: dt.datetime
) -> None:
    """Store the ways of one change, all open; they take the place of any others that are open."""
    close_open(session, user_id, status="superseded")
    for proposal in proposals:
        session.add(
            tables.Proposal(
                user_id=user_id,
                id=proposal.id,
                turn_id=proposal.turn_id,
                conversation_id=proposal.conversation_id,
                tool=proposal.tool,
                arguments=proposal.arguments,
                plan_id=proposal.plan_id,
                plan_version=proposal.plan_version,
                change_summary=proposal.change_summary,
                diff_sha256=proposal.diff_sha256,
                result=proposal.result,
                status="open",
                created_at=now,
            )
        )
    session.flush()


_proposal = table_of(tables.Proposal)
_made_by = table_of(tables.Turn).alias("made_by")
_answering = table_of(tables.Turn).alias("answering")
_FIND = sa.select(
    _proposal.c.id,
    _proposal.c.turn_id,
    _proposal.c.conversation_id,
    _proposal.c.tool,
    _proposal.c.arguments,
    _proposal.c.plan_id,
    _proposal.c.plan_version,
    _proposal.c.change_summary,
    _proposal.c.diff_sha256,
    _proposal.c.result,
    _proposal.c.status,
).where(_proposal.c.user_id == sa.bindparam("runner"))
_FIND_OPEN = _FIND.where(_proposal.c.status == "open")
_FIND_ONE = _FIND.where(_proposal.c.id == sa.bindparam("proposal"))
_FIND_ANSWERABLE = (
    _FIND_OPEN.join(
        _made_by,
        (_made_by.c.user_id == _proposal.c.user_id) & (_made_by.c.id == _proposal.c.turn_id),
    )
    .join(
        _answering,
        (_answering.c.user_id == _proposal.c.user_id)
        & (_answering.c.conversation_id == _made_by.c.conversation_id)
        & (_answering.c.sequence == _made_by.c.sequence + 1)
        & (_answering.c.created_at >= _made_by.c.finished_at),
    )
    .where(_answering.c.id == sa.bindparam("turn"))
)


def find_open(session: Session, user_id: str) -> tuple[Proposal, ...]:
    """Return the runner's open proposals, in the order of their options."""
    return _in_order(execute(session, _FIND_OPEN, runner=user_id))


def find_answerable(session: Session, user_id: str, turn_id: str) -> tuple[Proposal, ...]:
    """Return the open proposals that this turn may answer, in the order of their options.

    They were made by the turn right before this one in the same conversation, and that turn's
    reply was there before this message came.
    """
    return _in_order(execute(session, _FIND_ANSWERABLE, runner=user_id, turn=turn_id))


def find_proposal(session: Session, user_id: str, proposal_id: str) -> Proposal | None:
    """Return the runner's proposal of this id, or None."""
    row = execute(session, _FIND_ONE, runner=user_id, proposal=proposal_id).first()
    return None if row is None else Proposal(*row)


def accept_open(session: Session, user_id: str, proposal_id: str) -> None:
    """Accept one open proposal; the other ways that were open with it are closed."""
    table = tables.Proposal
    session.execute(
        update(table)
        .where(
            col(table.user_id) == user_id,
            col(table.id) == proposal_id,
            col(table.status) == "open",
        )
        .values(status="accepted")
    )
    close_open(session, user_id, status="superseded")


def close_open(session: Session, user_id: str, *, status: str) -> None:
    """Give all open proposals of the runner their final status."""
    table = tables.Proposal
    session.execute(
        update(table)
        .where(col(table.user_id) == user_id, col(table.status) == "open")
        .values(status=status)
    )


def _in_order(rows: Iterable[Any]) -> tuple[Proposal, ...]:
    found = (Proposal(*row) for row in rows)
    return tuple(sorted(found, key=lambda proposal: proposal.option))
