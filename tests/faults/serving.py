"""Processes of the service over one store, and a runner's messages to them.

Each is a copy of the run's own process with a model inside that does what a message says. Its
address outlives it: what comes while it is away waits for the next one.
"""

import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx2
import uvicorn
from forks import Child, fork

from assistant.coach import Coach
from assistant.completions import Answer
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database
from storage.ids import new_id
from storage.messages import ToolCall
from tests.faults.wire import NOW, TODAY, message_for

PATIENCE_S = 60.0


class Obedient:
    """A model that does what the runner's message says. thinks_s: how long it takes."""

    def __init__(self, thinks_s: float) -> None:
        self.thinks_s = thinks_s

    async def stream(
        self, messages: Sequence[dict[str, Any]], *, tools: Any, deadline: float
    ) -> AsyncIterator[Answer]:
        """Answer as the last message's script says."""
        await anyio.sleep(self.thinks_s)
        message = message_for({"messages": list(messages), "tools": tools})
        made = (call["function"] for call in message.get("tool_calls") or ())
        calls = tuple(ToolCall(new_id("call"), f["name"], f["arguments"]) for f in made)
        yield Answer(message["content"] or "", calls)

    async def close(self) -> None:
        """Hold nothing, close nothing."""


class Worker:
    """One process. deadline_s: of its turns; their leases end five seconds later. thinks_s: its
    model before each answer. drain_s: what its turns have at its end, after a first second."""

    def __init__(
        self,
        database: Database,
        *,
        deadline_s: float = 25.0,
        thinks_s: float = 0.0,
        drain_s: float = 2.0,
    ) -> None:
        self.database = database
        self.deadline_s, self.thinks_s, self.drain_s = deadline_s, thinks_s, drain_s
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def start(self) -> None:
        """Start the process, or the next one."""
        self.database.close()  # a copy of this process must find no connection
        self.child = fork(self._serve)

    def send(self, number: int) -> None:
        """Send the process a signal."""
        assert self.child is not None
        os.kill(self.child.pid, number)

    def terminate(self) -> None:
        """Ask the process to end, as a supervisor does, and wait for it."""
        assert self.child is not None
        self.send(signal.SIGTERM)
        self.child.end()
        self.child = None

    def close(self) -> None:
        """End the process and give the address up."""
        if self.child is not None:
            self.child.kill()
            self.child.end()
        self.socket.close()

    def _serve(self) -> bytes:
        settings = load_settings(deadline_s=self.deadline_s, drain_s=self.drain_s, today=TODAY)
        coach = Coach(self.database, Obedient(self.thinks_s), clock=lambda: NOW, today=TODAY)
        app = build_app(settings, self.database, coach=coach)
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[self.socket])
        return b""


@contextmanager
def serving(*workers: Worker) -> Iterator[None]:
    """Run the workers while the block lasts."""
    try:
        for worker in workers:
            worker.start()
        yield
    finally:
        for worker in workers:
            worker.close()


@dataclass
class Messages:
    """What was sent under each key, and the bytes of its answer. wrong: what must not be."""

    clients: Sequence[httpx2.AsyncClient]
    sent: dict[tuple[str, str], str] = field(default_factory=dict)
    bodies: dict[tuple[str, str], bytes] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def post(self, worker: int, runner: str, key: str, text: str) -> int:
        """Send a message once and return the status; 0 where the connection was lost."""
        self.sent[runner, key] = text
        headers = {"Idempotency-Key": key, "X-Runplan-User": runner}
        client = self.clients[worker % len(self.clients)]
        try:
            answer = await client.post("/chat", json={"message": text}, headers=headers)
        except httpx2.TransportError:
            self._count(0)
            return 0
        self._count(answer.status_code)
        if answer.status_code == 200:
            before = self.bodies.setdefault((runner, key), answer.content)
            if before != answer.content:
                self.wrong.append(f"{runner}, {key}: the same key gave another answer")
        elif answer.status_code not in (409, 503) or "retry-after" not in answer.headers:
            self.wrong.append(f"{runner}, {key} was answered by {answer.status_code}")
        return answer.status_code

    async def insist(self, worker: int, runner: str, key: str, text: str) -> None:
        """Send a message, under its key and to another worker each time, until it is answered."""
        with anyio.move_on_after(PATIENCE_S):
            while await self.post(worker, runner, key, text) != 200:
                worker += 1
                await anyio.sleep(0.05)
            return
        self.wrong.append(f"{runner}, {key} is lost")

    async def again(self) -> None:
        """Send everything once more: all is answered, as before."""
        limit = anyio.CapacityLimiter(8)

        async def one(number: int, runner: str, key: str) -> None:
            async with limit:
                await self.insist(number, runner, key, self.sent[runner, key])

        async with anyio.create_task_group() as tasks:
            for number, (runner, key) in enumerate(list(self.sent)):
                tasks.start_soon(one, number, runner, key)

    def _count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


@asynccontextmanager
async def messages_to(workers: Sequence[Worker]) -> AsyncIterator[Messages]:
    """Offer what sends messages to the workers."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=32)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx2.AsyncClient(base_url=worker.url, timeout=PATIENCE_S, limits=limits)
            )
            for worker in workers
        ]
        yield Messages(clients)
