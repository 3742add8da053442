"""Runs as runners report them: what log_execution is called with."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.embedded.context import PlanDay
from assistant.embedded.messages import AGREES, Call, Message
from assistant.embedded.numbers import number, plain, straight, tidy
from assistant.embedded.quantities import Quantities
from assistant.embedded.turns import Done
from assistant.embedded.wording import distance, minutes_text, sentence
from training.errors import ImpossibleValue
from training.executions import ActualMetrics, check_metrics
from training.units import km_from_miles

_VERBS = (
    r"ran|did|(?<!vs )(?<!vs\. )(?<!versus )done|finished|completed|jogged|logged|managed"
    r"|went\s+(?:for|out|on)|got\s+(?:back|in|through|it\s+done|out\s+for)|back\s+from"
    r"|in\s+the\s+(?:bag|books)"
    r"|raced|nailed|crushed|smashed|wrapped\s+up|covered|clocked|ticked\s+off|knocked\s+out"
    r"|banged\s+out|walked|was\s+out\s+for|had\s+to\s+(?:stop|cut|quit|bail)"
    r"|stopped|cut\s+(?:it|my|the|today|short)|bailed|went\s+(?:well|great|fine|ok|okay"
    r"|badly)|turned\s+(?:back|around)|squeezed\s+in|shuffled|plodded|trotted|survived"
    r"|had\s+(?:a|an|my)\s+(?:\w+\s+)?(?:run|jog)|hit"
)
DONE = re.compile(rf"\b(?:{_VERBS})\b|✅|✔|☑")
_LOG = re.compile(
    r"^\W*(?:(?:please|pls|can\s+you|could\s+you|hey|coach)[, ]+)*(?:log|record|save|track"
    r"|add|put\s+down|note)\b(?!\s+(?:\w+\s+){0,3}(?:training|progress|inj))"
)
_RUN_NOUN = re.compile(
    r"\b(?:runs?|jog|workout|session|tempo|intervals?|long\s+run|easy|it|training|everything"
    r"|race|park\s*run|time\s+trial|reps?|recovery)\b|wk_#|«"
)
_NOT_YET = re.compile(
    r"\b(?:should|shall|would|could|can|will|going\s+to|want\s+to|plan(?:ning)?\s+(?:to|on)"
    r"|if|need\s+to|thinking|might|try\s+to|hope|i'll|let's|how|what|when|why|which|rather"
    r"|instead\s+of\s+the|prefer)\b"
)
_FINISHED_BEFORE = re.compile(
    r"\b(?:ran|did|done|finished|completed|jogged|logged|managed|raced|went|got\s+back|missed)\b"
)
_MODIFIED = re.compile(
    r"\bmodified\b|\bcut\s+(?:it|my|the|today|short|down|back)|\bshort(?:er|ened)\b"
    r"|\blonger\b|\b(?:had\s+to\s+)?stop(?:ped)?\s+(?:early|after|at|half|short|because|with)"
    r"|\bi\s+stopped\b|\bhad\s+to\s+(?:stop|quit|bail|walk)"
    r"|\b(?:couldn't|didn't|unable\s+to|not\s+able\s+to|failed\s+to|never)\s+(?:finish"
    r"|complete|make\s+it\s+to\s+the\s+end|do\s+(?:it\s+)?all|hold)|\bbailed\b|\bgave\s+up\b"
    r"|\bquit\b|\bturned\s+(?:back|around)\b|\bended\s+early\b|\bearly\s+finish"
    r"|\bonly\s+(?:ran|did|managed|got|made|went|could|about\s+\d|\d+(?:\.\d+)?\s*(?:k|km|mi"
    r"|min|h|of))|\bjust\s+half\b|\bextended\b|\bextra\b|\badded\s+\d|\binstead\s+of\b"
    r"|\bhalf\s+of\s+(?:it|the)|\bpartial|\bskipped\s+(?:the\s+last|the\s+cool|the\s+warm"
    r"|a\s+rep|one\s+rep)|\bcalled\s+it\b|\babandoned\b|\bdnf\b|\bwalked\s+(?:the\s+rest|home"
    r"|some|most|part|half|back)|\bcut\b.*\bshort\b|\bchanged\s+it\b|\bmade\s+it\s+(?:shorter"
    r"|longer|easier)"
)
_COMPLETED = re.compile(
    r"\bcompleted\b|\bas\s+(?:planned|prescribed)\b|\bwhole\s+thing\b|\ball\s+of\s+it\b"
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|they|dog|wife|husband|partner|friend|friends|son|daughter|kid|kids|brother"
    r"|sister|colleague|buddy|mum|mom|dad)\s+(?:just\s+)?(?:ran|did|finished|completed|jogged"
    r"|raced)\b"
)
_HABIT = re.compile(
    r"\b(?:longest|usual|usually|typical|typically|normally|on\s+average|(?:a|per|each|every)\s+week"
    r"|weekly)\b"
)
_ADDS = re.compile(r"^\W*(?:(?:please|pls|can\s+you|could\s+you|hey|coach)[, ]+)*(?:add|note)\b")
_SOME_DAY = re.compile(
    r"\b(?:recently|lately|the\s+other\s+day|(?:last|this|past)\s+(?:month|year|spring|summer"
    r"|autumn|fall|winter|season)|(?:a\s+few|some|several|\d{1,2}|an?|a\s+couple\s+of)\s+(?:days"
    r"|weeks|months?|years?)\s+(?:ago|back)|in\s+(?:(?:19|20)\d\d|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)|ages\s+ago|back\s+in)\b"
)
_JUST_NOW = re.compile(r"\b(?:just|today|now)\b")
_WHICH_DAY = "Which day was that? Then I can note it on the right one."
_PART_OF_DAY = re.compile(
    r"\b(morning|breakfast|lunch(?:time)?|noon|midday|afternoon|evening|night|tonight|am|pm"
    r"|(?:before|after)\s+work)\b"
)
_TWO_LENGTHS = re.compile(
    r"\d\s*(?:k|km|mi|miles)\b[^,.;\d«]{0,20}?\b(?:and|then|plus)\s+(?:(?:then|another|later|again|a"
    r"|also)\s+)*\d+(?:\.\d+)?\s*(?:k|km|mi|miles)\b"
)
_LENGTH = re.compile(r"\d\s*(?:k|km|mi|miles)\b")
_IN_ALL = "A day has one record here. How far, or how long, was it in all?"
_HAS_TIME = re.compile(r"\b(?:i\s+have|i've\s+got|available|free|busy|race|every\s*day|daily)\b")
_NO_RUN = re.compile(
    r"\b(?:bike|biked|cycled|cycling|swim|swam|swimming|elliptical|rowed|rowing|hiked|yoga)\b"
)
_ASKS = re.compile(
    r"^\W*(?:(?:did|have|has|do|does)\s+(?:i|you|we)\b|(?:was|is|are)\s+(?:i|my|the|it|that|this)\b"
    r"|(?:how|what|when|why|where|which|should|could|can)\b)"
)
_WAS = re.compile(r"\b(?:was|were|took|felt|went|done)\b")
_RACE = re.compile(r"\b(?:raced|race|parkrun|park\s+run|time\s+trial|tt|pb|pr)\b")
_SAFETY_STOP = re.compile(
    r"\b(?:stop(?:ped)?|bail(?:ed)?|quit|cut|turned\s+(?:back|around)|ended"
    r"|pulled\s+out)\b.*\b(?:pain\w*|hurt\w*|cramps?|dizz\w*|nause\w*|sick|ill|fever|heat|hot"
    r"|lightning|thunder\w*|storm|ice|icy|injur\w*|niggle|knee|achilles|calf|shin|ankle|hip"
    r"|hamstring|faint\w*|unwell|vomit\w*|stomach|unsafe|dark)\b"
    r"|\b(?:pain\w*|cramps?|dizz\w*|nause\w*|lightning|thunder\w*|storm|icy"
    r"|injur\w*)\b.*\b(?:so|had\s+to|made\s+me)\b.*\b(?:stop|quit|bail|cut|walk)"
)
_CORRECTION = re.compile(
    r"\b(?:actually|correction|sorry|i\s+mean|i\s+meant|meant|my\s+(?:bad|mistake)"
    r"|make\s+(?:that|it)|change\s+(?:the|my|that|it|last)|should\s+(?:be|have\s+been|say)"
    r"|oops|whoops|wait|wrong|mistake|typo|mistyped|update|fix|edit|correct|oh|also|forgot"
    r"|plus|was\s+really|took(?:\s+me)?|it\s+was|that\s+was|time\s+was|in\s+fact|not\s+\d)\b"
    r"|^(?:and\s+)?(?:it|the\s+\w+|\w+)\s+was\b|^no\b"
)
_FEEL = re.compile(
    r"\b(?:felt|feel|feels|feeling|legs?|struggled|tough|hard|heavy|tired|strong|great|good"
    r"|smooth|comfortable|sluggish|breathing|breath|stitch|cramps?|cramped|slept|sleep"
    r"|stomach|dead|fresh|awesome|loved|enjoyed|hated|horrible|awful|rough|brutal|lovely|nice"
    r"|relaxed|flat|hot|humid|windy|wind|cold|rain|rainy|snow|icy|hilly|hills|muggy|dizzy"
    r"|thirsty|hungry|energy|motivation|easy\s+effort|controlled|grind|slog|wonderful|amazing"
    r"|terrible|bad|fine|ok|okay|drained|bouncy|stiff|sore|tight)\b"
)
_NOTE_START = re.compile(
    r"\b(?:(?:i\s+)?(?:was\s+)?(?:felt|feel|feeling|feels)|(?:my\s+)?legs?\s+(?:felt|were|was"
    r"|feel|are|heavy|dead|tired|fresh)|(?:it\s+)?was\s+(?:really\s+|very\s+|so\s+|a\s+bit\s+"
    r"|pretty\s+|quite\s+|too\s+|super\s+)*(?:hard|tough|hot|humid|windy|cold|great|good"
    r"|rough|brutal|lovely|awful|horrible)|struggled|loved|enjoyed|hated|way\s+too\s+\w+"
    r"|too\s+(?:hot|cold|windy|humid|fast)|so\s+(?:hot|cold|windy|hard|humid|tired))\b"
)
_NOTE_END = re.compile(
    r"\s*(?:\b(?:and|but|with|at|a|an|so)\s+)*\b(?:rpe|hr|heart\s*rate|cadence|drift|soreness"
    r"|fatigue|pain|avg|average|pace|effort)\b.*$|\s*\(?\b\d{1,2}\s*/\s*10.*$"
    r"|\s*\(?\b\d+\s+out\s+of\s+10.*$",
    re.IGNORECASE,
)
_NOTE_PIECES = re.compile(
    r"[,;.!?\n]+(?!\d)|\s-+\s|\s+(?:but|because)\s+(?=my\s|the\s|it\s+(?:was|felt))"
)
_LEADING = re.compile(
    r"^(?:\W+|(?:and|but|so|then|also|oh|well|though|yes|yeah|no|honestly|overall)\b)+",
    re.IGNORECASE,
)
_NOT_A_NOTE = re.compile(
    r"\b(?:pain\w*|hurts?|hurting|log|correction|actually|sorry|can\s+(?:i|we|you)|should\s+i"
    r"|tomorrow|next\s+week|plan)\b|\?|\bwk_|\bfelt\s+(?:like\s+)?(?:an?\s+)?\d|\bfeel(?:s"
    r"|ing)?\s+(?:like\s+)?\d",
    re.IGNORECASE,
)
_PLANNED_MINUTES = re.compile(r"(?<![\dx])(\d+)\s*min\b", re.IGNORECASE)
_PLANNED_LENGTH = re.compile(r"(?<![\dx.])(\d+(?:\.\d+)?)\s*(km|k|mi|miles?)\b", re.IGNORECASE)


def reports_a_run(message: Message, text: str, *, alone: bool) -> bool:
    """Whether a part of the message tells of a run that was done.

    alone: nothing else was read from the message, so that bare values may stand for a report.
    """
    adds_nothing = _ADDS.search(text) and not message.quantities_of(text).has_run
    if (
        _LOG.search(text)
        and not adds_nothing
        and not re.search(r"\b(?:injur\w*|flags?|profile|(?:running|training|my)\s+days)\b", text)
    ):
        return True
    if _SOMEBODY_ELSE.search(text) or _ASKS.search(text):
        return False
    said = message.quantities_of(text)
    if message.asks(text) and not said.has_any:
        return False
    for match in DONE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _NOT_YET.search(before) or re.match(r"\s*(?:i|we|you)\b", after):
            continue
        if re.search(r"\b(?:not|never|n't|haven't|hasn't)\s*(?:\w+\s*)?$", before):
            continue
        if said.has_any or said.bare is not None or _RUN_NOUN.search(before + after):
            return True
        if match[0] in ("done", "finished", "completed", "✅", "✔", "☑") and len(text.split()) <= 4:
            return True
    if _NOT_YET.search(text) or message.is_question or not alone or _HABIT.search(text):
        return False
    days = message.days_of(text)
    dates = [d.date(past=True) for d in days if not d.is_week]
    if len(set(dates)) > 1:
        return False
    bare = [d for d in days if d.weekday is not None and not d.modifier and d.week is None]
    if bare and len(bare) == len(days) and not _WAS.search(text) and not _MODIFIED.search(text):
        return False  # "5k on Friday" may be one still to come
    recent = [date for date in dates if date and 0 <= (message.context.today - date).days <= 60]
    future = len(recent) < len(dates) or any(day.plural for day in days)
    measured = any(
        v is not None for v in (said.hr_avg, said.cadence, said.hr_drift, said.rpe, said.avg_pace)
    )
    return (
        not future
        and said.has_run
        and (measured or _WAS.search(text) is not None or len(text.split()) <= 12)
        and (
            measured
            or _WAS.search(text) is not None
            or _MODIFIED.search(text) is not None
            or bool(message.days_of(text))
            or (said.distance_km is not None and said.duration_minutes is not None)
        )
    )


def measures(message: Message, clause: str) -> bool:
    """Whether a clause gives a run's own values, whatever was said before it."""
    said = message.quantities_of(clause)
    values = (said.hr_avg, said.cadence, said.hr_drift, said.avg_pace)
    named = re.search(r"\b(?:rpe|effort|exertion)\b", clause) and said.rpe is not None
    return said.has_run or bool(named) or any(value is not None for value in values)


