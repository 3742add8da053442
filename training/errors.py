"""What the engine refuses, and why.

TrainingError
├── ImpossibleValue   a measurement that no runner can have made
├── GoalRefused       a plan that cannot be made responsibly
├── ChangeRefused     a change that a rule forbids
└── LimitBroken       a plan that fails its own receipt: never saved
"""


class TrainingError(Exception):
    """The engine's root error; the message is fit to be shown to a runner."""


class ImpossibleValue(TrainingError):
    """A measurement outside what is physically plausible, or that contradicts another."""


class GoalRefused(TrainingError):
    """A goal that no plan can meet responsibly; `alternatives` says what could be done."""

    def __init__(self, message: str, *, code: str, alternatives: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.alternatives = alternatives


class ChangeRefused(TrainingError):
    """A change that a rule forbids now; `unlocked_by` says what would allow it."""

    def __init__(self, message: str, *, code: str, unlocked_by: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.unlocked_by = unlocked_by


class LimitBroken(TrainingError):
    """A plan that fails a limit of its receipt."""
