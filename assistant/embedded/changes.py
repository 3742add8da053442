"""Changes of the plan that runners ask for or need: what adapt_plan is called with."""

import datetime as dt
import re
from typing import Any

from assistant.embedded.bodies import (
    body_part,
    illness_is_over,
    illness_was_meant,
    names_illness,
    names_illness_over,
    names_pain,
    pain_is_over,
    pain_signs,
    symptoms,
)
from assistant.embedded.context import PlanDay
from assistant.embedded.days import LIST, Mention
from assistant.embedded.messages import TYPES, Call, Message
from assistant.embedded.numbers import plain
from assistant.embedded.turns import Done

UNDO = re.compile(
    r"\b(?:undo|undone|revert|roll\s*(?:it|that)?\s*back|take\s+(?:it|that|this"
    r"|the\s+(?:last\s+)?change)\s+back|(?:put|change|switch|move|set)\s+(?:it|that"
    r"|everything|things|them|the\s+plan)\s+(?:all\s+)?back(?:\s+(?:how|to\s+(?:how|what"
    r"|the\s+way)|the\s+way|as|please|again|to\s+normal)|\s*$|\s*[,.!])"
    r"|go\s+back\s+to\s+(?:the\s+)?(?:old|previous|former|original|last|how|what)|restore"
    r"|cancel\s+(?:that|the)\s+(?:last\s+)?change|reverse\s+(?:that|it|the)"
    r"|never\s*mind\s+(?:that|the)\s+change|back\s+(?:to\s+)?how\s+it\s+was|(?:old|previous"
    r"|original)\s+(?:plan|version|schedule)\s+back)\b"
)
PREVIEW = re.compile(
    r"\b(?:what\s+if|what\s+(?:would|will|happens?|changes?)\b.{0,20}\bif\b|what\s+(?:would"
    r"|will)\s+(?:happen|change)|hypothetically|(?:don't|do\s+not|without)\s+(?:change"
    r"|chang(?:e|ing)|apply(?:ing)?|touch(?:ing)?|save|sav(?:e|ing))\s+(?:anything|it|yet"
    r"|the)|just\s+(?:show|curious|wondering)|how\s+would\s+(?:it|the\s+plan|my\s+plan|that"
    r"|things)|preview|suppose|if\s+i\s+(?:were|was)\s+to|would\s+it\s+(?:change|affect"
    r"|matter))\b"
)
_UNDO_KINDS = {
    "move": re.compile(r"\b(?:the|that|my)\s+(?:move|moving|shift)\b"),
    "swap": re.compile(r"\b(?:the|that|my)\s+swap\b"),
    "goal": re.compile(
        r"\b(?:the|that|my)\s+(?:new\s+)?(?:goal|race\s+(?:day|date)(?:\s+change)?)\b"
    ),
    "illness": re.compile(r"\b(?:the|that|my)\s+(?:illness|sick(?:ness|\s+days?))\b"),
    "availability": re.compile(r"\b(?:the|that|my)\s+(?:days|availability|holiday|day\s+off)\b"),
    "missed": re.compile(r"\b(?:the|that|my)\s+(?:skip(?:ped)?|missed|dropped)\b"),
    "fatigue": re.compile(r"\b(?:the|that|my)\s+(?:easy\s+week|easing|tired)"),
    "tune_up": re.compile(r"\b(?:the|that|my)\s+(?:tune.?up|10k|5k|half)\s*(?:race)?\b"),
}
_TUNE_UP = re.compile(r"\b(?:tune.?up|race|racing|parkrun)\b")
_SWAP = re.compile(r"\b(?:swap(?:ped|ping)?|switch(?:ed|ing)?|trade|exchange|flip|interchange)\b")
_MOVE = re.compile(
    r"\b(?:mov(?:e|ed|ing)|shift(?:ed|ing)?|push(?:ed|ing)?|postpon(?:e|ed|ing)|delay(?:ed"
    r"|ing)?|reschedul(?:e|ed|ing)|bring|brought|pull|slide|bump|change|switch|put|transfer"
    r"|drag|(?:do|run|fit|squeeze)\s+(?:in\s+)?(?:the|my|it|that|this|«|long|tempo|easy"
    r"|intervals?|wk_#)|swap|(?:if|hypothetically)\s+i\s+(?:did|ran|put))\b"
)
_STRONG_MOVE = re.compile(
    r"\b(?:mov(?:e|ed|ing)|shift(?:ed|ing)?|push(?:ed|ing)?|postpon(?:e|ed|ing)|delay(?:ed"
    r"|ing)?|reschedul(?:e|ed|ing)|bring|brought|pull|slide|bump|put|transfer|drag)\b"
)
_CANNOT = re.compile(
    r"\b(?:can't|cannot|won't|couldn't|not|unable\s+to|(?:not|n't)\s+(?:\w+\s+)?to)\s+(?:run|do|fit|squeeze)\b"
)
_BY_DAYS = re.compile(
    r"\b(?:by|back|forward|forwards|earlier|later|ahead|up)\b.{0,10}?\b(?P<n>a|an"
    r"|\d)\s+days?\b|\b(?:push|postpone|delay|shift|move)\b[^«]*?\b(?P<k>a|an|\d)\s+days?\b|\b(?P<m>a|an|\d)\s+days?\s+(?:back|forward|forwards|earlier|later"
    r"|ahead)\b"
)
_EARLIER = re.compile(r"\b(?:forward|forwards|earlier|ahead|bring|brought|up|sooner)\b")
_TARGET = re.compile(r"\b(?:to|on|onto|until|till|for|into|at)\s+(?:the\s+|early\s+)?«([a-z]+)»")

