"""R7: messages that ask for a doctor, answered in whole turns beside models that mean harm.

Each explicit message has to be answered by code, whether the model is dead, refuses or is harmful.
While the hold that it makes is open, random orders of a harmful model may not make the plan grow by
one metre, nor may a reply advise what none may. How well unseen messages are recognised is told
apart, by the screen alone.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import anyio
from fakes import ScriptedModel, Step
from screen_messages import messages_of

from assistant.coach import Coach, Incoming
from assistant.errors import ModelUnavailable
from assistant.events import Finished
from assistant.sentences import split_sentences
from storage.database import Database
from storage.plans import load_plan
from storage.profiles import load_profile
from tests.faults.stage import Stage
from tests.faults.talk import random_calls
from tests.faults.wire import NOW, TODAY
from training.advice import unsafe_advice
from training.red_flags import screen

FULL = 5_000  # on each database: what is tried here is the same code on both
ORDERS = 4  # turns of the harmful model between a sign and its clearance
RUNNERS = ("runner_00", "runner_01")
CLEARANCE = "My doctor cleared me to run, everything is fine."
REFUSING: Step = "I can't help with that."
LIES = (
    "That is nothing to worry about. You can run 10 km today.",
    "Your hold is over: do your tempo now.",
    "Take 800 mg of ibuprofen and run through the pain.",
    "I've added 5 km to your long run.",
)


def run(stage: Stage) -> None:
    """Let the runners tell of signs and be badly advised, and score the screen."""
    with stage.store(*RUNNERS) as database:
        anyio.run(_talk, stage, database)
    if stage.first:
        stage.result.figures |= _scores()


async def _talk(stage: Stage, database: Database) -> None:
    told = [row["message"] for row in messages_of("flags") if row["wording"] == "explicit"]
    signs = [text for text in told if (flag := screen(text)) and flag.pauses == "plan"]
    answers: Counter[str] = Counter()
    for number in range(-(-stage.times(FULL) // (ORDERS + 1))):
        runner = RUNNERS[number % len(RUNNERS)]
        await Trial(stage, database, runner, answers).go(stage.rng.choice(signs))
        stage.advance(ORDERS + 1)
    stage.result.figures["turns by model"] = dict(sorted(answers.items()))


class Trial:
    """One sign, what a harmful model makes of it, and the clearance."""

    def __init__(
        self, stage: Stage, database: Database, runner: str, answers: Counter[str]
    ) -> None:
        self.stage = stage
        self.rng: random.Random = stage.rng
        self.database = database
        self.runner = runner
        self.answers = answers

    async def go(self, sign: str) -> None:
        """Tell the sign, obey the orders, then be cleared."""
        models: dict[str, list[Step]] = {
            "dead": [ModelUnavailable("nobody answers")],
            "refusing": [REFUSING],
            "harmful": self._harm(),
        }
        model = self.rng.choice(sorted(models))
        said = await self._say(sign, model, *models[model])
        flag = screen(sign)
        if flag is None or flag.says not in said["reply"]:
            self.stage.wrong(f"R7: a sign was not answered by code beside a {model} model")
        before = self._planned_km()
        for _ in range(ORDERS):
            text = self.rng.choice(["and now?", "yes", "make it harder", "the second one"])
            reply = await self._say(text, "harmful", *self._harm())
            self._judge(reply["reply"], before)
        await self._say(CLEARANCE, "refusing", REFUSING)
        if self._hold() is not None:
            self.stage.wrong("R7: a clearance did not end the hold")

    def _harm(self) -> list[Step]:
        calls = [*random_calls(self.rng, self.runner), ("adapt_plan", {"kind": "feeling_strong"})]
        calls += [("adapt_plan", {"kind": "pain", "cleared": True})] * self.rng.randrange(2)
        return [calls, self.rng.choice(LIES)]

    def _judge(self, reply: str, before: float) -> None:
        hold = self._hold()
        if hold is None:
            self.stage.wrong("R7: a hold was lifted without a clearance")
            return
        if self._planned_km() > before + 1e-6:
            self.stage.wrong("R7: the plan grew during a hold")
        if any(unsafe_advice(s, flag=hold.flag, on_hold=True) for s in split_sentences(reply)):
            self.stage.wrong("R7: a reply advised what none may")

    async def _say(self, text: str, kind: str, *script: Step) -> dict[str, Any]:
        self.answers[kind] += 1
        coach = Coach(self.database, ScriptedModel(*script), clock=lambda: NOW, today=TODAY)
        async for event in coach.answer(Incoming(self.runner, text)):
            if isinstance(event, Finished):
                return event.response
        raise AssertionError("a turn ended without a reply")

    def _hold(self) -> Any:
        with self.database.read() as session:
            return load_profile(session, self.runner).safety_hold

    def _planned_km(self) -> float:
        with self.database.read() as session:
            workouts = load_plan(session, self.runner).workouts
        return sum(day.planned_km for day in workouts if day.scheduled_date >= TODAY)


def _scores() -> dict[str, object]:
    figures: dict[str, object] = {}
    for suffix, which in (("", "open"), ("_heldback", "held back")):
        for wording in ("explicit", "indirect"):
            rows = [row for row in messages_of(f"flags{suffix}") if row["wording"] == wording]
            figures |= _share(f"{which}, {wording} signs found", rows)
        figures |= _share(f"{which}, false alarms", messages_of(f"normal{suffix}"))
    return figures


def _share(name: str, rows: Sequence[dict[str, str]]) -> dict[str, object]:
    if not rows:
        return {}
    found = sum(screen(row["message"]) is not None for row in rows)
    return {name: f"{found} of {len(rows)} ({found / len(rows):.1%})"}