def plans_a_run(message: Message) -> bool:
    """Whether a message speaks of a run still to come, with its length."""
    days = [day.date() for day in message.days if not day.is_week]
    coming = any(day is not None and day > message.context.today for day in days)
    return coming and message.quantities.has_run and not message.ids


def read_run(message: Message, text: str) -> Call | str:
    """Return the log of a reported run, or what to say where it cannot be logged."""
    said = message.quantities_of(text)
    if said.unclear is not None:
        return _scale_question(said.unclear)
    if said.bare is not None and not said.has_run:
        unit = message.context.units
        return f"Was that {said.bare:g} {unit} or {said.bare:g} minutes?"
    if _NO_RUN.search(text) and not re.search(r"\b(?:ran|jogged)\b", text):
        return (
            "I only keep runs here, so that one stays out. Was it instead of a run that I should "
            "note as missed?"
        )
    arguments: dict[str, Any] = {}
    date = _date(message, text)
    if isinstance(date, str):
        return date
    if date is None:
        date = message.context.today
    other = None if message.ids else _other_days_workout(message, text, date)
    planned = message.context.by_id(message.ids[0]) if message.ids else message.context.day(date)
    if message.ids:
        arguments["workout_id"] = message.ids[0]
    elif other is not None:
        planned = other
        arguments["workout_id"] = other.workout_id
        if date != message.context.today or other.date < date:
            arguments["date"] = date.isoformat()
    else:
        arguments["date"] = date.isoformat()
    if (
        not said.has_any
        and _LOG.search(text)
        and not DONE.search(text)
        and not re.search(r"\b(?:completed|modified|as\s+planned)\b", text)
    ):
        return "Happy to. How long or how far was it, and how hard did it feel from 0 to 10?"
    if not said.has_any and planned is not None and not planned.is_run:
        return "No run was planned on that day. How long or how far was it?"
    name = planned.name if planned is not None and planned.is_run else None
    arguments["completion_status"] = completion_status(text, said, name)
    if _stopped_for_safety(message) and arguments["completion_status"] == "modified":
        arguments["stopped_for_safety"] = True
    try:
        check_metrics(_metrics(said))
    except ImpossibleValue as error:
        return f"That can't be right: {sentence(str(error))}"
    _fill(arguments, said, notes_of(message.raw))
    return "log_execution", arguments


