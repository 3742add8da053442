"""R3: a worker is stopped inside turns, others take them over, and it wakes up: it commits nothing.

All turns of a round are stopped together while their model thinks.
"""

import signal
import time

import anyio
import sqlalchemy as sa

from assistant.threads import in_thread
from storage.database import Database
from tests.faults.history import faults_in
from tests.faults.pairs import SAY
from tests.faults.serving import Messages, Worker, messages_to, serving
from tests.faults.stage import Stage
from tests.faults.wire import scripted

FULL = 200
AT_ONCE = 20
DEADLINE_S, THINKS_S, WAIT_S = 1.0, 3.0, 30.0
LOG = {"date": "2026-02-09", "completion_status": "completed"}
MOVE = {"kind": "move", "date": "2026-02-15", "to_date": "2026-02-14"}
BACK = {"kind": "move", "date": "2026-02-14", "to_date": "2026-02-15"}
SLEEPER, HEIR = 0, 1


def run(stage: Stage) -> None:
    """Stop, take over, wake up, round after round, and look at the store."""
    count = stage.times(FULL)
    runners = tuple(f"runner_{n}" for n in range(min(count, AT_ONCE)))
    with stage.store(*runners) as database:
        workers = [Worker(database, deadline_s=DEADLINE_S, thinks_s=THINKS_S), Worker(database)]
        with serving(*workers):
            anyio.run(_rounds, stage, database, workers, runners, count)
        for wrong in faults_in(database, serial=False):
            stage.wrong(wrong)


async def _rounds(
    stage: Stage, database: Database, workers: list[Worker], runners: tuple[str, ...], count: int
) -> None:
    async with messages_to(workers) as messages:
        number = 0
        while count > 0:
            number += 1
            chosen = runners[:count]
            await _round(stage, database, workers[SLEEPER], messages, chosen, number)
            count -= len(chosen)
        await messages.again()
    for wrong in messages.wrong:
        stage.wrong(wrong)
    stage.result.figures["answers by status"] = dict(sorted(messages.statuses.items()))


async def _round(
    stage: Stage,
    database: Database,
    sleeper: Worker,
    messages: Messages,
    runners: tuple[str, ...],
    number: int,
) -> None:
    key = f"round {number}"
    calls = ("log_execution", LOG), ("adapt_plan", MOVE if number % 2 else BACK)
    text = scripted(key, *calls, say=SAY)
    late: dict[str, int] = {}

    async def ask(runner: str) -> None:
        late[runner] = await messages.post(SLEEPER, runner, key, text)

    async with anyio.create_task_group() as tasks:
        for runner in runners:
            tasks.start_soon(ask, runner)
        await _all_taken(database, key, len(runners))
        sleeper.send(signal.SIGSTOP)
        try:
            async with anyio.create_task_group() as heirs:
                for runner in runners:
                    heirs.start_soon(messages.insist, HEIR, runner, key, text)
        finally:
            sleeper.send(signal.SIGCONT)
    attempts = await in_thread(_attempts, database, key)
    for runner in runners:
        tried = attempts.get(runner)
        if late[runner] == 200 or tried != 2:
            stage.wrong(f"{runner}, {key}: {late[runner]} after its sleep, attempts: {tried}")
        stage.advance()


async def _all_taken(database: Database, key: str, count: int) -> None:
    """Wait until every turn of the round is being answered, and is past its beginning."""
    end = time.monotonic() + WAIT_S
    while len(await in_thread(_attempts, database, key)) < count and time.monotonic() < end:
        await anyio.sleep(0.05)
    await anyio.sleep(0.5)


def _attempts(database: Database, key: str) -> dict[str, int]:
    statement = "SELECT user_id, attempt FROM turn WHERE idempotency_key = :key AND attempt > 0"
    with database.read() as session:
        rows = session.connection().execute(sa.text(statement), {"key": key})
        return {row.user_id: row.attempt for row in rows}
