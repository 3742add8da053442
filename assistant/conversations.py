"""One session's state: who talks, on which day, and what was said so far."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.coach import Coach, Incoming
from assistant.errors import SettingsInvalid
from assistant.events import Event, Finished
from assistant.model import ChatModel
from storage.agenda import find_overview
from storage.database import Database
from storage.ids import new_id
from storage.plans import find_workout
from storage.profiles import Profile, load_profile


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A message that was answered, and what the store held afterwards.

    version: the plan's, None without one; version_before: as the message came in. types: of the
    days whose workouts changed.
    """

    user_id: str
    today: dt.date
    said: str
    response: dict[str, Any]
    version_before: int | None
    version: int | None
    types: dict[dt.date, str]


ToolsShown = Literal["on", "folded", "off"]
"""How tool calls are shown: whole, on a line each, or not at all."""


@dataclass
class Conversation:
    """Talks to a coach as one runner at a time, and remembers the turns.

    models: makes another model by its name, where that may be asked for.
    """

    coach: Coach
    database: Database
    user_id: str
    conversation_id: str = field(default_factory=lambda: new_id("conv"))
    tools: ToolsShown = "off"
    models: Callable[[str], ChatModel] | None = None
    turns: list[SpokenTurn] = field(default_factory=list)

    def profile(self) -> Profile:
        """Return the runner's profile. Raises UserNotFound, StoreUnavailable."""
        with self.database.read() as session:
            return load_profile(session, self.user_id)

    def today(self) -> dt.date:
        """Return the pinned day, else today in the runner's time zone."""
        if self.coach.today is not None:
            return self.coach.today
        return self.coach.today_in(self.profile().preferences.time_zone)

    def become(self, user_id: str) -> None:
        """Talk as another runner from here on, in a new conversation. Raises UserNotFound."""
        with self.database.read() as session:
            load_profile(session, user_id)
        self.user_id = user_id
        self.conversation_id = new_id("conv")

    async def send(self, text: str) -> AsyncIterator[Event]:
        """Carry a message to its reply, as `Coach.answer` does, and remember the turn."""
        today = self.today()
        before = self._version(today)
        incoming = Incoming(self.user_id, text, self.conversation_id)
        async for event in self.coach.answer(incoming):
            if isinstance(event, Finished):
                self._remember(today, text, event.response, before)
            yield event

    async def use_model(self, name: str) -> ChatModel:
        """Let another model answer from here on; return it. Raises SettingsInvalid."""
        if self.models is None:
            raise SettingsInvalid("this session has its one model")
        model = self.models(name)
        before = self.coach.model
        self.coach.model = self.coach.unstreamed = model
        await before.close()
        return model

    def _version(self, today: dt.date) -> int | None:
        with self.database.read() as session:
            overview = find_overview(session, self.user_id, today, count=0)
        return None if overview is None else overview.version

    def _remember(
        self, today: dt.date, text: str, response: dict[str, Any], before: int | None
    ) -> None:
        with self.database.read() as session:
            found = {
                day: find_workout(session, self.user_id, date=day) for day in changed_days(response)
            }
        types = {day: workout.type.value for day, workout in found.items() if workout is not None}
        self.turns.append(
            SpokenTurn(self.user_id, today, text, response, before, self._version(today), types)
        )


def changed_days(response: dict[str, Any]) -> tuple[dt.date, ...]:
    """Return the dates whose workouts the reply's applied changes touched, in order."""
    entries = (
        entry
        for action in response["actions"]
        if action["result"].get("applied")
        for change in action["result"].get("changes", ())
        for entry in (change["before"], change["after"])
        if entry is not None
    )
    return tuple(sorted({dt.date.fromisoformat(entry["date"]) for entry in entries}))
