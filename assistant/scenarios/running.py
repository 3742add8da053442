"""Playing scenarios: each turn is answered by a coach over a fresh store, then judged."""

import datetime as dt
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from assistant.coach import Coach, Incoming
from assistant.errors import AssistantError
from assistant.events import Finished
from assistant.model import ChatModel
from assistant.scenarios.expectations import needed_tables
from assistant.scenarios.judging import State, judge
from assistant.scenarios.scenario import Said, Scenario
from assistant.scenarios.stage import CastRefused, Stage
from assistant.scenarios.values import Mistake
from storage.database import Database
from storage.errors import StorageError
from storage.passports import read_tables
from training.errors import TrainingError

MORNING = dt.time(8)
DEADLINE_S = 120.0


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """A turn as it went. misses: what was otherwise than expected, each with file and line."""

    said: Said
    response: dict[str, Any] | None
    misses: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario as it went. fault: why it could not be played to its end."""

    scenario: Scenario
    turns: tuple[PlayedTurn, ...]
    seconds: float
    fault: Mistake | None = None

    @property
    def misses(self) -> tuple[Mistake, ...]:
        """Everything that was otherwise, the fault last."""
        found = tuple(miss for turn in self.turns for miss in turn.misses)
        return found if self.fault is None else (*found, self.fault)

    @property
    def passed(self) -> bool:
        """Whether all went as expected."""
        return not self.misses


class Clock:
    """The morning of a scenario's day, a minute later with each turn."""

    def __init__(self, today: dt.date) -> None:
        self.now = dt.datetime.combine(today, MORNING, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def go_on(self, today: dt.date) -> None:
        """A minute later, or in the morning of another day."""
        if self.now.date() == today:
            self.now += dt.timedelta(minutes=1)
        else:
            self.now = dt.datetime.combine(today, MORNING, tzinfo=dt.UTC)


async def play(scenario: Scenario, stage: Stage, model: ChatModel) -> Outcome:
    """Play a scenario to its end, or to the turn that could not be answered."""
    start = time.monotonic()
    turns: list[PlayedTurn] = []
    fault: Mistake | None = None
    try:
        with stage.set_up(scenario) as database:
            fault = await _play(scenario, database, model, turns)
    except CastRefused as error:
        fault = Mistake(scenario.file, scenario.cast.line, str(error))
    return Outcome(scenario, tuple(turns), time.monotonic() - start, fault)


async def _play(
    scenario: Scenario, database: Database, model: ChatModel, turns: list[PlayedTurn]
) -> Mistake | None:
    """Play the turns into the list; return why one could not be answered."""
    clock = Clock(scenario.turns[0].today)
    coach = Coach(database, model, clock=clock, deadline_s=DEADLINE_S)
    conversation_id = "conv_scenario"
    for number, said in enumerate(scenario.turns, 1):
        clock.go_on(said.today)
        coach.today = said.today
        incoming = Incoming(scenario.cast.user_id, said.say, conversation_id, f"turn {number}")
        try:
            response = await _answer(coach, incoming)
        except (AssistantError, StorageError, TrainingError) as error:
            turns.append(PlayedTurn(said, None, ()))
            return Mistake(scenario.file, said.line, f"turn {number} was not answered: {error}")
        state = read_state(database, scenario.cast.user_id, needed_tables(said.expect))
        turns.append(PlayedTurn(said, response, _judged(scenario, number, state, response)))
    return None


async def _answer(coach: Coach, incoming: Incoming) -> dict[str, Any]:
    response: dict[str, Any] = {}
    async for event in coach.answer(incoming, streaming=False):
        if isinstance(event, Finished):
            response = event.response
    return response


def read_state(database: Database, user_id: str, names: Collection[str]) -> State:
    """Return the runner's rows of these tables, as JSON has them."""
    if not names:
        return {}
    with database.read() as session:
        return read_tables(session, user_id, names)


def _judged(
    scenario: Scenario, number: int, state: State, response: dict[str, Any]
) -> tuple[Mistake, ...]:
    expected = scenario.turns[number - 1].expect
    turn = f"turn {number}: " if len(scenario.turns) > 1 else ""
    return tuple(
        Mistake(scenario.file, line, f"{turn}{text}")
        for line, text in judge(expected, state, response)
    )
