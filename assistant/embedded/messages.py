"""A runner's message, read once: its clauses, days, workout ids and quantities."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.embedded.context import Context, PlanDay
from assistant.embedded.days import Mention, mark_days, marked_days, settle
from assistant.embedded.numbers import plain, straight
from assistant.embedded.quantities import Quantities, read_quantities

Call = tuple[str, dict[str, object]]

_ID = re.compile(r"\bwk_[A-Za-z0-9_-]{1,40}")
_DAY_LIST = re.compile(r"»\s*,\s*(?=(?:(?:and|or)\s+)?«)")
_CLAUSES = re.compile(
    r"[.;!?]+(?=\s|$)|,(?=\s|$)|\s+-+\s+|\s+(?:(?<!day )but|because|although|however)\s+"
    r"|\s+(?:and|so|then|&)\s+(?=(?:i|i'm|i've|i'd|my|can|could|then|also|now|it|it's|no"
    r"|please|the\s+\w+\s+(?:hurts?|is|was))\b)"
)
QUESTION = re.compile(
    r"^\s*(?:(?:hey|hi|so|ok|and|but|coach|please|um+)[, ]+)*(?:what|how|when|which|why|where"
    r"|who|is|are|am|do|does|should|can|could|will|would|did\s+i|have\s+i|show|tell|give"
    r"|any)\b|\?\s*$"
)
_YES_OR_NO = re.compile(
    r"^\W*(?:(?:so|and|but|ok|hey|coach)\W+)*(?:has|have|is|are|am|was|does|do|will|when|how|should|would"
    r"|did\s+(?:it|that|this|they)\s+(?:go|come|get|hurt|work|help|change|count|save|happen|move|stop"
    r"|really|ever|register|log|update|heal))\b"
)
AGREES = re.compile(
    r"[.,;]\s*(?:yes|yep|yeah|sure|ok|okay|right|correct|exactly|that\s+day|please\s+do)\W*$"
)
TYPES = (
    ("tempo", re.compile(r"\b(?:tempo|threshold)\b")),
    (
        "interval",
        re.compile(r"\b(?:intervals?|speed\s*work|speed\s+session|track\s+session|repeats)\b"),
    ),
    (
        "long",
        re.compile(
            r"\blong(?:\s*runs?|\s+one|\s+jog)\b|\b(?:the|my|a)\s+long\b(?!\s+(?:time|way|day"
            r"|week|day|break))"
        ),
    ),
    ("recovery", re.compile(r"\brecovery\s+(?:run|jog|day)\b")),
    ("easy", re.compile(r"\beasy\s+(?:run|jog|one|day)\b|\bthe\s+easy\b")),
)


@dataclass(frozen=True)
class Message:
    """What a runner wrote.

    raw: as written. text: plain, with days and ids as marks ("«a»", "wk_#"); its last part is
    what the readers of intents work on.
    """

    raw: str
    text: str
    days: tuple[Mention, ...]
    ids: tuple[str, ...]
    context: Context

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """The message in parts that say one thing each."""
        joined = _DAY_LIST.sub("» & ", self.text)
        return tuple(part.strip() for part in _CLAUSES.split(joined) if part.strip())

    @cached_property
    def quantities(self) -> Quantities:
        """The quantities of the whole message."""
        return self.quantities_of(self.text)

    @property
    def is_question(self) -> bool:
        """True where the message asks rather than tells."""
        return QUESTION.search(self.text) is not None

    def asks(self, part: str) -> bool:
        """Whether a part of the message is a yes-or-no question of its own."""
        last = not self.clauses or part in (self.text, self.clauses[-1])
        return _YES_OR_NO.search(part) is not None or (last and self.raw.rstrip().endswith("?"))

    def quantities_of(self, text: str) -> Quantities:
        """Read the quantities of a part of the message."""
        return read_quantities(text, self.context.units)

    def days_of(self, text: str, *, spread: bool = True) -> tuple[Mention, ...]:
        """Return the days of a part; "next week" beside weekdays says which week's they are.

        spread: a week said with one weekday ("Tuesday and Thursday next week") holds for all.
        """
        days = marked_days(text, self.days)
        weeks = [day.week for day in days if day.is_week and not day.weekend]
        if not weeks and spread:
            weeks = [day.week for day in days if day.weekday is not None and day.week is not None]
        single = [day for day in days if not day.is_week]
        if not single or not weeks:
            return days
        return tuple(
            replace(day, week=weeks[0])
            if day.weekday is not None and day.week is None and not day.modifier
            else day
            for day in days
            if not day.is_week
        )

    def workout_of(self, text: str, *, past: bool = False) -> PlanDay | None:
        """Return the plan's day of the type that a part names ("the tempo next week")."""
        kind = next((kind for kind, pattern in TYPES if pattern.search(text)), None)
        if kind is None:
            return None
        weeks = [day.dates(past=True) for day in self.days_of(text) if day.is_week]
        if weeks:
            return next(
                (d for d in self.context.days if d.type == kind and d.date in weeks[0]), None
            )
        return self.context.latest(kind) if past else self.context.coming(kind)


def read_message(raw: str, context: Context) -> Message:
    """Read a runner's message against a context."""
    ids = tuple(_ID.findall(straight(raw)))
    text = plain(_ID.sub(" wk_# ", straight(raw)))
    marked, days = mark_days(text, context.today)
    return Message(raw, marked, settle(days), ids, context)
