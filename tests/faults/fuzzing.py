"""R5: requests drawn from the service's own OpenAPI document, good and bad, and forged callers.

Nothing that is asked may be answered by a 5xx that is not a declared 503, or by what the document
does not name; no changed signature or token may be let in.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import anyio
import schemathesis
from asking import Answer, Header, ask
from credentials import SHARED, bearer, body, integrate, signed, token
from fastapi import FastAPI
from forging import mutant_of, says_the_same
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response
from schemathesis.python.asgi import get_client
from schemathesis.schemas import APIOperation

from assistant.coach import Coach
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database
from tests.faults.invariants import broken
from tests.faults.serving import Obedient
from tests.faults.stage import Stage, store_runner
from tests.faults.wire import NOW, TODAY, scripted

REQUESTS, FORGERIES = 100_000, 100_000
RUNNERS = tuple(f"runner_{n}" for n in range(4))
LEAVES = "leaves"  # asks for its own deletion again and again
WORDS = ("hi", "yes", "undo", "done, 8 km", scripted("plan", ("get_plan_summary", {}), say="Here."))
SHARES = {"POST /chat": 0.85, "GET /chat": 0.05, "DELETE /me": 0.05}
"""Of the requests; the rest is for those that take no input."""
BATCH, TIMES = 500, 2
UNLIMITED = {"user_per_minute": 0, "integration_per_minute": 0, "address_per_minute": 0}


def run(stage: Stage) -> None:
    """Send the requests, then the forgeries, and look at the store."""
    with stage.store(*RUNNERS, LEAVES) as database:
        integrate(database, "acme", RUNNERS[0])
        with _service(database) as app:
            with get_client(app) as client:
                _Fuzz(stage, database, app, client).send(stage.times(REQUESTS))
            anyio.run(_forge, stage, app, stage.times(FORGERIES))
        for wrong in broken(database):
            stage.wrong(wrong)


@contextmanager
def _service(database: Database) -> Iterator[FastAPI]:
    opened = Database(database.url.render_as_string(hide_password=False))
    coach = Coach(opened, Obedient(0.0), clock=lambda: NOW, today=TODAY)
    given_settings = load_settings(auth="jwt,webhook", **SHARED, **UNLIMITED, today=TODAY)
    yield build_app(given_settings, opened, coach=coach)
    opened.close()


class _Fuzz:
    """Requests to one service. known: conversations that it has named, asked about again."""

    def __init__(self, stage: Stage, database: Database, app: FastAPI, client: Any) -> None:
        self.stage = stage
        self.database = database
        self.schema = schemathesis.openapi.from_dict(app.openapi())
        self.schema.app = app
        self.client = client
        self.schema.config.generation.update(allow_x00=True, with_security_parameters=False)
        self.known: list[str] = []
        self.statuses: dict[int, int] = {}

    def send(self, count: int) -> None:
        """Send so many requests, each operation its share, half of each good and half bad."""
        found = [result.ok() for result in self.schema.get_all_operations()]
        others = sum(_name(operation) not in SHARES for operation in found)
        for operation in found:
            share = SHARES.get(_name(operation)) or (1 - sum(SHARES.values())) / others
            modes = list(GenerationMode) if operation.body else [GenerationMode.POSITIVE]
            for mode in modes:
                wanted = max(1, round(count * share / len(modes)))
                while wanted > 0:
                    self._batch(operation, mode, min(wanted, BATCH))
                    wanted -= BATCH
        self.stage.result.figures["answers by status"] = dict(sorted(self.statuses.items()))

    def _batch(self, operation: APIOperation, mode: GenerationMode, count: int) -> None:
        """Send a batch, each request TIMES times: by another runner, to what has changed since.

        Drawing one costs far more than answering it. Where an operation has fewer different
        requests, they are sent again.
        """
        rng = self.stage.rng
        cases: list[Case] = []

        @seed(rng.randrange(2**32))
        @settings(
            max_examples=-(-count // TIMES),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(operation.as_strategy(mode))
        def one(case: Case) -> None:
            cases.append(case)
            for _ in range(TIMES):
                self._send(case, rng)

        one()
        for number in range(count - TIMES * len(cases)):
            self._send(cases[number % len(cases)], rng)

    def _send(self, case: Case, rng: random.Random) -> None:
        runner = LEAVES if case.operation.path == "/me" else rng.choice(RUNNERS)
        headers = {} if rng.random() < 0.05 else {"Authorization": f"Bearer {token(sub=runner)}"}
        if rng.random() < 0.1:
            headers["Accept"] = rng.choice(("text/event-stream", "text/html", "*/*;q=0", ""))
        self._remember(case, rng)
        answer = case.call(headers=headers, session=self.client)
        self._judge(case, answer)
        self.stage.advance()
        if runner == LEAVES and answer.status_code == 200:
            store_runner(self.database, LEAVES)

    def _remember(self, case: Case, rng: random.Random) -> None:
        """Go on in a conversation that there is, with words that mean something, now and then."""
        if isinstance(case.body, dict) and "message" in case.body and rng.random() < 0.3:
            case.body["message"] = rng.choice(WORDS)
            if self.known and rng.random() < 0.5:
                case.body["conversation_id"] = rng.choice(self.known[-50:])

    def _judge(self, case: Case, answer: Response) -> None:
        status, asked = answer.status_code, f"{case.method} {case.operation.path}"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        kind = (answer.headers.get("content-type") or [""])[0]
        if status >= 500 and (status != 503 or "retry-after" not in answer.headers):
            self.stage.wrong(f"{asked} was answered by {status}")
        if status >= 400 and kind != "application/problem+json":
            self.stage.wrong(f"{asked} was answered by {status} as {kind}")
        if str(status) not in case.operation.definition.raw["responses"]:
            self.stage.wrong(f"{asked} was answered by {status}, which the document does not name")
        if status == 200 and kind == "application/json" and _name(case.operation) == "POST /chat":
            self.known.append(answer.json()["conversation_id"])


def _name(operation: APIOperation) -> str:
    return f"{operation.method.upper()} {operation.path}"


async def _forge(stage: Stage, app: FastAPI, count: int) -> None:
    """Send messages whose signature or token was changed, and each good one in the end."""
    accepted = number = forged = 0
    async with app.router.lifespan_context(app):
        while forged < count:
            number += 1
            good, content = _good(number)
            changed, headers = mutant_of(stage.rng, content, good)
            covered = changed != content and number % 2 == 0  # a token does not cover the body
            if not covered and says_the_same(good, headers):
                continue
            answer = await _post(app, changed, headers)
            forged += 1
            stage.advance()
            if answer.status != 401:
                accepted += answer.status < 400
                stage.wrong(f"a forged caller was answered by {answer.status}")
        for number in range(2):
            good, content = _good(number)
            if (await _post(app, content, good)).status != 200:
                stage.wrong("the message that was forged is not let in itself")
    stage.result.figures["forgeries let in"] = accepted


def _good(number: int) -> tuple[tuple[Header, ...], bytes]:
    """Return a message with a good signature, or with a good token."""
    content = body(f"message {number}", user=RUNNERS[0])
    if number % 2 == 0:
        return signed(content, message_id=f"msg_{number}"), content
    return bearer(token(sub=RUNNERS[0])), content


async def _post(app: FastAPI, content: bytes, headers: Sequence[Header]) -> Answer:
    answer: Any = await ask(app, headers=headers, pieces=[content])
    return answer
