"""Integrations: other products that speak for the runners who are linked to them.

A secret is kept as it is, since it must make the same signature as its sender does: from a hash of
it no signature can be made. Whoever reads this table can sign, as whoever reads the store can read
what runners said; the store's file and its backups are to be kept accordingly.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, delete, func, select, update

from storage.columns import Json, UtcDateTime
from storage.database import count_changed
from storage.errors import (
    IntegrationExists,
    IntegrationInvalid,
    IntegrationNotFound,
    UserNotFound,
)
from storage.tables import UserProfile

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Secret:
    """One signing secret. expires_at: set once another one has taken its place."""

    value: str
    created_at: dt.datetime
    expires_at: dt.datetime | None = None


class Integration(SQLModel, table=True):
    """A product that may sign messages. It belongs to the operator and to no runner."""

    __tablename__ = "integration"

    id: str = Field(primary_key=True)
    secrets: tuple[Secret, ...] = Field(
        sa_column=sa.Column(Json(tuple[Secret, ...]), nullable=False)
    )
    created_at: dt.datetime = Field(sa_column=sa.Column(UtcDateTime(), nullable=False))


class IntegrationLink(SQLModel, table=True):
    """That an integration may speak for a runner."""

    __tablename__ = "integration_link"

    user_id: str = Field(foreign_key="user_profile.id", primary_key=True, ondelete="CASCADE")
    integration_id: str = Field(
        foreign_key="integration.id", primary_key=True, ondelete="CASCADE", index=True
    )
    created_at: dt.datetime = Field(sa_column=sa.Column(UtcDateTime(), nullable=False))


@dataclass(frozen=True, slots=True)
class Known:
    """An integration as it is listed, without its secrets. expiries: of the secrets it has."""

    id: str
    users: int
    expiries: tuple[dt.datetime | None, ...]


def add_integration(session: Session, name: str, secret: str, *, now: dt.datetime) -> None:
    """Store a new integration. Raises IntegrationInvalid, IntegrationExists."""
    _require_name(name)
    if session.get(Integration, name) is not None:
        raise IntegrationExists(f"there is an integration {name!r} already")
    session.add(Integration(id=name, secrets=(Secret(secret, now),), created_at=now))
    session.flush()


def ensure_integration(session: Session, name: str, *, now: dt.datetime) -> None:
    """Make an integration that is not there, without a secret: nobody can sign as it yet.

    Raises IntegrationInvalid.
    """
    _require_name(name)
    if session.get(Integration, name) is None:
        session.add(Integration(id=name, secrets=(), created_at=now))
        session.flush()


def remove_integration(session: Session, name: str) -> None:
    """Delete an integration with its secrets and links. Raises IntegrationNotFound."""
    _get(session, name)
    session.execute(delete(Integration).where(col(Integration.id) == name))


def rotate_secret(
    session: Session, name: str, secret: str, *, keep: dt.timedelta, now: dt.datetime
) -> None:
    """Give an integration a new secret; those before it are good for `keep` longer at most.

    Raises IntegrationNotFound.
    """
    end = now + keep
    kept = (
        Secret(old.value, old.created_at, min(end, old.expires_at or end))
        for old in _live(_get(session, name).secrets, now)
    )
    secrets = (*(old for old in kept if _is_live(old, now)), Secret(secret, now))
    session.execute(update(Integration).where(col(Integration.id) == name).values(secrets=secrets))


def link_user(session: Session, name: str, user_id: str, *, now: dt.datetime) -> bool:
    """Let an integration speak for a runner; return whether that is new.

    Raises IntegrationNotFound, UserNotFound.
    """
    _get(session, name)
    if is_linked(session, name, user_id):
        return False
    if session.get(UserProfile, user_id) is None:
        raise UserNotFound(f"there is no runner {user_id!r}")
    session.add(IntegrationLink(user_id=user_id, integration_id=name, created_at=now))
    session.flush()
    return True


def unlink_user(session: Session, name: str, user_id: str) -> bool:
    """Take a runner from an integration; return whether it was linked.

    Raises IntegrationNotFound.
    """
    _get(session, name)
    link = IntegrationLink
    return (
        count_changed(
            session,
            delete(link).where(col(link.user_id) == user_id, col(link.integration_id) == name),
        )
        == 1
    )


def is_linked(session: Session, name: str, user_id: str) -> bool:
    """Whether an integration may speak for a runner."""
    link = IntegrationLink
    found = session.exec(
        select(link.user_id).where(col(link.user_id) == user_id, col(link.integration_id) == name)
    ).first()
    return found is not None


def list_integrations(session: Session, *, now: dt.datetime) -> tuple[Known, ...]:
    """Return all integrations by name."""
    link = IntegrationLink
    rows = session.exec(
        select(link.integration_id, func.count()).group_by(col(link.integration_id))
    ).all()
    users = dict(rows)
    found = session.exec(select(Integration).order_by(col(Integration.id))).all()
    return tuple(
        Known(row.id, users.get(row.id, 0), tuple(s.expires_at for s in _live(row.secrets, now)))
        for row in found
    )


def find_secrets(session: Session, *, now: dt.datetime) -> tuple[tuple[str, str], ...]:
    """Return the name and value of every secret that is good now."""
    found = session.exec(select(Integration).order_by(col(Integration.id))).all()
    return tuple((row.id, secret.value) for row in found for secret in _live(row.secrets, now))


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise IntegrationInvalid(
            f"{name!r} is no name for an integration: use up to 40 of a-z, 0-9, - and _"
        )


def _get(session: Session, name: str) -> Integration:
    found = session.get(Integration, name)
    if found is None:
        raise IntegrationNotFound(f"there is no integration {name!r}")
    return found


def _live(secrets: Sequence[Secret], now: dt.datetime) -> tuple[Secret, ...]:
    return tuple(secret for secret in secrets if _is_live(secret, now))


def _is_live(secret: Secret, now: dt.datetime) -> bool:
    return secret.expires_at is None or secret.expires_at > now
