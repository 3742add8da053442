"""What every contender is given: runplan's own prompt, tools and demo plan, as one JSON file.

Run by runplan's interpreter: python -m tests.bench.prompt FILE
"""

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path

from assistant.demo import load_demo
from assistant.snapshot import build_context
from prompts.render import render
from storage.database import Database
from storage.profiles import load_profile
from tools.registry import openai_tools

USER, TODAY = "demo", dt.date(2026, 2, 10)
NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)


def main(path: str) -> None:
    """Write the system prompt, the tools' schemas and the plan of the demo runner."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.db")
        database.upgrade()
        load_demo(database, NOW)
        with database.read() as session:
            context = build_context(session, load_profile(session, USER), TODAY, ())
        database.close()
    given = {
        "system": render("system", context=context),
        "tools": openai_tools(),
        "plan": context["plan"],
    }
    Path(path).write_text(json.dumps(given), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
