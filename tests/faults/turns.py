"""R1 and R6: thousands of turns while each kind of fault of the model meets one in twenty requests.

Nothing accepted is lost, nothing counts twice, every answer is a 200 or a declared 503 within the
deadline, and no canary is in a log, a span, a number, an error or another runner's prompt.
"""

import io
import logging
import random
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio
import httpx2
import structlog
from credentials import SHARED, token
from openai import AsyncOpenAI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from assistant import model as model_module
from assistant import telemetry
from assistant.bootstrap import build_embedded_model
from assistant.breaker import Breaker
from assistant.coach import Coach
from assistant.logs import configure_logs
from assistant.model import OpenAIModel
from assistant.plain import WithPlainAnswers
from assistant.settings import Settings, load_settings
from assistant.web.app import build_app
from storage.database import Database
from tests.faults.invariants import broken, print_of
from tests.faults.stage import Stage, canary
from tests.faults.talk import random_message
from tests.faults.wire import NOW, TODAY, FaultyWire

FULL = 10_000
CHANCE = 0.05
RUNNERS = tuple(f"runner_{n:02}" for n in range(12))
BYSTANDER = "bystander"
DEADLINE_S, MODEL_TIMEOUT_S = 8.0, 0.5
KEY, METRICS = "CANARY-model-key-000000", "CANARY-metrics-token-000000"
PRIVATE = re.compile(r"CANARY-[\w-]+")
QUICK = 20.0  # the breaker's clock runs so much faster, so that it opens and closes many times
ALLOWED = {200, 409, 503}


def run(stage: Stage) -> None:
    """Send the turns, then all again with the model well, and look at the store."""
    with stage.store(*RUNNERS, BYSTANDER) as database, _short_waits(), _sinks() as sinks:
        before = print_of(database, BYSTANDER)
        anyio.run(_turns, stage, database, sinks)
        for wrong in broken(database):
            stage.wrong(wrong)
        if print_of(database, BYSTANDER) != before:
            stage.wrong("I5: rows of a runner who said nothing changed")
        for found in sorted(set(PRIVATE.findall(sinks.text()))):
            stage.wrong(f"R6: {found} is in a log, a span, a number or an error")


class Sinks:
    """Where nothing private may turn up."""

    def __init__(self) -> None:
        self.log = io.StringIO()
        self.spans = InMemorySpanExporter()
        self.errors: list[str] = []

    def text(self) -> str:
        """All that reached them."""
        spans = "".join(span.to_json() for span in self.spans.get_finished_spans())
        return "\n".join([self.log.getvalue(), spans, *self.errors])


@contextmanager
def _sinks() -> Iterator[Sinks]:
    sinks = Sinks()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(sinks.spans))
    tracer, telemetry._tracer = telemetry._tracer, provider.get_tracer("runplan")
    handler = logging.StreamHandler(sinks.log)
    logging.getLogger().addHandler(handler)
    logs = structlog.get_config()
    configure_logs("debug")
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sinks.log))
    try:
        yield sinks
    finally:
        telemetry._tracer = tracer
        logging.getLogger().removeHandler(handler)
        structlog.configure(**logs)


@contextmanager
def _short_waits() -> Iterator[None]:
    was = model_module.WAIT_FLOOR_S, model_module.WAIT_CEILING_S
    model_module.WAIT_FLOOR_S, model_module.WAIT_CEILING_S = 0.02, 0.1
    try:
        yield
    finally:
        model_module.WAIT_FLOOR_S, model_module.WAIT_CEILING_S = was


def _settings() -> Settings:
    return load_settings(
        auth="jwt",
        **SHARED,
        openai_api_key=SecretStr(KEY),
        openai_base_url="http://model/v1",
        metrics_token=SecretStr(METRICS),
        deadline_s=DEADLINE_S,
        stream_deadline_s=DEADLINE_S,
        model_timeout_s=MODEL_TIMEOUT_S,
        user_per_minute=0,
        address_per_minute=0,
        today=TODAY,
    )


@asynccontextmanager
async def _service(
    database: Database, wire: FaultyWire, *, plain: bool
) -> AsyncIterator[httpx2.AsyncClient]:
    settings = _settings()
    client = AsyncOpenAI(
        api_key=KEY,
        base_url="http://model/v1",
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=wire),
    )
    model = OpenAIModel(client, "m", timeout_s=MODEL_TIMEOUT_S)
    model.breakers = {"m": Breaker(lambda: QUICK * time.monotonic())}
    answering = WithPlainAnswers(model, build_embedded_model(streaming=True)) if plain else model
    coach = Coach(database, answering, clock=lambda: NOW, today=TODAY, deadline_s=DEADLINE_S)
    app = build_app(settings, database, coach=coach)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://coach", timeout=60) as http,
    ):
        yield http