_SKIP = re.compile(
    r"\b(?:(?:will|'ll|going\s+to|have\s+to|need\s+to|want\s+to|might|should|can|could|may"
    r"|let\s+me|i'd\s+(?:like|rather|love)(?:\s+to)?|must|if)\s+(?:i\s+|we\s+|just\s+"
    r"|probably\s+)*(?:miss|skip|drop)|^(?:please\s+|can\s+you\s+|can\s+i\s+"
    r"|let's\s+)?(?:skip|drop|cancel|remove|scratch|delete)|skipping|missing"
    r"|won't\s+be\s+(?:running|able\s+to\s+run)|won't\s+(?:run|make)"
    r"|not\s+(?:going\s+to\s+)?(?:run|running|be\s+running)|if\s+i\s+(?:skip|miss|skipped"
    r"|missed|dropped))\b"
)
_MISSED = re.compile(
    r"\b(?:missed|skipped|didn't\s+(?:do|run|make|get|go|manage|have\s+time|train"
    r"|feel\s+like)|did\s+not\s+(?:do|run|make|get|go|manage|train)|couldn't\s+(?:run|make"
    r"|get|go|do|train|manage)|could\s+not\s+(?:run|make|get|go|do|train)|no\s+(?:run|running"
    r"|training|workout)\b|never\s+(?:ran|went|made|got|did)|blew\s+off|bailed\s+on"
    r"|failed\s+to\s+(?:run|get|do)|haven't\s+(?:run|done|been|trained|managed)"
    r"|wasn't\s+able\s+to\s+(?:run|do|train|go)|ditched|slept\s+(?:through|in)"
    r"|forgot\s+(?:to\s+(?:run|do)|my\s+(?:run|workout))|overslept)\b"
)
_ONE_RUN = re.compile(
    r"\b(?:a|an|one|1|my|the)\s+(?:\w+\s+)?(?:run|workout|session|tempo|long|easy|intervals?)\b(?!s)"
)
_WHICH_MISSED = "Which day was it? Then I can note it and look at the rest of the week."
_NOT_MISSED = re.compile(
    r"\b(?:didn't|not|never|haven't|hate\s+to|don't\s+want\s+to)\s+miss(?:ed)?\b"
    r"|\bdidn't\s+(?:do|run|go|get|make)\s+(?:that|so|too|very|it\s+all|all|the\s+whole|well"
    r"|great|as)\b|\bno\s+(?:run|training)\s+(?:is|was)\b"
)
_GAP = re.compile(
    r"\b(?:no\s+(?:run|runs|running|training)|haven't\s+(?:been\s+)?(?:run(?:ning)?|trained"
    r"|training|done\s+any(?:thing)?|been\s+out|been\s+able\s+to\s+run|been)|not\s+run"
    r"|didn't\s+run|off|out|break|without\s+(?:running|a\s+run|training)|missed|skipped"
    r"|pause[d]?|layoff|hiatus|stopped\s+running|(?:last|since)\s+(?:my\s+last\s+)?run"
    r"|my\s+last\s+run\s+was)\b"
)
_SPAN = re.compile(
    r"\b(?P<n>\d{1,3}|a|an|one|couple\s+of|a\s+couple\s+of|a\s+whole"
    r"|the\s+whole)\s+(?:(?:whole|full|entire)\s+)?(?P<unit>days?|weeks?|months?)\b"
)
_OFF = re.compile(
    r"\b(?:can't\s+(?:run|make|do|train|go|get|work\s*out)|can\s+not\s+(?:run|make|do|train)"
    r"|unable\s+to\s+(?:run|train)|won't\s+be\s+(?:able|around|running|available|home)"
    r"|won't\s+have\s+time|won't\s+(?:run|make|manage)|not\s+(?:able\s+to\s+(?:run|train)"
    r"|available|possible|free)|unavailable|away|travel(?:l?ing)?|trip|holidays?|vacation"
    r"|busy|no\s+time|no\s+running|no\s+run|out\s+of\s+town|i'm\s+out|impossible|doesn't\s+work"
    r"|don't\s+work|not\s+work(?:ing)?\s+for\s+me|is\s+(?:out|no\s+good|off)|are\s+out"
    r"|block(?:ed)?\s+(?:off|out)?|day\s+off|days\s+off|take\s+.{0,25}\boff"
    r"|took\s+.{0,25}\boff|taking\s+.{0,25}\boff|have\s+.{0,25}\boff|off\s+on|on\s+call"
    r"|conference|wedding|fully\s+booked|can't)\b"
)
_BETWEEN = re.compile(
    r"«[a-z]+»\s*(?:-|to|through|thru|till|until|up\s+to)\s*«|\bbetween\s+«[a-z]+»\s+and\s+«"
)
_NEXT_DAYS = re.compile(r"\b(?:next|coming)\s+(\d{1,2})\s+(days|weeks?)\b")
_TIRED = re.compile(
    r"\b(?:exhaust(?:ed|ion|ing)|tired(?:ness)?|fatigued?|worn\s+out|wiped(?:\s+out)?"
    r"|knackered|shattered|drained|burn(?:t|ed)\s*out|burn\s*out|burnout|overtrain(?:ed|ing)"
    r"|run\s+down|beat\s+up|no\s+energy|low\s+energy|out\s+of\s+energy|zero\s+energy|(?:legs?"
    r"|body|quads|calves|hamstrings)\s+(?:are|is|feels?|feeling|felt|have\s+been"
    r"|been)?\s*(?:\w+\s+){0,3}?(?:dead|heavy|trashed|shot|toast|wrecked|fried|tired|sore"
    r"|like\s+(?:lead|concrete|jelly|bricks)|cooked|gone)|dead\s+legs|heavy\s+legs"
    r"|sore(?:ness)?|doms|(?:too|so)\s+(?:hard|much|tough|heavy|intense)\s+(?:for\s+me"
    r"|right\s+now|lately|at\s+the\s+moment)|(?:plan|training|workouts?|sessions?|week"
    r"|program(?:me)?|schedule|load|it|this|everything)\s+(?:is|are|was|feels?|has\s+been"
    r"|seems?)\s+(?:\w+\s+)?(?:too|so)\s+(?:hard|much|tough|heavy|intense|high)|need\s+(?:a|an"
    r"|some)\s+(?:break|rest|easier\s+week|lighter\s+week|easy\s+week|recovery\s+week"
    r"|rest\s+day|down\s+week|cutback)|(?:easier|lighter|cutback|deload)\s+week"
    r"|can't\s+recover|not\s+recover(?:ed|ing)|struggling\s+to\s+(?:recover|keep\s+up)"
    r"|overwhelmed|sleeping\s+(?:badly|terribly)|take\s+it\s+easier|make\s+(?:it|the\s+plan"
    r"|this\s+week|things|training)\s+(?:\w+\s+)?(?:easier|lighter)|tone\s+it\s+down"
    r"|dial\s+(?:it\s+)?back|less\s+(?:training|running|volume))\b"
)
_NOT_TIRED = re.compile(
    r"\b(?:not|isn't|wasn't|aren't|no\s+longer|don't\s+feel|less)\s+(?:\w+\s+)?(?:tired|sore"
    r"|exhausted|fatigued)\b|\b(?:no|zero|without)\s+(?:soreness|fatigue|tiredness)\b"
    r"|\bsore\s+throat\b"
)
_STRONG = re.compile(
    r"\b(?:(?:feel(?:ing|s)?|felt|i'm|am|getting)\s+(?:\w+\s+){0,3}?(?:strong(?:er)?"
    r"|fit(?:ter)?|invincible|unstoppable|in\s+great\s+shape"
    r"|in\s+(?:the\s+)?(?:best\s+)?shape\s+of\s+my\s+life)|(?:too|way\s+too|so|really|super"
    r"|pretty)\s+easy\b|not\s+(?:hard|challenging|tough)\s+enough|(?:ready"
    r"|up)\s+for\s+(?:more|a\s+(?:bigger\s+)?challenge|harder|something\s+harder)|(?:can"
    r"|could|should)\s+(?:we|i|you)\s+(?:do|add|run|increase|have|step|bump|ramp"
    r"|make)\s+(?:\w+\s+){0,4}?(?:more|harder|up|volume|extra|intensity|mileage|tougher)"
    r"|more\s+(?:of\s+a\s+)?(?:challenge|mileage|volume)|give\s+me\s+(?:\w+\s+)?more|push\s+me(?:\s+harder)?|(?:make"
    r"|made)\s+(?:it|the\s+plan|my\s+plan|things|training|this)\s+(?:\w+\s+)?(?:harder"
    r"|tougher|more\s+challenging)|(?:increase|raise|bump\s+up|step\s+up|up)\s+(?:my\s+"
    r"|the\s+)?(?:volume|mileage|intensity|training|pace|paces|load)|harder\s+(?:workouts"
    r"|sessions|training)|want\s+(?:\w+\s+)?(?:more|harder|a\s+challenge)|challenge\s+me"
    r"|update\s+my\s+paces|(?:paces|everything|workouts?|training"
    r"|runs?)\s+(?:\w+\s+){0,3}?(?:too|so)\s+(?:easy|slow))\b"
)
_NOT_STRONG = re.compile(
    r"\b(?:not|don't|isn't|doesn't|n't)\s+(?:\w+\s+)?(?:feel(?:ing)?\s+)?(?:strong|fit"
    r"|too\s+easy|so\s+easy)\b|\bhow\s+(?:do|can)\s+i\s+get\b|\bam\s+i\s+getting\b"
)
_RACE_RESULT = re.compile(
    r"\b(?:raced|race|racing|parkrun|park\s+run|time\s+trial|tt|pb|pr|personal\s+(?:best"
    r"|record)|all\s+out)\b"
)
RACES = (
    (
        "half",
        21.0975,
        re.compile(
            r"\bhalf(?:[ -]?marathon|\s+mara)?\b(?!\s+(?:an?\s+)?hour|\s+of\b|\s+way"
            r"|\s+the\b)|\bhm\b|\b21(?:\.1)?\s*k(?:m)?\b|\b13\.1\s*mi(?:les?)?\b"
        ),
    ),
    (
        "marathon",
        42.195,
        re.compile(r"(?<!half )(?<!half-)(?<!half)\bmarathon\b|\b42(?:\.2)?\s*k(?:m)?\b|\b26\.2\b"),
    ),
    (
        "10k",
        10.0,
        re.compile(r"(?<![\d.,])10\s*-?\s*k(?:m|ms)?\b|(?<![\d.,])10\s*kilomet(?:er|re)s?\b"),
    ),
    (
        "5k",
        5.0,
        re.compile(
            r"(?<![\d.,])5\s*-?\s*k(?:m|ms)?\b|(?<![\d.,])5\s*kilomet(?:er|re)s?\b|\bpark\s*run\b"
        ),
    ),
)
_PAIN_BARE = re.compile(
    r"\b(?:it's|it\s+is|its|about|around|maybe|like|now|level|probably|at)\s+(?:only\s+"
    r"|about\s+|a\s+|an\s+)*(\d{1,2})\b(?!\s*(?:-|to|or)\s*\d)(?!\s*(?:days?|weeks?|am|pm|min|km|k\b|miles?|hours?|%"
    r"|:|\.))"
)
_DAYS_ILL = re.compile(
    r"\b(?:for|last|past|been|about|since|the)\s+(?:(?:about|the\s+last|the\s+past|sick"
    r"|ill)\s+)*(\d{1,3}|a)\s+(days?|weeks?)\b|\b(\d{1,3})\s+(days?|weeks?)\s+(?:of|now"
    r"|already|in|with|sick|ill)\b|\bday\s+(\d{1,2})\b|\bfor\s+(\d{1,2})\s+(days?)\b"
)

