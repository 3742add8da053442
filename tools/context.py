"""What a tool may use while it runs: one runner, one day, one open transaction."""

import datetime as dt
from dataclasses import dataclass

from storage.database import Session
from storage.profiles import Profile
from storage.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Context:
    """Bound to one runner by the caller's identity; no argument of a tool can change it.

    confirmed: the stored proposal that the runner said yes to, where this call carries one out.
    """

    session: Session
    profile: Profile
    today: dt.date
    now: dt.datetime
    turn_id: str
    conversation_id: str
    confirmed: Proposal | None = None

    @property
    def user_id(self) -> str:
        """The runner's id."""
        return self.profile.id
