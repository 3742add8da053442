"""Asking a model: the only place for openai and tenacity.

Messages and tools are prepared once a turn and passed in `extra_body`, since the SDK otherwise
walks and converts every past message on every call.
"""

import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
import openai
import structlog
from openai import AsyncOpenAI
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
)
from tenacity.wait import wait_random_exponential

from assistant.breaker import PROBE_S, Breaker
from assistant.errors import ModelRefused, ModelUnavailable
from assistant.events import Restarted, TextDelta
from storage.ids import new_id
from storage.messages import ToolCall

_log = structlog.get_logger("runplan.model")
WAIT_FLOOR_S = 0.25
WAIT_CEILING_S = 8.0
LONGEST_RETRY_AFTER_S = 300.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counts them."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: the endpoint named a finish reason. Call ids are ours."""

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage = field(default=Usage())


class ChatModel(Protocol):
    """Streams one answer; offered no tools, it is not expected to call any."""

    def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Yield text as it comes and the whole answer last.

        deadline: on `time.monotonic()`. Raises ModelUnavailable once retries are spent.
        """
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


class IncompleteAnswer(Exception):
    """An answer that ended without a finish reason, or that can't be read: never acted on."""


class OpenAIModel:
    """Any OpenAI-compatible endpoint, with the one retry layer, breakers and a fallback model."""

    def __init__(
        self,
        client: AsyncOpenAI,
        model: str,
        *,
        fallback: str | None = None,
        attempts: int = 3,
        timeout_s: float = 20.0,
        streaming: bool = True,
    ) -> None:
        self.client = client
        self.models = (model,) if fallback is None else (model, fallback)
        self.breakers = {each: Breaker() for each in self.models}
        self.attempts = attempts
        self.timeout_s = timeout_s
        self.streaming = streaming

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Ask the model, and the fallback model where the first one can't be reached."""
        body: dict[str, Any] = {"messages": list(messages)}
        if tools:
            body["tools"] = list(tools)
        for model in self.models:
            try:
                async for event in self._with_retries(model, body, deadline):
                    yield event
                return
            except ModelUnavailable as error:
                if model == self.models[-1]:
                    raise
                _log.warning("model unavailable, asking the fallback", reason=str(error))

    async def close(self) -> None:
        """Close the client's connections."""
        await self.client.close()

    async def _with_retries(
        self, model: str, body: dict[str, Any], deadline: float
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_can_be_retried),
            stop=stop_after_attempt(self.attempts)
            | stop_before_delay(max(0.0, deadline - time.monotonic())),
            wait=_wait,
            reraise=True,
        )
        try:
            async for attempt in retrying:
                fault: Exception | None = None
                shown = False
                try:
                    async for event in self._once(model, body, deadline):
                        shown = shown or isinstance(event, TextDelta)
                        yield event
                    self._succeeded(model)
                    return
                except (openai.OpenAIError, IncompleteAnswer) as error:
                    fault = error
                self._failed(model, fault)
                if shown:
                    yield Restarted()
                with attempt:
                    raise fault
        except (openai.OpenAIError, IncompleteAnswer) as error:
            raise _unavailable(error) from error

    def _succeeded(self, model: str) -> None:
        if self.breakers[model].succeeded():
            _log.info("model answers again", model=model)

    def _failed(self, model: str, fault: Exception) -> None:
        """Count what another try may mend; an endpoint that refuses or is busy is there."""
        if not _can_be_retried(fault) or isinstance(fault, openai.RateLimitError):
            return
        if self.breakers[model].failed():
            _log.error("model is left alone for a while", model=model, probe_s=PROBE_S)

    async def _once(
        self, model: str, body: dict[str, Any], deadline: float
    ) -> AsyncIterator[TextDelta | Answer]:
        if (wait_s := self.breakers[model].take()) > 0:
            raise ModelUnavailable("the model can't be reached right now", retry_after_s=wait_s)
        timeout = min(self.timeout_s, deadline - time.monotonic())
        if timeout <= 0:
            raise ModelUnavailable("the time for this reply is used up")
        if not self.streaming:
            yield await self._whole(model, body, timeout)
            return
        pieces = _Pieces()
        create = self.client.chat.completions.with_streaming_response.create
        async with create(
            model=model,
            messages=[],
            stream=True,
            stream_options={"include_usage": True},
            timeout=timeout,
            extra_body=body,
        ) as response:
            try:
                async for line in response.iter_lines():
                    if time.monotonic() > deadline:
                        raise ModelUnavailable("the time for this reply is used up")
                    if text := pieces.add(_read_line(line)):
                        yield TextDelta(text)
            except (ValueError, TypeError, AttributeError, RecursionError) as error:
                raise IncompleteAnswer("the endpoint's stream can't be read") from error
            except httpx2.HTTPError as error:
                raise IncompleteAnswer("the endpoint's stream broke off") from error
        yield pieces.answer()

    async def _whole(self, model: str, body: dict[str, Any], timeout: float) -> Answer:
        raw = await self.client.chat.completions.with_raw_response.create(
            model=model, messages=[], timeout=timeout, extra_body=body
        )
        try:
            return _read_whole(json.loads(raw.content))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise IncompleteAnswer("the endpoint's answer can't be read") from error