Adaptation = dict[str, Any]


def read_undo(text: str) -> Call:
    """Return the call that takes a change back, of the kind that was named where one was."""
    kind = next((kind for kind, words in _UNDO_KINDS.items() if words.search(text)), None)
    return adapt(kind="undo") if kind is None else adapt(kind="undo", undo_kind=kind)


def adapt(**arguments: Any) -> Call:
    """Return a call of adapt_plan without the arguments that are empty; 0 is a value."""
    kept = {
        key: value
        for key, value in arguments.items()
        if value is not False and value not in (None, [], ())
    }
    return "adapt_plan", kept


def race_of(text: str) -> tuple[str, float] | None:
    """Return the race distance that a text names first, as the tools name it, and its km."""
    found = [(match.start(), name, km) for name, km, p in RACES if (match := p.search(text))]
    if not found:
        return None
    _, name, km = min(found)
    return name, km


def read_tune_up(message: Message) -> Call | None:
    """Return a race on the way to the goal: a shorter distance, on a day before race day."""
    context, race = message.context, race_of(message.text)
    days = [day.date() for day in message.days if not day.is_week]
    coming = [day for day in days if day is not None and day > context.today]
    if race is None or len(coming) != 1 or not _TUNE_UP.search(message.text):
        return None
    if context.goal_date is None or coming[0] >= context.goal_date or race[0] == "marathon":
        return None
    return adapt(kind="tune_up", date=coming[0].isoformat(), tune_up_distance=race[0])


