"""Stored messages as Chat Completions takes them."""

import json
from typing import Any

from prompts.render import render
from storage.messages import Message


def openai_message(message: Message) -> dict[str, Any]:
    """Return one stored step as the endpoint's message."""
    match message.role:
        case "user":
            return {"role": "user", "content": render("runner_message", text=message.text)}
        case "note":
            return {"role": "user", "content": render("note", text=message.text)}
        case "tool":
            content = _without_passed_checks(message.text)
            return {"role": "tool", "tool_call_id": message.call_id, "content": content}
        case "assistant":
            said: dict[str, Any] = {"role": "assistant", "content": message.text or None}
            if message.calls:
                said["tool_calls"] = [
                    {
                        "id": call.id,
                        "type": "function",
                        "function": {"name": call.name, "arguments": call.arguments},
                    }
                    for call in message.calls
                ]
            return said


def _without_passed_checks(text: str) -> str:
    """Leave receipts' passed checks out of what the model reads: the runner gets them all."""
    if '"checks":[' not in text:
        return text
    return json.dumps(
        _failed_checks_only(json.loads(text)), ensure_ascii=False, separators=(",", ":")
    )


def _failed_checks_only(node: Any) -> Any:
    if isinstance(node, list):
        return [_failed_checks_only(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: [check for check in value if not check["passed"]]
        if key == "checks"
        else _failed_checks_only(value)
        for key, value in node.items()
    }
