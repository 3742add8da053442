"""Changes that wait for the runner's yes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from storage import tables


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stored change: the call that made it, the plan version it is for, and its diff's hash."""

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


def save_proposal(session: Session, user_id: str, proposal: Proposal, *, now: dt.datetime) -> None:
    """Store an open proposal; it takes the place of any other that is open."""
    close_open(session, user_id, status="superseded")
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


def find_open(session: Session, user_id: str) -> Proposal | None:
    """Return the runner's open proposal, or None."""
    table = tables.Proposal
    row = session.exec(
        select(table).where(col(table.user_id) == user_id, col(table.status) == "open")
    ).first()
    return None if row is None else _proposal(row)


def find_answerable(session: Session, user_id: str, turn_id: str) -> Proposal | None:
    """Return the open proposal that this turn may answer, or None.

    It was made by the turn right before this one in the same conversation, and that turn's reply
    was there before this message came.
    """
    proposal, made_by, answering = tables.Proposal, aliased(tables.Turn), aliased(tables.Turn)
    row = session.exec(
        select(proposal)
        .join(
            made_by,
            (col(made_by.user_id) == col(proposal.user_id))
            & (col(made_by.id) == col(proposal.turn_id)),
        )
        .join(
            answering,
            (col(answering.user_id) == col(proposal.user_id))
            & (col(answering.conversation_id) == col(made_by.conversation_id))
            & (col(answering.sequence) == col(made_by.sequence) + 1)
            & (col(answering.created_at) >= col(made_by.finished_at)),
        )
        .where(
            col(proposal.user_id) == user_id,
            col(proposal.status) == "open",
            col(answering.id) == turn_id,
        )
    ).first()
    return None if row is None else _proposal(row)


def find_proposal(session: Session, user_id: str, proposal_id: str) -> Proposal | None:
    """Return the runner's proposal of this id, or None."""
    row = session.get(tables.Proposal, (user_id, proposal_id))
    return None if row is None else _proposal(row)


def close_open(session: Session, user_id: str, *, status: str) -> None:
    """Give all open proposals of the runner their final status."""
    table = tables.Proposal
    session.execute(
        update(table)
        .where(col(table.user_id) == user_id, col(table.status) == "open")
        .values(status=status)
    )


def _proposal(row: tables.Proposal) -> Proposal:
    return Proposal(
        id=row.id,
        turn_id=row.turn_id,
        conversation_id=row.conversation_id,
        tool=row.tool,
        arguments=row.arguments,
        plan_id=row.plan_id,
        plan_version=row.plan_version,
        change_summary=row.change_summary,
        diff_sha256=row.diff_sha256,
        result=row.result,
        status=row.status,
    )
