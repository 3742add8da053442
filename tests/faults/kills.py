"""R2: the process ends at every point of a turn, and at random times; the same key goes on.

A worker that dies counts as one of another host in half of the trials, so that its lease has to run
out. What is left afterwards must be what a turn leaves that nobody killed.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import anyio
from fakes import ScriptedModel
from forks import Child, fork
from kinds import KINDS, Kind, copy_runner, facts_of

from assistant.coach import Coach, Incoming
from assistant.events import Finished
from storage import leases
from storage.database import Database
from tests.faults.deaths import Deaths
from tests.faults.invariants import broken
from tests.faults.stage import Stage
from tests.faults.wire import NOW, TODAY

FULL = 200
TRIED = ("log", "change", "yes", "red flag")
SHORT_S, LONG_S = 0.5, 40.0
LEASE_S = SHORT_S + 5
RECOVERY_S = LEASE_S + 30
AT_ONCE = 4


def run(stage: Stage) -> None:
    """Kill at each point once, then at random times; then let every turn go on."""
    with stage.store(*TRIED) as database:
        trials = [Trials(stage, database, name) for name in TRIED]
        dead = [each for kind in trials if stage.first for each in kind.killed_at_each_point()]
        dead += [stage.rng.choice(trials).killed_at_random() for _ in range(stage.times(FULL))]
        for some in range(0, len(dead), AT_ONCE):
            _go_on(stage, database, dead[some : some + AT_ONCE])
        for wrong in broken(database):
            stage.wrong(wrong)


class Trials:
    """One kind of turn, killed again and again; each time of a runner of its own."""

    def __init__(self, stage: Stage, database: Database, name: str) -> None:
        self.stage, self.database, self.name = stage, database, name
        self.kind = KINDS[name]
        self.made = 0
        if self.kind.before is not None:
            answered(database, self.kind.before, name, "before")
        answered(database, self.kind, self.runner(), "one")  # the copies find all of it warm
        runner = self.runner()
        started = time.monotonic()
        told = self._start(runner, Deaths(0), elsewhere=False).end() or b""
        self.turn_s = time.monotonic() - started
        self.points: list[str] = json.loads(told)
        self.expected = facts_of(database, runner)
        stage.result.figures[f"points of {name}"] = len(self.points)

    def runner(self) -> str:
        """Make a runner who stands where the turn begins."""
        self.made += 1
        runner = f"{self.name}_{self.made}"
        copy_runner(self.database, self.name, runner)
        return runner

    def killed_at_each_point(self) -> list["Dead"]:
        """Kill at the first point, the second, and so on until a turn ends without meeting one."""
        dead = []
        for at in range(1, len(self.points) + 2):
            runner = self.runner()
            told = self._start(runner, Deaths(at), elsewhere=at % 2 == 0).end()
            how = self.points[at - 1] if at <= len(self.points) else "no point"
            if (told is None) != (at <= len(self.points)):
                self.stage.wrong(f"{self.name}: at {at}, {how}, killed is {told is None}")
            dead.append(Dead(self, runner, f"{self.name}, killed at point {at}, {how}"))
        return dead

    def killed_at_random(self) -> "Dead":
        """Kill at a random time, or at two."""
        runner, rng = self.runner(), self.stage.rng
        for _ in range(rng.choice((1, 1, 2))):
            child = self._start(runner, Deaths(0), elsewhere=rng.random() < 0.2)
            time.sleep(rng.uniform(0, 1.1 * self.turn_s))
            child.kill()
            child.end()
        return Dead(self, runner, f"{self.name}, killed at a random time")

    def _start(self, runner: str, deaths: Deaths, *, elsewhere: bool) -> Child:
        """Let a process take the turn up that may die on the way."""
        self.database.close()  # a copy of this process must find no connection
        return fork(partial(_die, self.database, self.kind, runner, deaths, elsewhere=elsewhere))


@dataclass(frozen=True, slots=True)
class Dead:
    """A turn whose process is gone."""

    trials: Trials
    runner: str
    how: str


def _go_on(stage: Stage, database: Database, dead: Sequence[Dead]) -> None:
    """Send each key again to a process that is well, and look at what is there then."""
    database.close()
    heirs = [fork(partial(_finish, database, d.trials.kind, d.runner)) for d in dead]
    for each, heir in zip(dead, heirs, strict=True):
        told = json.loads(heir.end() or b"{}")
        if told["first"] != told["again"]:
            stage.wrong(f"{each.how}: the same key gave another answer")
        if told["took_s"] > RECOVERY_S:
            stage.wrong(f"{each.how}: it took {told['took_s']:.1f} s to recover")
        if facts_of(database, each.runner) != each.trials.expected:
            stage.wrong(f"{each.how}: what is left is not what a whole turn leaves")
        longest = max(told["took_s"], stage.result.figures.get("longest recovery, s", 0.0))
        stage.result.figures["longest recovery, s"] = round(longest, 1)
        stage.advance()


def answered(database: Database, kind: Kind, runner: str, key: str) -> str:
    """Carry a message to its reply in this process; return it as JSON."""
    try:
        return anyio.run(_answer, _coach(database, kind, LONG_S), kind, runner, key)
    finally:
        database.close()


def _die(database: Database, kind: Kind, runner: str, deaths: Deaths, *, elsewhere: bool) -> bytes:
    if elsewhere:
        leases._host = lambda: "elsewhere"  # type: ignore[assignment]
    coach = _coach(database, kind, SHORT_S)
    deaths.lie_in_wait(coach)
    anyio.run(_answer, coach, kind, runner, "one")
    return json.dumps(deaths.passed).encode()


def _finish(database: Database, kind: Kind, runner: str) -> bytes:
    started = time.monotonic()
    first = answered(database, kind, runner, "one")
    took_s = time.monotonic() - started
    again = answered(database, kind, runner, "one")
    return json.dumps({"first": first, "again": again, "took_s": took_s}).encode()


def _coach(database: Database, kind: Kind, deadline_s: float) -> Coach:
    model = ScriptedModel(kind.play)
    return Coach(database, model, clock=lambda: NOW, today=TODAY, deadline_s=deadline_s)


async def _answer(coach: Coach, kind: Kind, runner: str, key: str) -> str:
    incoming = Incoming(runner, kind.text, "conv_1", key)
    events = [event async for event in coach.answer(incoming)]
    assert isinstance(events[-1], Finished)
    return json.dumps(events[-1].response)
