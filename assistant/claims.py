"""Say/do: whether a reply is borne out by what this turn did and read.

Judged sentence by sentence: a claim that something was done needs a result that did it; a date
needs to be in the data and to fall on the weekday it is said with; a workout needs to be on the
weekday it is said for; a distance said of the runner's own running needs to be in the data or in
their words. Questions, offers and conditions claim nothing. What no coach may advise is a fault in
any of them, whoever said it first.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assistant.numbering import misnumbered
from assistant.replies import has_effect
from assistant.sentences import split_sentences
from storage.messages import Message
from storage.values import SafetyHold
from training.advice import unsafe_advice
from training.units import KM_PER_MILE, WEEKDAYS

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:days?|s|sdays?|nesdays?|rs|rsdays?|urdays?)?\b"
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(\d{{4}}))?\b", re.I
)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?", re.I)
_NAMED_DAY = re.compile(rf"\b{_WEEKDAY}", re.I)
_DISTANCE = re.compile(r"\b(\d+(?:[.,]\d+)?)\s*(km|k|kilomet(?:er|re)s?|mi|miles?)\b(?!/h)", re.I)
_WORKOUT = re.compile(r"\b(tempo|intervals?|long run|recovery run|rest day)\b", re.I)
_ADVERBS = r"(?:(?:just|now|also|already|all|successfully|gone ahead and|went ahead and|been)\s+)*"
_DEED = (
    r"logged|saved|recorded|noted|stored|moved|swapped|shifted|rescheduled|changed|updated|adjusted|"
    r"adapted|created|undone|reverted|restored|cancell?ed|removed|replaced|switched|deleted|booked|lifted"
)
_CONSENT = "cleared|confirmed|accepted|applied|approved"
_STATE = r"reduced|cut|eased|dropped|skipped|added|built|put|set"
_BY_US = re.compile(
    rf"\b(?:i|we)(?:'ve|’ve|\s+have)?\s+{_ADVERBS}({_DEED}|{_STATE}|{_CONSENT}|undid)\b"
    rf"|^\W*(?:(?:done|great|ok|okay|all set|got it|sure)\W+)?{_ADVERBS}({_DEED}|{_STATE})\b",
    re.I,
)
_PASSIVE = re.compile(
    rf"\b(?:has|have)\s+{_ADVERBS}({_DEED}|{_STATE})\b"
    rf"|\b(?:is|are|was|were|'s|’s)\s+{_ADVERBS}({_DEED})\b",
    re.I,
)
_NO_CLAIM = re.compile(
    r"\b(?:not|nothing|never|no|without|would|could|can|cannot|if|once|should|shall|will|when|until|"
    r"unless|before|proposed|to be|want)\b|n['’]t\b",
    re.I,
)
_CONDITION = re.compile(r"^\W*(?:if|once|when|say|unless|until)\b", re.I)
_CLAUSE = re.compile(r"[;,:—–]\s+|\s+(?:so|and|but|because|while|which|since)\s+", re.I)
_EXAMPLE = re.compile(r"\b(?:such as|for example|e\.g\.)\W", re.I)
_LOGS = frozenset(("logged", "recorded"))
_CHANGES = frozenset(
    [
        "moved",
        "swapped",
        "shifted",
        "rescheduled",
        "undone",
        "undid",
        "reverted",
        "restored",
        "cancelled",
        "canceled",
        "removed",
        "replaced",
        "reduced",
        "cut",
        "eased",
        "switched",
        "dropped",
        "skipped",
    ]
)
_RACES_KM = (5.0, 10.0, 21.1, 42.2)


@dataclass(frozen=True)
class Evidence:
    """What a reply may rest on.

    context: what the model was given. said: the runner's words, and what calls that went well were
    given. results: of this turn's calls. earlier: the turns before. hold: what the plan waits for.
    """

    today: dt.date
    context: dict[str, Any]
    said: str = ""
    results: tuple[tuple[str, dict[str, Any]], ...] = ()
    earlier: str = ""
    hold: SafetyHold | None = None

    def with_results(self, messages: Sequence[Message]) -> "Evidence":
        """Return this evidence with the turn's own words and results."""
        calls = {call.id: call for message in messages for call in message.calls}
        answered = [
            (calls[m.call_id], json.loads(m.text))
            for m in messages
            if m.role == "tool" and m.call_id in calls
        ]
        done = [call.arguments for call, result in answered if "error" not in result]
        return replace(
            self,
            said=" ".join([*(m.text for m in messages if m.role == "user"), *done]),
            results=tuple((call.name, result) for call, result in answered),
        )

    @cached_property
    def text(self) -> str:
        """Everything that may be quoted, as one text."""
        results = json.dumps([result for _, result in self.results], ensure_ascii=False)
        context = json.dumps(self.context, ensure_ascii=False)
        return " ".join((context, results, self.said, self.earlier))

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """All dates of the data and of the runner's words, and the days around today."""
        near = {self.today + dt.timedelta(days=n) for n in (-1, 0, 1)}
        return frozenset(near.union(*(days for days, _ in _dates_in(self.text, self.today))))

    @cached_property
    def numbers(self) -> frozenset[float]:
        """All numbers of the data and of the runner's words."""
        return frozenset(float(number) for number in re.findall(r"\d+(?:\.\d+)?", self.text))

    @cached_property
    def quotable(self) -> tuple[str, ...]:
        """The results' own texts."""
        return tuple(text for _, result in self.results for text in _texts_in(result))


