"""Words that ask for a doctor, not a coach: a deterministic screen, made without any model.

The signs and what is said about them are data, in flags/. Not clinically reviewed.
"""

import re

from training.flag_rules import RedFlag, find_signs

_CLINICIAN = (
    r"(?:doctor|doc|gp|physio(?:therapist)?|cardiologist|clinician|midwife|specialist|hospital)"
)
_CLEARED = re.compile(
    rf"\b{_CLINICIAN}\b.{{0,40}}\b(?:cleared me|all[ -]clear|"
    r"gave me the (?:ok|okay|all[ -]clear|green light)|"
    r"(?:says?|said) (?:i'?m|i am|it'?s|it is|i can|everything is) (?:all )?"
    r"(?:fine|ok|okay|clear|good to (?:run|go)|allowed to run|run again|train again))"
    rf"|\b(?:cleared|all[ -]clear).{{0,20}}\b(?:by|from) (?:my |the |a )?{_CLINICIAN}\b"
)


_NOT_CLEARED = re.compile(
    r"\b(?:not|never|no|only|just to|barely|wish|hope|will|would|if|when|until|unless|before|"
    r"should|walk(?:ing)?|except|but)\b|n't|\?"
)


def screen(text: str) -> RedFlag | None:
    """Return the most urgent red flag in the text; None where there is none.

    A clinician's clearance in the same text ends what only asks for one.
    """
    cleared = reports_clearance(text)
    flags = (sign.flag for sign in find_signs(text))
    return next((flag for flag in flags if not (cleared and flag.cleared)), None)


def reports_clearance(text: str) -> bool:
    """Whether the runner says that a clinician cleared them."""
    plain = _plain(text)
    return _CLEARED.search(plain) is not None and not _NOT_CLEARED.search(plain)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))
