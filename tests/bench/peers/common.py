"""What the contenders share: plan and conversation in SQLite, and what they are given.

Each of them is a FastAPI application with `POST /chat`, made as its library's documentation shows.
"""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from pydantic import BaseModel

GIVEN: dict[str, Any] = json.loads(Path(os.environ["BENCH_GIVEN"]).read_text("utf-8"))
MODEL_URL = os.environ["BENCH_MODEL_URL"]
STORE = os.environ["BENCH_STORE"]


class Ask(BaseModel):
    """A runner's message."""

    message: str
    conversation_id: str = "c1"


class Reply(BaseModel):
    """The answer."""

    reply: str


def connect() -> sqlite3.Connection:
    """Open the store, its tables made, with the plan in it."""
    store = sqlite3.connect(STORE, check_same_thread=False)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute(
        "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, conversation_id TEXT, "
        "role TEXT, content TEXT, extra TEXT)"
    )
    store.execute("CREATE INDEX IF NOT EXISTS of ON message (conversation_id, id)")
    store.execute("CREATE TABLE IF NOT EXISTS plan (user_id TEXT PRIMARY KEY, body TEXT)")
    store.execute("INSERT OR REPLACE INTO plan VALUES ('demo', ?)", (json.dumps(GIVEN["plan"]),))
    store.commit()
    return store


def tool_schema(name: str) -> dict[str, Any]:
    """Return a tool's parameters as JSON Schema."""
    found = next(tool["function"] for tool in GIVEN["tools"] if tool["function"]["name"] == name)
    schema: dict[str, Any] = found["parameters"]
    return schema