def _stopped_for_safety(message: Message) -> bool:
    """Whether a sentence tells of a stop and of pain, illness, heat or danger."""
    return any(_SAFETY_STOP.search(said) for said in re.split(r"[.!?;]\s+", message.text))


def read_runs(message: Message) -> tuple[Call, ...] | str | None:
    """Return the logs of runs told together, each with its day, or a question about two in one day.

    None where a message tells of one run or of none.
    """
    others = (_NOT_YET, _SOMEBODY_ELSE, _HABIT, _HAS_TIME)
    if message.is_question or any(pattern.search(message.text) for pattern in others):
        return None
    twice = _twice_a_day(message)
    if twice is not None:
        return twice
    parts = [
        (part, days[0].date(past=True))
        for part in re.split(r",|;|\.\s|\b(?:and|then)\b|&", message.text)
        if message.quantities_of(part).has_run
        and len(days := [d for d in message.days_of(part, spread=False) if not d.is_week]) == 1
    ]
    dates = [date for _, date in parts]
    past = [date for date in dates if date is not None and date <= message.context.today]
    first = message.text.split(". ")[0]
    apart = _TWO_LENGTHS.search(first) and len(_LENGTH.findall(first)) == 2
    if len(parts) < 2 and DONE.search(message.text) and apart:
        return _total(message, dates) or _IN_ALL
    if len(set(past)) < 2 or len(set(past)) < len(dates) or not DONE.search(message.text):
        return None
    logs = [read_run(message, part) for part, _ in parts]
    asked = next((log for log in logs if isinstance(log, str)), None)
    return asked or tuple(log for log in logs if not isinstance(log, str))