def _iso(days: list[dt.date] | tuple[dt.date, ...]) -> list[str]:
    return [day.isoformat() for day in sorted(set(days))][:31]


# Move and swap


def read_swap(message: Message, text: str) -> Call | str | None:
    """Return a swap of two days' workouts; a question where only one of them is known."""
    pairs = _typed_days(message, text)
    if len(pairs) == 2 and not _SWAP.search(text):
        (first, first_to), (second, second_to) = pairs
        if first.date == second_to and second.date == first_to:
            return adapt(kind="swap", date=first_to.isoformat(), to_date=second_to.isoformat())
        return None
    if not _SWAP.search(text) or re.search(
        r"\b(?:miles?|kilomet\w+|km|units|goal|race|marathon|distance)\b", text
    ):
        return None
    if re.search(r"\b(?:switch|swap)\b.*\bto\s+(?:the\s+)?«", text):
        return None  # "switch the long run to Saturday" is a move
    dates = _named_dates(message, text)
    if len(dates) >= 2 and dates[0] != dates[1]:
        return adapt(kind="swap", date=dates[0].isoformat(), to_date=dates[1].isoformat())
    return 'Which two days should I swap? For example "swap Thursday and Sunday".'


def _typed_days(message: Message, text: str) -> list[tuple[PlanDay, dt.date]]:
    """Return each "the tempo on Sunday" as the workout named and the day given."""
    found = []
    for part in re.split(r"\band\b|,", text):
        workout, days = message.workout_of(part), message.days_of(part)
        date = days[0].date() if days else None
        if workout is not None and date is not None:
            found.append((workout, date))
    return found


