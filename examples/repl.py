# ruff: noqa: T201 - a script that prints
"""Talk to the coach from a script: the place from which coaches start their own.

    python examples/repl.py            says two messages as `demo`, prints tool calls and replies
    python examples/repl.py --repl     goes on in the REPL

The store is that of the settings (RUNPLAN_DATABASE_URL), the model too; with no endpoint set the
embedded model answers, which is rules and not a language model.
"""

import datetime as dt
import sys

import anyio

from assistant.bootstrap import build_coach, build_database, clock
from assistant.coach import Coach, Incoming
from assistant.demo import load_demo
from assistant.events import Finished
from assistant.logs import configure_logs
from assistant.repl import ReplOptions, describe_model, run_repl
from assistant.settings import load_settings
from tools.toolbox import ToolResult

RUNNER, TODAY = "demo", dt.date(2026, 2, 10)
MESSAGES = ("What's on this week?", "Why is the tempo there?")


async def say(coach: Coach, text: str) -> None:
    """Print a message, the tool calls that it leads to, and the reply."""
    print(f"{RUNNER}: {text}")
    async for event in coach.answer(Incoming(RUNNER, text, "conv_example")):
        match event:
            case ToolResult(call, result):
                print(f"  {call.name} {call.arguments} -> {result[:120]}")
            case Finished(response):
                print(f"coach: {response['reply']}\n")


async def main() -> int:
    configure_logs()
    settings = load_settings(today=TODAY)
    database = build_database(settings)
    load_demo(database, clock())
    coach = build_coach(settings, database)
    print(describe_model(coach.model))
    try:
        for text in MESSAGES:
            await say(coach, text)
        if "--repl" in sys.argv[1:]:
            return await run_repl(coach, database, ReplOptions(RUNNER, TODAY, json=False))
        return 0
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(anyio.run(main))
