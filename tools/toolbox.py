"""Running one call for one runner: the boundary at which every error becomes a result."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import ValidationError

from storage.database import Database, Session, retried
from storage.errors import LeaseLost, StorageError, StoreUnavailable
from storage.messages import Message, ToolCall
from storage.profiles import load_profile
from storage.proposals import find_proposal
from storage.subscriptions import top_prompt
from storage.turns import TurnLog
from tools.arguments import Arguments
from tools.context import Context
from tools.errors import InvalidArguments, NotEntitled, ToolError, UnknownTool
from tools.registry import TOOLS, Tool
from training.errors import ChangeRefused, GoalRefused, TrainingError

_log = structlog.get_logger("runplan.tools")
_CODES = {
    "ImpossibleValue": "impossible_value",
    "LimitBroken": "limit_broken",
    "PlanNotFound": "no_plan",
    "WorkoutNotFound": "no_such_workout",
    "VersionConflict": "plan_changed",
}


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A call and its result, as JSON text and as a value."""

    call: ToolCall
    text: str

    @property
    def value(self) -> dict[str, Any]:
        """The result as a JSON object."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def failed(self) -> bool:
        """Whether the call was answered with an error."""
        return self.text.startswith('{"error":')


class Toolbox:
    """Runs calls for one runner on one day; an effect and its result commit together."""

    def __init__(
        self,
        database: Database,
        log: TurnLog,
        *,
        conversation_id: str,
        today: dt.date,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self.database = database
        self.log = log
        self.conversation_id = conversation_id
        self.today = today
        self.clock = clock

    @retried
    def run(self, call: ToolCall) -> ToolResult:
        """Run the call once and store its result; a failed call has a result too.

        Raises LeaseLost where another worker took the turn over, StoreUnavailable.
        """
        try:
            with self.database.write(self.log.user_id) as session:
                text = self._repeated(session, call) or self._run(session, call)
                return self._answer(session, call, text)
        except (LeaseLost, StoreUnavailable):
            raise
        except (ToolError, TrainingError, StorageError) as error:
            text = _render_error(error)
        except Exception:
            _log.exception("tool failed", tool=call.name if call.name in TOOLS else "unknown")
            text = _error("internal", "the tool failed; nothing was changed")
        with self.database.write(self.log.user_id) as session:
            return self._answer(session, call, text)

    @retried
    def refuse(self, call: ToolCall) -> ToolResult:
        """Answer a call over the turn's limit without running it."""
        text = _error("limit", "this turn has used up its calls; answer with what you have")
        with self.database.write(self.log.user_id) as session:
            return self._answer(session, call, text)

    def _answer(self, session: Session, call: ToolCall, text: str) -> ToolResult:
        self.log.append_in(session, Message("tool", text, call_id=call.id))
        return ToolResult(call, text)

    def _run(self, session: Session, call: ToolCall) -> str:
        tool = TOOLS.get(call.name)
        if tool is None:
            raise UnknownTool(f"there is no such tool; there are {', '.join(TOOLS)}")
        profile = load_profile(session, self.log.user_id)
        if top_prompt(profile.subscription) is None:
            raise NotEntitled("training plans need an active subscription that includes them")
        context = Context(
            session=session,
            profile=profile,
            today=self.today,
            now=self.clock(),
            turn_id=self.log.turn_id,
            conversation_id=self.conversation_id,
            confirmed=None
            if call.proposal_id is None
            else find_proposal(session, self.log.user_id, call.proposal_id),
        )
        result = tool.run(context, parse_arguments(tool, call.arguments))
        return result.model_dump_json()

    def _repeated(self, session: Session, call: ToolCall) -> str | None:
        """Return the result of the same call earlier in this turn: it has one effect."""
        messages = self.log.read_in(session)
        results = {message.call_id: message.text for message in messages if message.call_id}
        for earlier in (made for message in messages for made in message.calls):
            same = (earlier.name, earlier.arguments) == (call.name, call.arguments)
            if same and earlier.id != call.id and earlier.id in results:
                return results[earlier.id]
        return None


def parse_arguments(tool: Tool, text: str) -> Arguments:
    """Return the model's arguments, strictly read. Raises InvalidArguments naming the field."""
    try:
        said = json.loads(text, object_pairs_hook=_refuse_twice, parse_constant=_refuse_constant)
        if _holds_nul(said):
            raise _NotJson("a text holds a NUL character")
        return tool.arguments.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise InvalidArguments(first["msg"], field=field) from None
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _NotJson) else "not readable"
        raise InvalidArguments(f"the arguments must be one JSON object: {why}") from None


def _holds_nul(value: Any) -> bool:
    """Whether a text in it is one that no database keeps."""
    match value:
        case str():
            return "\x00" in value
        case list():
            return any(map(_holds_nul, value))
        case dict():
            return any(_holds_nul(item) for pair in value.items() for item in pair)
    return False


class _NotJson(ValueError):
    """JSON that Python reads and nobody should write."""


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotJson("a key stands twice")
    return found


def _refuse_constant(name: str) -> float:
    raise _NotJson(f"{name} is no number")


def _render_error(error: Exception) -> str:
    name = type(error).__name__
    details: dict[str, Any] = {}
    match error:
        case ToolError():
            code = error.code
            if error.field is not None:
                details["field"] = error.field
        case GoalRefused():
            code = error.code
            details["alternatives"] = list(error.alternatives)
        case ChangeRefused():
            code = error.code
            if error.unlocked_by is not None:
                details["unlocked_by"] = error.unlocked_by
        case _:
            code = _CODES.get(name, "refused")
    return _error(code, str(error), **details)


def _error(code: str, message: str, **details: Any) -> str:
    body = {"error": {"code": code, "message": message, **details}}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
