"""The real service in processes of its own, several over one store, and a model for them to ask."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx2
from openai_server import Endpoint, calls
from starlette.requests import Request
from starlette.responses import Response

from storage.database import Database

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("crashing_server.py")
LOG = calls(("log_execution", {"completion_status": "completed", "date": "2026-02-10"}))
TOLD = "Logged it, well done."


@dataclass(frozen=True, slots=True)
class Worker:
    """One running process of the service."""

    client: httpx2.Client
    process: "subprocess.Popen[bytes]"

    def post(self, key: str = "one", text: str = "done") -> Any:
        """Send the demo runner's message and return the answer."""
        headers = {"Idempotency-Key": key, "X-Runplan-User": "demo"}
        return self.client.post("/chat", json={"message": text}, headers=headers)

    def stop(self) -> None:
        """Hold the process where it is."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a held process go on."""
        os.kill(self.process.pid, signal.SIGCONT)


@contextmanager
def running(
    database: Database, model_url: str, *points: str, hours_off: tuple[float, ...] = ()
) -> Iterator[tuple[Worker, ...]]:
    """Run a worker for each point at which it kills itself, or "never"; hours_off: their clocks."""
    url = database.url.render_as_string(hide_password=False)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = []
    for point, off in zip(points, (*hours_off, *[0.0] * len(points)), strict=False):
        port = str(_free_port())
        command = [sys.executable, str(SCRIPT), url, model_url, port, point, str(off)]
        process = subprocess.Popen(command, env=environment)
        client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, verify=False)
        started.append(Worker(client, process))
    try:
        for worker in started:
            _wait(worker)
        yield tuple(started)
    finally:
        for worker in started:
            worker.process.kill()
            worker.process.wait(10)
            worker.client.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _wait(worker: Worker) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            worker.client.get("/readyz").raise_for_status()
            return
        except httpx2.TransportError:
            if time.monotonic() > deadline or worker.process.poll() is not None:
                raise
            time.sleep(0.05)


class HeldEndpoint(Endpoint):
    """Holds its first answer back until it is released."""

    def __init__(self, *script: Any) -> None:
        super().__init__(*script)
        self.asked, self.released = threading.Event(), threading.Event()

    async def answer(self, request: Request) -> Response:
        """Answer one request, the first one late."""
        if not self.asked.is_set():
            self.asked.set()
            await anyio.to_thread.run_sync(self.released.wait, 60)
        return await super().answer(request)


class LoggingEndpoint(Endpoint):
    """Logs the day's workout in each turn, whoever asks and in whichever order."""

    async def answer(self, request: Request) -> Response:
        """Ask for the call, or word its result."""
        body = await request.json()
        self.script = [TOLD if body["messages"][-1]["role"] == "tool" else LOG]
        return await super().answer(request)