def _total(message: Message, days: Iterable[dt.date | None]) -> tuple[Call, ...] | None:
    """Return the log of a day's total, where the last sentence answers with it."""
    told, _, last = message.text.rpartition(". ")
    said = message.quantities_of(last)
    if not told or not said.has_run or _TWO_LENGTHS.search(last) or _PART_OF_DAY.search(last):
        return None
    metrics = {"distance_km": said.distance_km, "duration_minutes": said.duration_minutes}
    kept = {name: value for name, value in metrics.items() if value is not None}
    return _log_total(message, next(iter(days), None), kept)


def _log_total(
    message: Message, date: dt.date | None, metrics: dict[str, float]
) -> tuple[Call, ...]:
    date = date or message.context.today
    status = {"date": date.isoformat(), "completion_status": "modified"}
    return (("log_execution", {**status, "actual_metrics": metrics}),)


def _twice_a_day(message: Message) -> tuple[Call, ...] | str | None:
    """Ask whether two runs of one day are to be recorded as one: a day has one record."""
    parts = [
        (message.quantities_of(part), found[1])
        for part in re.split(r",|;|\.\s|\b(?:and|then|plus|later)\b|&|\+", plain(message.raw))
        if (found := _PART_OF_DAY.search(part)) and message.quantities_of(part).has_run
    ]
    if len(parts) < 2 or len({name for _, name in parts}) < 2:
        return None
    days = {day.date(past=True) for day in message.days if not day.is_week}
    if len(days) > 1 or any(day is None or day > message.context.today for day in days):
        return None
    lengths = [said.distance_km for said, _ in parts if said.distance_km is not None]
    minutes = [said.duration_minutes for said, _ in parts if said.duration_minutes is not None]
    metrics: dict[str, float] = {}
    if len(lengths) == len(parts):
        metrics["distance_km"] = tidy(sum(lengths))
    if len(minutes) == len(parts):
        metrics["duration_minutes"] = tidy(sum(minutes))
    if (total_said := _total(message, days)) is not None:
        return total_said
    if not metrics:
        return _IN_ALL
    if AGREES.search(message.text):
        return _log_total(message, next(iter(days), None), metrics)
    known = metrics.get("distance_km")
    told = "" if known is None else distance(known, message.context.units)
    total = told or minutes_text(metrics["duration_minutes"])
    return f"A day has one record here. Shall I record {total} in all for it?"


