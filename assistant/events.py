"""What happens on the way to a reply, as the ways in see it."""

from dataclasses import dataclass
from typing import Any

from storage.messages import ToolCall
from tools.toolbox import ToolResult


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of a reply that was checked against what was done."""

    text: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The text so far is withdrawn: it broke off, or said what the data does not bear out."""


@dataclass(frozen=True, slots=True)
class Calling:
    """A tool call is about to run."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class Replied:
    """The turn's reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The stored response body; the last event of every turn."""

    response: dict[str, Any]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing new for a while; a stream says so, and a connection that is idle stays open."""


Event = TextDelta | Restarted | Calling | ToolResult | Replied | Finished | Waiting
