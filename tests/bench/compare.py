"""The same turn in runplan as shipped and in its peers, one run, interleaved.

Started by `make bench`. One turn: POST /chat, a model call that asks for the plan, the plan read
from SQLite, a model call that tells sixty words, everything stored, the reply checked. The model is
a scripted server without latency, so that what is measured is the server's own work.
"""

import argparse
import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson
from contenders import (
    ASKED,
    CONTENDERS,
    PARALLEL,
    PAST,
    Contender,
    Running,
    ask,
    ask_streamed,
    conversations_of,
    give_past,
    start,
    write_given,
)
from reporting import write_report
from rich.console import Console
from rich.progress import Progress

FIRST_PORT = 8700
WARM_UP, PAST_TURNS = 5, 10


@dataclass
class Figures:
    """What was measured of one contender: medians over the repetitions, by the figure's name."""

    contender: Contender
    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        """Take one repetition's figure in."""
        self.samples.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        """Return a figure."""
        return statistics.median(self.samples[name])


async def measure(running: Running, figures: Figures, turns: int) -> None:
    """Take one repetition of every figure of one server."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)  # less than any server's
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(who: str) -> None:
            await ask(session, running, who, uuid.uuid4().hex)

        for _ in range(WARM_UP):
            await one("r0")
        cpu, seconds = await _timed(running, turns, lambda: one("r0"))
        figures.add("CPU ms/turn", cpu)
        figures.add("p50 ms", statistics.median(seconds) * 1e3)
        began = time.perf_counter()
        await asyncio.gather(*(_several(one, f"r{n}", turns // 8) for n in range(PARALLEL)))
        figures.add(
            f"turns/s, {PARALLEL} at a time",
            PARALLEL * (turns // 8) / (time.perf_counter() - began),
        )
        firsts: list[float] = []

        async def streamed() -> None:
            firsts.append(await ask_streamed(session, running, "r1", uuid.uuid4().hex))

        await streamed()
        cpu, _ = await _timed(running, turns, streamed)
        figures.add("CPU ms/turn, streaming", cpu)
        figures.add("time to first text, ms", statistics.median(firsts) * 1e3)
        for count in PAST:
            sent = await _sent(session, running)
            numbers = itertools.cycle(range(conversations_of(count)))

            async def later(count: int = count, numbers: Iterator[int] = numbers) -> None:
                await ask(session, running, f"p{count}", f"p{count}-{next(numbers)}")

            cpu, _ = await _timed(running, PAST_TURNS, later)
            figures.add(f"CPU ms/turn, {count:,} past messages", cpu)
            told = await _sent(session, running)
            bytes_a_turn = (told[1] - sent[1]) / ((told[0] - sent[0]) / 2)
            figures.add(f"model input kB/turn, {count:,} past messages", bytes_a_turn / 1e3)
    figures.add("memory, MB", running.memory_mb())


async def _several(one: Callable[[str], Awaitable[None]], who: str, times: int) -> None:
    for _ in range(times):
        await one(who)


async def _timed(
    running: Running, turns: int, one: Callable[[], Awaitable[None]]
) -> tuple[float, list[float]]:
    """Run turns one after another; return the server's CPU time in ms for one, and the seconds."""
    seconds = []
    before = running.cpu_s()
    for _ in range(turns):
        began = time.perf_counter()
        await one()
        seconds.append(time.perf_counter() - began)
    return (running.cpu_s() - before) / turns * 1e3, seconds


async def _sent(session: aiohttp.ClientSession, running: Running) -> tuple[int, int]:
    """Return how many requests and bytes the model has been sent."""
    async with session.get(running.model_url) as response:
        counted = orjson.loads(await response.read())
    return counted["requests"], counted["bytes"]


async def ceiling(model_url: str, seconds: float = 2.0) -> float:
    """Return how many calls a second the scripted model answers, asked by eight at once."""
    body = orjson.dumps({"messages": [{"role": "user", "content": ASKED}]})
    count = 0
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession() as session:

        async def calls() -> None:
            nonlocal count
            while time.perf_counter() < end:
                async with session.post(f"{model_url}/chat/completions", data=body) as response:
                    await response.read()
                count += 1

        await asyncio.gather(*(calls() for _ in range(8)))
    return count / seconds


@contextmanager
def model(port: int) -> Iterator[str]:
    """Serve the scripted model in a process of its own; yields its base URL."""
    server = Path(__file__).parent / "model_server.py"
    process = subprocess.Popen([sys.executable, str(server), str(port)])
    try:
        time.sleep(1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Measure, print, and write the report where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions, interleaved")
    parser.add_argument("--turns", type=int, default=80, help="turns of one measurement")
    parser.add_argument("--only", nargs="*", help="names of contenders, by their first word")
    parser.add_argument("--report", type=Path, help="folder for performance.md and its chart")
    chosen = parser.parse_args()
    console = Console(stderr=True)
    wanted = [c for c in CONTENDERS if not chosen.only or c.name.split()[0] in chosen.only]
    figures = [Figures(contender) for contender in wanted]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given = folder / "given.json"
        write_given(given)
        progress = stack.enter_context(Progress(console=console))
        task = progress.add_task("measuring", total=len(wanted) * (chosen.repeat + 1))
        servers = []
        for number, each in enumerate(figures):
            progress.update(task, description=f"starting {each.contender.name}")
            url = stack.enter_context(model(FIRST_PORT + 2 * number))
            running = start(each.contender, FIRST_PORT + 2 * number + 1, url, folder, given)
            stack.callback(running.close)
            each.add("start, s", running.started_s)
            asyncio.run(_first_turn(running))
            give_past(running, PAST)
            servers.append(running)
            progress.advance(task)
        calls_a_second = asyncio.run(ceiling(servers[0].model_url))
        for _ in range(chosen.repeat):
            for running, each in zip(servers, figures, strict=True):
                progress.update(task, description=each.contender.name)
                asyncio.run(measure(running, each, chosen.turns))
                progress.advance(task)
    write_report(figures, calls_a_second, chosen.report)


async def _first_turn(running: Running) -> None:
    async with aiohttp.ClientSession() as session:
        await ask(session, running, "r0", "first")


if __name__ == "__main__":
    main()
