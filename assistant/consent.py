"""Reading a runner's yes or no to a proposal. Only a plain one counts."""

import re

_YES = re.compile(
    r"(?:(?:oh |well )?(?:yes|yep|yeah|yup|ye|y|sure|ok|okay|absolutely|definitely|of course|"
    r"agreed|correct|confirm(?:ed)?|do it|go ahead|go for it|please do|sounds good|looks good|"
    r"great|perfect|fine|that works|works for me|apply it|accept(?:ed)?|let'?s do it|please|"
    r"thanks|thank you|do that|use it|i accept|make it so)[\s,.!;:)]*)+"
)
_NO = re.compile(
    r"(?:(?:no|nope|nah|n|don'?t|do not|rather not|not now|no thanks|no thank you|leave it|"
    r"forget it|cancel|never ?mind|keep it(?: as it is)?|thanks|thank you|please|reject(?:ed)?|"
    r"decline(?:d)?)[\s,.!;:)]*)+"
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


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()
