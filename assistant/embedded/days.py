"""Days as runners name them: "Thursday", "yesterday", "May 31", "next week"."""

import datetime as dt
import re
from dataclasses import dataclass, replace

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|wendsday|wensday|thu(?:rs(?:day)?|r)?"
    r"|thrusday|thurday|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MISSPELT = {"wen": "wed", "thr": "thu"}
_NOT_A_UNIT = r"(?![\d.:/]|\s*(?:k|km|mi|min|mins|minutes|miles?|weeks?|days?|hours?|h|%)\b)"
_NTH = r"(?:st|nd|rd|th)"

_DAY = re.compile(
    rf"""
    \b(?P<iso>20\d\d-\d{{1,2}}-\d{{1,2}})\b
  | \b(?P<full>\d{{1,2}}[./]\d{{1,2}}[./]20\d\d)\b
  | \b(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?P<d1>\d{{1,2}}){_NTH}?(?:\s+of)?\s+(?P<m1>{_MONTH})\b\.?
        (?:,?\s+(?P<y1>20\d\d)\b)?
  | \b(?:{_WEEKDAY},?\s+)?(?P<m2>{_MONTH})\b\.?\s+(?:the\s+)?(?P<d2>\d{{1,2}}){_NTH}?\b{_NOT_A_UNIT}
        (?:,?\s+(?P<y2>20\d\d)\b)?
  | \b(?P<wn>{_WEEKDAY}),?\s+(?:the\s+)?(?P<dn>\d{{1,2}}){_NTH}?\b{_NOT_A_UNIT}(?!\s*x\b)
  | \b(?P<slash>\d{{1,2}}/\d{{1,2}})\b(?!/)
  | \b(?:the\s+)?(?P<two>day\s+before\s+yesterday|day\s+after\s+tomorrow)\b
  | \b(?P<near>yesterday|yday|today|tod|tonight|tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow
        |last\s+night|this\s+(?:morning|afternoon|evening|lunchtime)|earlier\s+today|right\s+now)(?:'s|s\b)?
        (?:\s+(?:morning|evening|night|afternoon))?(?!\w)
  | \b(?P<ago>\d{{1,2}})\s+days?\s+ago\b
  | \b(?P<weeks_ago>\d{{1,2}}|an?)\s+weeks?\s+ago\b
  | \bin\s+(?P<ahead>\d{{1,2}})\s+days?(?!\s*[\w'])\b
  | \b(?P<w1>last|next|this)\s+week(?:'s)?\s+(?:on\s+)?(?P<wd1>{_WEEKDAY})(?:'s|s\b)?
  | \b(?:(?P<mod>last|past|previous|this\s+coming|this\s+past|this|coming|next|every|all)\s+)?
        (?P<wd2>{_WEEKDAY})(?P<of>'s)?(?P<many>s(?:'|\b))?(?!\w)
        (?:\s+(?P<w2>last|next|this)\s+week\b)?
        (?:\s+(?:morning|evening|night|afternoon|lunch)s?\b)?
  | \b(?P<w3>last|next|this|rest\s+of\s+the|rest\s+of\s+this|the\s+rest\s+of\s+the)\s+week
        (?P<end>end)?(?:'?s)?\b
  | \b(?P<weekend>the\s+weekend|weekend)(?:'s)?\b
  | (?:\bthe\s+|(?:(?<=\band\ )|(?<=\bor\ )|(?<=\bto\ )|(?<=\bon\ )|(?<=\buntil\ )|(?<=,\ )|(?<=-)))
        (?P<nth>\d{{1,2}}){_NTH}\b(?!\s+(?:time|run|one|week|this|today|in\s+a|so\s+far|km|k|mile|rep|interval|lap|half))
    """,
    re.VERBOSE,
)
_VERB_NOT_DAY = re.compile(r"\b(?:i|we|the|in the|hot|some|much)\s+$")
_MARK = re.compile(r"«([a-z]+)»")
LIST = (
    r"«[a-z]+»(?:(?:\s*(?:,|/|&|\+|-)\s*|\s+|\s*,?\s*\b(?:and|or|to|through|thru|till|until"
    r"|on)\b\s*)+«[a-z]+»)*"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One day, or one week, as it was said; the tense around it decides which it is.

    day: where it is fixed whatever the tense. weekday: 0 for Monday. week: whole weeks from this
    one, for "next week" and "Thursday next week". plural: a habit ("Tuesdays").
    """

    today: dt.date
    day: dt.date | None = None
    weekday: int | None = None
    modifier: str = ""
    week: int | None = None
    weekend: bool = False
    month: int | None = None
    of_month: int | None = None
    unknown: bool = False  # a date that no calendar has, or one of `choices`
    choices: tuple[dt.date, ...] = ()  # "05/04": both days that it may be
    possessive: bool = False
    plural: bool = False

    @property
    def is_week(self) -> bool:
        """True for a whole week or weekend."""
        return (
            not self.unknown and self.day is None and self.weekday is None and self.of_month is None
        )

    def date(self, *, past: bool = False) -> dt.date | None:
        """Return the one day that is meant, None for a whole week."""
        if self.day is not None:
            return self.day
        if self.weekday is not None:
            return self._on_weekday(self.weekday, past)
        if self.of_month is not None and not self.unknown:
            return self._in_month(self.of_month, past)
        return None

    def dates(self, *, past: bool = False) -> tuple[dt.date, ...]:
        """Return every day that is meant."""
        if self.is_week:
            monday = self.today + dt.timedelta(days=7 * (self.week or 0) - self.today.weekday())
            days = [monday + dt.timedelta(days=n) for n in range(5 if self.weekend else 0, 7)]
            if self.week == 0 and not past:
                days = [day for day in days if day >= self.today] or days
            return tuple(days)
        one = self.date(past=past)
        return () if one is None else (one,)

    def _on_weekday(self, weekday: int, past: bool) -> dt.date:
        monday = self.today - dt.timedelta(days=self.today.weekday())
        if self.week is not None:
            return monday + dt.timedelta(days=7 * self.week + weekday)
        if self.modifier in ("last", "past", "previous", "this past"):
            return self.today - dt.timedelta(days=(self.today.weekday() - weekday - 1) % 7 + 1)
        if self.modifier == "next":
            return monday + dt.timedelta(days=7 + weekday)
        if past:
            return self.today - dt.timedelta(days=(self.today.weekday() - weekday) % 7)
        return self.today + dt.timedelta(days=(weekday - self.today.weekday()) % 7)

    def _in_month(self, of_month: int, past: bool) -> dt.date | None:
        step = -1 if past else 1
        year, month = self.today.year, self.month or self.today.month
        for _ in range(12):
            day = _make_date(year, month, of_month)
            if day is not None and (day <= self.today if past else day >= self.today):
                return day
            if self.month is not None:
                year += step
            else:
                month += step
                if not 1 <= month <= 12:
                    year, month = year + step, 12 if past else 1
        return None


def _make_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def mark_days(text: str, today: dt.date) -> tuple[str, tuple[Mention, ...]]:
    """Return the plain text with each day replaced by a mark ("«a»"), and the days.

    The marks keep the days' digits away from the readers of quantities.
    """
    mentions: list[Mention] = []

    def mark(match: re.Match[str]) -> str:
        mention = _mention(match, today)
        if mention is None:
            return match[0]
        mentions.append(mention)
        return f" «{_letters(len(mentions) - 1)}» "

    marked = _DAY.sub(mark, text)
    return " ".join(marked.split()), tuple(mentions)


def marked_days(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return the days whose marks stand in a part of the marked text, in its order."""
    return tuple(
        mentions[_index(m[1])] for m in _MARK.finditer(text) if _index(m[1]) < len(mentions)
    )


def _letters(index: int) -> str:
    return chr(97 + index % 26) * (index // 26 + 1)


def _index(letters: str) -> int:
    return ord(letters[0]) - 97 + 26 * (len(letters) - 1)


def _mention(match: re.Match[str], today: dt.date) -> Mention | None:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    if "iso" in found:
        return _fixed(today, *(int(part) for part in found["iso"].split("-")))
    if "full" in found:
        first, second, year = (int(part) for part in re.split(r"[./]", found["full"]))
        if "/" in found["full"] and (either := _either(first, second, year)):
            return Mention(today, unknown=True, choices=either)
        return _fixed(today, year, *_month_and_day(first, second, dotted="." in found["full"]))
    if "slash" in found:
        first, second = (int(part) for part in found["slash"].split("/"))
        meant = found["slash"][0] == "0" or "/0" in found["slash"] or _is_dated(match, second)
        if meant and (either := _either(first, second, today.year)):
            return Mention(today, unknown=True, choices=either)
        month, day = _month_and_day(first, second, dotted=False)
        if not month or min(first, second) == 0 or max(first, second) <= 12:
            return None
        return Mention(today, month=month, of_month=day)
    if "d1" in found or "d2" in found:
        day = int(found.get("d1") or found["d2"])
        month = _MONTHS.index((found.get("m1") or found["m2"])[:3]) + 1
        said_year = found.get("y1") or found.get("y2")
        if said_year is not None:
            return _fixed(today, int(said_year), month, day)
        known = _make_date(2024, month, day) is not None  # 2024: February 29 is a day
        return Mention(today, month=month, of_month=day, unknown=not known)
    if "wn" in found:
        return _weekday_and_number(found["wn"], int(found["dn"]), today)
    if "nth" in found:
        day = int(found["nth"])
        return Mention(today, of_month=day) if 1 <= day <= 31 else None
    return _relative(match, found, today)


def _weekday_and_number(name: str, of_month: int, today: dt.date) -> Mention | None:
    """Read "Tue 17" as the nearest day that is both, else as the weekday alone."""
    weekday = _WEEKDAYS.index(_MISSPELT.get(name[:3], name[:3]))
    near = sorted(range(-45, 46), key=abs)
    for day in (today + dt.timedelta(days=step) for step in near):
        if day.weekday() == weekday and day.day == of_month:
            return Mention(today, day=day)
    return None


def _fixed(today: dt.date, year: int, month: int, day: int) -> Mention | None:
    date = _make_date(year, month, day)
    return Mention(today, unknown=True) if date is None else Mention(today, day=date)


def _month_and_day(first: int, second: int, *, dotted: bool) -> tuple[int, int]:
    """Read 31/5 and 5/31; 5/6 is read by neither custom, 5.6. is day first."""
    if dotted or first > 12:
        return second, first
    return (first, second) if second > 12 else (0, 0)


def _is_dated(match: re.Match[str], second: int) -> bool:
    """Whether "5/4" follows a word as days do; "8/10" is an effort."""
    return second != 10 and re.search(r"\bon\s+$", match.string[: match.start()]) is not None


def _either(first: int, second: int, year: int) -> tuple[dt.date, ...]:
    """Return both readings of "5/4", day first first, where there are two."""
    if not (1 <= first <= 12 and 1 <= second <= 12) or first == second:
        return ()
    return dt.date(year, second, first), dt.date(year, first, second)


def settle(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return the days with each of two readings settled by another day of the message."""
    said = {(d.month, d.day) for m in mentions for d in (m.date(), m.date(past=True)) if d}
    return tuple(
        replace(mention, unknown=False, choices=(), day=fits[0])
        if (fits := [d for d in mention.choices if (d.month, d.day) in said])
        else mention
        for mention in mentions
    )


_NEAR = {"yes": -1, "yda": -1, "last": -1, "tom": 1, "tmr": 1}


def _relative(match: re.Match[str], found: dict[str, str], today: dt.date) -> Mention | None:
    own = "'s" in match[0]
    if "two" in found:
        return _offset(today, -2 if "before" in found["two"] else 2, own)
    if "near" in found:
        near = found["near"]
        step = next((value for key, value in _NEAR.items() if near.startswith(key)), 0)
        return _offset(today, step, own)
    if "ago" in found:
        return _offset(today, -int(found["ago"]), own)
    if "weeks_ago" in found:
        count = found["weeks_ago"]
        return _offset(today, -7 * (int(count) if count.isdigit() else 1), own)
    if "ahead" in found:
        return _offset(today, int(found["ahead"]), own)
    weeks = {"last": -1, "next": 1, "this": 0}
    if "wd1" in found or "wd2" in found:
        name = found.get("wd1") or found["wd2"]
        before = match.string[: match.start()]
        if name in ("sat", "sun") and "mod" not in found and _VERB_NOT_DAY.search(before):
            return None
        word = found.get("w1") or found.get("w2")
        modifier = " ".join(found.get("mod", "").split())
        return Mention(
            today,
            weekday=_WEEKDAYS.index(_MISSPELT.get(name[:3], name[:3])),
            modifier=modifier,
            week=weeks[word] if word else None,
            possessive="of" in found or own,
            plural="many" in found or modifier in ("every", "all"),
        )
    if "w3" in found:
        week = weeks.get(found["w3"], 0)
        return Mention(today, week=week, weekend="end" in found, modifier=found["w3"])
    return Mention(today, week=0, weekend=True)


def _offset(today: dt.date, days: int, possessive: bool) -> Mention:
    return Mention(today, day=today + dt.timedelta(days=days), possessive=possessive)
