"""A small language of phrases, matched word by word; the cost grows with the text, never faster.

A word is `chest` (itself), `swell*` (its beginning), `*schmerz*` (a part of it), `#9-17` (a
number) or `<calf>` (any phrase of that list). `a|b` is either, a `?` behind a word lets it be left
out, `..` is up to three words in between and `...` up to eight. `a ~ b` asks for both within a few
words of one sentence, in any order; `a & b` for both in one passage; `& !a` for no `a` in the
sentences of the others.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from training.vocabulary import Vocabulary
from training.words import Text

NEAR_WORDS, PASSAGE_WORDS = 7, 40
_LONGEST_PHRASE = 40  # words, gaps filled
_GAPS = {"..": 3, "...": 8}
_COMMON = frozenset(
    """
    a after ai all am an and any are as at auf back be been ben bin but by can cant che couldnt
    da dans das day days de der di did didnt die do dont down e een el en es est et every feel
    felt for from get got had habe has have he her het his ho how hours i ich if ik il im in into
    is ist it j je just km la le legs les like ma me mes mi mich mijn mir mit mon more my na nach
    nicht niet no non not now o of off on one op or out over pas per pour que race ran run se she
    since so sono still suis than that the then they this time to today too two um uma un una und
    une up van war was we week were what when with wont y you your
    """.split()  # noqa: SIM905 - a paragraph reads better than a hundred quoted lines
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phrase stands: from its first word up to, but without, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One place in a phrase: any of the words or lists, or up to `gap` free words."""

    words: frozenset[str] = frozenset()
    lists: tuple[str, ...] = ()
    optional: bool = False
    gap: int = 0


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase's steps. anchor: the rarest of those at a fixed distance from its start."""

    steps: tuple[_Step, ...]
    anchor: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """groups: all are needed; within one, phrases stand near each other. label: what it shows."""

    label: int
    source: str
    groups: tuple[tuple[int, ...], ...]
    without: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that fits, with the place of each of its phrases."""

    label: int
    source: str
    spans: tuple[Span, ...]


class Phrases:
    """Rules over lists of phrases, ready to be looked for in texts.

    lists: phrases by name, for `<name>`; a list's phrases name no other list. rules: label and
    phrase, in the order in which they are to be found.
    """

    def __init__(
        self, lists: Mapping[str, Sequence[str]], rules: Sequence[tuple[int, str]]
    ) -> None:
        self._atoms: list[str] = []
        self._phrases: dict[int, _Phrase] = {}
        self._atom_numbers: dict[str, int] = {}
        self._names: dict[int, list[str]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_list: dict[str, list[int]] = {}
        self._words = Vocabulary()
        self._sizes = {name: len(phrases) for name, phrases in lists.items()}
        for name, phrases in lists.items():
            for phrase in phrases:
                self._names.setdefault(self._atom(phrase), []).append(f"<{name}>")
        self._rules = [self._rule(label, source) for label, source in rules]
        self._by_atom: dict[int, list[int]] = {}
        for number, rule in enumerate(self._rules):
            atoms = [atom for group in rule.groups for atom in group]
            rarest = min(atoms, key=self._commonness)
            self._by_atom.setdefault(rarest, []).append(number)
        self._words.seen -= _GAPS.keys()
        self._words.close()
        self.ids_of = lru_cache(maxsize=20_000)(self._words.ids_of)

    def find(self, text: Text) -> Iterator[Found]:
        """Yield every place where a rule fits, in the rules' order."""
        reading = _Reading(text, [self.ids_of(word) for word in text.words])
        for atom in self._active(reading, self._by_word, reading.places):
            if spans := reading.look_for(self._phrase(atom)):
                reading.spans[atom] = spans
                for name in self._names.get(atom, ()):
                    reading.add(name, spans)
        for atom in self._active(reading, self._by_list, reading.lists):
            if spans := reading.look_for(self._phrase(atom)):
                reading.spans[atom] = spans
        candidates = sorted({n for atom in reading.spans for n in self._by_atom.get(atom, ())})
        for number in candidates:
            rule = self._rules[number]
            for fitting in reading.fit(rule.groups):
                if not reading.any_near(rule.without, fitting):
                    yield Found(rule.label, rule.source, fitting)

    def _active(
        self, reading: "_Reading", index: dict[str, list[int]], present: Mapping[str, object]
    ) -> list[int]:
        """Return the phrases whose rarest word is there."""
        return sorted({atom for key in present for atom in index.get(key, ())})

    def _rule(self, label: int, source: str) -> _Rule:
        groups, without = [], []
        for part in source.split(" & "):
            if part.strip().startswith("!"):
                without.append(self._atom(part.strip()[1:].strip()))
            else:
                groups.append(tuple(self._atom(phrase.strip()) for phrase in part.split(" ~ ")))
        return _Rule(label, source, tuple(groups), tuple(without))

    def _atom(self, phrase: str) -> int:
        """Return a phrase's number. Its steps are read when its rarest word is met in a text."""
        known = self._atom_numbers.get(phrase)
        if known is not None:
            return known
        number = self._atom_numbers[phrase] = len(self._atoms)
        self._atoms.append(phrase)
        words = phrase.split(" ")
        self._words.seen.update(words)
        if "<" in phrase:
            for name in self._lists_to_wait_for(words):
                self._by_list.setdefault(name, []).append(number)
            return number
        key = phrase if len(words) == 1 else min(words, key=_commonness)
        for choice in key.split("|") if "|" in key else (key,):
            self._by_word.setdefault(choice, []).append(number)
        return number

    def _lists_to_wait_for(self, words: Sequence[str]) -> list[str]:
        """Return the lists of which one has to be found before a phrase is looked for."""
        rarest = min(filter(_is_firm, words), key=self._rarity).split("|")
        if any(choice.startswith("<") for choice in rarest):
            return [choice for choice in rarest if choice.startswith("<")]
        return [c for word in words for c in word.split("|") if c.startswith("<")]

    def _rarity(self, word: str) -> int:
        lists = [choice for choice in word.split("|") if choice.startswith("<")]
        return sum(self._sizes[name[1:-1]] for name in lists) + _commonness(
            "|".join(choice for choice in word.split("|") if choice not in lists) or _NONE
        )

    def _phrase(self, atom: int) -> _Phrase:
        phrase = self._phrases.get(atom)
        if phrase is None:
            phrase = self._phrases[atom] = _read_phrase(self._atoms[atom].split(" "))
        return phrase

    def _commonness(self, atom: int) -> int:
        return min(map(self._rarity, filter(_is_firm, self._atoms[atom].split(" "))))


