"""The Chat Completions wire format: requests checked, answers as bodies and as stream events.

An id is derived from the request, so the same request gives the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.embedded.answers import Answer

MODEL = "runplan-embedded"
_CREATED = 0  # no clock: the same request gives the same body
_ROLES = ("system", "developer", "user", "assistant", "tool")


class InvalidRequest(ValueError):
    """A request that Chat Completions does not allow; param names the part."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request. digest: of its content, for ids."""

    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...]
    stream: bool
    include_usage: bool
    digest: str


def parse_request(body: bytes) -> Request:
    """Read a request body. Raises InvalidRequest naming what is wrong."""
    try:
        block = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRequest("the body has to be a JSON object") from None
    if not isinstance(block, dict):
        raise InvalidRequest("the body has to be a JSON object")
    if not isinstance(block.get("model"), str):
        raise InvalidRequest("you must provide a model, a text", "model")
    options = block.get("stream_options") or {}
    if not isinstance(options, dict):
        raise InvalidRequest("stream_options has to be an object", "stream_options")
    tools = [] if block.get("tool_choice") == "none" else block.get("tools") or []
    return Request(
        messages=_parse_messages(block.get("messages")),
        tools=_parse_tools(tools),
        stream=block.get("stream") is True,
        include_usage=options.get("include_usage") is True,
        digest=hashlib.sha256(body).hexdigest()[:24],
    )


def _parse_messages(messages: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(messages, list) or not messages:
        raise InvalidRequest("messages has to be a list of at least one message", "messages")
    for position, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in _ROLES:
            raise InvalidRequest(
                f"a message is an object with a role among {', '.join(_ROLES)}",
                f"messages[{position}]",
            )
        content = message.get("content")
        if content is not None and not isinstance(content, str | list):
            raise InvalidRequest(
                "content is a text or a list of parts", f"messages[{position}].content"
            )
    return tuple(messages)


def _parse_tools(tools: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(tools, list):
        raise InvalidRequest("tools has to be a list", "tools")
    for position, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            raise InvalidRequest(
                'a tool is {"type": "function", "function": {"name": ...}}', f"tools[{position}]"
            )
    return tuple(tools)


def render_error(error: InvalidRequest) -> dict[str, Any]:
    """Return the body of a 400."""
    return {
        "error": {
            "message": str(error),
            "type": "invalid_request_error",
            "param": error.param,
            "code": None,
        }
    }


def render_models() -> dict[str, Any]:
    """Return the body of the list of models."""
    model = {"id": MODEL, "object": "model", "created": _CREATED, "owned_by": "runplan"}
    return {"object": "list", "data": [model]}


def render_completion(request: Request, answer: Answer) -> dict[str, Any]:
    """Return the body of an answer in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None}
    if answer.calls:
        message["tool_calls"] = _tool_calls(request, answer)
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": _finish_reason(answer),
    }
    return {
        **_head(request, "chat.completion"),
        "choices": [choice],
        "usage": _usage(request, answer),
    }


def render_events(request: Request, answer: Answer) -> Iterator[str]:
    """Yield the answer as server-sent events: words, calls, the reason for the end, usage."""
    yield _chunk(request, {"role": "assistant", "content": None if answer.calls else ""})
    for piece in _pieces(answer.text or ""):
        yield _chunk(request, {"content": piece})
    for index, call in enumerate(_tool_calls(request, answer)):
        function = call["function"]
        opening = {**call, "index": index, "function": {**function, "arguments": ""}}
        yield _chunk(request, {"tool_calls": [opening]})
        rest = {"index": index, "function": {"arguments": function["arguments"]}}
        yield _chunk(request, {"tool_calls": [rest]})
    yield _chunk(request, {}, finish_reason=_finish_reason(answer))
    if request.include_usage:
        block = {**_head(request, "chat.completion.chunk"), "choices": []}
        yield _event({**block, "usage": _usage(request, answer)})
    yield "data: [DONE]\n\n"


def _pieces(text: str) -> list[str]:
    """Split a text into words that keep the space before them."""
    words = text.split(" ")
    return [word if position == 0 else f" {word}" for position, word in enumerate(words) if text]


def _tool_calls(request: Request, answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{request.digest}_{position}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
        }
        for position, (name, arguments) in enumerate(answer.calls)
    ]


def _finish_reason(answer: Answer) -> str:
    return "tool_calls" if answer.calls else "stop"


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{request.digest}",
        "object": kind,
        "created": _CREATED,
        "model": MODEL,
    }


def _chunk(request: Request, delta: dict[str, Any], *, finish_reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    block: dict[str, Any] = {**_head(request, "chat.completion.chunk"), "choices": [choice]}
    if request.include_usage:
        block["usage"] = None
    return _event(block)


def _event(block: dict[str, Any]) -> str:
    return f"data: {json.dumps(block, ensure_ascii=False)}\n\n"


def _usage(request: Request, answer: Answer) -> dict[str, int]:
    """Count words in place of tokens: the rules have none."""
    asked = sum(len(str(message.get("content") or "").split()) for message in request.messages)
    given = len((answer.text or "").split()) + sum(
        len(json.dumps(arguments).split()) + 1 for _, arguments in answer.calls
    )
    return {
        "prompt_tokens": asked,
        "completion_tokens": given,
        "total_tokens": asked + given,
    }
