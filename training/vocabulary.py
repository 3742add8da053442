"""The single words of the phrases that are looked for, by what they match in a text."""

import re

_SHORTEST_TYPO = 7  # letters; a shorter word is read as it is written
_LONGEST_WORD = 24


class Vocabulary:
    """The rules' single words, by what they match."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.exact: set[str] = set()
        self.prefixes: set[str] = set()
        self.parts: set[str] = set()
        self.ranges: list[tuple[float, float, str]] = []
        self.long_words: dict[tuple[str, int], list[str]] = {}
        self.any_part: re.Pattern[str] | None = None
        self.lengths: tuple[int, ...] = ()

    def close(self) -> None:
        """Sort what was seen, and prepare the look-ups."""
        for word in {
            choice for each in self.seen for choice in each.removesuffix("?").split("|") if choice
        }:
            self._sort(word)
        if self.parts:
            self.any_part = re.compile("|".join(sorted(map(re.escape, self.parts))))
        self.lengths = tuple(sorted({len(prefix) for prefix in self.prefixes}))

    def _sort(self, word: str) -> None:
        kind = word[0]
        if kind == "#":
            low, _, high = word[1:].partition("-")
            self.ranges.append((float(low or 0), float(high or low or 1e9), word))
        elif kind == "*":
            self.parts.add(word.strip("*"))
        elif kind != "<":
            plain = word.rstrip("*")
            (self.exact if plain == word else self.prefixes).add(plain)
            if len(plain) >= _SHORTEST_TYPO:
                self.long_words.setdefault((kind, len(plain)), []).append(word)

    def ids_of(self, word: str) -> tuple[str, ...]:
        """Return all entries that a text's word matches."""
        if word[0].isdigit():
            value = float(word.replace(",", "."))
            return tuple(name for low, high, name in self.ranges if low <= value <= high)
        word = word[:_LONGEST_WORD]
        known = [word] if word in self.exact else []
        known += [
            f"{word[:n]}*" for n in self.lengths if n <= len(word) and word[:n] in self.prefixes
        ]
        if self.any_part is not None and len(word) > 5:
            known += [f"*{part}*" for part in set(self.any_part.findall(word))]
        return tuple(known) or self._mistyped(word)

    def _mistyped(self, word: str) -> tuple[str, ...]:
        """Return the entries of long words that are one letter too many, too few or wrong away.

        A word that an entry begins is measured by as many letters as the entry has.
        """
        if len(word) < _SHORTEST_TYPO - 1:
            return ()
        found = []
        for size in range(_SHORTEST_TYPO, len(word) + 2):
            for entry in self.long_words.get((word[0], size), ()):
                plain = entry.rstrip("*")
                tried = (word,) if plain == entry else (word, word[: size - 1], word[:size])
                if any(_is_one_away(plain, each) for each in tried):
                    found.append(entry)
        return tuple(sorted(found))


def _is_one_away(word: str, other: str) -> bool:
    """Whether two words differ by one letter at most: one more, one less, or another one."""
    if abs(len(word) - len(other)) > 1:
        return False
    same = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        same += 1
    if len(word) == len(other):
        return word[same + 1 :] == other[same + 1 :]
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer[same + 1 :] == shorter[same:]