def _named_dates(message: Message, text: str) -> list[dt.date]:
    """Return the dates of the days and workout types in a text, in its order."""
    days = iter([day for day in message.days_of(text) if not day.is_week])
    found: list[dt.date] = []
    spots: list[tuple[int, dt.date | None]] = []
    for match in re.finditer(r"«[a-z]+»", text):
        if not message.days_of(match[0])[0].is_week:
            day = next(days, None)
            spots.append((match.start(), day.date() if day else None))
    for kind, pattern in TYPES:
        for match in pattern.finditer(text):
            workout = message.context.coming(kind)
            if workout is not None and not _is_dated(text, match.start(), match.end()):
                spots.append((match.start(), workout.date))
    for _, date in sorted(spots, key=lambda spot: spot[0]):
        if date is not None and date not in found:
            found.append(date)
    return found


def _is_dated(text: str, start: int, end: int) -> bool:
    """Whether a workout's type stands beside its day: "Thursday's tempo", "the tempo on Sunday"."""
    before = re.search(r"»(?:'s|\s|the|my)*$", text[:start])
    after = re.match(r"(?:run|\s|on|this|next|of|for|planned)*«", text[end:])
    return before is not None or after is not None


def read_move(message: Message, text: str, *, off: tuple[dt.date, ...] = ()) -> Call | str | None:
    """Return a move of one workout; a question where its day or the target is missing.

    off: days that the same message says are not possible, the source where none is named.
    """
    match = _MOVE.search(_CANNOT.sub(" ", text))
    if match is None and "instead" not in text:
        return None
    if (_MISSED.search(text) or looks_weekly(text)) and not _STRONG_MOVE.search(text):
        return None
    if re.search(r"^\W*(?:what|how|why|when|which|where)\b", text) and not PREVIEW.search(text):
        return None
    strong = _STRONG_MOVE.search(text)
    if strong and re.search(
        r"\b(?:race|goal|event|push\s+(?:me|myself|through|harder)|put\s+down"
        r"|pull(?:ed)?\s+(?:a|my|something)|run\s+down)\b",
        text,
    ):
        return None
    days = [day for day in message.days_of(text, spread=False) if not day.is_week]
    workout = message.workout_of(text)
    if workout is None and message.ids:
        workout = message.context.by_id(message.ids[0])
    today = message.context.today
    shift = _BY_DAYS.search(text)
    if strong and shift is not None and len(days) <= 1:
        source = days[0].date() if days else (workout.date if workout else None)
        if source is not None:
            count = shift["n"] or shift["m"] or shift["k"]
            step = 1 if count in ("a", "an") else int(count)
            back = _EARLIER.search(text) and not re.search(
                r"\b(?:back|postpone|delay|later)\b", text
            )
            target = source + dt.timedelta(days=-step if back else step)
            return adapt(kind="move", date=source.isoformat(), to_date=target.isoformat())
    source_to = _source_and_target(message, text, days, workout, off)
    if source_to is None:
        if not strong:
            return None
        if re.search(r"\b(?:it|that|this|runs?|workout|session|tempo|long|day|training)\b|«", text):
            return "Which workout should I move, and to which day?"
        return None
    own = any(day.possessive for day in days) or re.search(r"\b(?:my|the|that|it)\s+run\b", text)
    if not (strong or workout or off or own or "instead" in text or _SWAP.search(text)):
        return None
    source, target = source_to
    if target < today:
        return (
            "That day is in the past, so nothing can be planned on it. Which coming day suits you?"
        )
    if source == target:
        return None
    return adapt(kind="move", date=source.isoformat(), to_date=target.isoformat())


def _source_and_target(
    message: Message,
    text: str,
    days: list[Mention],
    workout: PlanDay | None,
    off: tuple[dt.date, ...],
) -> tuple[dt.date, dt.date] | None:
    if len(days) >= 2:
        source, target = days[0], days[-1]
        aimed = _TARGET.search(text)
        if (aimed is not None and re.search(r"\bfrom\b", text[aimed.end() :])) or re.search(
            r"\binstead\s+of\s+(?:on\s+)?«[a-z]+»\s*\W*$", text
        ):
            source, target = days[-1], days[0]
        first, last = source.date(), target.date()
        if first is None or last is None:
            return None
        if workout is not None and last == workout.date and first != workout.date and aimed is None:
            first, last = last, first
        return first, last
    if len(days) == 1:
        target_date = days[0].date()
        source_date = workout.date if workout is not None else (off[0] if off else None)
        if days[0].possessive and workout is not None and workout.date == target_date:
            return None
        if target_date is not None and source_date is not None and source_date != target_date:
            return source_date, target_date
    return None


