"""Quantities of a run in plain text: distance, time, pace, effort, heart rate and the like.

Each reader blanks what it read, so that no number is read twice, and a number that belongs to
something else (a part of the run, a plan, a range) is blanked before anything is read.
"""

import re
from dataclasses import dataclass, replace

from assistant.embedded.numbers import number, tidy
from training.units import KM_PER_MILE, render_pace

_N = r"(?<![\d.:/-])(\d{1,5}(?:[.,]\d+)?)"
_INT = r"(\d{1,3})(?![\d:]|[.,]\d)"
_KM = r"(?:kms?|kilomet(?:er|re)s?|klicks?|ks?)\b"
_MI = r"(?:milers?|miles?|mi)\b"
_MIN = r"(?:minutes?|mins?|m(?![a-z0-9])|'(?!\w))"
_LINK = (
    r"\s*(?:level|score|rating|of|was|is|were|are|at|=|:|-|about|around|like|maybe|roughly|up"
    r"|to|still|only|just|an?|,)*\s*"
)
_GAP = (
    r"(?:\s*(?:level|score|rating|avg|average|averaged|averaging|of|was|is|were|are|at|=|:"
    r"|about|around|like|maybe|roughly|only|just|an?|to|~|a solid|more))*\s*"
)
_OF_TEN = r"(?:\s*/\s*10\b|\s*out\s+of\s+(?:a\s+)?10\b)"


@dataclass(frozen=True, slots=True)
class Quantities:
    """What was said, in the tools' units; None where nothing was said.

    miles: a distance or pace was said in miles. unclear: a sentence's worth of why a number was
    left out. unsaid_unit: a bare number that looks like a distance ("ran 5").
    """

    duration_minutes: float | None = None
    distance_km: float | None = None
    avg_pace: str | None = None
    hr_avg: int | None = None
    hr_drift: float | None = None
    cadence: int | None = None
    rpe: int | None = None
    soreness: int | None = None
    fatigue: int | None = None
    pain: int | None = None
    miles: bool = False
    changed: bool = False  # a difference from the plan was named: "2 km shorter"
    unclear: str | None = None
    bare: float | None = None
    rest: str = ""

    @property
    def has_run(self) -> bool:
        """True where a length of the run was said."""
        return self.duration_minutes is not None or self.distance_km is not None

    @property
    def has_any(self) -> bool:
        """True where anything that a log keeps was said."""
        values = (self.avg_pace, self.hr_avg, self.hr_drift, self.cadence)
        felt = (self.rpe, self.soreness, self.fatigue)
        return self.has_run or any(value is not None for value in values + felt)


