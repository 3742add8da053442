"""The loop that carries a stored message to its reply.

The log is the state and `decide` is the only judgement, so a turn stopped anywhere resumes, runs no
call twice, and when finished gives the same reply again. An answer is stored before its calls run,
and the model is never asked while a call waits.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from assistant.claims import Evidence, fault_in, fault_in_sentence
from assistant.completions import Answer, Usage
from assistant.events import Calling, Event, Replied, Restarted, TextDelta
from assistant.model import ChatModel
from assistant.replies import reply_from
from assistant.sentences import SentenceGate
from assistant.telemetry import observed_tool
from assistant.threads import in_thread
from assistant.wire import openai_message
from storage.messages import Message, ToolCall
from storage.turns import TurnLog
from tools.registry import TOOLS
from tools.toolbox import Toolbox, ToolResult

MAX_REPAIRS = 2
MAX_SAME_CALLS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one turn may use. rounds: answers that may call tools; calls: tool calls in all."""

    rounds: int = 6
    calls: int = 12


@dataclass(frozen=True)
class Turn:
    """A runner's message on its way to a reply, bound to one user and one day.

    prompt: system text, then bounded history, as the endpoint takes them. evidence: what may be
    spoken of besides this turn's results. usage: grows with each answer. deadline: on
    `time.monotonic()`. shown: whether somebody reads the answer while it comes.
    """

    prompt: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]
    log: TurnLog
    model: ChatModel
    toolbox: Toolbox
    evidence: Evidence
    deadline: float
    limits: Limits = Limits()
    shown: bool = True
    usage: list[Usage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AskModel:
    """The model's turn; the last round offers no tools, so that it must speak."""

    offer_tools: bool


@dataclass(frozen=True, slots=True)
class RunTools:
    """Calls without a result; those over the limit are answered, not run."""

    calls: tuple[ToolCall, ...]
    over: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Correct:
    """The last answer can't be sent: say why and ask once more."""

    fault: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The reply is known."""

    reply: str


async def run(turn: Turn) -> AsyncIterator[Event]:
    """Carry a stored message to its reply, yielding what happens on the way.

    The log alone says what comes next, so a turn run again after a crash resumes. A failed tool is
    a result. Raises ModelUnavailable once retries are spent, LeaseLost, StoreUnavailable.
    """
    while True:
        messages = turn.log.known
        if messages is None:
            messages = await in_thread(turn.log.read)
        match decide(messages, turn.limits, turn.evidence):
            case AskModel(offer_tools):
                async for event in _ask(turn, messages, offer_tools):
                    yield event
            case RunTools(calls, over):
                for call in calls:
                    yield Calling(call)
                    yield await _run_tool(turn, call)
                for call in over:
                    yield await in_thread(turn.toolbox.refuse, call)
            case Correct(fault):
                yield Restarted()
                await in_thread(turn.log.append, Message("note", fault))
            case Finish(reply):
                yield Replied(reply)
                return


async def _run_tool(turn: Turn, call: ToolCall) -> ToolResult:
    with observed_tool(call.name if call.name in TOOLS else "unknown") as seen:
        result: ToolResult = await in_thread(turn.toolbox.run, call)
        seen.outcome = "refused" if result.failed else "ok"
        return result


def decide(
    messages: Sequence[Message], limits: Limits, evidence: Evidence
) -> AskModel | RunTools | Correct | Finish:
    """Say what a turn needs next, from its own messages. Pure."""
    answered = {message.call_id for message in messages}
    called = [call for message in messages for call in message.calls]
    if waiting := tuple(call for call in called if call.id not in answered):
        free = max(0, limits.calls - (len(called) - len(waiting)))
        return RunTools(waiting[:free], waiting[free:])
    if messages[-1].role == "assistant":
        reply = messages[-1].text.strip()
        fault = fault_in(reply, evidence.with_results(messages))
        if fault is None:
            return Finish(reply)
        if any(message.role == "note" for message in messages):
            return Finish(reply_from(messages))
        return Correct(fault)
    rounds = sum(bool(message.calls) for message in messages)
    if rounds > limits.rounds:
        return Finish(reply_from(messages))
    return AskModel(offer_tools=rounds < limits.rounds and not _stuck(messages, called, limits))


def _stuck(messages: Sequence[Message], called: Sequence[ToolCall], limits: Limits) -> bool:
    """Whether more calls would lead nowhere: repairs spent, one call again and again, no budget."""
    repairs = sum('"invalid_arguments"' in m.text[:60] for m in messages if m.role == "tool")
    same = [(call.name, call.arguments) for call in called]
    return (
        repairs > MAX_REPAIRS
        or len(called) >= limits.calls
        or any(same.count(call) >= MAX_SAME_CALLS for call in set(same))
    )


async def _ask(turn: Turn, messages: Sequence[Message], offer_tools: bool) -> AsyncIterator[Event]:
    """Ask the model, release what it says sentence by sentence, and log the whole answer.

    An answer that calls tools is stored before they run; one that only speaks, with the reply.
    """
    asked = [*turn.prompt, *(openai_message(message) for message in messages)]
    tools = turn.tools if offer_tools else ()
    fault_in_it = partial(fault_in_sentence, evidence=turn.evidence.with_results(messages))
    gate = SentenceGate(fault_in_it)
    async for event in turn.model.stream(asked, tools=tools, deadline=turn.deadline):
        match event:
            case TextDelta(text):
                if turn.shown and (released := gate.feed(clean(text))):
                    yield TextDelta(released)
            case Restarted():
                gate = SentenceGate(fault_in_it)
                yield event
            case Answer(text, calls, usage):
                turn.usage.append(usage)
                calls = tuple(map(_cleaned, calls))
                answer = Message("assistant", clean(text), calls)
                if calls:
                    await in_thread(turn.log.append, answer)
                    continue
                turn.log.keep(answer)
                if turn.shown and (released := gate.finish(answer.text)):
                    yield TextDelta(released)


_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return model text without what no store or terminal should hold: controls, surrogates."""
    return _UNSAFE.sub("", text)


def _cleaned(call: ToolCall) -> ToolCall:
    return replace(call, name=clean(call.name), arguments=clean(call.arguments))


def committed(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return the turn's successful calls as the reply's `actions`: tool, arguments, result."""
    results = {m.call_id: json.loads(m.text) for m in messages if m.role == "tool"}
    return [
        {"tool": call.name, "arguments": _object(call.arguments), "result": results[call.id]}
        for message in messages
        for call in message.calls
        if call.id in results
    ]


def _object(text: str) -> Any:
    """Return arguments as a reply can show them: NaN and infinity, which JSON has not, are none."""
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return {}
    return value