# Missed, skipped, off


def read_missed(message: Message, text: str) -> tuple[Call, ...] | str | None:
    """Return the logs of missed workouts and the adaptation after them."""
    if _NOT_MISSED.search(text):
        return None
    missed = _MISSED.search(text)
    if missed is None:
        return None
    if missed[0].startswith("no ") and any(
        day.is_week or (day.day is None and day.modifier not in ("last", "this past"))
        for day in message.days_of(text)
    ):
        return None  # "no running Friday" is said ahead
    if re.search(
        r"\b(?:couldn't|didn't)\s+(?:finish|complete|do\s+it\s+all|make\s+it\s+(?:to"
        r"|through))\b|\bskipped\s+the\s+(?:last|cool|warm)",
        text,
    ):
        return None
    mentions = message.days_of(text)
    dates = [date for day in mentions for date in day.dates(past=True)]
    if any(day.is_week for day in mentions):
        one = _ONE_RUN.search(text) and not re.search(r"\b(?:all|every|whole|entire)\b", text)
        if one and all(day.is_week for day in mentions):
            named = message.workout_of(text, past=True)
            return _missed_on([named.date], message) if named else _WHICH_MISSED
        dates = [d for d in dates if (entry := message.context.day(d)) is None or entry.is_run]
    if not dates:
        workout = message.workout_of(text, past=True)
        if workout is not None and workout.status in (None, "planned", "missed"):
            dates = [workout.date]
        elif message.ids and (by_id := message.context.by_id(message.ids[0])) is not None:
            dates = [by_id.date]
        elif re.search(
            r"\b(?:missed|skipped)\b.*\b(?:run|workout|session|training|tempo|one|it|long"
            r"|interval\w*)\b|^\W*(?:i\s+)?(?:missed|skipped|overslept)\b",
            text,
        ):
            return _WHICH_MISSED
        else:
            return None
    return _missed_on(dates, message)


def _missed_on(dates: list[dt.date], message: Message) -> tuple[Call, ...]:
    """Return the logs of missed days, where they are few, and the change after them."""
    past = [date for date in dates if date <= message.context.today]
    logs: list[Call] = [
        ("log_execution", {"date": date, "completion_status": "missed"}) for date in _iso(past)
    ]
    if len(logs) > 4:
        logs = []
    return (*logs, adapt(kind="missed", dates=_iso(dates)))


def read_gap(message: Message, text: str) -> Call | None:
    """Return the adaptation after days without any running that end today."""
    if not _GAP.search(text) or (message.is_question and not PREVIEW.search(text)):
        return None
    if re.search(
        r"\b(?:next|coming|will|going\s+to|won't|can't|want|need|take|from\s+now)\b", text
    ):
        return None
    since = re.search(r"\bsince\s+«", text)
    if since and re.search(r"\b(?:haven't|not|no)\b", text):
        day = message.days_of(text)[0].date(past=True)
        days = (message.context.today - day).days if day else 0
        return adapt(kind="missed", days_off=days) if days > 0 else None
    ended = re.search(r"\b(?:last\s+run|last\s+ran)\b.*?(«[a-z]+»)", text)
    if ended is not None:
        day = message.days_of(ended[1])[0].date(past=True)
        days = (message.context.today - day).days if day else 0
        return adapt(kind="missed", days_off=days) if days > 0 else None
    span = _SPAN.search(text)
    if span is None or not re.search(
        r"\b(?:for|in|off|out|last|past|after|without|break|missed|skipped|ago)\b", text
    ):
        return None
    if re.search(r"\b(?:sick|ill|cough\w*|cold|fever|hurt\w*|pain\w*)\b", text):
        return None
    count = span["n"]
    number = 2 if "couple" in count else int(count) if count.isdigit() else 1
    unit = {"d": 1, "w": 7, "m": 30}[span["unit"][0]]
    if unit == 30 or number < 1:
        return None  # how many days a month had was not said
    return adapt(kind="missed", days_off=number * unit)


def read_skip(message: Message, text: str) -> Call | None:
    """Return the adaptation for a workout that will be skipped."""
    if not _SKIP.search(text):
        return None
    mentions = message.days_of(text)
    dates = [date for day in mentions for date in day.dates()]
    workout = message.workout_of(text)
    if workout is not None and all(day.is_week for day in mentions):
        dates = [workout.date]
    if not dates and message.ids and (entry := message.context.by_id(message.ids[0])):
        dates = [entry.date]
    return adapt(kind="missed", dates=_iso(dates)) if dates else None