def fault_in(reply: str, evidence: Evidence) -> str | None:
    """Return what is wrong with the reply, in words for the model, or None."""
    if not reply.strip():
        return "Your answer was empty. Answer the runner in words."
    faults = (fault_in_sentence(sentence, evidence) for sentence in split_sentences(reply))
    found = next((fault for fault in faults if fault is not None), None)
    return found or misnumbered(reply, evidence.results)


def fault_in_sentence(sentence: str, evidence: Evidence) -> str | None:
    """Return what in one sentence no reply may advise or the data does not bear out, or None."""
    if advice := _unsafe_advice(sentence, evidence):
        return advice
    if _is_quoted(sentence, evidence):
        return None
    sentence = _without_quotations(sentence, evidence)
    return (
        _claimed_deed(sentence, evidence)
        or _wrong_date(sentence, evidence)
        or _wrong_day_of_workout(sentence, evidence)
        or _unknown_distance(sentence, evidence)
    )


def _unsafe_advice(sentence: str, evidence: Evidence) -> str | None:
    said, hold = evidence.said, evidence.hold
    if hold is None:
        return unsafe_advice(sentence, said=said)
    return unsafe_advice(sentence, said=said, flag=hold.flag, on_hold=hold.pauses == "plan")


def _is_quoted(sentence: str, evidence: Evidence) -> bool:
    """Whether the sentence is a result's own text, such as a reason."""
    plain = sentence.strip()
    return len(plain.split()) > 3 and any(plain in text for text in evidence.quotable)


def _without_quotations(sentence: str, evidence: Evidence) -> str:
    """Leave out what stands in quotation marks as a result has it: those are another's words."""

    def kept(match: re.Match[str]) -> str:
        return '""' if any(match[1] in text for text in evidence.quotable) else match[0]

    return re.sub(r'"([^"]+)"', kept, sentence)


def _texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _texts_in(item)


def _claimed_deed(sentence: str, evidence: Evidence) -> str | None:
    """Hold each clause that says that something was done against what this turn did.

    A clause without a subject ("Logged!") is the coach's own; a question asks unless the coach says
    "I did" in it; what `get_workout` tells of earlier changes may be told as the past.
    """
    if _CONDITION.search(sentence):
        return None
    asks = "?" in sentence
    for clause in _CLAUSE.split(sentence):
        if _NO_CLAIM.search(clause):
            continue
        for pattern in (_BY_US, _PASSIVE):
            match = pattern.search(clause)
            if match is None or (asks and pattern is _PASSIVE):
                continue
            verb = next(group for group in match.groups() if group).lower()
            if pattern is _PASSIVE and _is_told_as_past(match[0], evidence):
                continue
            if not _was_done(verb, evidence):
                return (
                    f'You said "{verb}", but no result of this turn did that. Say what the results '
                    "show, or that nothing was done."
                )
    return None


def _was_done(verb: str, evidence: Evidence) -> bool:
    effects = {name for name, result in evidence.results if has_effect(name, result)}
    if verb in _LOGS:
        return "log_execution" in effects
    if verb in _CHANGES:
        return bool(effects & {"adapt_plan", "create_plan", "update_profile"})
    return bool(effects)


