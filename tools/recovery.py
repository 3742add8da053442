"""An injury is over when the runner says so: a model's word alone lifts nothing."""

import re

from storage.turns import read_messages
from tools.context import Context
from tools.errors import NotSaid

_OVER = re.compile(
    r"\b(?:cleared|all[ -]clear|green[ -]light|signed (?:me )?off|discharged|gone|heal(?:ed|s)?|"
    r"recovered|resolved|passed|settled|better|back to normal|pain[ -]?free|no longer|"
    r"no (?:more )?(?:pain|ache|sore\w*|injur\w*|hurt\w*|issues?)|not (?:hurt|sore)\w*|"
    r"(?:doesn'?t|don'?t|didn'?t|stopped) (?:hurt|ach|bother)\w*|remove|delete|"
    r"take .{0,40}\b(?:off|out)|ready to run|"
    r"(?:is|are|was|'s|i'?m|am|feels?|felt|feeling|seems?|all) (?:\w+ ){0,3}"
    r"(?:fine|good|great|ok(?:ay)?|well|over|clear|normal)|(?:fine|good|ok(?:ay)?) (?:now|again)|"
    r"geheilt|weg|vorbei|wieder (?:gut|fit|ok)|schmerzfrei|beschwerdefrei|keine? schmerz\w*|"
    r"(?:est[aáo]y?) (?:\w+ )?(?:bien|mejor)|curad[oa]|recuperad[oa]|sin dolor|guéri\w*|"
    r"va (?:bien|mieux|bene|meglio)|passée?|plus mal|guarit[oa]|passat[oa]|senza dolore|"
    r"melhor|curad[oa]|sem dor|genezen|hersteld|weer goed|geen pijn)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not|isn'?t|hasn'?t|nowhere|never|hardly|barely) (?:\w+ ){0,2}"
    r"(?:clear\w*|fine|better|good|great|ok(?:ay)?|well|gone|over|heal\w*|recovered|normal)\b",
    re.IGNORECASE,
)


def require_recovery_said(context: Context, what: str) -> None:
    """Raise NotSaid where the runner's message of this turn does not say that it is over."""
    messages = read_messages(context.session, context.user_id, context.turn_id)
    said = next(message.text for message in messages if message.role == "user")
    if not says_recovered(said):
        raise NotSaid(
            f"the runner has not said that {what} is over; ask, and clear it once they say so in "
            "words such as 'my knee is fine again'"
        )


def says_recovered(text: str) -> bool:
    """Whether a message says of something that it is over. Generous: it only has to be said."""
    plain = text.replace("’", "'")
    return _OVER.search(_NOT_YET.sub(" ", plain)) is not None
