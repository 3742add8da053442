"""Reading scenario files: each is either a scenario or mistakes with file and line."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import OptionInvalid
from assistant.scenarios.casting import read_cast
from assistant.scenarios.expectations import read_expected
from assistant.scenarios.scenario import Cast, Expected, Said, Scenario
from assistant.scenarios.shapes import Fault, unknown_key
from assistant.scenarios.values import Document, Given, Key, Mistake, read_documents
from assistant.views import one_line

SUFFIX = ".scenario.yaml"
KEYS = ("name", "runner", "plan", "executions", "today", "turns")
TURN_KEYS = ("say", "today", "expect")
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files hold; a mistake in one leaves the others as they are."""

    scenarios: tuple[Scenario, ...]
    mistakes: tuple[Mistake, ...]


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the scenario files among the paths and inside their folders, in order.

    Raises OptionInvalid for a path that is not there, or a folder that holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob(f"*{SUFFIX}"))
            if not inside:
                raise OptionInvalid(f"{str(path)!r} holds no scenario: files end in {SUFFIX}")
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        else:
            raise OptionInvalid(f"there is no file or folder {str(path)!r}")
    return list(found)


def load_files(paths: Iterable[Path]) -> Loaded:
    """Read the files."""
    parts = [load_file(path) for path in paths]
    return Loaded(
        tuple(scenario for part in parts for scenario in part.scenarios),
        tuple(mistake for part in parts for mistake in part.mistakes),
    )


def load_file(path: Path, shown: str | None = None) -> Loaded:
    """Read one file. shown: its name in mistakes, where that is not the path."""
    file = shown or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return Loaded((), (Mistake(file, 1, f"the file can't be read: {error.strerror}"),))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Loaded((), (Mistake(file, line, "this is not UTF-8 text"),))
    return load_text(file, text)


def load_text(file: str, text: str) -> Loaded:
    """Read a file's text."""
    documents = list(read_documents(file, text))
    if not documents:
        return Loaded((), (Mistake(file, 1, "the file is empty: a scenario has a name and turns"),))
    scenarios: list[Scenario] = []
    mistakes: list[Mistake] = []
    names: dict[str, int] = {}
    for document in documents:
        scenario, found = _read(file, document)
        mistakes += found
        if scenario is None:
            continue
        if scenario.name in names:
            first = names[scenario.name]
            said = f"the name {scenario.name!r} is taken: it stands on line {first} already"
            mistakes.append(Mistake(file, scenario.line, said))
            continue
        names[scenario.name] = scenario.line
        scenarios.append(scenario)
    return Loaded(tuple(scenarios), tuple(mistakes))


def _read(file: str, document: Document) -> tuple[Scenario | None, list[Mistake]]:
    if not document.readable:
        return None, list(document.mistakes)
    faults: list[Fault] = []
    scenario = _scenario(file, document.given, faults)
    told = {mistake.line for mistake in document.mistakes}
    found = (Mistake(file, line, text) for line, text in faults if line not in told)
    mistakes = sorted({*document.mistakes, *found})
    return (None if mistakes else scenario), mistakes


def _scenario(file: str, given: Given, faults: list[Fault]) -> Scenario | None:
    value = given.value
    if not isinstance(value, dict):
        empty = "this document is empty" if value is None else "this is no scenario"
        faults.append((given.line, f"{empty}: a scenario has {', '.join(KEYS)}"))
        return None
    _check_keys(given, value, KEYS, ("name", "runner", "today", "turns"), "a scenario", faults)
    cast = Cast("")
    if "runner" in value:
        cast = read_cast(value["runner"], value.get("plan"), value.get("executions"), faults)
    today = _day(value["today"], faults) if "today" in value else FIRST_DAY
    name = one_line(_text(value["name"], "name", faults)) if "name" in value else ""
    turns = tuple(_turns(value["turns"], today, faults)) if "turns" in value else ()
    line = value["name"].line if "name" in value else given.line
    return Scenario(file, line, name, cast, turns)


def _check_keys(
    given: Given,
    value: dict[Key, Given],
    known: tuple[str, ...],
    needed: tuple[str, ...],
    where: str,
    faults: list[Fault],
) -> None:
    for key, inner in value.items():
        if key not in known:
            faults.append((inner.line, unknown_key(str(key), where, known)))
    for key in needed:
        if key not in value:
            faults.append((given.line, f"{where} needs {key!r}"))


def _turns(given: Given, today: dt.date, faults: list[Fault]) -> Iterator[Said]:
    if not isinstance(given.value, tuple) or not given.value:
        faults.append((given.line, "turns is a list with one '- say: ...' or more"))
        return
    for each in given.value:
        turn = _turn(each, today, faults)
        if turn is not None:
            today = turn.today
            yield turn


def _turn(given: Given, today: dt.date, faults: list[Fault]) -> Said | None:
    value = given.value
    if not isinstance(value, dict):
        faults.append((given.line, "a turn looks like '- say: ...'"))
        return None
    _check_keys(given, value, TURN_KEYS, ("say",), "a turn", faults)
    say = _text(value["say"], "say", faults) if "say" in value else ""
    if "today" in value:
        today = _day(value["today"], faults)
    expected = read_expected(value["expect"], faults) if "expect" in value else Expected()
    return Said(say, today, given.line, expected)


def _text(given: Given, key: str, faults: list[Fault]) -> str:
    if isinstance(given.value, str) and given.value.strip():
        return given.value
    if isinstance(given.value, str) or given.value is None:
        faults.append((given.line, f"{key} is empty"))
    else:
        faults.append((given.line, f"{key} is a text: put it in quotes"))
    return ""


def _day(given: Given, faults: list[Fault]) -> dt.date:
    day = given.value
    if isinstance(day, dt.date) and FIRST_DAY <= day <= LAST_DAY:
        return day
    if isinstance(day, dt.date):
        faults.append((given.line, f"{day} is too far away: from {FIRST_DAY} to {LAST_DAY}"))
    elif isinstance(day, str):
        faults.append((given.line, f"today is a date without quotes, not {day!r}: 2026-02-10"))
    else:
        faults.append((given.line, "today is a date such as 2026-02-10"))
    return FIRST_DAY
