"""The conversation so far, as far as it bears on the answer."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_RUNNER = re.compile(r"<runner_message>(.*)</runner_message>", re.DOTALL)
_NOTE = re.compile(r"\s*<note>.*</note>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Done:
    """A tool call and its result, both as JSON objects."""

    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]

    @property
    def failed(self) -> bool:
        """True for an error result."""
        return isinstance(self.result.get("error"), dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """said: the runner's message of this turn. done: this turn's calls that have a result.

    noted: the reply has to be given again. earlier: the calls of former turns. last: those of the
    turn just before. asked_about: the runner's messages before this turn that led to nothing but
    questions back.
    """

    system: str = ""
    said: str = ""
    done: tuple[Done, ...] = ()
    noted: bool = False
    earlier: tuple[Done, ...] = ()
    last: tuple[Done, ...] = ()
    asked_about: str = ""


def read_conversation(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    """Sort the messages of a request into the turn at hand and what came before it."""
    texts = [_text(message.get("content")) for message in messages]
    system = "\n".join(
        text
        for message, text in zip(messages, texts, strict=True)
        if message.get("role") in ("system", "developer")
    )
    users = [
        index
        for index, message in enumerate(messages)
        if message.get("role") == "user" and not _NOTE.fullmatch(texts[index])
    ]
    if not users:
        return Conversation(system)
    start = users[-1]
    return Conversation(
        system=system,
        said=_said(texts[start]),
        done=_done(messages[start + 1 :]),
        noted=any(message.get("role") == "user" for message in messages[start + 1 :]),
        earlier=_done(messages[:start]),
        last=_done(messages[users[-2] : start]) if len(users) > 1 else (),
        asked_about=_open_thread(messages, texts, users),
    )


def _open_thread(
    messages: Sequence[Mapping[str, Any]], texts: Sequence[str], users: Sequence[int]
) -> str:
    """Join the runner's messages that led to nothing but a question back, up to now."""
    thread: list[str] = []
    for start, end in zip(users[-2::-1], users[:0:-1], strict=False):
        between = messages[start + 1 : end]
        asked = any(
            message.get("role") == "assistant" and "?" in text
            for message, text in zip(between, texts[start + 1 : end], strict=True)
        )
        if not asked or any(not done.failed for done in _done(between)):
            break
        thread.append(_said(texts[start]))
    return ". ".join(reversed(thread))


def _text(content: Any) -> str:
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _said(content: str) -> str:
    match = _RUNNER.search(content)
    if match is None:
        return content
    try:
        block = json.loads(match[1])
    except (ValueError, RecursionError):
        return match[1]
    text = block.get("text") if isinstance(block, dict) else block
    return text if isinstance(text, str) else ""


def _done(messages: Sequence[Mapping[str, Any]]) -> tuple[Done, ...]:
    """Pair calls with results by id."""
    results = {
        message.get("tool_call_id"): _object(_text(message.get("content")))
        for message in messages
        if message.get("role") == "tool"
    }
    found = []
    for message in messages:
        calls = message.get("tool_calls") if message.get("role") == "assistant" else None
        for call in calls if isinstance(calls, list) else []:
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict) and call.get("id") in results:
                name, arguments = str(function.get("name")), function.get("arguments")
                found.append(Done(name, _object(arguments), results[call["id"]]))
    return tuple(found)


def _object(text: Any) -> Mapping[str, Any]:
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