async def _turns(stage: Stage, database: Database, sinks: Sinks) -> None:
    wire = FaultyWire(stage.rng, CHANCE)
    count = -(-stage.times(FULL) // len(RUNNERS))
    async with (
        _service(_another(database), wire, plain=False) as bare,
        _service(_another(database), wire, plain=True) as plain,
    ):
        talks = [
            Talk(stage, runner, (bare, plain)[number % 2], sinks)
            for number, runner in enumerate(RUNNERS)
        ]
        async with anyio.create_task_group() as tasks:
            for talk in talks:
                tasks.start_soon(talk.go_on, count)
        wire.chance = 0.0
        await anyio.sleep(1)  # the breakers let the next try through
        for talk in talks:
            await talk.end()
        page = await bare.get("/metrics", headers={"Authorization": f"Bearer {METRICS}"})
        sinks.errors.append(page.text)
    _look_at_prompts(stage, wire.prompts)
    statuses: dict[int, int] = {}
    for talk in talks:
        for status, met in talk.statuses.items():
            statuses[status] = statuses.get(status, 0) + met
    stage.result.figures |= {
        "answers by status, faults on": dict(sorted(statuses.items())),
        "faults met": dict(sorted(wire.counts.items())),
        "longest answer": f"{max(talk.longest_s for talk in talks):.1f} s of {DEADLINE_S:g} s",
        "requests of the model": len(wire.prompts),
    }


def _another(database: Database) -> Database:
    """Open the store once more: a service closes what it was given."""
    return Database(database.url.render_as_string(hide_password=False))


class Talk:
    """One runner's turns, one after the other, some sent twice at once, left, or sent again."""

    def __init__(self, stage: Stage, runner: str, http: httpx2.AsyncClient, sinks: Sinks) -> None:
        self.stage = stage
        self.rng = random.Random(f"{stage.result.seed} {runner}")
        self.runner = runner
        self.http = http
        self.sinks = sinks
        self.messages: dict[str, str] = {}
        self.bodies: dict[str, bytes] = {}
        self.statuses: dict[int, int] = {}
        self.longest_s = 0.0

    async def go_on(self, count: int) -> None:
        """Send `count` messages under faults."""
        for number in range(count):
            key = f"{self.runner}-{number}"
            self.messages[key] = random_message(self.rng, self.runner)
            if self.rng.random() < 0.08:
                async with anyio.create_task_group() as tasks:
                    for _ in range(self.rng.randrange(2, 4)):
                        tasks.start_soon(self._post, key)
            else:
                await self._post(key)
            self.stage.advance()

    async def end(self) -> None:
        """Send everything again, with the model well: all is answered, and the same as before."""
        for key in self.messages:
            answer = await self._post(key, faulty=False)
            if answer is None or answer.status_code != 200:
                status = None if answer is None else answer.status_code
                self.stage.wrong(f"I1: {key} is lost: {status} with the model well")

    async def _post(self, key: str, *, faulty: bool = True) -> httpx2.Response | None:
        stream = faulty and self.rng.random() < 0.3
        headers = {
            "Authorization": f"Bearer {token(sub=self.runner)}",
            "Idempotency-Key": key,
            "Accept": "text/event-stream" if stream else "application/json",
        }
        started = time.monotonic()
        leaves_after_s = self.rng.uniform(0, 0.3) if faulty and self.rng.random() < 0.03 else 60.0
        with anyio.move_on_after(leaves_after_s) as scope:
            answer = await self.http.post(
                "/chat", json={"message": self.messages[key]}, headers=headers
            )
        if scope.cancelled_caught:
            return None
        took_s = time.monotonic() - started
        self._judge(key, answer, took_s, stream=stream, faulty=faulty)
        return answer

    def _judge(
        self, key: str, answer: httpx2.Response, took_s: float, *, stream: bool, faulty: bool
    ) -> None:
        status = answer.status_code
        if faulty:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.longest_s = max(self.longest_s, took_s)
            if took_s > DEADLINE_S + 1:
                self.stage.wrong(f"{key} took {took_s:.1f} s")
        if status not in ALLOWED:
            self.stage.wrong(f"{key} was answered by {status}")
        if status != 200:
            self.sinks.errors.append(answer.text)
            if status == 503 and "retry-after" not in answer.headers:
                self.stage.wrong(f"{key}: a 503 without Retry-After")
        elif not stream:
            self._same_as_before(key, answer.content)
            for found in set(PRIVATE.findall(answer.text)):
                if not found.startswith(canary(self.runner, "")):
                    self.stage.wrong(f"R6: {found} in an answer to {self.runner}")

    def _same_as_before(self, key: str, body: bytes) -> None:
        if self.bodies.setdefault(key, body) != body:
            self.stage.wrong(f"{key}: the same key gave another answer")


def _look_at_prompts(stage: Stage, prompts: list[str]) -> None:
    """R6: a prompt speaks of one runner, and holds no secret."""
    for prompt in prompts:
        found = set(PRIVATE.findall(prompt))
        runners = {text.split("-")[1] for text in found}
        if len(runners) > 1 or runners & {"model", "metrics", "endpoint"}:
            stage.wrong(f"R6: a prompt holds canaries of {sorted(runners)}")
