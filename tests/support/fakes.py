"""Stand-ins for what is outside the house: a model that says what it was told to say."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from assistant.completions import Answer
from assistant.events import Restarted, TextDelta
from storage.ids import new_id
from storage.messages import ToolCall

Step = str | list[tuple[str, Any]] | Exception | Callable[[Sequence[dict[str, Any]]], Any]


class ScriptedModel:
    """Answers each request with the next step of its script, the last one again and again.

    A string is a reply; a list of (tool, arguments) are calls (arguments a dict, or raw text); an
    exception is raised; a function is given the messages and returns one of these.
    """

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.requests: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]] = []

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Yield the next step, its text word by word."""
        self.requests.append((list(messages), list(tools)))
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if callable(step):
            step = step(messages)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, str):
            for word in step.split(" "):
                yield TextDelta(f"{word} ")
            yield Answer(step, ())
            return
        calls = [
            ToolCall(new_id("call"), name, said if isinstance(said, str) else json.dumps(said))
            for name, said in step
        ]
        yield Answer("", tuple(calls))

    async def close(self) -> None:
        """Hold nothing, close nothing."""
