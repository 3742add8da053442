"""The receipt of a plan or change: every limit it was held against, with the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One limit: its rule in docs and tables, what was found and what is allowed."""

    rule: str
    limit: str
    found: str
    allowed: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """All checks of one plan."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every limit held."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The limits that did not hold."""
        return tuple(check for check in self.checks if not check.passed)
