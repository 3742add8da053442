"""Plain answers: what can be told or logged in code while no model can be reached."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import structlog

from assistant.completions import Answer
from assistant.embedded.turns import read_conversation
from assistant.errors import ModelUnavailable
from assistant.events import Restarted, TextDelta
from assistant.model import ChatModel, OpenAIModel
from assistant.telemetry import PLAIN_ANSWERS

_log = structlog.get_logger("runplan.model")
PLAIN_TOOLS = frozenset({"get_plan_summary", "get_workout", "get_progress", "log_execution"})
MARK = (
    "I can't reach the language model right now, so this is a plain answer; changes to your plan "
    "have to wait until it is back.\n\n"
)
RESERVE_S = 1.0


class WithPlainAnswers:
    """Asks a model; while it can't be reached, the embedded one tells the plan and logs runs.

    Whatever else was asked stays unanswered, to be sent again: plain answers change no plan but by
    a log, and each says what it is. RESERVE_S of the deadline are kept for them.
    """

    def __init__(self, model: OpenAIModel, embedded: ChatModel) -> None:
        self.model = model
        self.models = model.models
        self.embedded = embedded

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Yield the model's answer, or a plain one.

        Raises the model's ModelUnavailable where no plain answer fits.
        """
        shown = False
        try:
            async for event in self.model.stream(
                messages, tools=tools, deadline=deadline - RESERVE_S
            ):
                shown = isinstance(event, TextDelta)
                yield event
            return
        except ModelUnavailable as error:
            plain = await self._plain_answer(messages, tools, max(deadline, _soon()))
            if plain is None:
                raise
            _log.warning("plain answer", reason=str(error))
            PLAIN_ANSWERS.inc()
        if shown:
            yield Restarted()
        yield TextDelta(plain.text)
        yield plain

    def unstreamed(self) -> "WithPlainAnswers":
        """Return the same that asks the model for each answer in one piece."""
        return WithPlainAnswers(self.model.unstreamed(), self.embedded)

    async def close(self) -> None:
        """Close both models' connections."""
        await self.model.close()
        await self.embedded.close()

    async def _plain_answer(
        self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]], deadline: float
    ) -> Answer | None:
        """Return the embedded model's answer where a tool gives it, or gave it, its facts."""
        offered = [tool for tool in tools if tool["function"]["name"] in PLAIN_TOOLS]
        answer: Answer | None = None
        async for event in self.embedded.stream(messages, tools=offered, deadline=deadline):
            if isinstance(event, Answer):
                answer = event
        assert answer is not None, "a model's last event is its answer"
        if answer.calls:
            allowed = all(call.name in PLAIN_TOOLS for call in answer.calls)
            return replace(answer, text="") if allowed else None
        if not read_conversation(messages).done:
            return None
        return replace(answer, text=MARK + answer.text)


def _soon() -> float:
    return time.monotonic() + RESERVE_S
