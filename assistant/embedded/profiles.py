"""Lasting facts of the runner: what update_profile is called with."""

import datetime as dt
import re
from typing import Any

from assistant.embedded.bodies import BODY_PART
from assistant.embedded.changes import looks_weekly
from assistant.embedded.days import Mention
from assistant.embedded.messages import QUESTION, Call, Message
from assistant.embedded.quantities import read_quantities

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MILES = re.compile(
    r"\b(?:use|prefer|switch(?:\s+\w+)?\s+to|change(?:\s+\w+)*\s+to|in"
    r"|show\s+(?:me\s+)?(?:everything\s+)?in|to|want|think\s+in|set(?:\s+\w+)*\s+to"
    r"|i\s+run\s+in)\s+(?:the\s+)?(miles|mi|imperial)\b"
)
_KM = re.compile(
    r"\b(?:use|prefer|switch(?:\s+\w+)?\s+to|change(?:\s+\w+)*\s+to|in"
    r"|show\s+(?:me\s+)?(?:everything\s+)?in|to|want|think\s+in|set(?:\s+\w+)*\s+to"
    r"|i\s+run\s+in)\s+(?:the\s+)?(km|kms|kilomet(?:er|re)s|metric|k's)\b"
)
_AGE = re.compile(
    r"\b(?:i'm|i\s+am|i've\s+just\s+turned|i\s+(?:just\s+)?turned|my\s+age\s+is"
    r"|age(?:d)?(?:\s+is|:)?|just\s+turned)\s+(\d{1,3})(?:\s*(?:years?\s*old"
    r"|years?\s+of\s+age|yrs?|yo|y/o)\b|\s*(?:$|[.,!;]|«|today|now|and\b|btw))"
    r"|\b(\d{1,3})\s*(?:years?\s*old|yo|y/o|year[- ]old)\b"
)
_MAX_HR = re.compile(
    r"\b(?:max(?:imum|imal)?|hr\s*max|top)\s*\.?\s*(?:hr|heart\s*rate|pulse)?\s*(?:is|of|was"
    r"|=|:|at|about|around|to)*\s*(\d{3})\b|\b(?:hr|heart\s*rate)\s*max(?:imum)?\s*(?:is|of"
    r"|was|=|:|to)*\s*(\d{3})\b"
)
_REST_HR = re.compile(
    r"\brest(?:ing)?\s*(?:hr|heart\s*rate|pulse|bpm)?\s*(?:is|of|was|=|:|at|about|around"
    r"|to)*\s*(\d{2,3})\b|\b(?:rhr|hr\s*rest)\s*(?:is|of|=|:|to)*\s*(\d{2,3})\b"
)
_ZONE = re.compile(
    r"\b((?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|US"
    r"|Etc)/[A-Za-z_]+(?:/[A-Za-z_]+)?|UTC|GMT)\b"
)
_LEVEL = re.compile(
    r"\b(?:i'm|i\s+am|set\s+(?:me|my\s+level)|level|consider\s+myself|as|experience|make\s+me"
    r"|me\s+to|call\s+myself|now|still)\b[^.;]{0,30}?\b(beginner|novice|newbie|intermediate"
    r"|advanced)\b"
)
_LIKES = re.compile(r"\bi\s+(?:really\s+|also\s+)*(?:like|love|prefer|enjoy)\b(.*)")
_LIKED = re.compile(
    r"\b(trail(?:\s+run(?:s|ning)?)?|intervals?|hills?(?:\s+(?:repeats|sprints|runs))?"
    r"|tempo(?:\s+runs?|s)?|track(?:\s+(?:work|sessions?))?|treadmill(?:\s+runs?)?|fartleks?"
    r"|long\s+runs?|easy\s+runs?|speed\s*work|strides|group\s+runs?|road(?:\s+running)?"
    r"|progression\s+runs?)\b"
)
_ADD_INJURY = re.compile(
    r"\b(?:add|note|put|save|record|register|remember|flag)\b.*\b(?:injur\w*|flags?"
    r"|profile)\b|\b(?:history\s+of|prone\s+to|old|chronic|recurring|past)\b.*\b(?:injur\w*"
    r"|problems?|issues?|trouble|pain|splints|fasciitis|knee|achilles|itb)\b"
)
_REMOVE_INJURY = re.compile(
    r"\b(?:remove|delete|drop|clear|take)\b.*\b(?:injur\w*|flags?|off\s+my\s+(?:profile|list))\b"
)
_CONDITION = re.compile(
    r"\b(plantar\s+fasciitis|shin\s+splints|runner's\s+knee|it\s*-?\s*band(?:\s+syndrome)?"
    r"|itbs|tendinitis|tendonitis|asthma)\b"
)
_TIME = re.compile(
    r"\b(?:at|from|after)\s+(\d{1,2}):(\d{2})\s*(am|pm)?\b|\b(?:at|from)\s+(\d{1,2})\s*(am|pm)\b"
)


def read_profile(message: Message) -> Call | None:
    """Return the lasting facts that a message states, as one call."""
    wish = re.search(
        r"\b(?:can|could|would|will)\s+(?:you|i|we)\b|\b(?:show|give)\b.*\bin\s+\w+\W*$",
        message.text,
    )
    if message.is_question and not wish:
        return None
    facts: dict[str, Any] = {}
    facts.update(_numbers(message.text))
    facts.update(_injuries(message.text))
    preferences = _preferences(message)
    if preferences:
        facts["preferences"] = preferences
    level = _LEVEL.search(message.text)
    if level and not re.search(rf"\b(?:not|no\s+longer)\s+(?:an?\s+)?{level[1]}", message.text):
        facts["experience_level"] = "beginner" if level[1] in ("novice", "newbie") else level[1]
    return ("update_profile", facts) if facts else None


def read_injury_flags(message: Message) -> Call | None:
    """Return injuries to note or to strike, where the message is about that list."""
    found = _injuries(message.text)
    return ("update_profile", found) if found else None


def _numbers(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, pattern, low, high in (
        ("age", _AGE, 5, 110),
        ("hr_max_bpm", _MAX_HR, 100, 240),
        ("hr_rest_bpm", _REST_HR, 25, 120),
    ):
        match = pattern.search(text)
        if match is None:
            continue
        value = int(next(group for group in match.groups() if group))
        if low <= value <= high:
            found[name] = value
    if "hr_max_bpm" in found and "hr_rest_bpm" not in found and read_quantities(text, "km").has_run:
        return {}  # a run's highest heart rate, not the runner's
    return found


def _injuries(text: str) -> dict[str, Any]:
    remove = _REMOVE_INJURY.search(text)
    add = _ADD_INJURY.search(text)
    if not remove and not add:
        return {}
    condition = _CONDITION.search(text)
    flags = (
        [condition[1]]
        if condition
        else [
            " ".join(part for part in match.groups() if part) for match in BODY_PART.finditer(text)
        ]
    )
    if not flags:
        return {}
    return {"remove_injury_flags" if remove else "add_injury_flags": flags[:10]}


def _preferences(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {}
    text = message.text
    if not read_quantities(text, "km").has_run:
        if _MILES.search(text) and not re.search(r"\bhow\s+(?:many|far|long)\b", text):
            found["units"] = "mi"
        elif _KM.search(text):
            found["units"] = "km"
    zone = _ZONE.search(message.raw)
    if (
        zone
        and re.search(r"\b(?:time\s*-?\s*zone|i\s+live|i'm\s+in|moved\s+to|set)\b", text)
        and len(zone[1]) <= 64
    ):
        found["time_zone"] = zone[1]
    likes = _LIKES.search(text)
    if likes:
        liked = list(dict.fromkeys(match[1] for match in _LIKED.finditer(likes[1])))
        if liked and not re.search(
            r"\bto\s+(?:move|do|swap|shift|run|have)\b|\binstead\b", likes[1]
        ):
            found["workout_types"] = liked[:10]
    return found


_ADDED_DAYS = re.compile(
    r"^(?!.*\b(?:can't|cannot|couldn't|won't|not|never|no|only|just)\b)"
    r".*(?:\badd\b.*\bdays\b|\balso\b|\bas\s+well\b|\btoo\W*$)"
)


def read_weekly_days(
    message: Message, text: str
) -> tuple[list[dict[str, Any]], dt.date | None] | None:
    """Return the week's blocks and the last day they hold for, where a text gives them.

    The day is None for good. "Only 30 min on Thursdays" keeps the other days that are known.
    """
    asks_for = re.search(r"\b(?:can|could|would|will)\s+(?:you|we)\b|\bwhat\s+if\b", text)
    states = re.search(r"^\W*can\s+(?:now\s+)?(?:only|just)\b", text)
    if QUESTION.search(text) and not asks_for and not states:
        return None
    mentions = message.days_of(text, spread=False)
    listed = [day for day in mentions if day.weekday is not None]
    weekends = bool(
        re.search(
            r"\bweekends\b|\b(?:on\s+)?(?:the\s+)?weekends?\s+only\b"
            r"|\bonly\s+(?:on\s+)?(?:the\s+)?weekends?\b",
            message.raw.lower(),
        )
    )
    weekdays = bool(re.search(r"\b(?:weekdays|during\s+the\s+week)\b", text))
    everyday = bool(
        re.search(
            r"\b(?:every|any)\s*day\b(?!\s+(?:but|except))|\ball\s+(?:seven|7)\s+days\b", text
        )
    )
    if everyday and message.quantities_of(text).distance_km is not None:
        return None  # "I run 5k every day" tells of a habit
    if not listed and not (
        (weekends or weekdays or everyday) and re.search(r"\b(?:run|train|available|free)\b", text)
    ):
        return None
    excepted = re.search(
        r"\b(?:any|every)\s*day\s+(?:except|but|apart\s+from|other\s+than)\b", text
    )
    lasting = re.search(
        r"\b(?:from\s+now\s+on|for\s+good|only|available|free|my\s+days"
        r"|can\s+(?:now\s+)?(?:run|train|do)|every|always|usually|anymore)\b"
        r"|\bi\s+(?:only\s+)?(?:have|'ve\s+got)\s+\d",
        text,
    )
    habit = (
        any(day.plural for day in listed) or len(listed) >= 2 or weekends or weekdays or everyday
    )
    added = _ADDED_DAYS.search(text) if _known_days(message) else None
    if not (
        looks_weekly(text) or added or excepted or (lasting and habit) or _never_on(text, listed)
    ):
        return None
    days = {day.weekday for day in listed if day.weekday is not None}
    ends = re.search(r"(«[a-z]+»)\s*(?:to|-|through|thru|till|until)\s*(«[a-z]+»)", text)
    if ends and len(days) == 2:
        first, last = (message.days_of(ends[n])[0].weekday for n in (1, 2))
        if first is not None and last is not None:
            days = {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    if added:
        days |= _known_days(message)
    if excepted:
        days = set(range(7)) - days
    elif _never_on(text, listed) or re.search(r"\b(?:except|can't|never)\b", text):
        days = _known_days(message) - days
        if not days or not _never_on(text, listed):
            return None
    if everyday:
        days = set(range(7))
    if weekends:
        days |= {5, 6}
    if weekdays:
        days |= {0, 1, 2, 3, 4}
    blocks = _blocks(message, text, sorted(days))
    until = _until(message, text)
    single = listed[0].date() if len(listed) == 1 and not listed[0].plural else None
    if (
        until is None
        and single is not None
        and not re.search(r"\bfrom\s+now\s+on\b|\bfor\s+good\b|\balways\b", text)
        and message.quantities_of(text).duration_minutes is not None
    ):
        until = single + dt.timedelta(days=6 - single.weekday())
    return (blocks, until) if blocks else None


def _known_days(message: Message) -> set[int]:
    known = message.context.runner.get("available_days") or ()
    return {_DAY_NAMES.index(day) for day in known if day in _DAY_NAMES}


def _never_on(text: str, listed: list[Mention]) -> bool:
    """Whether a text takes a weekday out for good: "I'm busy on Thursdays"."""
    return any(day.plural for day in listed) and bool(
        re.search(
            r"\b(?:busy|can't|never|no\s+time|not\s+(?:available|free)|unavailable|no\s+longer|(?:don't|doesn't|not)\s+work|(?:is|are)\s+out)\b",
            text,
        )
    )


def _blocks(message: Message, text: str, days: list[int]) -> list[dict[str, Any]]:
    said = message.quantities_of(text)
    minutes = said.duration_minutes
    limit = (
        int(minutes)
        if minutes is not None and 10 <= minutes <= 480 and minutes == int(minutes)
        else None
    )
    start = _start(text)
    per_day = _minutes_by_day(message, text)
    starts = _starts_by_day(message, text)
    known = [
        str(day) for day in message.context.runner.get("available_days") or () if day in _DAY_NAMES
    ]
    only_shorter = limit is not None and len(days) == 1 and bool(known)
    names = [_DAY_NAMES[day] for day in days]
    blocks = []
    for name in sorted(set(names) | (set(known) if only_shorter else set()), key=_DAY_NAMES.index):
        block: dict[str, Any] = {"day": name}
        if name in names:
            own = per_day.get(_DAY_NAMES.index(name)) if len(per_day) > 1 else limit
            if own is not None:
                block["minutes"] = own
            at = starts.get(_DAY_NAMES.index(name)) if len(starts) > 1 else start
            if at is not None:
                block["start"] = at
        blocks.append(block)
    return blocks


def _minutes_by_day(message: Message, text: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in re.split(r",|\band\b|&|;", text):
        days = [day.weekday for day in message.days_of(part) if day.weekday is not None]
        minutes = message.quantities_of(part).duration_minutes
        if len(days) == 1 and minutes is not None and 10 <= minutes <= 480:
            found[days[0]] = int(minutes)
    return found


def _starts_by_day(message: Message, text: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in re.split(r",|\band\b|&|;", text):
        days = [day.weekday for day in message.days_of(part) if day.weekday is not None]
        start = _start(part)
        if len(days) == 1 and start is not None:
            found[days[0]] = start
    return found


def _start(text: str) -> str | None:
    match = _TIME.search(text)
    if match is None:
        return None
    hour, minute = int(match[1] or match[4]), int(match[2] or 0)
    half = match[3] or match[5]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _until(message: Message, text: str) -> dt.date | None:
    until = re.search(r"\b(?:until|till|through)\s+(«[a-z]+»)", text)
    if until:
        return next(iter(message.days_of(until[1])[0].dates()[-1:]), None)
    weeks = [day for day in message.days_of(text, spread=False) if day.is_week and not day.weekend]
    weeks += [
        day
        for day in message.days_of(text, spread=False)
        if day.week is not None and not day.is_week
    ]
    if not weeks or weeks[0].week is None:
        return None
    monday = message.context.today - dt.timedelta(days=message.context.today.weekday())
    return monday + dt.timedelta(days=7 * weeks[0].week + 6)
