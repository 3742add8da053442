"""A reply built from the data alone, for when the model's own can't be sent."""

import json
from collections.abc import Sequence
from typing import Any

from storage.messages import Message
from training.units import render_number

NOTHING_DONE = (
    "Sorry, I couldn't put a reliable answer together. Nothing was recorded or changed; "
    "could you say it another way?"
)


def reply_from(messages: Sequence[Message]) -> str:
    """Return what this turn did, in plain sentences from its stored results."""
    names = {call.id: call.name for message in messages for call in message.calls}
    lines: list[str] = []
    for message in messages:
        if message.role == "tool" and message.call_id is not None:
            line = _sentence(names.get(message.call_id, ""), json.loads(message.text))
            if line and line not in lines:
                lines.append(line)
    return " ".join(lines) or NOTHING_DONE


def has_effect(name: str, result: dict[str, Any]) -> bool:
    """Whether the call changed what is stored."""
    if "error" in result:
        return False
    if name in ("log_execution", "update_profile"):
        return True
    return name in ("adapt_plan", "create_plan") and bool(result.get("applied"))


def _sentence(name: str, result: dict[str, Any]) -> str:
    if error := result.get("error"):
        unlocked = error.get("unlocked_by")
        text = f"That was not done: {error['message']}."
        told = unlocked and unlocked in text
        return f"{text} What would change that: {unlocked}." if unlocked and not told else text
    match name:
        case "log_execution":
            return _logged(result)
        case "adapt_plan" if result["applied"]:
            return f"{_stop(result['change_summary'])} {_stop(result['reason'])}"
        case "adapt_plan" if result.get("options"):
            return _options(result["options"])
        case "adapt_plan" if result["proposal_id"]:
            return f"Proposed: {_stop(result['change_summary'])} Shall I do it, yes or no?"
        case "adapt_plan":
            return f"Nothing in the plan was changed: {_stop(result['reason'])}"
        case "create_plan" if result["applied"]:
            return f"{_stop(result['change_summary'])} It is your plan now."
        case "create_plan":
            return f"Proposed: {_stop(result['change_summary'])} Shall I use it, yes or no?"
        case "update_profile":
            return "Your profile was updated."
        case "get_plan_summary":
            following = "; ".join(f"{w['date']} {w['name']}" for w in result["next_workouts"])
            return f"Next in your plan: {following or 'nothing more before the race'}."
        case "get_workout":
            return f"{result['weekday']} {result['date']}: {result['name']}."
        case "get_progress":
            return _stop(result["trend"])
    return ""


def _options(options: Sequence[dict[str, Any]]) -> str:
    told = " ".join(
        f"Option {number}: {_stop(option['change_summary'])}"
        for number, option in enumerate(options, 1)
    )
    return f"Proposed: {told} Which one shall I take, the first, another one or none?"


def _logged(result: dict[str, Any]) -> str:
    metrics, feedback = result["actual_metrics"], result["feedback"]
    facts = [result["completion_status"]]
    if metrics["distance_km"] is not None:
        facts.append(f"{render_number(metrics['distance_km'])} km")
    if metrics["duration_minutes"] is not None:
        facts.append(f"{render_number(metrics['duration_minutes'])} min")
    if feedback["rpe"] is not None:
        facts.append(f"RPE {feedback['rpe']}")
    return f"Recorded: {', '.join(facts)}."


def _stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