class _Page:
    """A text whose read parts are blanked."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.text)
        if match is not None:
            self.blank(match.start(), match.end())
        return match

    def blank(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]}{' ' * (end - start - 1)}¦{self.text[end:]}"

    def blank_all(self, pattern: re.Pattern[str], group: int = 0) -> bool:
        found = [match.span(group) for match in pattern.finditer(self.text)]
        for start, end in found:
            self.blank(start, end)
        return bool(found)


_UNIT = rf"(?:{_KM}|{_MI}|{_MIN}|m\b|met(?:er|re)s?\b|hours?\b|hrs?\b|h\b|seconds?\b|secs?\b|s\b)"
_REPEATS = re.compile(
    rf"\b\d+\s*(?:x|\*|times|by)\s*\d+(?:[.,:]\d+)?(?:\s*-\s*\d+)?\s*(?:{_UNIT})?"
)
_OF_PLANNED = re.compile(
    rf"(?:instead\s+of|rather\s+than|not|wasn't|isn't|planned|scheduled|supposed\s+to\s+be|meant\s+to\s+be"
    rf"|should\s+have\s+been"
    rf"|supposed\s+to\s+(?:run|do)|plan(?:\s+said|\s+was)|vs\.?|versus)"
    rf"\s+(?:the\s+|a\s+|for\s+)?(?:planned\s+|full\s+)?(?:\d+(?:[.,]\d+)?(?:\s*{_UNIT})?)"
)
_N_OF_M = re.compile(
    rf"{_N}\s*({_UNIT})?\s*(?:out\s+)?of\s+(?:the\s+|a\s+"
    rf"|my\s+)?(?:planned\s+)?\d+(?:[.,]\d+)?\s*({_UNIT})"
)
_CHANGED = re.compile(
    rf"(?:\d+(?:[.,]\d+)?|a\s+few|a\s+couple\s+of|half\s+a)\s*{_UNIT}\s*(?:shorter|longer|less"
    rf"|more|extra|too\s+short|too\s+long|early|over|under|short)\b"
    rf"|\b(?:extra|another|additional)\s+\d+(?:[.,]\d+)?\s*{_UNIT}"
)
_STOPPED_AFTER = re.compile(
    r"\b(?:stop(?:ped)?|quit|bailed|ended|cut\b.{0,20}|turned\s+(?:back|around)"
    r"|called\s+it(?:\s+a\s+day)?|done|pulled\s+out"
    r"|walked\s+home|abandoned(?:\s+it)?|gave\s+up"
    r"|pack(?:ed)?\s+it\s+in)\s+(?:it\s+)?(?:short\s+)?(?:after|at)(?:\s+(?:about|only"
    r"|just))?\s+$"
)
_PART = re.compile(
    rf"\b(?:(?P<after>after|at\s+(?:km|kilomet(?:er|re)|mile|minute))|last|final|first|second"
    rf"|every|each|per|next|remaining|another|past|until|from|with"
    rf"|middle|opening|closing|for\s+the\s+last|around\s+(?:km|mile)|back\s+after|fast|hard|km"
    rf"|mile|within|under|below|sub)\s+"
    rf"(?:about\s+|the\s+first\s+|the\s+last\s+|only\s+)?\d+(?:[.,]\d+)?(?:\s*(?:-|to"
    rf"|or)\s*\d+)?\s*(?:{_UNIT})?"
    rf"|\d+(?:[.,]\d+)?\s*{_UNIT}\s*(?:in\b(?=\s*(?:$|[,.;]|i\b|my\b|it\b))"
    rf"|(?:of\s+)?(?:a\s+)?(?:warm|wu\b|cool|cd\b|stretch|walk(?:ing|s)?\b|strides|drills"
    rf"|rest\b|break|strength|core|yoga|late\b|ago|into|at\s+(?:tempo|threshold|marathon|race"
    rf"|goal|mp|lt|half)))"
    rf"|\b(?:warm\s*-?\s*up|cool\s*-?\s*down|wu|cd)\s*(?:of|was|:)?\s*\d+(?:[.,]\d+)?\s*(?:{_UNIT})"
)
_RANGES = re.compile(
    rf"(?<![\d:.])\d+(?:[.,:]\d+)?\s*(?:-|to|or|/)\s*(?!10\b)\d+(?:[.,:]\d+)?\s*(?:{_UNIT}|bpm\b)?"
)
_TIME_OF_DAY = re.compile(
    r"\b(?:at\s+)?\d{1,2}(?:[:.]\d{2})?\s*(?:am\b|pm\b|a\.m\.|p\.m\.|o'?clock)"
    r"|\bat\s+\d{1,2}:\d{2}(?=\s*(?:in\s+the\s+(?:morning|evening|afternoon)|«))"
)
_MAX_HR = re.compile(
    r"\b(?:max|maximum|peak(?:ed)?|top|highest|rest(?:ing)?|minimum)\s*(?:hr|heart\s*rate"
    r"|pulse|bpm)?\s*(?:of|was|is|at|:|=)?\s*\d{2,3}(?:\s*bpm)?"
    r"|\bhr\s*max\s*(?:of|was|is|:|=)?\s*\d{2,3}|\b(?:hr|heart\s*rate)\s+(?:peaked"
    r"|topped\s+out|maxed(?:\s+out)?)\s+at\s+\d{2,3}"
)
_AGE_OR_GOAL = re.compile(
    r"\b(?:goal|target|aim(?:ing)?(?:\s+for)?)\s+(?:pace|time|of|is|was)*\s*\d+(?::\d+)*"
)
_ELEVATION = re.compile(
    r"\d+\s*(?:m|met(?:er|re)s?|ft|feet)\s*(?:of\s+)?(?:elevation|climb(?:ing)?|vert|gain"
    r"|ascent|up\b)"
)
_TEMPERATURE = re.compile(
    r"-?\d+\s*(?:°|degrees?|celsius|°c|°f)\s*(?:c\b|f\b)?|-?\d+\s*(?:years?|yrs?|weeks?"
    r"|months?|days?|calories|kcal|kg|lbs?)\b"
)

_FRACTIONS = {"half": 30, "3 quarters": 45, "quarter": 15}
_PART_HOUR = re.compile(
    r"\b(?:(?P<h>\d{1,2}|an?)\s*(?:hours?|hrs?|h)?\s*(?:and\s+)(?:an?\s+)?(?P<part>half"
    r"|quarter|3\s+quarters)(?:\s*(?:hours?|hrs?|h)\b|(?=\W|$))"
    r"|(?P<alone>half|(?:a\s+)?quarter|3\s+quarters)\s+(?:of\s+)?an\s+hour|(?P<short>half)[ -]hour)"
)
_HOURS = re.compile(
    rf"(?:{_N}|\b(an))\s*-?\s*(?:hours?|hrs?|h)(?![a-z])\s*(?:and\s+|,\s*)?(?:(\d{{1,2}})(?!\d"
    rf"|[.:]\d|\s*(?:{_KM}|{_MI}|/|out\b|bpm|%))\s*{_MIN}?)?"
    r"|(?<![\d.])(\d{1,2})h(\d{2})(?:m(?:in)?)?\b"
)
_MINUTES = re.compile(
    rf"(?!\d{{4,}}\s*m\b){_N}\s*-?\s*(?:minutes?|mins?|m(?![a-z0-9])|'(?![a-z]))(?!\s*(?:/"
    rf"|per\b|miles?\b|a\s+(?:km|k|mile)|kms?\b|ks?\b|pace))"
    r"(?:\s*(?:and\s+)?(\d{1,2})\s*(?:seconds?|secs?|s\b|\"))?"
)
_CLOCK_LONG = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2}):(\d{2})(?![\d:])")
_PER = (
    r"\s*(?:min(?:utes?)?\s*)?(?:(?:/|per|an?|each)\s*(?P<per>km\b|kms\b|k\b|kilomet(?:er"
    r"|re)s?\b|miles?\b|mi\b)|-?(?P<miles>miles\b|mi\b)|(?P<kms>kms\b|ks\b))"
)
_CLOCK = r"(?P<min>\d{1,2})(?::(?P<sec>[0-5]\d))(?![\d:])"
_CLOCK_TOO = r"(?P<min2>\d{1,2})(?::(?P<sec2>[0-5]\d))(?![\d:])"
_PACE_UNIT = re.compile(
    rf"(?<![\d:.])(?:pace\s*(?:of|was|is|:|=|at|about|around)*\s*)?{_CLOCK}{_PER}(?:\s*pace)?"
)
_PACE_SPACED = re.compile(rf"(?<![\d:.])(?P<min>[3-9]|1[0-4])\s+(?P<sec>[0-5]\d)(?:{_PER}|\s*pace)")
_PACE_WORD = re.compile(
    rf"(?:\b(?:avg|average|mean)?\s*pac(?:e|ing)\b(?:\s*(?:of|was|is|:|=|at|about|around"
    rf"|averaged|roughly|felt|avg|a|an))*\s*{_CLOCK}(?!\s*(?:am|pm)\b))"
    rf"|(?:(?<![\d:.]){_CLOCK_TOO}\s*(?:min(?:ute)?\s*)?(?:avg\s+"
    rf"|average\s+)?pace\b)"
)
_PACE_MINUTES = re.compile(
    rf"{_N}\s*-?\s*(?:minutes?|mins?|min)?\s*-?\s*(?:(?:/|per|a)\s*(?P<per>km|k|kilomet(?:er"
    rf"|re)|miles?|mi)\b|(?P<miles>miles)\b(?=.*\bpace|\s*$|\s*[,.;]))"
)
_MINUTE_MILES = re.compile(
    r"(?<![\d.:])(\d{1,2})(?::([0-5]\d))?\s*-?\s*min(?:ute)?s?\s*-?\s*(miles?|ks?|kms?)\b"
)
_AT_CLOCK = re.compile(
    rf"(?:\bat|@|averag(?:ed|ing)|avg|holding|held)\s*(?:an?\s+)?(?:avg\s+"
    rf"|average\s+)?(?:of\s+)?{_CLOCK}"
)
_ANY_CLOCK = re.compile(
    rf"(?<![\d:.])(?P<in>\b(?:in|took(?:\s+me)?|time(?:\s+was)?|total|for|of|clocked"
    rf"|ran)\s*:?\s*(?:about\s+|just\s+)?)?{_CLOCK}"
)
_METRES = re.compile(r"(?<![\d.x])(\d{3,5})\s*(?:m|met(?:er|re)s?)\b")
_DISTANCE_KM = re.compile(rf"{_N}\s*-?\s*{_KM}(?!\s*(?:/|per)\s*h)")
_DISTANCE_MI = re.compile(rf"{_N}(?:\s+and\s+a\s+(half))?\s*-?\s*{_MI}")
_AND_HALF = re.compile(rf"(\d+)\s+and\s+a\s+half\s*(?:{_KM})")
_IN_BARE = re.compile(
    r"\b(?:in|took(?:\s+me)?)\s+(?:about\s+|just\s+|around\s+)?(\d{2,3}(?:\.\d+)?)(?![\d:.]"
    r"|\s*(?:k|km|mi|days?|weeks?|%|/|out\b|bpm))\b"
)
_IN_SPACED = re.compile(
    r"\b(?:in|took(?:\s+me)?)\s+(?:about\s+|just\s+"
    r"|around\s+)?(\d{2})\s+([0-5]\d)\b(?!\s*(?:k|km|mi|bpm|/))"
)
_NAMED_RACE = re.compile(
    r"\b(?:raced|ran|did|finished|completed)\s+(?:(?:a|my|the|first|1st|another"
    r"|local)\s+)*(half|marathon)\b"
    r"(?!\s+(?:of|an\s+hour|my|the|pace|plan))"
)
_RACE_KM = {"half": 21.1, "marathon": 42.2}

_HR = re.compile(
    r"(?:\b(?:avg|average|mean|ave)\s*\.?\s*)?\b(?:hr|heart\s*-?\s*rate|heartrate|pulse"
    r"|bpm)\b(?:\s*(?:avg|average|averaged|averaging|mean|of|was|is|at|=|:|about|around"
    r"|stayed|held|sat|hovered|only|just|~|a|an|in\s+the|,))*\s*"
    r"(?:(\d{2,3})(?![\d:]|[.,]\d)|(1)\s+(\d{2})(?!\d))(?:\s*(?:bpm|beats(?:\s+(?:per"
    r"|a)\s+min(?:ute)?)?)\b)?(?!\s*(?:km|k|mi|min)\b)"
    r"|(?<![\d.:-])(?:(\d{2,3})|(1)\s+(\d{2}))\s*(?:bpm|beats(?:\s+(?:per|a)\s+min(?:ute)?)?"
    r"|(?:avg\s+|average\s+|avg\.\s+)?(?:hr|heart\s*rate)(?!\s*(?:drift|:|=|was|of|\d)))\b"
)
_CADENCE = re.compile(
    rf"\b(?:cadence|turnover|step\s*rate){_GAP}(\d{{2,3}})(?![\d:]|[.,]\d)(?:\s*(?:spm"
    rf"|steps(?:\s*(?:per|a|/)\s*min(?:ute)?)?))?"
    r"|(?<![\d.:-])(\d{2,3})\s*(?:spm\b|steps\s*(?:per|a|/)\s*min(?:ute)?|(?:avg\s+"
    r"|average\s+)?(?:cadence|step\s*rate)\b(?!\s*(?:of|was|is|:|=)?\s*\d))"
)
_DRIFT = re.compile(
    rf"\b(?:(?:hr|heart\s*-?\s*rate|cardiac|aerobic)\s*)?(?:drift(?:ed|ing)?"
    rf"|decoupling){_GAP}(?:up\s+|by\s+)*(-?\d{{1,2}}(?:[.,]\d+)?)(?![\d:])\s*(?:%|percent\b"
    rf"|per\s*cent\b)?"
    r"|(?<![\d.:-])(-?\d{1,2}(?:[.,]\d+)?)\s*(?:%|percent|per\s*cent)?\s*(?:of\s+)?(?:(?:hr"
    r"|heart\s*-?\s*rate|cardiac|aerobic)\s*)?(?:drift|decoupling)\b(?!\s*(?:of|was|is|:"
    r"|=)?\s*\d)"
)
_RPE = re.compile(
    rf"\b(?:rpe|effort|perceived\s+exertion|exertion|effort\s+level"
    rf"|intensity){_GAP}{_INT}(?:{_OF_TEN})?"
    rf"|(?<![\d.:/-]){_INT}(?:{_OF_TEN})?\s*(?:on\s+the\s+)?(?:rpe\b|(?:for\s+"
    rf"|in\s+)?(?:effort|exertion)\b)"
)
_FELT_LIKE = re.compile(
    rf"\b(?:felt|feels|feeling)\s+(?:(?:like|about|around|maybe|more|roughly|easy|hard|okay|ok"
    rf"|good)\s+)*(?:an?\s+)?(?:solid\s+)?{_INT}(?!\s*(?:{_UNIT}|bpm|%))(?:{_OF_TEN})?"
)
_OUT_OF_TEN = re.compile(rf"(?<![\d.:/-])(\d{{1,3}}){_OF_TEN}")
_SORENESS = re.compile(
    rf"\b(?:soreness|sore|doms){_GAP}(?:like\s+)?{_INT}(?!\s*(?:days?|{_UNIT}))(?:{_OF_TEN})?"
)
_FATIGUE = re.compile(
    rf"\b(?:fatigued?|tiredness|tired|exhaustion){_GAP}{_INT}(?!\s*(?:days?|{_UNIT}))(?:{_OF_TEN})?"
)
_PAIN = re.compile(
    rf"\b(?:pain(?:\s+level|\s+score|ful)?|hurts?|hurting|ach(?:e|es|ing|y)|niggl(?:e|es|ing)"
    rf"|twinge|discomfort)(?:\s+(?:a\s+(?:bit|little)|slightly|now|like|right|still"
    rf"|again))*{_GAP}{_INT}(?!\s*(?:days?|weeks?|{_UNIT}))(?:{_OF_TEN})?"
    rf"|(?<![\d.:/-]){_INT}(?:{_OF_TEN})?\s*(?:level\s+)?(?:of\s+)?pain\b"
)
_KINDS = (
    (
        "pain",
        re.compile(
            r"\b(?:pain\w*|hurt\w*|ach(?:e|es|ing|y)|niggl\w*|twing\w*|discomfort|knees?"
            r"|shins?|achilles|hips?|ankles?|foot|feet|heels?|groin|injur\w*|throbb\w*)\b"
        ),
    ),
    ("soreness", re.compile(r"\b(?:sore\w*|doms|stiff\w*)\b")),
    ("fatigue", re.compile(r"\b(?:fatigue\w*|tired\w*|exhaust\w*|wiped|energy)\b")),
    ("rpe", re.compile(r"\b(?:rpe|effort|felt|feel|hard|easy|tough|exertion|intensity)\b")),
)


def read_quantities(text: str, units: str) -> Quantities:
    """Read a plain text whose days are marks. units: what a bare pace is in, "km" or "mi"."""
    page = _Page(text)
    said = Quantities()
    for pattern in (_TIME_OF_DAY, _MAX_HR, _AGE_OR_GOAL, _ELEVATION):
        page.blank_all(pattern)
    changed = page.blank_all(_CHANGED)
    page.blank_all(_REPEATS)
    said = _read_partial(page, said)
    page.blank_all(_OF_PLANNED)
    said = _read_scales(page, said)
    said = _read_body(page, said)
    _blank_parts(page)
    page.blank_all(_TEMPERATURE)
    page.blank_all(_RANGES)
    said = _read_lengths(page, replace(said, changed=said.changed or changed), units)
    bare = re.search(
        r"\b(?:ran|run|did|jogged|logged|log)\s+(?:about\s+"
        r"|an?\s+)?(?:easy\s+)?(\d{1,2}(?:\.\d+)?)(?![\d:.]|\s*(?:x|%|/|[a-z]*s?\s*(?:runs?"
        r"|times|workouts?|sessions?|days|weeks|laps|reps|sets)))\b",
        page.text,
    )
    if bare is not None and not said.has_run:
        said = replace(said, bare=number(bare[1]))
    return replace(said, rest=page.text)


def _read_partial(page: _Page, said: Quantities) -> Quantities:
    """Keep the 30 of "30 of the planned 40 min"; the second number is the plan's."""
    match = _N_OF_M.search(page.text)
    if match is None or (match[2] is None and match[3] is None):
        return said
    unit = match[2] or match[3]
    page.blank(match.start(), match.end())
    page.text = f"{page.text} ; {match[1]} {unit}"
    return replace(said, changed=True)


