"""The real service in a process of its own that kills itself at a named point of a turn.

Usage: python crashing_server.py DATABASE_URL MODEL_URL PORT POINT HOURS
POINT: before_call, after_call, before_finish or never. HOURS: how far off its clock is.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from assistant import bootstrap
from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.turns import TurnLog
from tools.toolbox import Toolbox


def die(*_: Any, **__: Any) -> None:
    """End at once, as the machine's power does."""
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function followed by the end."""

    def run(*arguments: Any, **named: Any) -> None:
        function(*arguments, **named)
        die()

    return run


def main(database_url: str, model_url: str, port: str, point: str, hours: str) -> None:
    """Serve until the point is reached."""
    off = dt.timedelta(hours=float(hours))
    bootstrap.clock = lambda: dt.datetime.now(dt.UTC) + off
    if point == "before_call":
        Toolbox.run = die  # type: ignore[method-assign, assignment]
    elif point == "after_call":
        Toolbox.run = then_die(Toolbox.run)  # type: ignore[method-assign]
    elif point == "before_finish":
        TurnLog.finish = die  # type: ignore[method-assign, assignment]
    settings = load_settings(
        database_url=database_url,
        openai_base_url=model_url,
        openai_api_key="k",
        today=dt.date(2026, 2, 10),
    )
    app = build_app(settings, bootstrap.build_database(settings))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
