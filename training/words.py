"""Reads a message as words: lower case, without accents, by clauses and sentences."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A message as words. Clauses end at commas, sentences at full stops; both are numbered."""

    words: tuple[str, ...]
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]


_JOINED = re.compile(r"n't\b|'(?:s|d|m|ve|re|ll)\b|'")
_SPOKEN = {"n't": "nt", "'s": "", "'d": "", "'m": " am", "'ve": " have", "'re": " are"}
_SPOKEN |= {"'ll": " will", "'": " "}
_QUOTES = str.maketrans("’‘´`ʼ′“”«»", "''''''\"\"\"\"", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_MARKS = re.compile("[\u0300-\u036f]+")
_LONG_DRAWN = re.compile(r"([a-z])\1{2,}")
_PIECE = re.compile(r"\d+(?:[.,]\d+)?(?!\d)|[^\W\d_]+|[.!?;\n]|[,:()\"]|\s[-–—]+\s|[🤰💊]")
_TERM = re.compile(r"\bheart[ -]?rate(?=s?\b)")
SPELLED_OUT = {"im": ("i", "am"), "ive": ("i", "have"), "cannot": ("cant",), "🤰": ("pregnant",)}
SPELLED_OUT |= {"💊": ("pills",)}


def fold(text: str) -> str:
    """Return the text in lower case, without accents."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    return _MARKS.sub("", unicodedata.normalize("NFKD", plain)).replace("ı", "i")


def join_terms(text: str) -> str:
    """Write a measured number's name as one word (a heart rate is no heart), "sooo" as "so"."""
    return _TERM.sub("heartrate", _LONG_DRAWN.sub(r"\1", text))


def read_text(text: str) -> Text:
    """Return the text's words: lower case, without accents, contractions spelled one way."""
    plain = fold(text.translate(_QUOTES))
    plain = join_terms(_JOINED.sub(lambda match: _SPOKEN[match[0]], plain))
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    clause = sentence = 0
    for piece in _PIECE.findall(plain):
        if piece in ".!?;\n":
            clause, sentence = clause + 1, sentence + 1
        elif piece in ',:()"' or piece[0].isspace():
            clause += 1
        else:
            for word in SPELLED_OUT.get(piece, (piece,)):
                words.append(word)
                clauses.append(clause)
                sentences.append(sentence)
    return Text(tuple(words), tuple(clauses), tuple(sentences))
