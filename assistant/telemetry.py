"""What is measured of requests, turns, model calls and tools: how many, how long, how they ended.

Labels and attributes are routes, tools, models, outcomes and the turn's id, never anything that a
runner said, measured or is called. Numbers are counted for Prometheus; spans have the names of
OpenTelemetry's GenAI conventions, and go nowhere unless tracing is set up.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from prometheus_client import Counter, Gauge, Histogram

from assistant.completions import Answer

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
REQUESTS = Histogram(
    "runplan_http_request_seconds",
    "Requests, by route, method and status",
    ("route", "method", "status"),
    buckets=SECONDS,
)
TURNS = Histogram("runplan_turn_seconds", "Turns, by how they ended", ("outcome",), buckets=SECONDS)
MODEL_CALLS = Histogram(
    "runplan_model_call_seconds", "Calls of a model", ("model", "outcome"), buckets=SECONDS
)
MODEL_TOKENS = Counter("runplan_model_tokens", "Tokens, as counted there", ("model", "direction"))
MODEL_LEFT_ALONE = Gauge("runplan_model_left_alone", "1 while a model is not asked", ("model",))
TOOL_CALLS = Histogram(
    "runplan_tool_call_seconds", "Tool calls", ("tool", "outcome"), buckets=SECONDS
)
RED_FLAGS = Counter("runplan_red_flags", "Messages that the health screen answered")
PLAIN_ANSWERS = Counter("runplan_plain_answers", "Answers given without a language model")

_tracer = trace.get_tracer("runplan")
_log = structlog.get_logger("runplan.turns")


class Observed:
    """Something under way; `outcome` is what it is counted under in the end."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.outcome = "ok"


@contextmanager
def observed_turn() -> Iterator[Observed]:
    """Measure a turn, with its span the parent of what happens in it.

    An exception's class is its outcome; its text goes nowhere.
    """
    with _tracer.start_as_current_span(
        "invoke_agent runplan",
        attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "runplan"},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        seen = Observed(span)
        started = time.perf_counter()
        try:
            with _timed(TURNS, seen):
                yield seen
        finally:
            ms = round(1000 * (time.perf_counter() - started))
            _log.info("turn", outcome=seen.outcome, ms=ms)


def name_turn(turn_id: str, attempt: int) -> None:
    """Put the turn's id on its span and on every line that is logged from here on in its task."""
    trace.get_current_span().set_attribute("runplan.turn.id", turn_id)
    structlog.contextvars.bind_contextvars(turn_id=turn_id, attempt=attempt)


@contextmanager
def observed_model_call(model: str) -> Iterator[Observed]:
    """Measure one try of a model."""
    span = _tracer.start_span(
        f"chat {model}",
        kind=SpanKind.CLIENT,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
        },
    )
    with _ended(span), _timed(MODEL_CALLS, seen := Observed(span), model):
        yield seen


def count_answer(model: str, seen: Observed, answer: Answer) -> None:
    """Count what an answer cost."""
    usage = answer.usage
    seen.span.set_attribute("gen_ai.usage.input_tokens", usage.input_tokens)
    seen.span.set_attribute("gen_ai.usage.output_tokens", usage.output_tokens)
    MODEL_TOKENS.labels(model, "input").inc(usage.input_tokens)
    MODEL_TOKENS.labels(model, "output").inc(usage.output_tokens)


@contextmanager
def observed_tool(name: str) -> Iterator[Observed]:
    """Measure one tool call; name: one of the tools', or "unknown"."""
    span = _tracer.start_span(
        f"execute_tool {name}",
        attributes={"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name},
    )
    with _ended(span), _timed(TOOL_CALLS, seen := Observed(span), name):
        yield seen


@contextmanager
def _ended(span: Span) -> Iterator[None]:
    try:
        yield
    finally:
        span.end()


@contextmanager
def _timed(histogram: Histogram, seen: Observed, *labels: str) -> Iterator[None]:
    """Count under the outcome: what was set, or the class of the exception that ended it."""
    started = time.perf_counter()
    try:
        yield
    except BaseException as error:
        seen.outcome = type(error).__name__
        seen.span.set_attribute("error.type", seen.outcome)
        seen.span.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        histogram.labels(*labels, seen.outcome).observe(time.perf_counter() - started)