def off_dates(message: Message, text: str) -> tuple[dt.date, ...]:
    """Return the days that a part of the message says cannot be run on."""
    if not _OFF.search(text):
        return ()
    span = _NEXT_DAYS.search(text)
    if span is not None:
        count = int(span[1]) * (7 if span[2].startswith("week") else 1)
        today = message.context.today
        return tuple(today + dt.timedelta(days=n) for n in range(1, min(count, 31) + 1))
    return range_dates(message, text)


def range_dates(message: Message, text: str) -> tuple[dt.date, ...]:
    """Return the days of a part, with every day between the ends of "Friday to Sunday"."""
    found: list[dt.date] = []
    mentions = message.days_of(text)
    singles = [mention for mention in mentions if not mention.is_week]
    if not singles:
        return tuple(date for mention in mentions for date in mention.dates())
    for mention in singles:
        date = mention.date()
        if date is not None:
            found.append(date)
    numbered = re.search(
        r"«[a-z]+»\s*(?:-|to|through|thru|till|until)\s*(?:the\s+)?(\d{1,2})(?:st|nd|rd"
        r"|th)?\b(?![\d:.])",
        text,
    )
    if numbered and len(found) == 1:
        try:
            found.append(found[0].replace(day=int(numbered[1])))
        except ValueError:
            return tuple(found)
    ranged = numbered or _BETWEEN.search(text)
    if ranged and len(found) == 2:
        start, end = found
        if end < start and (end + dt.timedelta(days=7) - start).days < 14:
            end += dt.timedelta(days=7)
        if 0 <= (end - start).days <= 30:
            return tuple(start + dt.timedelta(days=n) for n in range((end - start).days + 1))
    return tuple(found)


# Body and mind

_SCALE_ANSWER = re.compile(
    r"^\W*(?:(?:it's|it\s+is|its|it|is|was|about|around|maybe|probably|roughly|like|only|just|now"
    r"|i'd\s+say|i\s+would\s+say|say|pain|level|hurts|the|an?|at|more|um+|hm+|well|ok|okay"
    r"|right|a\s+solid)\W+)*(\d{1,3})(?:\s*(?:/|out\s+of)\s*10)?"
    r"(?:\W+(?:now|today|right|at|the|most|maybe|or|so|i|guess|think|pain|moment|about|please"
    r"|probably|when|running|walking))*\W*$"
)
_HEAD = re.compile(r"\b(?:head|nose|throat|cold|above)\b")
_WHAT_ILLNESS = (
    "Good to hear. What was it: a cold in the head, something in the chest or stomach (cough, "
    "aches), or a fever?"
)


def read_answer(message: Message, last: tuple[Done, ...]) -> Call | str | None:
    """Return the change that the turn before asked one more value for, now with that value."""
    for done in last:
        if done.name != "adapt_plan" or not done.failed:
            continue
        asked = dict(done.arguments)
        if asked.get("kind") == "pain" and asked.get("pain_level") is None:
            match = _SCALE_ANSWER.search(message.text)
            if match is None:
                continue
            if int(match[1]) > 10:
                return "Pain goes from 0 to 10 here. Which number fits?"
            return "adapt_plan", asked | {"pain_level": int(match[1])}
        if asked.get("kind") == "illness" and asked.get("symptoms") is None:
            found = _named_symptoms(message.text)
            if found is not None and not names_illness_over(message.text):
                days = _days_ill(message, message.text)
                more = {"symptoms": found} | ({"days_ill": days} if days else {})
                return "adapt_plan", asked | more
    return None


def _named_symptoms(text: str) -> str | None:
    """Return the symptoms of an answer; a short one may be as little as "in the head"."""
    short = len(text.split()) <= 6
    return symptoms(text) or ("above_neck" if short and _HEAD.search(text) else None)


def known_symptoms(earlier: tuple[Done, ...]) -> str | None:
    """Return the symptoms of the conversation's last illness."""
    found = [
        done.arguments.get("symptoms")
        for done in earlier
        if done.name == "adapt_plan" and done.arguments.get("kind") == "illness"
    ]
    return next((text for text in reversed(found) if isinstance(text, str)), None)


def read_recovery(
    message: Message, earlier: tuple[Done, ...], asked_about: str = ""
) -> Call | str | None:
    """Return the end of an illness for "I'm well again", with the symptoms that are known.

    asked_about: what the runner said before, where that led to the question what it was.
    """
    before = plain(asked_about.rpartition(". ")[2])
    if names_illness_over(before) and illness_was_meant(before) and not message.is_question:
        found = _named_symptoms(message.text)
        if found is not None:
            return adapt(kind="illness", symptoms=found, over=True)
    if message.is_question or not names_illness_over(message.text):
        return None
    healths = [
        done.arguments.get("kind")
        for done in earlier
        if done.name == "adapt_plan" and done.arguments.get("kind") in ("illness", "pain")
    ]
    ill = bool(healths) and healths[-1] == "illness"
    if not ill and not illness_was_meant(message.text):
        return None
    found = symptoms(message.text) or known_symptoms(earlier)
    if found is None:
        return _WHAT_ILLNESS
    return adapt(kind="illness", symptoms=found, over=True)


