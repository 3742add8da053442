"""The messages of a turn as values."""

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["user", "assistant", "tool", "note"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asked for, under an id of our own.

    arguments: the JSON text as the model gave it. proposal_id: set by code alone, where the
    runner's yes (never the model) makes this call carry out a stored proposal.
    """

    id: str
    name: str
    arguments: str
    proposal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One stored step of a turn.

    user: the runner's text. assistant: an answer with text, calls or both. tool: the result of the
    call `call_id`, as JSON. note: what we tell the model about its last answer.
    """

    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = field(default=())
    call_id: str | None = None
