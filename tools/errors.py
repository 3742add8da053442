"""What a tool answers when it can't do what was asked.

ToolError
├── UnknownTool        no tool has this name
├── InvalidArguments   the arguments are not what the schema says; names the field
├── NotEntitled        the plan is not the runner's to use
├── OnHold             a safety hold is on
├── PlanEnded          the race is over
└── NothingToUndo      there is no change to take back
"""


class ToolError(Exception):
    """The root; `code` is stable, the message fit to be passed on to the runner."""

    code = "tool_error"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class UnknownTool(ToolError):
    """No tool has this name."""

    code = "unknown_tool"


class InvalidArguments(ToolError):
    """The arguments are not what the schema says."""

    code = "invalid_arguments"


class NotEntitled(ToolError):
    """The plan is not the runner's to use."""

    code = "not_entitled"


class OnHold(ToolError):
    """A safety hold is on."""

    code = "safety_hold"


class PlanEnded(ToolError):
    """The race is over."""

    code = "plan_ended"


class NothingToUndo(ToolError):
    """There is no change to take back."""

    code = "nothing_to_undo"


class NotSaid(ToolError):
    """The model claims for the runner what the runner has not said."""

    code = "not_said"