def _scale(text: str) -> int | None:
    value = int(text)
    return value if 0 <= value <= 10 else None


def _read_scales(page: _Page, said: Quantities) -> Quantities:
    found: dict[str, int] = {}
    unclear: str | None = None
    for name, pattern in (
        ("rpe", _RPE),
        ("pain", _PAIN),
        ("soreness", _SORENESS),
        ("fatigue", _FATIGUE),
    ):
        while (match := _whole(page, pattern)) is not None:
            value = _scale(next(group for group in match.groups() if group is not None))
            if value is None:
                unclear = unclear or name
            else:
                found.setdefault(name, value)
    while (match := page.take(_OUT_OF_TEN)) is not None:
        value = _scale(match[1])
        name = _kind_near(page.text, match.start(), match.end(), found)
        if value is None:
            unclear = unclear or name
        else:
            found.setdefault(name, value)
    if "rpe" not in found and (match := page.take(_FELT_LIKE)) is not None:
        value = _scale(match[1])
        if value is None:
            unclear = unclear or "rpe"
        else:
            found["rpe"] = value
    return replace(
        said,
        rpe=found.get("rpe"),
        pain=found.get("pain"),
        soreness=found.get("soreness"),
        fatigue=found.get("fatigue"),
        unclear=unclear,
    )