_NONE = ""
_LONG = 12  # letters; a shorter word is more common


@cache
def _commonness(word: str) -> int:
    """Return how common a word of a phrase is in talk: the key of a phrase is its rarest word."""
    if word in _COMMON:
        return 500
    if word.isalpha():
        return max(1, _LONG - len(word))
    if not _is_firm(word):
        return 100_000
    return sum(
        500 if choice in _COMMON else max(1, _LONG - len(choice))
        for choice in word.split("|")
        if choice
    )


def _is_firm(word: str) -> bool:
    """Whether a phrase needs this word to be there."""
    return word not in _GAPS and not word.endswith("?")


def _read_phrase(words: Sequence[str]) -> _Phrase:
    anchor = 0
    for number, word in enumerate(words):
        if not _is_firm(word):
            break
        if _commonness(word) < _commonness(words[anchor]):
            anchor = number
        if "<" in word:
            break  # a list's phrases may be of any length
    return _Phrase(tuple(map(_step, words)), anchor)


def _step(word: str) -> _Step:
    if word in _GAPS:
        return _Step(gap=_GAPS[word])
    choices = word.removesuffix("?").split("|")
    lists = tuple(choice for choice in choices if choice.startswith("<"))
    return _Step(frozenset(choices).difference(lists), lists, word.endswith("?"))


