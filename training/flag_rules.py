"""Reads the health screen's rules, one file a class in flags/, and finds their signs in a message.

A file's `shared` rules hold in every language, over that language's lists and those of words.toml;
its `phrases` hold in their own. A sign that is denied, long past or someone else's is left out.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from training.phrase_files import split_lines, split_list
from training.phrases import Phrases, Span, Text, read_text

_HELD = "I've put your training on hold, and it stays there until you tell me a doctor cleared you."
_SHARED_WORDS = "words"
_ANY = "any"
_TELLING_WORDS = 2  # as many common words tell a language
_OF_ONE_LANGUAGE = ("negation", "turn", "denied_after")
_DENIED_WORDS = 3  # how far a "no" reaches
_SUBJECT_WORDS = 6  # how far whom it is about may stand before it
_CONTEXT = ("negation", "turn", "denied_after", "other_person", "stranger", "past", "now", "common")


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One class of signs. pauses: the whole plan, intensity alone, or nothing.

    others: whether it counts in another person ("never", "urgent"). history: whether it still
    counts long after ("ignored", "counts"). cleared: whether a clinician's word ends it at once.
    """

    code: str
    urgency: int
    pauses: Literal["plan", "intensity"] | None
    others: str
    history: str
    cleared: bool
    says: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A rule that fits: its class and the phrase."""

    flag: RedFlag
    language: str
    phrase: str


@cache
def load_flags() -> tuple[RedFlag, ...]:
    """Return the classes, the most urgent first."""
    flags = [
        RedFlag(
            code=code,
            urgency=table["urgency"],
            pauses=table["pauses"],
            others=table["others"],
            history=table.get("history", "ignored"),
            cleared=table.get("cleared", False),
            says=table["says"] + (f" {_HELD}" if table["pauses"] == "plan" else ""),
            phrases=split_lines(table["shared"]),
        )
        for code, table in _tables().items()
        if code != _SHARED_WORDS
    ]
    return tuple(sorted(flags, key=lambda flag: flag.urgency))


def find_signs(text: str) -> Iterator[Sign]:
    """Yield the signs in a message, the most urgent first."""
    labels, phrases = _compiled()
    read = read_text(text)
    context: dict[tuple[str, str], list[Span]] = {}
    signs: list[tuple[Sign, tuple[Span, ...]]] = []
    for found in phrases.find(read):
        label = labels[found.label]
        if isinstance(label, tuple):
            context.setdefault(label, []).extend(found.spans)
        else:
            signs.append((Sign(label.flag, label.language, found.source), found.spans))
    signs.sort(key=lambda each: each[0].flag.urgency)
    known = Counter({name: len(each) for (kind, name), each in context.items() if kind == "common"})
    told = max(known.values(), default=0) >= _TELLING_WORDS
    for sign, spans in signs:
        if told and not known[sign.language]:
            continue  # a word of one language that means something else in another
        if _counts(read, sign, spans, context):
            yield sign


def _counts(
    read: Text,
    sign: Sign,
    spans: tuple[Span, ...],
    context: Mapping[tuple[str, str], list[Span]],
) -> bool:
    def near(name: str) -> list[Span]:
        if name in _OF_ONE_LANGUAGE:
            return context.get((name, sign.language), [])
        return [span for (kind, _), each in context.items() if kind == name for span in each]

    own = {place for span in spans for place in range(span.start, span.end)}
    turns = {span.start for span in near("turn")}
    if any(
        denial.start not in own and any(_reaches(read, denial, span, turns) for span in spans)
        for denial in near("negation")
    ):
        return False
    if any(
        denial.start not in own and any(_follows(read, denial, span) for span in spans)
        for denial in near("denied_after")
    ):
        return False
    sentences = {read.sentences[span.start] for span in spans}
    first = min(span.start for span in spans)

    def before(name: str) -> bool:
        return any(
            s.start not in own
            and 0 <= first - s.end <= _SUBJECT_WORDS
            and read.sentences[s.start] in sentences
            for s in near(name)
        )

    long_ago = near("past")
    past = any(read.sentences[s.start] in sentences for s in long_ago)
    now = any(
        not any(s.start <= each.start and each.end <= s.end for s in long_ago)
        for each in near("now")
    )
    if sign.flag.history == "ignored" and past and not now:
        return False
    if before("stranger") and not now:
        return False
    return not before("other_person") or sign.flag.others == "urgent"


def _reaches(read: Text, denial: Span, span: Span, turns: set[int]) -> bool:
    """Whether a "no" before the words denies them: near, in their clause, no "but" in between."""
    away = span.start - denial.end
    if not 0 <= away <= _DENIED_WORDS or read.clauses[denial.start] != read.clauses[span.start]:
        return False
    return turns.isdisjoint(range(denial.end, span.start))


def _follows(read: Text, denial: Span, span: Span) -> bool:
    """Whether the words are denied right after them."""
    near = 0 <= denial.start - span.end <= 2
    return near and read.clauses[denial.start] == read.clauses[span.start]


@dataclass(frozen=True, slots=True)
class _Label:
    flag: RedFlag
    language: str


@cache
def _compiled() -> tuple[list[_Label | tuple[str, str]], Phrases]:
    tables = _tables()
    shared = tables[_SHARED_WORDS]
    lists: dict[str, tuple[str, ...]] = {}
    labels: list[_Label | tuple[str, str]] = []
    rules: list[tuple[int, str]] = []

    def named(phrase: str, names: Mapping[str, str]) -> str | None:
        """Return the rule with its lists' full names; None where the language lacks one."""
        kept = []
        for part in phrase.split(" & "):
            wanted = {piece.split(">")[0] for piece in part.split("<")[1:]}
            if wanted <= names.keys():
                for name in wanted:
                    part = part.replace(f"<{name}>", f"<{names[name]}>")
                kept.append(part)
            elif not part.strip().startswith("!"):
                return None
        return " & ".join(kept)

    def keep(prefix: str, *tables: Mapping[str, str]) -> dict[str, str]:
        """Keep the tables' lists and return their full names."""
        merged = {name: value for table in tables for name, value in table.items()}
        lists.update({f"{prefix}.{name}": split_list(value) for name, value in merged.items()})
        return {name: f"{prefix}.{name}" for name in merged}

    languages = [name for name, value in shared.items() if isinstance(value, dict) and name != _ANY]
    common = {}
    for language in languages:
        common[language] = keep(language, shared.get(_ANY, {}), shared[language])
        for name in _CONTEXT:
            labels.append((name, language))
            rules.append((len(labels) - 1, f"<{language}.{name}>"))
    for flag in load_flags():
        table = tables[flag.code]
        for language in languages:
            own = dict(table.get(language, {}))
            phrases = split_lines(own.pop("phrases", ""))
            names = common[language] | keep(f"{language}.{flag.code}", table.get(_ANY, {}), own)
            labels.append(_Label(flag, language))
            for phrase in (*flag.phrases, *phrases):
                rule = named(phrase, names)
                if rule is not None:
                    rules.append((len(labels) - 1, rule))
    return labels, Phrases(lists, rules)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    folder = files("training") / "flags"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): tomllib.loads((folder / name).read_text("utf-8"))
        for name in found
    }
