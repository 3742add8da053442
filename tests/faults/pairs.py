"""R3: messages that meet. The same key at once, other keys of one runner at once, on all workers.

A group of up to 16 holds half as many pairs that have no message in common: those are counted.
"""

import random
from dataclasses import dataclass

import anyio

from tests.faults.history import faults_in
from tests.faults.serving import Messages, Worker, messages_to, serving
from tests.faults.stage import Stage
from tests.faults.wire import TODAY, scripted

FULL = 5_000
RUNNERS = tuple(f"runner_{n}" for n in range(6))
SIZES = (2, 2, 2, 3, 4, 8, 16)
SAME_KEY = 0.7
SAY = "Here is what I have for you."
MOVES = (("2026-02-14", "2026-02-15"), ("2026-02-21", "2026-02-22"))


def run(stage: Stage) -> None:
    """Let the groups meet, send every key once more, and look at the store."""
    with stage.store(*RUNNERS) as database:
        workers = [Worker(database) for _ in range(stage.rng.randrange(2, 5))]
        with serving(*workers):
            anyio.run(_meet, stage, workers)
        for wrong in faults_in(database, serial=True):
            stage.wrong(wrong)


async def _meet(stage: Stage, workers: list[Worker]) -> None:
    async with messages_to(workers) as messages:
        async with anyio.create_task_group() as tasks:
            for runner in RUNNERS:
                count = -(-stage.times(FULL) // len(RUNNERS))
                tasks.start_soon(Groups(stage, messages, runner).meet, count)
        groups = len({key.partition(".")[0] + runner for runner, key in messages.sent})
        answers = dict(sorted(messages.statuses.items()))
        await messages.again()
    for wrong in messages.wrong:
        stage.wrong(wrong)
    stage.result.figures |= {
        "workers": len(workers),
        "groups": groups,
        "turns": len(messages.sent),
        "answers by status": answers,
    }


@dataclass
class Groups:
    """One runner's messages, group after group."""

    stage: Stage
    messages: Messages
    runner: str

    async def meet(self, pairs: int) -> None:
        """Send groups until they hold so many pairs."""
        rng = random.Random(f"{self.stage.result.seed} {self.runner}")
        made, number = 0, 0
        while made < pairs:
            number += 1
            size = rng.choice(SIZES)
            same = rng.random() < SAME_KEY
            async with anyio.create_task_group() as tasks:
                for place in range(size):
                    key = f"{number}.0" if same else f"{number}.{place}"
                    text = self.messages.sent.get((self.runner, key)) or message(rng)
                    self.messages.sent[self.runner, key] = text
                    tasks.start_soon(self.messages.post, place, self.runner, key, text)
            made += size // 2
            self.stage.advance(size // 2)


def message(rng: random.Random) -> str:
    """Return a message that reads, logs or changes the plan."""
    words = f"message {rng.randrange(10**9)}"
    kind = rng.random()
    if kind < 0.4:
        return scripted(words, say=SAY)
    if kind < 0.7:
        day = f"2026-02-{rng.randrange(2, TODAY.day + 1):02}"
        record = {
            "date": day,
            "completion_status": "completed",
            "actual_metrics": {"distance_km": rng.randrange(3, 12)},
        }
        return scripted(words, ("log_execution", record), say=SAY)
    days = rng.choice(MOVES)
    there, back = rng.sample(days, 2)
    change = {"kind": "move", "date": there, "to_date": back}
    return scripted(words, ("adapt_plan", change), say=SAY)
