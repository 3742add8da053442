"""What the model is told of earlier turns: the last few whole, the others as a running summary."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from assistant.replies import has_effect
from assistant.wire import openai_message
from prompts.render import render
from storage.turns import PastTurn

SUMMARY_CHARS = 1200


def prepare_history(summary: str, turns: Sequence[PastTurn]) -> list[dict[str, Any]]:
    """Return earlier turns as the endpoint takes them; calls and their results stay together."""
    prepared: list[dict[str, Any]] = []
    if summary:
        prepared.append({"role": "user", "content": render("summary", summary=summary)})
    for turn in turns:
        steps = [
            m for m in turn.messages if m.role != "note" and (m.role != "assistant" or m.calls)
        ]
        prepared.extend(openai_message(message) for message in steps)
        prepared.append({"role": "assistant", "content": turn.reply})
    return prepared


def fold(summary: str, day: dt.date, actions: Sequence[dict[str, Any]]) -> str:
    """Return the summary with a day's actions in it, deeds alone, the oldest lines dropped."""
    deeds = [
        _deed(action["tool"], action["result"])
        for action in actions
        if has_effect(action["tool"], action["result"])
    ]
    if not deeds:
        return summary
    lines = [*summary.splitlines(), f"{day.isoformat()}: {'; '.join(deeds)}"]
    while len(lines) > 1 and sum(len(line) + 1 for line in lines) > SUMMARY_CHARS:
        lines.pop(0)
    return "\n".join(lines)


def _deed(tool: str, result: dict[str, Any]) -> str:
    match tool:
        case "log_execution":
            return f"logged a {result['completion_status']} workout"
        case "update_profile":
            return "updated the profile"
        case _:
            return str(result.get("change_summary", tool))[:160]
