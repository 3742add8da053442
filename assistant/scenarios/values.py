"""The values of a scenario file, each with its line: YAML read so that nothing is guessed.

YAML 1.1 reads `5:40` as the number 340 and `no` as false; where a reader would be surprised, the
value is refused with the way to write it. Keys come once, and nothing points at another place.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Scalar = None | bool | int | float | str | dt.date
Key = str | dt.date
_TAG = "tag:yaml.org,2002:"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOOKS_LIKE_A_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it stands in a file. line: where it, or the key before it, begins."""

    value: "Scalar | tuple[Given, ...] | dict[Key, Given]"
    line: int


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong on a line of a file; as text it is one line that says so."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.text.split())}"


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document. mistakes: of its scalars and keys; such a value reads as null."""

    given: Given
    mistakes: tuple[Mistake, ...]
    readable: bool = True


def read_documents(file: str, text: str) -> Iterator[Document]:
    """Yield the file's documents; what can't be read any further is a document of one mistake."""
    try:
        for node in yaml.compose_all(text, Loader=_Loader):
            reader = _Reader(file)
            given = reader.read(node)
            yield Document(given, tuple(sorted(reader.mistakes)))
    except yaml.YAMLError as error:
        line, why = _fault(error, text)
        yield Document(Given(None, line), (Mistake(file, line, why),), readable=False)
    except RecursionError:
        deep = Mistake(file, 1, "the file is nested too deeply")
        yield Document(Given(None, 1), (deep,), readable=False)


class _Loader(yaml.SafeLoader):
    """Composes nodes; a value that points at another one is refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # not in its types
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="anchors (&) and aliases (*) are not used in scenarios: write the value "
                "out, or put a text in quotes",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


def _fault(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        problem = getattr(error, "problem", None) or getattr(error, "context", None)
        hint = "; a text with a colon needs quotes" if "mapping values" in str(problem) else ""
        return mark.line + 1, f"this is not YAML: {problem}{hint}"
    position = getattr(error, "position", None)
    if isinstance(position, int):
        return text.count("\n", 0, position) + 1, "this is not YAML: a character that is not text"
    return 1, "this is not YAML"


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []

    def read(self, node: yaml.Node, line: int | None = None) -> Given:
        line = _line(node) if line is None else line
        match node:
            case yaml.MappingNode():
                return Given(self._entries(node), line)
            case yaml.SequenceNode():
                return Given(tuple(self.read(each) for each in node.value), line)
            case _:
                return Given(self._scalar(node), line)

    def _entries(self, node: yaml.MappingNode) -> dict[Key, Given]:
        entries: dict[Key, Given] = {}
        for key_node, value_node in node.value:
            line = _line(key_node)
            key = self._key(key_node)
            value = self.read(value_node, line)
            if key is None:
                continue
            if key in entries:
                self._refuse(line, f"{str(key)!r} stands twice in one place; once is enough")
            entries[key] = value
        return entries

    def _key(self, node: yaml.Node) -> Key | None:
        if isinstance(node, yaml.ScalarNode):
            if node.tag == f"{_TAG}merge":
                self._refuse(_line(node), "merging (<<) is not used in scenarios: write it out")
                return None
            if node.tag == f"{_TAG}timestamp":
                day = self._scalar(node)
                return day if isinstance(day, dt.date) else None
            return str(node.value)
        self._refuse(_line(node), "a key is a word or a date")
        return None

    def _scalar(self, node: yaml.Node) -> Scalar:
        text, line = str(node.value), _line(node)
        match node.tag.removeprefix(_TAG):
            case "str":
                return self._text(text, line, quoted=getattr(node, "style", None) is not None)
            case "null":
                return None
            case "bool" if text in ("true", "false"):
                return text == "true"
            case "bool":
                meant = text.lower() in ("yes", "on", "true")
                self._refuse(
                    line,
                    f"{text} unquoted reads as a truth value: write '{text}' for the word, or "
                    f"{str(meant).lower()}",
                )
            case "int" | "float":
                return self._number(text, line)
            case "timestamp":
                return self._day(text, line)
            case tag:
                self._refuse(line, f"the tag {tag!r} is not used in scenarios")
        return None

    def _text(self, text: str, line: int, *, quoted: bool) -> str:
        if not quoted and _LOOKS_LIKE_A_DAY.fullmatch(text):
            self._refuse(line, f"{text} is no date: one looks like 2026-02-10")
        return text

    def _number(self, text: str, line: int) -> Scalar:
        if ":" in text:
            self._refuse(
                line, f"{text} unquoted reads as a number in YAML: write '{text}' in quotes"
            )
            return None
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        self._refuse(line, f"{text} is a number written in an unusual way: write 12 or 1.5")
        return None

    def _day(self, text: str, line: int) -> Scalar:
        if not _DAY.fullmatch(text):
            self._refuse(line, f"{text} is no date: one looks like 2026-02-10; quote other texts")
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._refuse(line, f"there is no day {text}: a date looks like 2026-02-10")
            return None

    def _refuse(self, line: int, text: str) -> None:
        self.mistakes.append(Mistake(self.file, line, text))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def plain(given: Given) -> object:
    """Return the value without its lines, dates as text: as JSON would have it."""
    match given.value:
        case dict():
            return {str(key): plain(value) for key, value in given.value.items()}
        case tuple():
            return [plain(each) for each in given.value]
        case dt.date():
            return given.value.isoformat()
        case scalar:
            return scalar
