"""Runners' profiles."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from storage.database import count_changed, execute
from storage.errors import UserNotFound
from storage.subscriptions import Subscription
from storage.tables import UserProfile, table_of
from storage.values import Physiology, Preferences, SafetyHold
from training.runners import DayBlock, Level, Runner


@dataclass(frozen=True, slots=True)
class Profile:
    """The seed's UserProfile as a value, and what else is known of the runner."""

    id: str
    name: str
    experience_level: Level
    injury_flags: tuple[str, ...] = ()
    weekly_availability: tuple[DayBlock, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)
    subscription: Subscription = field(default_factory=Subscription)
    physiology: Physiology = field(default_factory=Physiology)
    safety_hold: SafetyHold | None = None

    @property
    def runner(self) -> Runner:
        """What the engine needs of it."""
        body = self.physiology
        return Runner(
            level=self.experience_level,
            availability=self.weekly_availability,
            injury_flags=self.injury_flags,
            age=body.age,
            hr_max_bpm=body.hr_max_bpm,
            hr_rest_bpm=body.hr_rest_bpm,
            lthr_bpm=body.lthr_bpm,
            injury_history=body.injury_history,
            no_hr_targets=body.no_hr_targets,
        )


_table = table_of(UserProfile)
_FIND = sa.select(
    _table.c.name,
    _table.c.experience_level,
    _table.c.injury_flags,
    _table.c.weekly_availability,
    _table.c.preferences,
    _table.c.subscription,
    _table.c.physiology,
    _table.c.safety_hold,
).where(_table.c.id == sa.bindparam("runner"))


def load_profile(session: Session, user_id: str) -> Profile:
    """Return the runner's profile. Raises UserNotFound."""
    row = execute(session, _FIND, runner=user_id).first()
    if row is None:
        raise UserNotFound(f"there is no runner {user_id!r}")
    name, level, *values = row
    return Profile(user_id, name, Level(level), *values)


def save_profile(session: Session, profile: Profile, *, now: dt.datetime) -> None:
    """Write the profile, new or changed."""
    values: dict[str, Any] = {
        "name": profile.name,
        "experience_level": profile.experience_level.value,
        "injury_flags": profile.injury_flags,
        "weekly_availability": profile.weekly_availability,
        "preferences": profile.preferences,
        "subscription": profile.subscription,
        "physiology": profile.physiology,
        "safety_hold": profile.safety_hold,
        "updated_at": now,
    }
    known = count_changed(
        session,
        update(UserProfile).where(col(UserProfile.id) == profile.id).values(**values),
    )
    if known == 0:
        session.add(UserProfile(id=profile.id, created_at=now, **values))
    session.flush()


def list_users(session: Session) -> tuple[str, ...]:
    """Return all runners' ids, sorted."""
    return tuple(sorted(session.exec(select(UserProfile.id)).all()))  # alike on every server
