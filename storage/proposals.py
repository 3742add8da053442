"""Changes that wait for the runner's yes, one or several ways of one change to choose from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from storage import tables


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


def find_open(session: Session, user_id: str) -> tuple[Proposal, ...]:
    """Return the runner's open proposals, in the order of their options."""
    table = tables.Proposal
    rows = session.exec(
        select(table).where(col(table.user_id) == user_id, col(table.status) == "open")
    ).all()
    return _in_order(rows)


def find_answerable(session: Session, user_id: str, turn_id: str) -> tuple[Proposal, ...]:
    """Return the open proposals that this turn may answer, in the order of their options.

    They were made by the turn right before this one in the same conversation, and that turn's
    reply was there before this message came.
    """
    proposal, made_by, answering = tables.Proposal, aliased(tables.Turn), aliased(tables.Turn)
    rows = session.exec(
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
    ).all()
    return _in_order(rows)


def find_proposal(session: Session, user_id: str, proposal_id: str) -> Proposal | None:
    """Return the runner's proposal of this id, or None."""
    row = session.get(tables.Proposal, (user_id, proposal_id))
    return None if row is None else _proposal(row)


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


def _in_order(rows: Iterable[tables.Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(map(_proposal, rows), key=lambda proposal: proposal.option))


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
