"""Asking a model: the only place for openai and tenacity.

A request is encoded here and goes through the SDK's `post` as it is: `create` walks and converts
every past message on every call, and builds models of the answer that nobody needs.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from copy import copy
from typing import Any, Protocol

import httpx2
import openai
import structlog
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionChunk
from pydantic_core import to_json
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
)
from tenacity.wait import wait_random_exponential

from assistant.breaker import PROBE_S, Breaker
from assistant.completions import Answer, IncompleteAnswer, Lines, Pieces, read_whole
from assistant.errors import ModelRefused, ModelUnavailable
from assistant.events import Restarted, TextDelta
from assistant.telemetry import MODEL_LEFT_ALONE, count_answer, observed_model_call

_log = structlog.get_logger("runplan.model")
PATH = "/chat/completions"
_JSON = {"Content-Type": "application/json"}
_WITH_USAGE = {"include_usage": True}
LAST_BYTES_S = 0.5  # an endpoint that said [DONE] may leave its stream open
WAIT_FLOOR_S = 0.25
WAIT_CEILING_S = 8.0
LONGEST_RETRY_AFTER_S = 300.0


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

    def unstreamed(self) -> "OpenAIModel":
        """Return the same model, its breakers too, that asks for each answer in one piece."""
        same = copy(self)
        same.streaming = False
        return same

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
            MODEL_LEFT_ALONE.labels(model).set(0)
            _log.info("model answers again", model=model)

    def _failed(self, model: str, fault: Exception) -> None:
        """Count what another try may mend; an endpoint that refuses or is busy is there."""
        if not _can_be_retried(fault) or isinstance(fault, openai.RateLimitError):
            return
        if self.breakers[model].failed():
            MODEL_LEFT_ALONE.labels(model).set(1)
            _log.error("model is left alone for a while", model=model, probe_s=PROBE_S)

    async def _once(
        self, model: str, body: dict[str, Any], deadline: float
    ) -> AsyncIterator[TextDelta | Answer]:
        if (wait_s := self.breakers[model].take()) > 0:
            raise ModelUnavailable("the model can't be reached right now", retry_after_s=wait_s)
        timeout = min(self.timeout_s, deadline - time.monotonic())
        if timeout <= 0:
            raise ModelUnavailable("the time for this reply is used up")
        with observed_model_call(model) as seen:
            if self.streaming:
                async for event in self._in_pieces(model, body, timeout, deadline):
                    if isinstance(event, Answer):
                        count_answer(model, seen, event)
                    yield event
            else:
                answer = await self._whole(model, body, timeout)
                count_answer(model, seen, answer)
                yield answer

    async def _in_pieces(
        self, model: str, body: dict[str, Any], timeout: float, deadline: float
    ) -> AsyncIterator[TextDelta | Answer]:
        pieces = Pieces()
        async with AsyncExitStack() as stack:
            async with _until(deadline):
                stream = await self.client.post(
                    PATH,
                    cast_to=ChatCompletionChunk,
                    content=_encode(model, body, stream=True, stream_options=_WITH_USAGE),
                    options={"headers": _JSON, "timeout": timeout},
                    stream=True,
                    stream_cls=openai.AsyncStream[ChatCompletionChunk],
                )
                stack.push_async_callback(stream.close)
            sent, lines = stream.response.aiter_bytes(), Lines()
            try:
                while True:
                    async with _until(deadline):  # also of an endpoint that sends a byte at times
                        data = await anext(sent, None)
                    text, ended = pieces.take(lines.end() if data is None else lines.feed(data))
                    if text:
                        yield TextDelta(text)
                    if ended:
                        await _read_to_the_end(sent, deadline)
                    if ended or data is None:
                        break
            except (ValueError, TypeError, AttributeError, RecursionError) as error:
                raise IncompleteAnswer("the endpoint's stream can't be read") from error
            except httpx2.HTTPError as error:
                raise IncompleteAnswer("the endpoint's stream broke off") from error
        yield pieces.answer()

    async def _whole(self, model: str, body: dict[str, Any], timeout: float) -> Answer:
        async with _until(time.monotonic() + timeout):
            raw = await self.client.post(
                PATH,
                cast_to=httpx2.Response,
                content=_encode(model, body),
                options={"headers": _JSON, "timeout": timeout},
            )
        try:
            return read_whole(json.loads(raw.content))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise IncompleteAnswer("the endpoint's answer can't be read") from error


def _encode(model: str, body: dict[str, Any], **options: Any) -> bytes:
    return to_json({"model": model, **options, **body})


async def _read_to_the_end(sent: AsyncIterator[bytes], deadline: float) -> None:
    """Read what comes after the answer, so that its connection can be used again."""
    with suppress(ModelUnavailable):
        async with _until(min(deadline, time.monotonic() + LAST_BYTES_S)):
            async for _ in sent:
                pass


@asynccontextmanager
async def _until(deadline: float) -> AsyncIterator[None]:
    """Raise ModelUnavailable once the deadline, on `time.monotonic()`, is over."""
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            yield
    except TimeoutError:
        raise ModelUnavailable("the time for this reply is used up") from None


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