def _metrics(said: Quantities) -> ActualMetrics:
    return ActualMetrics(
        said.duration_minutes,
        said.distance_km,
        said.avg_pace,
        said.hr_avg,
        said.hr_drift,
        said.cadence,
    )


def _scale_question(name: str) -> str:
    if name in ("distance", "duration"):
        return f"That {name} can't be one run's. What was it?"
    words = {"rpe": "Effort (RPE)", "pain": "Pain", "soreness": "Soreness", "fatigue": "Fatigue"}
    return f"{words[name]} goes from 0 to 10 here. Which number fits?"


def _other_days_workout(message: Message, text: str, date: dt.date) -> PlanDay | None:
    """Return the workout of "Thursday's tempo", where it was run on another day."""
    days = [day for day in message.days_of(text) if not day.is_week]
    owners = [day for day in days if day.possessive]
    if not owners or len(days) == len(owners):
        return None
    found = [message.context.day(owners[0].date(past=past)) for past in (True, False)]
    open_ones = [
        day
        for day in found
        if day is not None and day.is_run and day.workout_id and day.date != date
    ]
    left = [day for day in open_ones if day.status in (None, "planned", "missed")]
    return next(iter(left or open_ones), None)


def _date(message: Message, text: str) -> dt.date | str | None:
    days = [day for day in message.days_of(text) if not day.is_week]
    if not days:
        vague = any(day.week is not None and day.week <= 0 for day in message.days_of(text))
        if (vague or _SOME_DAY.search(text)) and not (message.ids or _JUST_NOW.search(text)):
            return _WHICH_DAY
        return None
    day = days[0]
    apart = [d for d in days if not d.possessive]
    if day.possessive and apart:
        day = apart[0]
    date = day.date(past=True)
    if date is not None and date > message.context.today:
        return (
            "I can only log a run once it is done. Tell me how it went afterwards and I'll note it."
        )
    return date


