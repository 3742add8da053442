"""`runplan serve` as a process of its own, set up by the environment as an operator does it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Served:
    """A running service."""

    url: str
    client: httpx2.Client
    process: "subprocess.Popen[bytes]"
    log: Path

    def terminate(self, seconds: float = 60) -> int:
        """Ask it to end, as a supervisor does, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def served(log: Path, *options: str, **environment: str) -> Iterator[Served]:
    """Run the service on a free port; log: where its standard error goes."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUNPLAN_")}
    with log.open("ab") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port), *options],
            env=kept | {"PYTHONPATH": str(ROOT)} | environment,
            stderr=stderr,
        )
    url = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=url, timeout=60) as client:
        try:
            _wait(client, process)
            yield Served(url, client, process, log)
        finally:
            process.kill()
            process.wait(10)


def _wait(client: httpx2.Client, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            client.get("/healthz").raise_for_status()
            return
        except httpx2.TransportError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.05)
