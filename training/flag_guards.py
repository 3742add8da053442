"""What takes a sign in a message back: it is denied, long past, someone else's or a figure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from training.phrases import Span
from training.words import Text

CONTEXT = (
    "negation",
    "turn",
    "and",
    "denied_after",
    "other_person",
    "stranger",
    "thing",
    "reports",
    "addresses",
    "me",
    "pronoun",
    "their",
    "third_person",
    "help",
    "doctor",
    "past",
    "now",
    "back",
    "figure",
    "resolved",
)
OF_ONE_LANGUAGE = ("negation", "turn", "and", "denied_after", "addresses")
_DENIED_WORDS = 3  # how far a "no" reaches
_DENIED_AFTER_WORDS = 2
_SUBJECT_WORDS = 12  # how far whom it is about may stand before it
_FIGURE_WORDS = 3
_THING_WORDS = 2
_FIRST_WORDS = 2
_OWN_WORDS = 3  # "my left calf has"


class Standing(Enum):
    """How a sign stands in its message."""

    PRESENT = "present"
    PAST = "past"
    OTHERS = "others"
    DENIED = "denied"


class Guards:
    """The words of one message that tell how its signs stand.

    signs: the places of all signs, since a "no" before the first of a list denies them all.
    """

    def __init__(
        self, text: Text, context: Mapping[str, Sequence[Span]], signs: Iterable[Span]
    ) -> None:
        self._text = text
        self._context = context
        self._turns = {span.start for span in context.get("turn", ())}
        self._signs = _places(signs)
        self._passed_over = self._signs | _places(context.get("and", ()))
        self.asks_for_help = bool(context.get("help"))
        self._others = self._other_people()

    def standing(self, spans: Sequence[Span]) -> Standing:
        """Return how the sign that stands at these places is meant."""
        if self._is_denied(spans) or self._is_figure(spans) or self._is_resolved(spans):
            return Standing.DENIED
        if self._is_anothers(spans):
            return Standing.OTHERS
        return Standing.PAST if self._is_past(spans) else Standing.PRESENT

    def _near(self, name: str) -> Sequence[Span]:
        return self._context.get(name, ())

    def _is_denied(self, spans: Sequence[Span]) -> bool:
        own = _places(spans)
        return any(
            denial.start not in own and any(self._reaches(denial, span, own) for span in spans)
            for denial in self._near("negation")
        ) or any(
            denial.start not in own and any(self._follows(denial, span) for span in spans)
            for denial in self._near("denied_after")
        )

    def _reaches(self, denial: Span, span: Span, own: set[int]) -> bool:
        """Whether a "no" denies the words after it: near them, or at the head of their list."""
        text = self._text
        if denial.start >= span.start or text.sentences[denial.start] != text.sentences[span.start]:
            return False
        between = range(denial.end, span.start)
        if not self._turns.isdisjoint(between):
            return False
        listed = [place for place in between if place not in self._passed_over]
        if text.clauses[denial.start] == text.clauses[span.start]:
            return len(listed) <= _DENIED_WORDS
        return not listed and not self._signs.isdisjoint(set(between) - own)

    def _follows(self, denial: Span, span: Span) -> bool:
        """Whether the words are denied right after them, like in "chest pain: none"."""
        clauses = self._text.clauses
        away = denial.start - span.end
        if clauses[denial.start] == clauses[span.start]:
            return 0 <= away <= _DENIED_AFTER_WORDS
        ends = denial.end == len(clauses) or clauses[denial.end] != clauses[denial.start]
        return away == 0 and ends

    def _is_figure(self, spans: Sequence[Span]) -> bool:
        text = self._text
        return any(
            0 <= figure.start - span.end <= _FIGURE_WORDS
            and text.sentences[figure.start] == text.sentences[span.start]
            for figure in self._near("figure")
            for span in spans
        )

    def _is_resolved(self, spans: Sequence[Span]) -> bool:
        """Whether it is said to be over: in the sign's sentence or first thing in the next."""
        places = self._text.sentences
        sentences = {places[span.start] for span in spans}
        following = max(sentences) + 1
        return any(
            places[each.start] in sentences
            or (places[each.start] == following and places[each.start - _FIRST_WORDS] < following)
            for each in self._near("resolved")
        )

    def _other_people(self) -> list[Span]:
        """Return who else is spoken of, without those who are told or only report what they saw."""
        reports = {span.start for span in self._near("reports")}
        told = {span.end for span in self._near("addresses")}
        people = [*self._near("other_person"), *self._near("stranger")]
        passive = [
            span
            for span in people
            if span.start in told or not reports.isdisjoint(range(span.end, span.end + 2))
        ]
        left_out = _places(passive)  # "my wife" and the "wife" in it
        return [span for span in people if span.start not in left_out]

    def _is_anothers(self, spans: Sequence[Span]) -> bool:
        """Whether the first of the words is about someone else, who is not named in them."""
        named = _places(self._others)
        if not named.isdisjoint(_places(spans)):
            return False  # like "my son is 12"
        return self._is_of_another(min(spans, key=_start))

    def _is_of_another(self, sign: Span) -> bool:
        """Whether the last one spoken of before the words, in their sentence, is not the runner.

        Where nobody is, "him" or "her" after them tells that it is someone else.
        """
        sentence = self._text.sentences[sign.start]
        named = _places(self._others)
        runner = [span for span in self._near("me") if span.start not in named]
        own = {span.start for span in runner}
        if sign.end - 1 not in own and any(span.start == sign.end for span in self._others):
            return True  # "my pregnant sister"
        if any(self._belongs_to(thing, sign) for thing in self._near("thing")):
            return True
        others = [*self._others, *self._near("pronoun"), *self._third_person(own)]
        subjects = [
            (span.start, whose)
            for whose, each in (("other", others), ("runner", runner))
            for span in each
            if span.start < sign.start
            and sign.start - span.end <= _SUBJECT_WORDS
            and self._text.sentences[span.start] == sentence
        ]
        if subjects:
            return max(subjects)[1] == "other"
        if any(self._text.sentences[span.start] == sentence for span in self._near("doctor")):
            return False
        return any(
            0 < span.start - sign.start <= _SUBJECT_WORDS
            and self._text.sentences[span.start] == sentence
            for span in self._near("their")
        )

    def _belongs_to(self, thing: Span, sign: Span) -> bool:
        """Whether a thing right before the words has the sign: "my watch passed out"."""
        clauses = self._text.clauses
        near = 0 <= sign.start - thing.end <= _THING_WORDS
        return near and clauses[thing.start] == clauses[sign.start]

    def _third_person(self, runner: set[int]) -> list[Span]:
        """Return the verbs like "has", unless what has it is the runner's: "my heart has"."""
        return [
            span
            for span in self._near("third_person")
            if runner.isdisjoint(range(span.start - _OWN_WORDS, span.start))
        ]

    def _is_past(self, spans: Sequence[Span]) -> bool:
        sentences = {self._text.sentences[span.start] for span in spans}
        past = self._near("past")
        if not any(self._text.sentences[span.start] in sentences for span in past):
            return False
        told = _places(past)
        told |= {span.end for span in self._near("negation")}  # "never again"
        following = sentences | {max(sentences) + 1}
        return not any(
            span.start not in told and self._text.sentences[span.start] in near
            for name, near in (("back", following), ("now", sentences))
            for span in self._near(name)
        )


def _start(span: Span) -> int:
    return span.start


def _places(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}