def _is_told_as_past(said: str, evidence: Evidence) -> bool:
    """Whether "was moved" may tell of an earlier change that the data holds."""
    return bool(re.match(r"(?:was|were)\b", said, re.I)) and any(
        name == "get_workout" and (result.get("history") or result.get("execution"))
        for name, result in evidence.results
    )


def _wrong_date(sentence: str, evidence: Evidence) -> str | None:
    if _EXAMPLE.search(sentence):
        return None
    for days, span in _dates_in(sentence, evidence.today):
        known = [day for day in days if day in evidence.dates]
        if not known:
            return f"The date {days[0].isoformat()} is not in the data. Use the results' dates."
        named = _weekday_beside(sentence, span)
        if named is not None and all(day.weekday() != named for day in known):
            day = known[0]
            return f"{day.isoformat()} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[named]}."
    return None


def _wrong_day_of_workout(sentence: str, evidence: Evidence) -> str | None:
    """Hold "the tempo on Thursday" against the days on which the data has a tempo."""
    if "?" in sentence or _NO_CLAIM.search(sentence):
        return None  # a question, an offer or a condition
    kinds = {_kind(match[1]) for match in _WORKOUT.finditer(sentence)}
    days = {_position(match[1]) for match in _NAMED_DAY.finditer(sentence)}
    if len(kinds) != 1 or len(days) != 1:
        return None
    kind, day = kinds.pop(), days.pop()
    on = {d.weekday() for d, type_ in _workouts_in(evidence) if type_ == kind}
    if not on or day in on:
        return None
    return f"The data has no {kind} workout on a {WEEKDAYS[day]}."


def _unknown_distance(sentence: str, evidence: Evidence) -> str | None:
    if not evidence.results or "?" in sentence or _NO_CLAIM.search(sentence):
        return None  # advice in general, or a question
    for match in _DISTANCE.finditer(sentence):
        value = float(match[1].replace(",", "."))
        rounding = 0.51 * 10.0 ** -len(match[1].replace(",", ".").partition(".")[2])
        in_miles = match[2].lower().startswith("mi")
        factors = (1.0, 1 / KM_PER_MILE) if in_miles else (1.0, KM_PER_MILE)
        near = any(
            abs(value - number * by) <= rounding for number in evidence.numbers for by in factors
        )
        km = value * KM_PER_MILE if in_miles else value
        if not near and not any(abs(km - race) < 0.11 for race in _RACES_KM):
            return f"The distance {match[0]} is not in the data. Use the numbers of the results."
    return None


def _dates_in(text: str, today: dt.date) -> Iterator[tuple[tuple[dt.date, ...], tuple[int, int]]]:
    """Yield each written date with its place; one without a year may be of any year near today."""
    for match in _ISO.finditer(text):
        if days := _valid([int(match[1])], int(match[2]), int(match[3])):
            yield days, match.span()
    near = [today.year, today.year + 1, today.year - 1]
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(text):
            month = _MONTHS.index(match[month_at][:3].lower()) + 1
            years = [int(match[3])] if match[3] else near
            if days := _valid(years, month, int(match[day_at])):
                yield days, match.span()


def _valid(years: Sequence[int], month: int, day: int) -> tuple[dt.date, ...]:
    """Return the day in each of the years that have it."""
    found = []
    for year in years:
        with suppress(ValueError):
            found.append(dt.date(year, month, day))
    return tuple(found)


def _weekday_beside(sentence: str, span: tuple[int, int]) -> int | None:
    """Return the weekday named right before or after a date, as a number from Monday."""
    before = re.search(rf"\b{_WEEKDAY}[\s,(]*(?:the\s+)?$", sentence[: span[0]], re.I)
    after = re.match(rf"[\s,(]*{_WEEKDAY}[),.]", f"{sentence[span[1] :]}.", re.I)
    found = before or after
    return None if found is None else _position(found[1])


def _position(name: str) -> int:
    return [day[:3].lower() for day in WEEKDAYS].index(name[:3].lower())


def _kind(word: str) -> str:
    return word.lower().rstrip("s").replace(" run", "").replace(" day", "")


def _workouts_in(evidence: Evidence) -> Iterator[tuple[dt.date, str]]:
    """Yield date and type of every workout that the context and results show."""
    stack: list[Any] = [evidence.context, *(result for _, result in evidence.results)]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            stack.extend(node.values())
            date, kind = node.get("date"), node.get("type")
            if isinstance(date, str) and isinstance(kind, str) and _ISO.fullmatch(date):
                yield dt.date.fromisoformat(date), kind
