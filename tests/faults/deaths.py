"""Points of a turn at which its process can end: around every commit, model call and tool call."""

import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from assistant import coach as coach_module
from assistant.coach import Coach
from assistant.model import ChatModel
from storage.turns import TurnLog
from tools.toolbox import Toolbox


class Deaths:
    """Counts the points that a turn passes, and ends this process at one of them.

    at: its number, from 1; 0 for none. passed: their names.
    """

    def __init__(self, at: int) -> None:
        self.at = at
        self.passed: list[str] = []

    def point(self, name: str) -> None:
        """Pass a point, or end here as the machine's power does."""
        self.passed.append(name)
        if len(self.passed) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a point before it and one after it."""

        def run(*arguments: Any, **named: Any) -> Any:
            self.point(f"before {name}")
            result = function(*arguments, **named)
            self.point(f"after {name}")
            return result

        return run

    def lie_in_wait(self, coach: Coach) -> None:
        """Put the points into this process; it is a copy that is not used for anything else."""
        dialect: Any = coach.database.engine.dialect
        dialect.do_commit = self.around("a commit", dialect.do_commit)
        for name in ("accept", "claim"):
            setattr(coach_module, name, self.around(name, getattr(coach_module, name)))
        for owner, name in ((TurnLog, "finish"), (Toolbox, "run")):
            setattr(owner, name, self.around(f"{owner.__name__}.{name}", getattr(owner, name)))
        coach.model = Asked(coach.model, self)


class Asked:
    """A model with a point before and after each answer."""

    def __init__(self, model: ChatModel, deaths: Deaths) -> None:
        self.model, self.deaths = model, deaths

    async def stream(
        self, messages: Sequence[dict[str, Any]], *, tools: Any, deadline: float
    ) -> AsyncIterator[Any]:
        """Answer as the model does."""
        self.deaths.point("before a model call")
        async for event in self.model.stream(messages, tools=tools, deadline=deadline):
            yield event
        self.deaths.point("after a model call")

    async def close(self) -> None:
        """Close the model."""
        await self.model.close()
