"""General questions about running, answered from common knowledge and the context."""

from assistant.embedded.context import Context


def without_context(said: str) -> str:
    return "Hi! Ask me about running."


def without_plan(said: str, context: Context, *, about_plan: bool) -> str:
    return "The plan belongs to an active subscription, so I can't read or change it here. Ask me anything about running in general."


def reply(said: str, context: Context, *, noted: bool) -> str:
    return "I'm not sure what you mean."