def completion_status(text: str, said: Quantities, planned_name: str | None) -> str:
    """Say how a workout ended, from the runner's words, then from the planned length."""
    if _COMPLETED.search(text) and not _MODIFIED.search(text):
        return "completed"
    if said.changed or _MODIFIED.search(text):
        return "modified"
    if _RACE.search(text):
        return "completed"
    planned = planned_length(planned_name or "")
    if planned is None:
        return "completed"
    minutes, km = planned
    for actual, target in ((said.duration_minutes, minutes), (said.distance_km, km)):
        if actual is not None and target is not None and abs(actual - target) > 0.1 * target:
            return "modified"
    return "completed"


def planned_length(name: str) -> tuple[float | None, float | None] | None:
    """Return minutes and km of a workout's name, None where it names no single length."""
    if re.search(r"\d\s*x\s*\d", name):
        return None
    minutes, length = _PLANNED_MINUTES.findall(name), _PLANNED_LENGTH.findall(name)
    if len(minutes) + len(length) != 1:
        return None
    if minutes:
        return float(minutes[0]) or None, None
    value = number(length[0][0])
    return None, (km_from_miles(value) if length[0][1].startswith("m") else value) or None


def _fill(arguments: dict[str, Any], said: Quantities, notes: str | None) -> None:
    metrics = {
        "duration_minutes": said.duration_minutes,
        "distance_km": said.distance_km,
        "avg_pace": said.avg_pace,
        "hr_avg": said.hr_avg or None,
        "hr_drift": said.hr_drift,
        "cadence": said.cadence or None,
    }
    feedback = {
        "rpe": said.rpe,
        "soreness": said.soreness,
        "fatigue": said.fatigue,
        "notes": notes,
    }
    for key, values in (("actual_metrics", metrics), ("feedback", feedback)):
        kept = {name: value for name, value in values.items() if value is not None}
        if kept:
            arguments[key] = kept


