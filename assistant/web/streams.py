"""A turn's events as the AI SDK's UI message stream."""

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import Response, StreamingResponse

from assistant.errors import AssistantError
from assistant.events import Calling, Event, Finished, Replied, Restarted, TextDelta, Waiting
from assistant.web.problems import problem_of
from storage.errors import StorageError
from tools.toolbox import ToolResult

HEADERS = {
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
    "x-vercel-ai-ui-message-stream": "v1",
    "vary": "accept",
}
_METADATA = ("conversation_id", "message_id", "top_prompt")
DONE = b"data: [DONE]\n\n"
STILL_HERE: dict[str, Any] = {}
"""In place of a part: a comment goes out, which readers of the stream pass over."""


async def stream_turn(events: AsyncIterator[Event]) -> Response:
    """Answer with a turn as it runs, once its first event is there: early errors have a status."""
    first = await anext(events)
    return StreamingResponse(
        _frames(_chain(first, events)), media_type="text/event-stream", headers=HEADERS
    )


async def _chain(first: Event, rest: AsyncIterator[Event]) -> AsyncIterator[Event]:
    yield first
    async for event in rest:
        yield event


async def _frames(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    try:
        async for part in stream_parts(events):
            yield frame(part)
    except (AssistantError, StorageError) as error:
        body = json.loads(bytes(problem_of(error).body))
        yield frame({"type": "error", "errorText": body["detail"]})
    yield DONE


def frame(part: dict[str, Any]) -> bytes:
    """Return one part as a server-sent event."""
    if part is STILL_HERE:
        return b": still here\n\n"
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    return f"data: {text}\n\n".encode()


async def stream_parts(events: AsyncIterator[Event]) -> AsyncIterator[dict[str, Any]]:
    """Yield the stream's parts: a step for each of the model's answers.

    A withdrawn text ends, and the next one has an id of its own.
    """
    yield {"type": "start"}
    yield {"type": "start-step"}
    text_number, open_text, ran, told = 0, False, False, {}
    async for event in events:
        if ran and not isinstance(event, ToolResult | Waiting):
            ran = False
            yield {"type": "finish-step"}
            yield {"type": "start-step"}
        match event:
            case TextDelta(text):
                if not open_text:
                    text_number, open_text = text_number + 1, True
                    yield {"type": "text-start", "id": f"text-{text_number}"}
                yield {"type": "text-delta", "id": f"text-{text_number}", "delta": text}
            case Restarted():
                if open_text:
                    open_text = False
                    yield {"type": "text-end", "id": f"text-{text_number}"}
                    yield {"type": "data-withdrawn", "data": {"id": f"text-{text_number}"}}
            case Calling(call):
                if open_text:
                    open_text = False
                    yield {"type": "text-end", "id": f"text-{text_number}"}
                yield {
                    "type": "tool-input-available",
                    "toolCallId": call.id,
                    "toolName": call.name,
                    "input": _object(call.arguments),
                    "dynamic": True,
                }
            case ToolResult():
                ran = True
                yield _output(event)
            case Replied():
                pass
            case Waiting():
                yield STILL_HERE
            case Finished(response):
                if open_text:
                    yield {"type": "text-end", "id": f"text-{text_number}"}
                elif text_number == 0 or response["reply"]:
                    text_number += 1
                    for part in _whole_text(f"text-{text_number}", response["reply"]):
                        yield part
                yield {"type": "data-prompt", "data": {"top_prompt": response["top_prompt"]}}
                yield {"type": "data-reply", "data": response}
                told = {name: response[name] for name in _METADATA}
    yield {"type": "finish-step"}
    yield {"type": "finish", "finishReason": "stop", "messageMetadata": told}


def _whole_text(text_id: str, text: str) -> tuple[dict[str, Any], ...]:
    return (
        {"type": "text-start", "id": text_id},
        {"type": "text-delta", "id": text_id, "delta": text},
        {"type": "text-end", "id": text_id},
    )


def _output(result: ToolResult) -> dict[str, Any]:
    value = result.value
    if result.failed:
        return {
            "type": "tool-output-error",
            "toolCallId": result.call.id,
            "errorText": value["error"]["message"],
            "dynamic": True,
        }
    return {
        "type": "tool-output-available",
        "toolCallId": result.call.id,
        "output": value,
        "dynamic": True,
    }


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}
