"""What `POST /chat` takes: the native body, or the AI SDK's, told apart by their shape.

Of the AI SDK's body the last user message alone is taken: the stored history is the truth, and
what a client says that an assistant, a tool or a system said before counts for nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.web.problems import Problem
from assistant.web.tokens import USER_ID

CONVERSATION_ID = r"^[A-Za-z0-9_-]{1,64}$"


class ChatRequest(BaseModel):
    """The native dialect's body."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    message: str
    conversation_id: str | None = Field(None, pattern=CONVERSATION_ID)
    user_id: str | None = Field(None, pattern=USER_ID)


class UIMessage(BaseModel):
    """A message of the AI SDK's; `parts` of type text are what it says."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: str = Field("", max_length=255)
    role: Literal["user"]
    parts: tuple[dict[str, Any], ...] = Field(max_length=50, strict=False)


class UIRequest(BaseModel):
    """The AI SDK's body, as its `DefaultChatTransport` sends it; `id` is the conversation's."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: str = Field(pattern=CONVERSATION_ID)
    messages: tuple[dict[str, Any], ...] = Field(min_length=1, strict=False)
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    user_id: str | None = Field(None, pattern=USER_ID)


@dataclass(frozen=True, slots=True)
class Said:
    """What a runner says, in whichever dialect. key: the dialect's own, where it has one.

    streams: whether the dialect knows streams alone.
    """

    text: str
    conversation_id: str | None
    user_id: str | None
    key: str | None = None
    streams: bool = False


def parse_said(raw: bytes) -> Said:
    """Return what a body says. raw: JSON. Raises ValidationError, Problem (422)."""
    value = json.loads(raw)
    if isinstance(value, dict) and "messages" in value and "message" not in value:
        return _of_ui(UIRequest.model_validate_json(raw))
    body = ChatRequest.model_validate_json(raw)
    return Said(body.message, body.conversation_id, body.user_id)


def _of_ui(body: UIRequest) -> Said:
    """Take the last user message. Sent again with the same id and text, it is the same message."""
    own = [message for message in body.messages if message.get("role") == "user"]
    if not own:
        raise Problem(422, "Invalid request", "messages: one of them has to be the user's")
    message = UIMessage.model_validate_json(json.dumps(own[-1]))
    if any(part.get("type") == "file" for part in message.parts):
        raise Problem(422, "No files yet", "files can't be taken yet: tell the run in words")
    texts = (part.get("text") for part in message.parts if part.get("type") == "text")
    text = "\n".join(text for text in texts if isinstance(text, str))
    key = None
    if message.id:
        told = json.dumps([body.id, message.id, text]).encode()
        key = f"ui-{hashlib.sha256(told).hexdigest()}"
    return Said(text, body.id, body.user_id, key, streams=True)


class ReplyBody(BaseModel):
    """The reply object; the same key gives the same bytes again."""

    conversation_id: str
    message_id: str
    reply: str
    top_prompt: str | None
    actions: list[dict[str, Any]]
    proposal: dict[str, Any] | None
    safety: dict[str, Any] | None
    usage: dict[str, int]
