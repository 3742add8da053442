"""Reading a runner's yes, no or choice among proposals. Only a plain one counts."""

import re
from collections.abc import Sequence

_YES = re.compile(
    r"(?:(?:oh |well )?(?:yes|yep|yeah|yup|ye|y|sure|ok|okay|absolutely|definitely|of course|"
    r"agreed|correct|confirm(?:ed)?|do it|go ahead|go for it|please do|sounds good|looks good|"
    r"great|perfect|fine|that works|works for me|apply it|accept(?:ed)?|let'?s do it|please|"
    r"thanks|thank you|do that|use it|i accept|make it so)[\s,.!;:)]*)+"
)
_NO = re.compile(
    r"(?:(?:no|nope|nah|n|don'?t|do not|rather not|not now|no thanks|no thank you|leave it|"
    r"forget it|cancel|never ?mind|keep it(?: as it is)?|thanks|thank you|please|reject(?:ed)?|"
    r"decline(?:d)?|none(?: of (?:them|these|those|the (?:two|three|options)))?|"
    r"neither(?: of (?:them|these|those|the two))?)[\s,.!;:)]*)+"
)
_NUMBERS = (r"1st|first|1|one", r"2nd|second|2|two", r"3rd|third|3|three")
_ANY = "|".join(_NUMBERS)
_LEAD = (
    r"(?:(?:ok|okay|yes|yeah|yep|sure|alright|well|hm+|then|please)[\s,.!:]+)*"
    r"(?:(?:i'?ll|i will|let'?s|i'?d|i would|i) )?"
    r"(?:(?:rather|like|love|want|prefer|take|choose|pick|do|have|use|apply|try|accept|go with|"
    r"go for|to) )*"
)
_TAIL = r"(?:[\s,.!]+(?:please|thanks|thank you|then|it is|works|sounds good))*[\s.!]*"
_NUMBER = re.compile(
    rf"{_LEAD}(?:the )?(?:(?P<nth>1st|first|2nd|second|3rd|third|last)"
    rf"(?: (?:one|option|way|choice))?|(?:option|number|choice|#) ?(?P<named>{_ANY})|"
    rf"(?P<bare>{_ANY})){_TAIL}"
)
_WORDS = {
    "-shorter": r"(?:make|run|do|keep) it shorter|shorten it|shorter(?: one| run| way| option)?",
    "-longer": r"longer(?: one| rest| way| option)?|(?:more|longer) rest|rest longer",
    "move": r"move(?: it| the run)?|moving(?: it| the run)?",
}
"""What runners call the ways that have a rule of their own, by the end of the rule's id."""
_COUNTS = re.compile(
    r"\bhow (?:bad|hard|many|much|far|long|strong|sore|tired|fast|old)\b[^.!?]*\?|"
    r"\b(?:0|1|zero|one) to (?:10|ten)\b"
)
_POLITE = re.compile(r"(?:please|thanks|thank you|great|fine|perfect)[\s,.!;:)]*")


def is_yes(text: str) -> bool:
    """Whether the whole message says yes and nothing else."""
    plain = _plain(text)
    return bool(_YES.fullmatch(plain)) and not _POLITE.fullmatch(plain)


def is_no(text: str) -> bool:
    """Whether the whole message says no and nothing else."""
    plain = _plain(text)
    return bool(_NO.fullmatch(plain)) and not _POLITE.fullmatch(plain)


def read_choice(text: str, rules: Sequence[str], asked: str) -> int | None:
    """Return the index of the proposal that the whole message accepts, None for an unclear one.

    rules: of the proposals, in the order in which they were numbered. asked: the reply that put
    them to the runner: a yes takes the first, unless that reply asked about another one, and a bare
    number counts only where the reply asked for no other number. One proposal takes a yes alone.
    """
    plain = _plain(text)
    if is_yes(text):
        return 0 if len(rules) == 1 or not _asks_for_another(asked, rules) else None
    if len(rules) < 2:
        return None
    match = _NUMBER.fullmatch(plain)
    if match is None:
        named = _named(plain, rules)
        return named[0] if len(named) == 1 else None
    if match["bare"] and _COUNTS.search(_plain(asked)):
        return None
    said = match["nth"] or match["named"] or match["bare"]
    if said == "last":
        return len(rules) - 1
    index = next(i for i, words in enumerate(_NUMBERS) if said in words.split("|"))
    return index if index < len(rules) else None


def _named(plain: str, rules: Sequence[str]) -> list[int]:
    """Return the proposals that a message names by what they do, and by nothing else."""
    return [
        index
        for index, rule in enumerate(rules)
        for end, words in _WORDS.items()
        if rule.endswith(end) and re.fullmatch(rf"{_LEAD}(?:the |a )?(?:{words}){_TAIL}", plain)
    ]


def _asks_for_another(asked: str, rules: Sequence[str]) -> bool:
    """Whether the last question is about another proposal and not about the first."""
    question = re.split(r"[.!?\n]\s+", _plain(asked).rpartition("?")[0])[-1]
    firsts = _NUMBERS[0].removesuffix("|one")
    if re.search(rf"\b(?:{firsts})\b", question):
        return False
    others = "|".join(
        [*_NUMBERS[1:], "last", *(w for end, w in _WORDS.items() if _has(rules, end))]
    )
    return re.search(rf"\b(?:{others})\b", question) is not None


def _has(rules: Sequence[str], end: str) -> bool:
    return any(rule.endswith(end) for rule in rules)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()