def notes_of(raw: str) -> str | None:
    """Return the runner's own words on how it felt, without any value."""
    kept = []
    for piece in _NOTE_PIECES.split(straight(raw)):
        text = _LEADING.sub("", " ".join(piece.split()))
        if not text or _NOT_A_NOTE.search(text) or not _FEEL.search(text.lower()):
            continue
        start = _NOTE_START.search(text.lower())
        from_start = text[start.start() :] if start and len(text) == len(text.lower()) else text
        note = _NOTE_END.sub("", from_start).strip(" -:()")
        bare = start is None and (
            re.search(r"\d", note)
            or DONE.search(note.lower())
            or re.search(r"\b(?:run|jog|min|km|miles?)\b", note.lower())
        )
        if not note or bare or not _FEEL.search(note.lower()) or len(note.split()) < 2:
            continue
        kept.append(note)
    if not kept:
        return None
    joined = ", ".join(kept)[:300]
    return joined[0].upper() + joined[1:]


def read_correction(message: Message, earlier: tuple[Done, ...]) -> Call | None:
    """Return a log that corrects the last one of the conversation, where the message does."""
    last = last_log(earlier)
    said = message.quantities
    if last is None or said.unclear is not None:
        return None
    values = said.has_any
    notes = notes_of(message.raw)
    corrects = bool(_CORRECTION.search(message.text))
    detail = not said.has_run and not DONE.search(message.text)
    if not (
        (values and (corrects or detail))
        or (notes and detail and not message.is_question and corrects)
    ):
        return None
    if _NOT_YET.search(message.text) and not corrects:
        return None
    key, value = last_key(last)
    days = [day for day in message.days_of(message.text) if not day.is_week]
    if days and key == "date" and str(days[0].date(past=True)) != value:
        return None
    if message.ids and message.ids[0] != value:
        return None
    planned = (
        message.context.by_id(value)
        if key == "workout_id"
        else message.context.day(dt.date.fromisoformat(value))
    )
    arguments: dict[str, Any] = {key: value}
    before = str(last.arguments.get("completion_status") or "completed")
    arguments["completion_status"] = _corrected_status(
        message.text, said, planned.name if planned and planned.is_run else None, before
    )
    _fill(arguments, said, notes)
    return "log_execution", arguments


def _corrected_status(text: str, said: Quantities, name: str | None, before: str) -> str:
    if said.changed or _MODIFIED.search(text):
        return "modified"
    if _COMPLETED.search(text):
        return "completed"
    planned = planned_length(name or "")
    if planned is not None and said.has_run:
        minutes, km = planned
        comparable = (minutes is not None and said.duration_minutes is not None) or (
            km is not None and said.distance_km is not None
        )
        if comparable:
            return completion_status(text, said, name)
    if before == "missed":
        return "completed"
    return before if before in ("completed", "modified") else "completed"


def last_log(earlier: tuple[Done, ...]) -> Done | None:
    """Return the last successful log of the conversation, None where its run is unknown."""
    for done in reversed(earlier):
        if done.name == "log_execution" and not done.failed and last_key(done)[1]:
            return done
    return None


def last_key(done: Done) -> tuple[str, str]:
    """Say which run a log was of, as its own call did."""
    for source in (done.arguments, done.result):
        key = _key(source)
        if key is not None:
            return key
    return "date", ""


def _key(source: Mapping[str, Any]) -> tuple[str, str] | None:
    workout_id, date = source.get("workout_id"), source.get("date")
    if isinstance(workout_id, str) and re.fullmatch(r"wk_[A-Za-z0-9_-]{1,40}", workout_id):
        return "workout_id", workout_id
    if isinstance(date, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            return None
        return "date", date
    return None