class _Reading:
    """One text's words and the phrases found in it so far."""

    def __init__(self, text: Text, ids: Sequence[tuple[str, ...]]) -> None:
        self.text = text
        self.size = len(ids)
        self.ids = [frozenset(known) for known in ids]
        self.places: dict[str, list[int]] = {}
        for place, known in enumerate(ids):
            for word in known:
                self.places.setdefault(word, []).append(place)
        self.lists: dict[str, dict[int, list[int]]] = {}
        self.spans: dict[int, list[Span]] = {}

    def add(self, name: str, spans: Sequence[Span]) -> None:
        ends = self.lists.setdefault(name, {})
        for span in spans:
            ends.setdefault(span.start, []).append(span.end)

    def look_for(self, phrase: _Phrase) -> list[Span]:
        """Return the places of a phrase, at most one for each first word."""
        anchor = phrase.steps[phrase.anchor]
        places: set[int] = set()
        for word in anchor.words:
            places.update(self.places.get(word, ()))
        for name in anchor.lists:
            places.update(self.lists.get(name, ()))
        spans = []
        for place in sorted(places):
            start = place - phrase.anchor
            if start < 0:
                continue
            end = self._end(phrase.steps, 0, start, self.text.sentences[start])
            if end is not None:
                spans.append(Span(start, end))
        return spans

    def _end(self, steps: tuple[_Step, ...], number: int, place: int, sentence: int) -> int | None:
        if number == len(steps):
            return place
        step = steps[number]
        if step.gap:
            for skipped in range(step.gap + 1):
                end = self._end(steps, number + 1, place + skipped, sentence)
                if end is not None:
                    return end
            return None
        if place < self.size and self.text.sentences[place] == sentence:
            if not step.words.isdisjoint(self.ids[place]):
                end = self._end(steps, number + 1, place + 1, sentence)
                if end is not None:
                    return end
            for name in step.lists:
                for after in self.lists.get(name, {}).get(place, ()):
                    end = self._end(steps, number + 1, after, sentence)
                    if end is not None:
                        return end
        return self._end(steps, number + 1, place, sentence) if step.optional else None

    def fit(self, groups: tuple[tuple[int, ...], ...]) -> Iterator[tuple[Span, ...]]:
        """Yield for each place of the rule's first phrase the nearest others, if all are there."""
        found = [self.spans.get(atom) for group in groups for atom in group]
        if not all(found):
            return
        for first in self.spans[groups[0][0]]:
            chosen: list[Span] = []
            for group in groups:
                for number, atom in enumerate(group):
                    if not chosen:
                        chosen.append(first)
                        continue
                    near = chosen[-1] if number else first
                    limit = NEAR_WORDS if number else PASSAGE_WORDS
                    other = self._nearest(atom, near, limit, same_sentence=number > 0)
                    if other is None:
                        break
                    chosen.append(other)
            if len(chosen) == len(found):
                yield tuple(chosen)

    def any_near(self, atoms: Iterable[int], spans: Sequence[Span]) -> bool:
        """Whether any of the phrases stands in a sentence of these places."""
        sentences = {self.text.sentences[span.start] for span in spans}
        return any(
            self.text.sentences[span.start] in sentences
            for atom in atoms
            for span in self.spans.get(atom, ())
        )

    def _nearest(self, atom: int, span: Span, limit: int, *, same_sentence: bool) -> Span | None:
        best, least = None, limit + 1
        sentences = self.text.sentences
        spans = self.spans[atom]
        farthest = span.start - limit - _LONGEST_PHRASE
        for number in range(bisect_left(spans, farthest, key=_start), len(spans)):
            other = spans[number]
            if other.start - span.end > limit:
                break
            away = max(other.start - span.end, span.start - other.end)
            if away < 0:
                continue  # overlapping words are one sign, not two
            if away < least and not (
                same_sentence and sentences[other.start] != sentences[span.start]
            ):
                best, least = other, away
        return best


def _start(span: Span) -> int:
    return span.start
