"""What a Chat Completions endpoint answers, whole or in pieces, put together and judged.

Endpoints differ: streamed calls that all have index 0, ids that are missing or come twice,
arguments as objects. An answer counts only once it named why it finished.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.ids import new_id
from storage.messages import ToolCall

MAX_ANSWER_CHARACTERS = 64_000  # text and arguments; far over any reply, and a store can hold it

MAX_LINE_BYTES = 1_000_000


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


class IncompleteAnswer(Exception):
    """An answer without a finish reason, without an end or not to be read: never acted on."""


class Pieces:
    """A streamed answer being put together; calls are keyed by their place.

    Some endpoints stream every call with index 0: a piece that names a function begins a new call.
    """

    def __init__(self) -> None:
        self.text: list[str] = []
        self.calls: list[_CallPieces] = []
        self.finish_reason: str | None = None
        self.refusal: list[str] = []
        self.usage = Usage()
        self.characters = 0

    def take(self, lines: Iterable[str]) -> tuple[str, bool]:
        """Take lines of the stream in; returns the text that they bring, and whether it ended."""
        text = ""
        for line in lines:
            chunk = read_line(line)
            if chunk is None:
                return text, True
            text += self.add(chunk)
        return text, False

    def add(self, chunk: dict[str, Any]) -> str:
        """Take one chunk in; returns the text it brings. Raises IncompleteAnswer without an end."""
        if usage := chunk.get("usage"):
            self.usage = _usage(usage)
        text = ""
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            text += delta.get("content") or ""
            self.refusal.append(refusal := delta.get("refusal") or "")
            self.characters += len(refusal)
            for call in delta.get("tool_calls") or ():
                self._add_call(call)
        self.text.append(text)
        self.characters += len(text)
        _check_size(self.characters)
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
        self.characters += len(name) + len(arguments)

    def answer(self) -> Answer:
        """Return what was put together. Raises IncompleteAnswer without a finish reason."""
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


class Lines:
    """The lines of an event stream, put together from what the network brings.

    Only line feeds end one: others that text knows may stand inside the JSON.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that are whole now. Raises IncompleteAnswer where one never ends."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MAX_LINE_BYTES:
            raise IncompleteAnswer(f"a line is longer than {MAX_LINE_BYTES:,} bytes")
        return [line.decode() for line in whole]

    def end(self) -> list[str]:
        """Return the last line, where nothing ended it."""
        return self.feed(b"\n") if self._rest else []


def read_line(line: str) -> dict[str, Any] | None:
    """Return the chunk on a line of the event stream, None at its end, {} for other lines.

    Raises ValueError for what is no chunk, an error object inside the stream among it.
    """
    kind, _, text = line.partition(":")
    if kind != "data":
        return {}
    if text.strip() == "[DONE]":
        return None
    chunk: dict[str, Any] = json.loads(text)
    if "error" in chunk:
        raise ValueError("an error came in place of the answer")
    return chunk


def read_whole(body: dict[str, Any]) -> Answer:
    """Return the answer of a completion that came in one piece. Raises IncompleteAnswer."""
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
    _check_size(len(text) + sum(len(call.name) + len(call.arguments) for call in made))
    return Answer(text, made, usage)


def _check_size(characters: int) -> None:
    if characters > MAX_ANSWER_CHARACTERS:
        raise IncompleteAnswer(f"the answer is longer than {MAX_ANSWER_CHARACTERS:,} characters")


def _usage(usage: dict[str, Any]) -> Usage:
    return Usage(int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
