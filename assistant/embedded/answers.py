"""One answer of the embedded model: the calls to make next, or the words to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.embedded import topics, wording
from assistant.embedded.context import Context, read_context
from assistant.embedded.intents import Intent, read_intent
from assistant.embedded.messages import Call
from assistant.embedded.turns import Conversation, Done, read_conversation

HARD = 7  # RPE from which an easy run was too hard
SORE = 6
TIRED = 7


@dataclass(frozen=True, slots=True)
class Answer:
    """text: what to say; calls: the tools to run first, each a name and its arguments."""

    text: str | None
    calls: tuple[Call, ...] = ()


def answer(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> Answer:
    """Answer a conversation as a chat model would. Pure."""
    conversation = read_conversation(messages)
    context = read_context(conversation.system)
    if context is None:
        return Answer(topics.without_context(conversation.said))
    offered = _names(tools)
    if conversation.done:
        calls = tuple(call for call in _follow_up(conversation, context) if call[0] in offered)
        if calls and not conversation.noted:
            return Answer(None, calls)
        return Answer(wording.word_results(conversation, context))
    intent = read_intent(conversation, context)
    if intent is not None and intent.declined:
        return Answer(wording.DECLINED)
    if not offered:
        return Answer(_without_tools(conversation, context, intent))
    if intent is not None and not conversation.noted:
        calls = tuple(call for call in intent.calls if call[0] in offered)
        if calls:
            return Answer(None, calls)
    if intent is not None and intent.reply is not None:
        return Answer(intent.reply)
    if not conversation.noted and topics.is_unsure(conversation.said, context):
        calls = tuple(call for call in _options_again(conversation, context) if call[0] in offered)
        if calls:
            return Answer(None, calls)
    return Answer(topics.reply(conversation.said, context, noted=conversation.noted))


def _names(tools: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    functions = (tool.get("function") for tool in tools)
    return frozenset(str(f.get("name")) for f in functions if isinstance(f, Mapping))


def _without_tools(conversation: Conversation, context: Context, intent: Intent | None) -> str:
    if context.offers_plan:
        return topics.reply(conversation.said, context, noted=conversation.noted)
    return topics.without_plan(conversation.said, context, about_plan=intent is not None)


def _options_again(conversation: Conversation, context: Context) -> tuple[Call, ...]:
    """Return the call that offers the options once more, where the answer to them is not clear."""
    if context.proposal is None:
        return ()
    asked = [done for done in conversation.last if done.result.get("options")]
    return tuple((done.name, dict(done.arguments)) for done in asked[-1:])


def _follow_up(conversation: Conversation, context: Context) -> tuple[Call, ...]:
    """Return what this turn's results call for: a check for fatigue."""
    done = conversation.done
    if any(call.name == "adapt_plan" for call in done):
        return ()
    for call in done:
        if call.failed:
            continue
        if call.name == "log_execution" and _is_a_warning(call, context):
            felt = _mapping(call.result.get("feedback"))
            arguments = {
                key: felt[key]
                for key in ("soreness", "fatigue")
                if _scale(felt.get(key)) is not None
            }
            return (("adapt_plan", {"kind": "fatigue", **arguments}),)
    return ()


def _is_a_warning(call: Done, context: Context) -> bool:
    felt = _mapping(call.result.get("feedback"))
    said = _mapping(call.arguments.get("feedback"))
    rpe, sore, tired = (
        _scale(said.get(key)) if felt.get(key) is not None else None
        for key in ("rpe", "soreness", "fatigue")
    )
    if (sore or 0) >= SORE or (tired or 0) >= TIRED:
        return True
    return (rpe or 0) >= HARD and _planned_type(call, context) in ("easy", "long", "recovery")


def _planned_type(call: Done, context: Context) -> str | None:
    workout_id = call.result.get("workout_id") or call.arguments.get("workout_id")
    day = context.by_id(workout_id if isinstance(workout_id, str) else None)
    if day is None:
        date = str(call.arguments.get("date"))
        day = next((d for d in context.days if d.date.isoformat() == date), None)
    return day.type if day is not None else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _scale(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
