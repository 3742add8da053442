"""Every call of the database fails once, or from then on, in every kind of turn.

N counts up until a turn ends without meeting the fault. RUNPLAN_TEST_FAULTS=full tries each N in
each way to fail on both databases; otherwise the ways take turns, at some of the N.
"""

import itertools
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asking import Answer, ask
from credentials import SHARED, bearer, token
from failing import Failing
from fakes import ScriptedModel
from fastapi import FastAPI
from kinds import KINDS, Kind, copy_runner, facts_of
from wiring import NOW, TODAY

from assistant.coach import Coach
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database
from tests.faults.invariants import broken

pytestmark = [pytest.mark.anyio, pytest.mark.both_stores]
FULL = os.environ.get("RUNPLAN_TEST_FAULTS") == "full"
ENOUGH = 300
WAYS = {
    f"{how} {'until repaired' if lasting else 'once'}": (how, lasting)
    for how in ("conflict", "lost", "unheard")
    for lasting in (False, True)
}
EACH, IN_TURN = tuple((way,) for way in WAYS.values()), tuple(WAYS.values())


@asynccontextmanager
async def service(database: Database, model: ScriptedModel) -> AsyncIterator[FastAPI]:
    coach = Coach(database, model, clock=lambda: NOW, today=TODAY, deadline_s=1)
    settings = load_settings(auth="jwt", **SHARED, deadline_s=1)
    app = build_app(settings, database, coach=coach)
    async with app.router.lifespan_context(app):
        yield app


async def post(app: FastAPI, runner: str, key: str, text: str) -> Answer:
    headers = (*bearer(token(sub=runner)), (b"idempotency-key", key.encode()))
    return await ask(app, headers=headers, pieces=[f'{{"message": "{text}"}}'.encode()])


def told(answer: Answer) -> Any:
    """Return what a reply says, without what differs from one run to the next."""
    body = answer.json()
    return body["reply"], [action["tool"] for action in body["actions"]], body["safety"]


class Trials:
    """Runners that start alike; each meets the fault at another call."""

    def __init__(self, database: Database, app: FastAPI, model: ScriptedModel, kind: Kind) -> None:
        self.database, self.app, self.model, self.kind = database, app, model, kind
        self.numbers = itertools.count()

    async def prepare(self, *, answered: bool) -> None:
        """Bring the runner whom the others are copies of to where the turn begins."""
        if self.kind.before is not None:
            await self.send("demo", "before", self.kind.before)
        if answered:
            await self.send("demo", "one", self.kind)

    async def send(self, runner: str, key: str, kind: Kind) -> Answer:
        self.model.script = [kind.play]
        return await post(self.app, runner, key, kind.text)

    def runner(self) -> str:
        name = f"runner_{next(self.numbers)}"
        copy_runner(self.database, "demo", name)
        return name


@pytest.mark.parametrize(
    "ways", EACH if FULL else [IN_TURN], ids=WAYS if FULL else ["ways in turn"]
)
@pytest.mark.parametrize("name", KINDS)
async def test_a_turn_survives_the_failure_of_any_call(
    demo: Database, name: str, ways: Sequence[tuple[str, bool]]
) -> None:
    model = ScriptedModel("")
    failing = Failing(demo)
    async with service(demo, model) as app:
        trials = Trials(demo, app, model, KINDS[name])
        await trials.prepare(answered=name == "replay")
        well = trials.runner()
        expected = told(await trials.send(well, "one", trials.kind)), facts_of(demo, well)
        steps = range(1, ENOUGH, 1 if FULL else 3 if demo.is_sqlite else 8)
        for at, (how, lasting) in zip(steps, itertools.cycle(ways), strict=False):
            runner = trials.runner()
            failing.arm(at, how, lasting=lasting)
            answer = await trials.send(runner, "one", trials.kind)
            fired = failing.fired
            failing.repair()
            again = await trials.send(runner, "one", trials.kind)
            assert_clean(answer)
            assert again.status == 200, (at, how, lasting, again.body)
            assert (told(again), facts_of(demo, runner)) == expected, (at, how, lasting)
            if answer.status == 200:
                assert (answer.body, again.headers["idempotent-replayed"]) == (again.body, "true")
            if not fired:
                break
        else:
            pytest.fail("the turn never ended without meeting the fault")
    assert broken(demo) == []


def assert_clean(answer: Answer) -> None:
    """A reply, or a declared 503 that says when to come back."""
    if answer.status == 200:
        return
    assert answer.status == 503, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["detail"] == "the store can't be used"
