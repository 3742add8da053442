"""The servers that are compared: how each is started, asked, and given a past."""

import json
import os
import sqlite3
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import jwt
import psutil
from model_server import REPLY

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
RUNPLAN = ROOT / ".venv" / "bin" / "python"
SECRET = "7f2c1d9e5b8a4063af11c0de29b47e5d"
PARALLEL = 32
PAST = (10, 100, 1000)
LONG_PAST = 1000
ASKED = "How is my plan going?"
START_S = 60


@dataclass(frozen=True)
class Contender:
    """A server of ours or a peer's. module: the peer's application; None for runplan."""

    name: str
    module: str | None
    packages: tuple[str, ...] = ()


CONTENDERS = (
    Contender("runplan", None),
    Contender("plain openai SDK + FastAPI + SQLModel", "plain", ("openai", "fastapi", "sqlmodel")),
    Contender("pydantic-ai", "pydantic_ai_peer", ("pydantic-ai-slim", "fastapi")),
    Contender("openai-agents", "openai_agents_peer", ("openai-agents", "fastapi")),
    Contender("LangGraph", "langgraph_peer", ("langgraph", "langchain-openai", "fastapi")),
    Contender("floor: Starlette + aiohttp + orjson", "floor", ("starlette", "aiohttp", "orjson")),
)


@dataclass
class Running:
    """A started server. started_s: until it first answered."""

    contender: Contender
    url: str
    process: "subprocess.Popen[bytes]"
    started_s: float
    store: Path
    model_url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def cpu_s(self) -> float:
        """Return the CPU time that the process has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def memory_mb(self) -> float:
        """Return the process's resident memory."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6

    def request(
        self, who: str, conversation: str, *, streamed: bool
    ) -> tuple[str, dict[str, str], dict[str, object]]:
        """Return URL, headers and body of one message."""
        body: dict[str, object] = {"message": ASKED, "conversation_id": conversation}
        if self.contender.module is not None:
            return f"{self.url}{'/stream' if streamed else '/chat'}", {}, body
        if who not in self.tokens:
            claims = {"iss": "bench", "aud": "runplan", "sub": who, "exp": int(time.time()) + 86400}
            self.tokens[who] = jwt.encode(claims, SECRET, "HS256")
        headers = {
            "Authorization": f"Bearer {self.tokens[who]}",
            "Idempotency-Key": uuid.uuid4().hex,
            "Accept": "text/event-stream" if streamed else "application/json",
        }
        return f"{self.url}/chat", headers, body

    def close(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(30)


def conversations_of(messages: int) -> int:
    """Return how many conversations with such a past there are: each turn makes one longer, which
    counts in a short one."""
    return LONG_PAST // messages


def start(contender: Contender, port: int, model_url: str, folder: Path, given: Path) -> Running:
    """Start a server with its store filled, and wait until it answers."""
    store = folder / f"{contender.module or 'runplan'}.db"
    url = f"http://127.0.0.1:{port}"
    if contender.module is None:
        _runplan(
            "tests.bench.fill",
            f"sqlite:///{store}",
            str(PARALLEL),
            *(f"{n}x{conversations_of(n)}" for n in PAST),
        )
        command = [str(RUNPLAN), "-m", "assistant.cli", "serve", "--port", str(port)]
        settings = {
            "RUNPLAN_DATABASE_URL": f"sqlite:///{store}",
            "RUNPLAN_TODAY": "2026-02-10",
            "RUNPLAN_AUTH": "jwt",
            "RUNPLAN_JWT_SECRET": SECRET,
            "RUNPLAN_JWT_ISSUER": "bench",
            "RUNPLAN_JWT_AUDIENCE": "runplan",
            "RUNPLAN_USER_PER_MINUTE": "10000",
            "RUNPLAN_ADDRESS_PER_MINUTE": "10000",
            "RUNPLAN_LOG_LEVEL": "warning",
            "RUNPLAN_MODEL": "m",
            "OPENAI_BASE_URL": model_url,
            "OPENAI_API_KEY": "x",
            "PYTHONPATH": str(ROOT),
        }
    else:
        command = [_python(), "-m", "uvicorn", f"{contender.module}:app", "--app-dir", str(PEERS)]
        command += ["--port", str(port), "--loop", "uvloop", "--http", "httptools"]
        command += ["--log-level", "error", "--no-access-log"]
        settings = {
            "BENCH_GIVEN": str(given),
            "BENCH_MODEL_URL": model_url,
            "BENCH_STORE": str(store),
        }
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **settings}, cwd=folder)
    _wait(url, process)
    return Running(contender, url, process, time.monotonic() - began, store, model_url)


def _python() -> str:
    import sys

    return sys.executable


def write_given(path: Path) -> None:
    """Write what every contender is given."""
    _runplan("tests.bench.prompt", str(path))


def _runplan(module: str, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([str(RUNPLAN), "-m", module, *arguments], check=True, env=environment, cwd=ROOT)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    import urllib.error
    import urllib.request

    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.01)


def give_past(running: Running, counts: Sequence[int], messages_a_turn: int = 4) -> None:
    """Copy a peer's first stored turn until conversations of so many messages are there.

    runplan's are there from the start, see fill.py.
    """
    if running.contender.module is None:
        return
    with sqlite3.connect(running.store) as store:
        rows = store.execute(
            "SELECT role, content, extra FROM message WHERE conversation_id = 'first' ORDER BY id"
        ).fetchall()
        one_turn = rows[:1] if rows[0][0] == "turn" else rows[:messages_a_turn]
        for count in counts:
            copies = one_turn * (count // messages_a_turn)
            for number in range(conversations_of(count)):
                store.executemany(
                    "INSERT INTO message (conversation_id, role, content, extra) "
                    "VALUES (?, ?, ?, ?)",
                    [(f"p{count}-{number}", *row) for row in copies],
                )


async def ask(
    session: aiohttp.ClientSession, running: Running, who: str, conversation: str
) -> None:
    """Send one message and check its reply."""
    url, headers, body = running.request(who, conversation, streamed=False)
    async with session.post(url, json=body, headers=headers) as response:
        text = await response.text()
        if response.status != 200 or json.loads(text)["reply"].strip() != REPLY:
            raise RuntimeError(f"{running.contender.name}: {response.status} {text[:300]}")


async def ask_streamed(
    session: aiohttp.ClientSession, running: Running, who: str, conversation: str
) -> float:
    """Send one message, check its streamed reply, and return the seconds to the first text."""
    url, headers, body = running.request(who, conversation, streamed=True)
    began = time.perf_counter()
    first = 0.0
    text = ""
    async with session.post(url, json=body, headers=headers) as response:
        async for delta in _deltas(response):
            first = first or time.perf_counter() - began
            text += delta
        if response.status != 200 or text.strip() != REPLY:
            raise RuntimeError(f"{running.contender.name}: {response.status} {text[:300]!r}")
    return first


async def _deltas(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    async for line in response.content:
        if line.startswith(b"data: {"):
            part = json.loads(line[6:])
            if delta := part.get("delta"):
                yield delta
