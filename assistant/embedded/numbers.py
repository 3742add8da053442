"""Text made plain: lower case, straight quotes, whole contractions, number words as digits."""

import re

from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "×": "x"}
)
_CONTRACTIONS = {
    **{
        word: f"{word[:-1]}'t"
        for word in (
            "cant",
            "dont",
            "didnt",
            "wont",
            "couldnt",
            "havent",
            "hasnt",
            "isnt",
            "wasnt",
            "doesnt",
            "wouldnt",
            "shouldnt",
            "hadnt",
            "arent",
        )
    },
    "im": "i'm",
    "ive": "i've",
    "id": "i'd",
    "whats": "what's",
    "hows": "how's",
    "lets": "let's",
    "whens": "when's",
    "its": "it's",
    "thats": "that's",
    "wheres": "where's",
    "youre": "you're",
    "todays": "today's",
    "tomorrows": "tomorrow's",
    "yesterdays": "yesterday's",
    "cannot": "can't",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
}
_CONTRACTED = re.compile(rf"\b(?:{'|'.join(_CONTRACTIONS)})\b(?!')")
_AFTER_DIGIT = re.compile(r"(?<=\d)½")
_MAYBE_A_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|first|second|third|\w+th)\b"
)


def straight(text: str) -> str:
    """Return the text with straight quotes, plain dashes and no control characters."""
    text = _AFTER_DIGIT.sub(".5", text.translate(_SIGNS)).replace("½", " half ")
    return "".join(c if c.isprintable() else " " for c in text)


def plain(text: str) -> str:
    """Return the text in lower case with number words written as digits."""
    lowered = " ".join(straight(text).lower().split())
    lowered = _CONTRACTED.sub(lambda match: _CONTRACTIONS[match[0]], lowered)
    if not _MAYBE_A_NUMBER_WORD.search(lowered):
        return lowered
    # threshold 0: "one" is a number too
    return str(alpha2digit(lowered, "en", 0))


def number(text: str) -> float:
    """Return a number written with a decimal point or comma."""
    return float(text.replace(",", "."))


def tidy(value: float) -> float:
    """Return the value rounded to two decimals, as a whole number where it is one."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded
