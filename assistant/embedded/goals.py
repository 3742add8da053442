"""Races to train for: what create_plan and adapt_plan(kind=goal) are called with."""

import datetime as dt
import re
from typing import Any

from assistant.embedded.changes import PREVIEW, adapt, race_of
from assistant.embedded.days import Mention
from assistant.embedded.messages import AGREES, Call, Message
from assistant.embedded.numbers import number, tidy
from assistant.embedded.wording import day_text
from training.units import km_from_miles

_PLAN = re.compile(r"\b(?:plan|program(?:me)?|schedule)\b")
_MAKE = re.compile(
    r"\b(?:make|create|build|new|need|want|give|start|set\s+(?:up|me)|generate|design|write"
    r"|draw\s+up|get|would\s+like|i'd\s+like|put\s+together|please|pls|another)\b"
    r"|\bplan\s+(?:for|to)\b"
)
_TRAIN = re.compile(
    r"\b(?:train(?:ing)?\s+for|sign(?:ed|ing)?\s+up\s+for|registered\s+for|entered|prepar(?:e"
    r"|ing)\s+for|get\s+(?:me\s+)?ready\s+for|(?:want|like|going|plan(?:ning)?)\s+to\s+(?:run"
    r"|do|race|finish)|help\s+me\s+(?:run|train|prepare)|my\s+goal\s+is|i\s+have\s+a"
    r"|i've\s+got\s+a|aiming\s+for|running\s+(?:a|the|my))\b"
)
_GOAL_WORD = re.compile(r"\b(?:race(?:\s+(?:day|date))?|goal|event|target\s+race)\b")
_CHANGE = re.compile(
    r"\b(?:moved?|moving|new\s+(?:race|goal)|updat(?:e|ed)|postponed|delayed|rescheduled|chang(?:e|ed|ing)|switch(?:ed|ing)?"
    r"|now|instead|make|set|shift(?:ed)?|push(?:ed)?|brought|earlier|later|is\s+(?:now\s+)?on"
    r"|was\s+on|were\s+on|is\s+(?:actually\s+)?«|will\s+be|take\s+place|takes\s+place"
    r"|new\s+(?:race\s+)?date|different|upgrade|downgrade|bump|drop\s+down|go\s+for"
    r"|same\s+(?:day|date)|cancel(?:l?ed)?|not\s+on)\b"
)
_MOVED_RACE = re.compile(
    r"\b(?:moved|postponed|delayed|rescheduled|is\s+now|now\s+on|later|earlier|new\s+date"
    r"|pushed|brought)\b"
)
_INSTEAD_OF = re.compile(
    r"\b(?:instead\s+of|rather\s+than|not|from|over)\s+(?:the|a|my|an)?\s*(?:full\s+"
    r"|half[ -]?)?(?:marathon|half(?:[ -]marathon)?|10\s*k(?:m)?|5\s*k(?:m)?)\b"
)
_WEEKS = re.compile(
    r"\b(?P<n>\d{1,2}|a)\s+(?P<unit>weeks?|days?)\s+(?P<way>earlier|later|sooner|back"
    r"|forward)\b|\b(?:by|back|forward)\s+(?P<m>\d{1,2}|a)\s+(?P<unit2>weeks?|days?)\b"
)
_UNIT = r"(km|k|kms|kilomet(?:er|re)s?|miles?|mi)"
_WEEKLY = re.compile(
    rf"(\d{{1,3}}(?:\.\d+)?)\s*-?\s*{_UNIT}\s*(?:a|per|/|each|every)\s*(?:week|wk)\b"
    rf"|\b(?:weekly|week)(?:\s+(?:mileage|volume|distance|km|is|average|about|around|of|total"
    rf"|:))*\s*(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\b|(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\s*(?:weekly"
    rf"|weeks\b)|\b(?:a|each|every|per)\s+week\s+(?:i\s+)?(?:run"
    rf"|do)?\s*(?:about\s+)?(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\b"
)
_LONGEST = re.compile(
    rf"\blongest(?:\s+(?:run|distance|so\s+far|recent|recently|lately|was|is|about|around|of"
    rf"|has\s+been|:|one|long))*\s*(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\b|\blong\s+runs?\s+(?:of|is"
    rf"|was|are|about|around|up\s+to|at)\s+(?:about\s+"
    rf"|around\s+)?(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\b|(\d{{1,3}}(?:\.\d+)?)\s*{_UNIT}\s+(?:is"
    rf"|was|being)\s+(?:my|the)\s+longest"
)
_BEST = re.compile(
    r"\b(?:recent|recently|best|pb|pr|ran|raced|did|last|personal\s+best|personal\s+record"
    r"|current|time\s+is|finished)\b"
)
_CLOCK = r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?"
_RACE_TIME = re.compile(
    rf"(?P<race>\bhalf(?:[ -]?marathon)?\b|\bmarathon\b|\b\d{{1,2}}(?:\.\d+)?\s*(?:k"
    rf"|km)\b)(?:\s+(?:pb|pr|race|best|time|personal\s+best|last\s+\w+|recently|in|of|is|was"
    rf"|at|my|a|tt|time\s+trial|around|about|run))*\s*[:=]?\s*(?:{_CLOCK}"
    rf"|(?P<min>\d{{2,3}}(?:\.\d+)?)\s*min(?:ute)?s?)(?!\s*(?:/|per|pace))"
)
_IN_WEEKS = re.compile(
    r"\bin\s+(?P<n>\d{1,2})\s+weeks?\b|\b(?P<m>\d{1,2})\s+weeks?\s+(?:from\s+now|away|out|ahead)\b"
)
_BARE_RACE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|my|the|a|an|next|race|goal|target|is|it's)\W+)*"
    r"(?:half(?:[ -]?marathon)?|marathon|10\s*k(?:m)?|5\s*k(?:m)?)(?:\s+race)?\W+"
    r"(?:(?:is|on|for|in)\W+)*(?:«|\d{1,2}\s+weeks\b)"
)
_FAR = dt.timedelta(days=21)  # a dated distance from here on is a race, before it a run
_SUNDAY = 6
_ASK_DATE = 'When is the race? A day such as "May 31" lets me build the plan.'
_ASK_DISTANCE = "Which distance: 5k, 10k, half or marathon?"
_ASK_BOTH = "Gladly. Which distance (5k, 10k, half or marathon), and on which day is the race?"
ASKED_FOR_RACE = (_ASK_DATE, _ASK_DISTANCE, _ASK_BOTH)


def wanted_race(text: str) -> str | None:
    """Return the race distance that is wanted, not the one it replaces or a past result."""
    cleaned = _RACE_TIME.sub(" ", _INSTEAD_OF.sub(" ", text))
    cleaned = _WEEKLY.sub(" ", _LONGEST.sub(" ", cleaned))
    cleaned = re.sub(r"\bfrom\s+(?:the|a|my)?\s*[\w ]+?\bto\b", " ", cleaned)
    race = race_of(cleaned)
    return race[0] if race else None


def wants_a_plan(text: str) -> bool:
    """Whether a text asks for a plan in so many words, rather than for another goal."""
    asks = _PLAN.search(text) and _MAKE.search(text) and wanted_race(text)
    return bool(asks) and not re.search(r"\b(?:change|switch|move|instead|my\s+plan)\b", text)


def read_new_plan(message: Message) -> Call | str | None:
    """Return a call of create_plan, a question for what is missing, or None."""
    text = message.text
    race = wanted_race(text)
    asks = bool(_PLAN.search(text) and _MAKE.search(text)) and not re.search(
        r"\b(?:what|how|why|when)\b.*\bplan\b|\bplan\s+(?:look|is|was)\b|\b(?:harder|easier"
        r"|lighter|tougher)\b|\bthe\s+plan\s+says\b|\bold\s+plan\b",
        text,
    )
    day = _race_day(message, text)
    trains = bool(_TRAIN.search(text)) and race is not None
    weeks = _IN_WEEKS.search(text)
    bare = _BARE_RACE.search(text) is not None and race is not None and not message.is_question
    if isinstance(day, dt.date):
        bare = bare and day - message.context.today >= _FAR
    else:
        bare = bare and weeks is not None
    if message.context.plan is not None and not weeks:
        if trains and not asks and day is None and not bare:
            return None
        trains = (
            trains
            and day is not None
            and bool(re.search(r"\b(?:train|sign|regist|entered|prepar|ready)", text))
        )
    if not asks and not trains and not bare:
        return None
    if (
        asks
        and race is None
        and day is None
        and not re.search(
            r"\b(?:new|create|make|build|generate|another|start|set\s+(?:up|me)|need\s+a"
            r"|give\s+me\s+a|want\s+a)\b",
            text,
        )
    ):
        return None
    if day == "past":
        return "That day has passed. Which coming day is the race on?"
    if race is None:
        return _ASK_DISTANCE if isinstance(day, dt.date) else _ASK_BOTH
    if not isinstance(day, dt.date):
        return _ASK_DATE if weeks is None else _ask_day(message.context.today, weeks)
    arguments: dict[str, Any] = {"goal_distance": race, "goal_date": day.isoformat()}
    baseline = read_baseline(text)
    if baseline:
        arguments["baseline"] = baseline
    blocks = _training_days(message, text, day)
    if blocks:
        arguments["days"] = blocks
    return "create_plan", arguments


def _race_day(message: Message, text: str) -> dt.date | str | None:
    """Return the race day that was said; "past" where it has passed."""
    dated = [d for d in message.days_of(text) if d.day is not None or d.of_month is not None]
    singles = [d for d in message.days_of(text) if d.weekday is not None and not d.plural]
    weeks = _IN_WEEKS.search(text)
    if weeks is not None and not dated:
        named = singles[0].weekday if len(singles) == 1 else None
        named = _SUNDAY if named is None and AGREES.search(text) else named
        if named is None:
            return None
        return _weekday_in_weeks(message.context.today, weeks, named)
    candidates: list[Mention] = dated or (singles if len(singles) == 1 else [])
    for mention in candidates:
        date = mention.date()
        if date is not None:
            return date if date > message.context.today else "past"
    return None


def _ask_day(today: dt.date, weeks: re.Match[str]) -> str:
    """Ask for the race day that a number of weeks leaves open, naming a Sunday."""
    count = weeks["n"] or weeks["m"]
    day = _weekday_in_weeks(today, weeks, _SUNDAY)
    return (
        f"{count} weeks from now is, for example, {day_text(day.isoformat())}: is the race on that "
        "day, or on which other?"
    )


def _weekday_in_weeks(today: dt.date, weeks: re.Match[str], weekday: int) -> dt.date:
    """Return the weekday that is nearest to the day some weeks from today."""
    middle = today + dt.timedelta(days=7 * int(weeks["n"] or weeks["m"]))
    return middle + dt.timedelta(days=(weekday - middle.weekday() + 3) % 7 - 3)


def _training_days(message: Message, text: str, race_day: dt.date) -> list[dict[str, Any]]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    listed = [d for d in message.days_of(text) if d.weekday is not None]
    if len(listed) < 2 and not any(d.plural for d in listed):
        return []
    days = sorted({d.weekday for d in listed if d.weekday is not None and d.date() != race_day})
    return [{"day": names[day]} for day in days]


def read_baseline(text: str) -> dict[str, Any]:
    """Return what the runner said of recent races and running."""
    found: dict[str, Any] = {}
    for name, pattern in (("weekly_km", _WEEKLY), ("longest_km", _LONGEST)):
        match = pattern.search(text)
        if match is None:
            continue
        value, unit = [group for group in match.groups() if group is not None][:2]
        km = number(value)
        km = tidy(km_from_miles(km) if unit.startswith("mi") else km)
        if 0 <= km <= 200:
            found[name] = km
    race = _recent_race(text)
    if race:
        found["recent_race"] = race
    return found


def _recent_race(text: str) -> dict[str, Any] | None:
    match = _RACE_TIME.search(text)
    if match is None:
        return None
    named = race_of(match["race"])
    km = named[1] if named else number(re.sub(r"[^\d.]", "", match["race"]))
    if match["min"]:
        minutes = number(match["min"])
    else:
        first, second, third = match.groups()[1:4]
        minutes = int(first) + int(second) / 60
        if third is not None:
            minutes = int(first) * 60 + int(second) + int(third) / 60
        elif km > 15 and int(first) < 10:
            minutes = int(first) * 60.0 + int(second)
    if not (0 < km <= 100 and 0 < minutes <= 1440):
        return None
    return {"distance_km": tidy(km), "time_minutes": tidy(minutes)}


def read_goal(message: Message) -> Call | str | None:
    """Return the change of the race's day or distance, a question, or None."""
    text = message.text
    plan = message.context.plan
    goal_word, change = _GOAL_WORD.search(text), _CHANGE.search(text)
    replaced = _INSTEAD_OF.search(text)
    race = wanted_race(text)
    supposed = (
        race and PREVIEW.search(text) and re.search(r"\bi\s+(?:did|do|ran|run|raced?|train)", text)
    )
    if not change and not replaced and not supposed:
        return None
    if re.search(r"\b(?:ran|raced|did|finished)\b", text) and not (
        goal_word or replaced or supposed
    ):
        return None
    same = bool(race) and race == (plan or {}).get("goal_distance")
    if race and goal_word is None and not message.quantities.duration_minutes:
        goal_word = _MOVED_RACE.search(text)
    if same and goal_word is not None:
        race = None
    if goal_word is None and not (
        race
        and (
            replaced
            or supposed
            or re.search(
                r"\b(?:instead|switch|changed?|upgrade|downgrade|drop\s+down|bump)\b", text
            )
        )
    ):
        return None
    if re.search(r"^\s*(?:when|what|how\s+(?:long|many|far))\b(?!.*\bif\b)", text):
        return None
    day = _race_day(message, text)
    shift = _WEEKS.search(text)
    if day is None and shift is not None and goal_word is not None:
        day = _shifted(plan, shift, text)
    if day == "past":
        return "That day has passed. Which coming day is the race on?"
    date = day if isinstance(day, dt.date) else None
    if date is None and race is None:
        if goal_word and re.search(
            r"\b(?:change|move|moved|switch|different|reschedul|postpon)", text
        ):
            return "What should change: the race day, the distance, or both? Tell me the new one."
        return None
    return adapt(kind="goal", goal_date=date.isoformat() if date else None, goal_distance=race)


def _shifted(plan: Any, shift: re.Match[str], text: str) -> dt.date | None:
    try:
        date = dt.date.fromisoformat(str((plan or {}).get("goal_date")))
    except ValueError:
        return None
    count, unit = shift["n"] or shift["m"], shift["unit"] or shift["unit2"]
    days = (1 if count == "a" else int(count)) * (7 if unit.startswith("week") else 1)
    earlier = re.search(r"\b(?:earlier|sooner|forward)\b", text)
    return date + dt.timedelta(days=-days if earlier else days)