_RANGE_AFTER = re.compile(r"\s*(?:-|to|or|/)\s*\d+(?:\s*/\s*10)?(?![\d:])")


def _whole(page: _Page, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Take the next match that is one number, and blank those that open a range ("rpe 3-4")."""
    while (match := page.take(pattern)) is not None:
        after = _RANGE_AFTER.match(page.text, match.end())
        if after is None:
            return match
        page.blank(after.start(), after.end())
    return None


def _kind_near(text: str, start: int, end: int, found: dict[str, int]) -> str:
    """Say what "4/10" measures, from the words of its clause, then from those before it."""
    left = re.split(r"[,;.!?¦]|\band\b|\bbut\b", text[:start])[-1]
    right = re.split(r"[,;.!?¦]|\band\b|\bbut\b", text[end:])[0]
    for part in (left, right):
        near = [
            (max(m.end() for m in pattern.finditer(part)), name)
            for name, pattern in _KINDS
            if pattern.search(part)
        ]
        if near:
            return max(near)[1]
    before = [
        (max(m.end() for m in pattern.finditer(text[:start])), name)
        for name, pattern in _KINDS[:3]
        if pattern.search(text[:start])
    ]
    after_pain_only = max(before)[1] if before and not left.strip(" -:") else None
    if after_pain_only is not None and after_pain_only not in found:
        return after_pain_only
    return "rpe"


def _read_body(page: _Page, said: Quantities) -> Quantities:
    if (match := page.take(_DRIFT)) is not None:
        said = replace(said, hr_drift=tidy(number(match[1] or match[2])))
    if (match := page.take(_CADENCE)) is not None:
        said = replace(said, cadence=int(match[1] or match[2]))
    if (match := page.take(_HR)) is not None:
        beats = match[1] or match[4]
        said = replace(said, hr_avg=int(beats or (match[2] or match[5]) + (match[3] or match[6])))
    return said


def _blank_parts(page: _Page) -> None:
    for match in list(_PART.finditer(page.text)):
        if match["after"] and _STOPPED_AFTER.search(page.text[: match.end("after")] + " "):
            continue
        page.blank(match.start(), match.end())


def _read_lengths(page: _Page, said: Quantities, units: str) -> Quantities:
    said = _read_pace(page, said, units)
    said = _read_duration(page, said)
    said = _read_distance(page, said)
    said = _read_clock(page, said, units)
    if said.distance_km is not None and said.duration_minutes is None:
        if (match := page.take(_IN_SPACED)) is not None:
            said = replace(said, duration_minutes=tidy(int(match[1]) + int(match[2]) / 60))
        elif (match := page.take(_IN_BARE)) is not None:
            said = replace(said, duration_minutes=tidy(number(match[1])))
    return said


def _pace(seconds: float, *, per_mile: bool) -> str | None:
    pace = render_pace(seconds / KM_PER_MILE if per_mile else seconds)
    return pace if re.fullmatch(r"\d{1,2}:[0-5]\d", pace) else None


def _read_pace(page: _Page, said: Quantities, units: str) -> Quantities:
    if (match := page.take(_MINUTE_MILES)) is not None:
        per_mile = match[3].startswith("mi")
        seconds = int(match[1]) * 60 + int(match[2] or 0)
        return replace(said, avg_pace=_pace(seconds, per_mile=per_mile), miles=per_mile)
    for pattern in (_PACE_UNIT, _PACE_SPACED):
        if (match := page.take(pattern)) is not None:
            unit = match["per"] or match["miles"] or match["kms"]
            per_mile = unit.startswith("mi") if unit else units == "mi"
            seconds = int(match["min"]) * 60 + int(match["sec"])
            return replace(said, avg_pace=_pace(seconds, per_mile=per_mile), miles=per_mile)
    per_mile = _bare_pace_is_per_mile(page.text, units)
    if (match := page.take(_PACE_WORD)) is not None:
        first, second = match["min"] or match["min2"], match["sec"] or match["sec2"]
        return replace(said, avg_pace=_pace(int(first) * 60 + int(second), per_mile=per_mile))
    match = _PACE_MINUTES.search(page.text)
    if match is not None and match["per"] and number(match[1]) >= 2:
        page.blank(match.start(), match.end())
        per_mile = match["per"].startswith("mi")
        return replace(
            said, avg_pace=_pace(number(match[1]) * 60, per_mile=per_mile), miles=per_mile
        )
    return said


def _bare_pace_is_per_mile(text: str, units: str) -> bool:
    if re.search(rf"\d\s*{_MI}", text):
        return True
    return units == "mi" and not re.search(rf"\d\s*{_KM}", text)


def _read_duration(page: _Page, said: Quantities) -> Quantities:
    minutes: float | None = None
    if (match := page.take(_CLOCK_LONG)) is not None:
        minutes = int(match[1]) * 60 + int(match[2]) + int(match[3]) / 60
    elif (match := _part_hour(page)) is not None:
        hours = match["h"]
        part = match["part"] or match["alone"] or match["short"]
        minutes = 60 * (int(hours) if hours and hours.isdigit() else 1 if hours else 0)
        minutes += next(value for name, value in _FRACTIONS.items() if name in part)
    elif (match := page.take(_HOURS)) is not None:
        if match[4]:
            minutes = int(match[4]) * 60 + int(match[5])
        else:
            minutes = (number(match[1]) if match[1] else 1) * 60 + int(match[3] or 0)
    elif (match := page.take(_MINUTES)) is not None:
        minutes = number(match[1]) + int(match[2] or 0) / 60
    if minutes is None:
        return said
    if not 0 < minutes <= 1440:
        return replace(said, unclear="duration")
    return replace(said, duration_minutes=tidy(minutes))


def _part_hour(page: _Page) -> re.Match[str] | None:
    """Take "an hour and a half" and the like; "3 and a half" without hours may be km."""
    match = _PART_HOUR.search(page.text)
    if match is None or (match["h"] and "h" not in match[0].replace("half", "")):
        return None
    page.blank(match.start(), match.end())
    return match


def _read_distance(page: _Page, said: Quantities) -> Quantities:
    km: float | None = None
    miles = False
    if (match := page.take(_AND_HALF)) is not None:
        km = int(match[1]) + 0.5
    elif (match := page.take(_DISTANCE_MI)) is not None:
        km, miles = (number(match[1]) + (0.5 if match[2] else 0)) * KM_PER_MILE, True
    elif (match := page.take(_DISTANCE_KM)) is not None:
        km = number(match[1])
    elif (match := page.take(_METRES)) is not None and int(match[1]) >= 1000:
        km = int(match[1]) / 1000
    elif (match := _NAMED_RACE.search(page.text)) is not None:
        km = _RACE_KM[match[1]]
    if km is None:
        return said
    if not 0.005 <= km <= 200:
        return replace(said, unclear="distance")
    return replace(said, distance_km=tidy(km), miles=said.miles or miles)


def _read_clock(page: _Page, said: Quantities, units: str) -> Quantities:
    """Tell a time from a pace in "41:30" and "5:40": by the words, else by what can be run."""
    per_mile = said.miles or _bare_pace_is_per_mile(page.text, units)
    if said.distance_km is not None and per_mile and not said.miles:
        per_mile = False
    if said.avg_pace is None and (match := _AT_CLOCK.search(page.text)) is not None:
        seconds = int(match["min"]) * 60 + int(match["sec"])
        if 2 * 60 <= seconds <= 16 * 60:
            page.blank(match.start(), match.end())
            said = replace(said, avg_pace=_pace(seconds, per_mile=per_mile))
    while (match := page.take(_ANY_CLOCK)) is not None:
        first, second = int(match["min"]), int(match["sec"])
        as_minutes, as_hours = first + second / 60, float(first * 60 + second)
        if said.duration_minutes is None and said.distance_km is not None:
            fits = [m for m in (as_minutes, as_hours) if _can_be_run(m, said.distance_km)]
            if fits:
                said = replace(said, duration_minutes=tidy(fits[0]))
                continue
        if (
            said.duration_minutes is None
            and (match["in"] or first >= 15)
            and said.distance_km is None
        ):
            if as_minutes > 0:
                said = replace(said, duration_minutes=tidy(as_minutes))
            continue
        if said.avg_pace is None and 2 <= first <= 15 and not match["in"]:
            said = replace(said, avg_pace=_pace(first * 60 + second, per_mile=per_mile))
    return said


def _can_be_run(minutes: float, km: float) -> bool:
    return 140 <= minutes * 60 / km <= 900
