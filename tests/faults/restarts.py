"""R3: the workers are restarted one after the other by SIGTERM while runners go on talking."""

import json
import os
import random
from functools import partial
from typing import Any

import anyio
from forks import fork

from tests.faults.history import faults_in
from tests.faults.pairs import message
from tests.faults.serving import Messages, Worker, messages_to, serving
from tests.faults.stage import Stage

FULL = 50
RUNNERS = tuple(f"runner_{n}" for n in range(8))
THINKS_S = (0.05, 0.3, 0.7)  # two answers of the last outlast the drain
WORKERS = len(THINKS_S)


def run(stage: Stage) -> None:
    """Restart under load; then every message is answered, once and the same."""
    with stage.store(*RUNNERS) as database:
        workers = [Worker(database, thinks_s=s, drain_s=0.2) for s in THINKS_S]
        with serving(*workers):
            database.close()
            over, say_over = os.pipe()
            load = fork(partial(_load, workers, stage.result.seed, over))
            for number in range(stage.times(FULL)):
                anyio.run(anyio.sleep, stage.rng.uniform(0.1, 0.5))
                workers[number % WORKERS].terminate()
                workers[number % WORKERS].start()
                stage.advance()
            os.write(say_over, b".")
            told: dict[str, Any] = json.loads(load.end() or b"{}")
            os.close(say_over)
            os.close(over)
        for wrong in (*told["wrong"], *faults_in(database, serial=False)):
            stage.wrong(wrong)
        stage.result.figures["turns under restarts"] = told["turns"]
        stage.result.figures["answers by status"] = told["statuses"]


def _load(workers: list[Worker], seed: int, over: int) -> bytes:
    """Talk until told that it is over, in a process of its own; return what came of it."""
    messages: Messages = anyio.run(_talk, workers, seed, over)
    statuses = dict(sorted(messages.statuses.items()))
    told = {"wrong": messages.wrong, "turns": len(messages.sent), "statuses": statuses}
    return json.dumps(told).encode()


async def _talk(workers: list[Worker], seed: int, over: int) -> Messages:
    async with messages_to(workers) as messages:
        stop = anyio.Event()
        async with anyio.create_task_group() as tasks:
            for runner in RUNNERS:
                tasks.start_soon(_runner, messages, runner, stop, seed)
            await anyio.wait_readable(over)
            stop.set()
        await messages.again()
        return messages


async def _runner(messages: Messages, runner: str, stop: anyio.Event, seed: int) -> None:
    rng = random.Random(f"{seed} {runner}")
    number = 0
    while not stop.is_set():
        number += 1
        await messages.insist(rng.randrange(WORKERS), runner, f"key {number}", message(rng))