class _Pieces:
    """A streamed answer being put together; calls are keyed by their place.

    Some endpoints stream every call with index 0: a piece that names a function begins a new call.
    """

    def __init__(self) -> None:
        self.text: list[str] = []
        self.calls: list[_CallPieces] = []
        self.finish_reason: str | None = None
        self.refusal: list[str] = []
        self.usage = Usage()

    def add(self, chunk: dict[str, Any]) -> str:
        if usage := chunk.get("usage"):
            self.usage = _usage(usage)
        text = ""
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            text += delta.get("content") or ""
            self.refusal.append(delta.get("refusal") or "")
            for call in delta.get("tool_calls") or ():
                self._add_call(call)
        self.text.append(text)
        return text

    def _add_call(self, piece: dict[str, Any]) -> None:
        function = piece.get("function") or {}
        name, arguments = function.get("name") or "", function.get("arguments") or ""
        index, call_id = piece.get("index") or 0, piece.get("id") or None
        known = self.calls[-1] if self.calls else None
        for call in self.calls:
            if call.index == index and call_id in (None, call.id):
                known = call
        if known is None or known.index != index or call_id not in (None, known.id):
            known = None
        elif name and (name != known.name or _is_json(known.arguments)):
            known = None  # a whole call more under the same index
        if known is None:
            known = _CallPieces(index, call_id, name)
            self.calls.append(known)
        known.arguments += arguments

    def answer(self) -> Answer:
        calls = [(call.name, call.arguments) for call in self.calls]
        return _answer(
            "".join(self.text), calls, self.finish_reason, "".join(self.refusal), self.usage
        )


@dataclass(slots=True)
class _CallPieces:
    index: int
    id: str | None
    name: str
    arguments: str = ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_line(line: str) -> dict[str, Any]:
    """Return the chunk on a line of the event stream; an empty one for other lines.

    Raises ValueError for what is no chunk, an error object inside the stream among it.
    """
    kind, _, text = line.partition(":")
    if kind != "data" or text.strip() == "[DONE]":
        return {}
    chunk: dict[str, Any] = json.loads(text)
    if "error" in chunk:
        raise ValueError("an error came in place of the answer")
    return chunk


def _read_whole(body: dict[str, Any]) -> Answer:
    choice = body["choices"][0]
    message = choice["message"]
    calls = [
        (call["function"].get("name") or "", call["function"].get("arguments") or "")
        for call in message.get("tool_calls") or ()
    ]
    return _answer(
        message.get("content") or "",
        calls,
        choice.get("finish_reason"),
        message.get("refusal") or "",
        _usage(body.get("usage") or {}),
    )


def _answer(
    text: str,
    calls: list[tuple[str, Any]],
    finish_reason: str | None,
    refusal: str,
    usage: Usage,
) -> Answer:
    if finish_reason is None:
        raise IncompleteAnswer("the answer ended without a finish reason")
    if finish_reason == "length":
        return Answer(f"{text.rstrip()} … (cut short)" if text.strip() else "", (), usage)
    if finish_reason == "content_filter" or (refusal and not text.strip()):
        return Answer("I can't help with that one. Shall we look at your running?", (), usage)
    made = tuple(
        ToolCall(
            new_id("call"), name, arguments if isinstance(arguments, str) else json.dumps(arguments)
        )
        for name, arguments in calls
    )
    return Answer(text, made, usage)


def _usage(usage: dict[str, Any]) -> Usage:
    return Usage(int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))


def _can_be_retried(error: BaseException) -> bool:
    """Timeouts, lost connections, incomplete answers, 408, 429 (but no empty account) and 5xx."""
    if isinstance(error, openai.APIConnectionError | IncompleteAnswer):
        return True
    if isinstance(error, openai.RateLimitError):
        return error.code != "insufficient_quota"
    return isinstance(error, openai.APIStatusError) and (
        error.status_code == 408 or error.status_code >= 500
    )


def _wait(state: RetryCallState) -> float:
    """Wait what Retry-After says; else exponentially, with jitter above a floor."""
    assert state.outcome is not None
    said = _retry_after(state.outcome.exception())
    if said is not None:
        return said
    return WAIT_FLOOR_S + wait_random_exponential(multiplier=0.5, max=WAIT_CEILING_S)(state)


def _retry_after(error: BaseException | None) -> float | None:
    if not isinstance(error, openai.APIStatusError):
        return None
    headers = error.response.headers
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * scale
        except (KeyError, ValueError):
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    return _seconds_until(headers.get("retry-after"))


def _seconds_until(date: str | None) -> float | None:
    """Read Retry-After as an HTTP date."""
    from email.utils import parsedate_to_datetime

    if not date:
        return None
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _unavailable(error: Exception) -> ModelUnavailable:
    if isinstance(error, openai.APIStatusError) and not _can_be_retried(error):
        _log.error("model endpoint refuses", status=error.status_code)
        return ModelRefused(
            f"the model endpoint refused the request (status {error.status_code}): "
            "check its key, quota and the model's name"
        )
    wait = min(_retry_after(error) or 5.0, LONGEST_RETRY_AFTER_S)
    kind = "took too long" if isinstance(error, openai.APITimeoutError) else "can't be reached"
    if isinstance(error, IncompleteAnswer):
        kind = "breaks off its answers"
    if isinstance(error, openai.RateLimitError):
        kind = "is over its limits"
    return ModelUnavailable(f"the model {kind} right now", retry_after_s=wait)