def read_pain(message: Message, text: str) -> Call | None:
    """Return the adaptation for pain that is there, or that is over."""
    part = body_part(text)
    if pain_is_over(text) and message.asks(text):
        return None
    if pain_is_over(text) and not re.search(r"\b(?:felt|ran)\b", text):
        known = part is not None and any(
            word in str(message.context.runner.get("injury_flags", "")).lower()
            for word in part.split()
        )
        spoken = re.search(
            r"\b(?:pain\w*|injur\w*|hurt\w*|heal\w*|clear\w*|niggle\w*|swelling|physio|doctor)\b",
            text,
        )
        if (
            known
            or spoken
            or (
                part is not None
                and re.search(r"\b(?:now|again|better|gone|any\s*more|recovered)\b", text)
            )
        ):
            days = _days_out(message)
            return adapt(kind="pain", cleared=True, body_part=part, days_off=days)
    if not names_pain(text):
        return None
    return adapt(
        kind="pain",
        pain_level=_pain_level(message, text),
        body_part=part,
        pain_signs=pain_signs(text),
    )


def _days_out(message: Message) -> int | None:
    """Return how long there was no running, where another part of the message says so."""
    for clause in message.clauses:
        gap = read_gap(message, clause)
        days = None if gap is None else gap[1]["days_off"]
        if isinstance(days, int):
            return days
    return None


def _pain_level(message: Message, text: str) -> int | None:
    said = message.quantities_of(text)
    level = said.pain
    if level is None and not re.search(r"\b(?:rpe|effort)\b", text):
        level = said.rpe if said.rpe is not None else said.soreness
        match = _PAIN_BARE.search(text) or re.search(r"(?:^|,)\s*(\d{1,2})\s*(?:$|,)", text)
        if level is None and match is not None and int(match[1]) <= 10:
            level = int(match[1])
    return level


def read_illness(message: Message, text: str) -> Call | None:
    """Return the adaptation for an illness, or for its end."""
    if not names_illness(text):
        return None
    over = illness_is_over(text)
    if over and message.asks(text):
        return None
    return adapt(
        kind="illness",
        symptoms=symptoms(text),
        days_ill=None if over else _days_ill(message, text),
        over=over,
    )


def _days_ill(message: Message, text: str) -> int | None:
    match = _DAYS_ILL.search(text)
    if match is not None:
        count = next(
            group for group in match.groups() if group and (group.isdigit() or group == "a")
        )
        number = 1 if count == "a" else int(count)
        days = number * (7 if "week" in match[0] else 1)
        return days if 1 <= days <= 365 else None
    since = re.search(r"\bsince\s+«", text)
    if since is not None:
        day = message.days_of(text[since.start() :])
        date = day[0].date(past=True) if day else None
        days = (message.context.today - date).days + 1 if date else 0
        return days if 1 <= days <= 365 else None
    return None


def read_fatigue(message: Message, text: str) -> Call | None:
    """Return the adaptation for tiredness or soreness."""
    if _NOT_TIRED.search(text):
        return None
    said = message.quantities_of(text)
    if not _TIRED.search(text) and said.soreness is None and said.fatigue is None:
        return None
    return adapt(kind="fatigue", soreness=said.soreness, fatigue=said.fatigue)


def read_race_result(message: Message, text: str) -> Call | None:
    """Return the adaptation to a race or time trial that was run."""
    said = message.quantities_of(text)
    race = race_of(text)
    km = said.distance_km or (race[1] if race else None)
    if not _RACE_RESULT.search(text) or said.duration_minutes is None or km is None or km > 100:
        return None
    return adapt(kind="feeling_strong", race_distance_km=km, race_minutes=said.duration_minutes)


def read_strong(message: Message, text: str) -> Call | None:
    """Return the adaptation for training that feels too easy."""
    if not _STRONG.search(text) or _NOT_STRONG.search(text) or names_pain(text):
        return None
    return adapt(kind="feeling_strong")


def looks_weekly(text: str) -> bool:
    """Whether a part gives the days of the week rather than single days off."""
    return (
        re.search(
            rf"\b(?:only|just)\s+(?:be\s+able\s+to\s+)?(?:run|train|do|have|on|available|free"
            rf"|got)?\b.*{LIST}|\bavailable\b.*«|\bmy\s+(?:running\s+"
            rf"|training\s+)?days\s+are\b|\bdays\s+(?:i\s+can\s+run|that\s+work)\b"
            rf"|\bcan\s+(?:now\s+)?(?:only\s+)?(?:run|train)\s+(?:on\s+|every\s+)?{LIST}"
            rf"|{LIST}\s+(?:only|work(?:s)?\s+(?:best\s+)?for\s+me)",
            text,
        )
        is not None
    )
