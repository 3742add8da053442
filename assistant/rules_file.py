"""An installation's rules file: TOML whose numbers stand in place of the engine's own."""

import tomllib
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from training.errors import ImpossibleValue
from training.overriding import apply_overrides, check_overrides


class RulesInvalid(AssistantError):
    """A rules file that can't be used; names the file, the key and what would be accepted."""


def apply_rules(path: Path) -> None:
    """Put the file's numbers in for this process. Raises RulesInvalid."""
    values = read_rules(path)
    try:
        apply_overrides(values)
    except ImpossibleValue as error:
        raise RulesInvalid(f"{path}: {error}") from error


def check_rules(path: Path) -> int:
    """Return how many tables and numbers the file changes, with a plan of each kind built by them.

    Raises RulesInvalid.
    """
    values = read_rules(path)
    try:
        check_overrides(values)
    except ImpossibleValue as error:
        raise RulesInvalid(f"{path}: {error}") from error
    return len(values)


def read_rules(path: Path) -> dict[str, Any]:
    """Return what a rules file holds. Raises RulesInvalid for one that can't be read as TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesInvalid(f"{path} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesInvalid(f"{path} is not TOML: {error}") from error
