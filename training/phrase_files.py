"""Reads the phrases of a rules' file, written as a text's words are read."""

import re
import unicodedata

from training.words import join_terms

_WHOLE = {"im": "i am", "ive": "i have", "cannot": "cant"}
_WHOLE_WORD = re.compile(r"(?<![^\s,|])(?:im|ive|cannot)(?![^\s,|])")
_SPACES = re.compile(r"[ \t]{2,}|\t")


def split_list(entries: str) -> tuple[str, ...]:
    """Return the phrases of a list, which commas part."""
    return tuple(part for entry in _plain(entries).split(",") if (part := entry.strip()))


def split_lines(phrases: str) -> tuple[str, ...]:
    """Return the rules of a text, one a line."""
    return tuple(line for each in _plain(phrases).split("\n") if (line := each.strip()))


def _plain(text: str) -> str:
    """Return phrases as a text's words are read."""
    if not text.isascii():
        marked = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in marked if not unicodedata.combining(c))
    text = join_terms(_WHOLE_WORD.sub(lambda match: _WHOLE[match[0]], text.lower()))
    return _SPACES.sub(" ", text)
