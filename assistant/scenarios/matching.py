"""Whether a value is the one that was expected, and where it is not."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.scenarios.shapes import CONDITIONS
from assistant.scenarios.values import Given, plain

Miss = tuple[int, str]
"""The expectation's line, and what is otherwise."""

TOLERANCE = 1e-6
_ABSENT = object()
_SHOWN_CHARS = 160


def misses(expected: Given, found: Any, where: str) -> Iterator[Miss]:
    """Yield what is otherwise than expected.

    A group holds at least the keys expected, a list exactly its entries. found: as JSON has it. A
    group of conditions (at_least, at_most, any_of, contains, length, not)
    stands for any value that fits them.
    """
    value = expected.value
    if isinstance(value, dict) and not isinstance(found, Mapping) and _is_condition(value):
        yield from _by_conditions(value, found, where)
    elif isinstance(value, dict):
        if not isinstance(found, Mapping):
            yield expected.line, f"{where} is {shown(found)}, not {shown(plain(expected))}"
            return
        for key, inner in value.items():
            below = found.get(str(key), _ABSENT)
            if below is _ABSENT:
                yield inner.line, f"{where} has no {key}"
            else:
                yield from misses(inner, below, f"{where}.{key}")
    elif isinstance(value, tuple):
        yield from _by_entries(expected, value, found, where)
    elif not is_same(plain(expected), found):
        yield expected.line, f"{where} is {shown(found)}, not {shown(plain(expected))}"


def fits(expected: Given, found: Any) -> bool:
    """Whether nothing is otherwise."""
    return next(misses(expected, found, ""), None) is None


def is_same(expected: object, found: object) -> bool:
    """Whether two scalars are one value: numbers by value, truth values by kind."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return expected == found


def _by_entries(
    expected: Given, value: tuple[Given, ...], found: Any, where: str
) -> Iterator[Miss]:
    if not isinstance(found, list | tuple):
        yield expected.line, f"{where} is {shown(found)}, not {shown(plain(expected))}"
    elif len(found) != len(value):
        yield expected.line, f"{where} has {len(found)} entries, not {len(value)}: {shown(found)}"
    else:
        for place, (inner, each) in enumerate(zip(value, found, strict=True)):
            yield from misses(inner, each, f"{where}[{place}]")


def _is_condition(value: Mapping[Any, Given]) -> bool:
    return bool(value) and all(str(key) in CONDITIONS for key in value)


def _by_conditions(value: Mapping[Any, Given], found: Any, where: str) -> Iterator[Miss]:
    for key, inner in value.items():
        if not _holds(str(key), inner, found):
            wanted = shown(plain(inner))
            yield inner.line, f"{where} is {shown(found)}, not {_WORDED[str(key)]} {wanted}"


_WORDED = {
    "at_least": "at least",
    "at_most": "at most",
    "any_of": "any of",
    "contains": "something that contains",
    "length": "of length",
    "not": "anything but",
}


def _holds(key: str, wanted: Given, found: Any) -> bool:
    match key:
        case "at_least":
            return _compare(found, plain(wanted)) in (0, 1)
        case "at_most":
            return _compare(found, plain(wanted)) in (-1, 0)
        case "any_of":
            options = wanted.value if isinstance(wanted.value, tuple) else (wanted,)
            return any(fits(option, found) for option in options)
        case "contains" if isinstance(found, list | tuple):
            return any(fits(wanted, each) for each in found)
        case "contains":
            return isinstance(found, str) and str(plain(wanted)).casefold() in found.casefold()
        case "length":
            return isinstance(found, list | tuple | str) and len(found) == wanted.value
        case _:
            return not fits(wanted, found)


def _compare(found: Any, wanted: Any) -> int | None:
    """Return -1, 0 or 1; None where the two have no order."""
    numbers = isinstance(found, int | float) and isinstance(wanted, int | float)
    if not numbers and not (isinstance(found, str) and isinstance(wanted, str)):
        return None
    if numbers and is_same(wanted, found):
        return 0
    return int(found > wanted) - int(found < wanted)


def shown(value: Any) -> str:
    """Return a value as a scenario would write it, shortened."""
    match value:
        case None:
            text = "null"
        case bool():
            text = str(value).lower()
        case Mapping():
            text = f"{{{', '.join(f'{key}: {shown(each)}' for key, each in value.items())}}}"
        case list() | tuple():
            text = f"[{', '.join(map(shown, value))}]"
        case dt.date():
            text = value.isoformat()
        case _:
            text = str(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
