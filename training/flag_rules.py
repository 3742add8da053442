"""Reads the health screen's rules, one file a class in flags/, and finds their signs in a message.

A file's `shared` rules hold in every language, over that language's lists and those of words.toml;
its `phrases` hold in their own. A language is read when a message may be written in it. A sign that
is denied, long past or someone else's is left out.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from training.flag_guards import CONTEXT, OF_ONE_LANGUAGE, Guards, Standing
from training.languages import languages_of
from training.phrase_files import split_lines, split_list, with_full_names
from training.phrases import Phrases, Span
from training.words import read_text

_HELD = "I've put your training on hold, and it stays there until you tell me a doctor cleared you."
_SHARED_WORDS = "words"
_ANY = "any"


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
        for code, table in flag_tables().items()
        if code != _SHARED_WORDS
    ]
    return tuple(sorted(flags, key=lambda flag: flag.urgency))


def find_signs(text: str) -> Iterator[Sign]:
    """Yield the signs in a message, the most urgent first."""
    read = read_text(text)
    shared: dict[str, list[Span]] = {}
    contexts: dict[str, dict[str, list[Span]]] = {}
    signs: list[tuple[Sign, tuple[Span, ...]]] = []
    for language, sentences in languages_of(read, common_words()).items():
        labels, phrases = _compiled(language)
        own = contexts[language] = {}
        for found in phrases.find(read):
            label = labels[found.label]
            if isinstance(label, str):
                kept = own if label in OF_ONE_LANGUAGE else shared
                kept.setdefault(label, []).extend(found.spans)
            elif any(read.sentences[span.start] in sentences for span in found.spans):
                signs.append((Sign(label, language, found.source), found.spans))
    signs.sort(key=lambda each: each[0].flag.urgency)
    places = [span for _, spans in signs for span in spans]
    guards = {each: Guards(read, shared | own, places) for each, own in contexts.items()}
    for sign, spans in signs:
        guard = guards[sign.language]
        if _counts(sign.flag, guard.standing(spans), urgent=guard.asks_for_help):
            yield sign


def _counts(flag: RedFlag, standing: Standing, *, urgent: bool) -> bool:
    if standing is Standing.OTHERS:
        return flag.others == "urgent" and urgent
    if standing is Standing.PAST:
        return flag.history == "counts"
    return standing is Standing.PRESENT


@cache
def common_words() -> dict[str, frozenset[str]]:
    """Return the words that tell each language."""
    return {
        language: frozenset(split_list(table["common"]))
        for language, table in flag_tables()[_SHARED_WORDS].items()
        if language != _ANY
    }


@cache
def _compiled(language: str) -> tuple[list[RedFlag | str], Phrases]:
    """Return what each label of a language's rules shows (a class, or a context), and the rules."""
    shared = flag_tables()[_SHARED_WORDS]
    lists: dict[str, tuple[str, ...]] = {}
    labels: list[RedFlag | str] = []
    rules: list[tuple[int, str]] = []

    def keep(prefix: str, *tables: Mapping[str, str]) -> dict[str, str]:
        """Keep the tables' lists and return their full names."""
        merged = {name: value for table in tables for name, value in table.items()}
        lists.update({f"{prefix}{name}": split_list(value) for name, value in merged.items()})
        return {name: f"{prefix}{name}" for name in merged}

    common = keep("", shared.get(_ANY, {}), shared[language])
    for name in CONTEXT:
        if name in common:
            labels.append(name)
            rules.append((len(labels) - 1, f"<{name}>"))
    for flag in load_flags():
        table = flag_tables()[flag.code]
        own = dict(table.get(language, {}))
        phrases = split_lines(own.pop("phrases", ""))
        names = common | keep(f"{flag.code}.", table.get(_ANY, {}), own)
        labels.append(flag)
        for phrase in (*flag.phrases, *phrases):
            rule = with_full_names(phrase, names)
            if rule is not None:
                rules.append((len(labels) - 1, rule))
    return labels, Phrases(lists, rules)


@cache
def flag_tables() -> dict[str, dict[str, Any]]:
    """Return the files of flags/ by name: the classes, and the words that they share."""
    folder = files("training") / "flags"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): tomllib.loads((folder / name).read_text("utf-8"))
        for name in found
    }
