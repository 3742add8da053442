"""Reads the phrases of a rules' file, written as a text's words are read."""

import re
from collections.abc import Mapping

from training.words import SPELLED_OUT, fold, join_terms

_WHOLE_WORD = re.compile(rf"(?<![^\s,|])(?:{'|'.join(SPELLED_OUT)})(?![^\s,|])")
_SPACES = re.compile(r"[ \t]{2,}|\t")


def split_list(entries: str) -> tuple[str, ...]:
    """Return the phrases of a list, which commas part."""
    return tuple(part for entry in _plain(entries).split(",") if (part := entry.strip()))


def split_lines(phrases: str) -> tuple[str, ...]:
    """Return the rules of a text, one a line."""
    return tuple(line for each in _plain(phrases).split("\n") if (line := each.strip()))


def with_full_names(phrase: str, names: Mapping[str, str]) -> str | None:
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


def _plain(text: str) -> str:
    """Return phrases as a text's words are read."""
    spelled = _WHOLE_WORD.sub(lambda match: " ".join(SPELLED_OUT[match[0]]), fold(text))
    return _SPACES.sub(" ", join_terms(spelled))
