"""Releasing a streamed reply sentence by sentence, each checked before it is shown."""

import re
from collections.abc import Callable

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")


def split_sentences(text: str) -> list[str]:
    """Return the text's sentences, each with the white space that follows it."""
    pieces, start = [], 0
    for match in _END.finditer(text):
        pieces.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


class SentenceGate:
    """Holds text back until its sentence is whole and nothing speaks against it.

    fault_in: what is wrong with a sentence, or None.
    """

    def __init__(self, fault_in: Callable[[str], str | None]) -> None:
        self.fault_in = fault_in
        self.held = ""
        self.closed = False
        self.fed = False

    def feed(self, text: str) -> str:
        """Take a piece and return what may be shown now."""
        self.fed = True
        self.held += text
        *whole, rest = ["", *split_sentences(self.held)]
        if _END.search(rest):
            whole.append(rest)
            rest = ""
        self.held = rest
        return self._release(whole)

    def finish(self, text: str) -> str:
        """Return the last sentence, or the whole text where it did not come in pieces."""
        pieces = [self.held] if self.fed else split_sentences(text)
        self.held = ""
        return self._release(pieces)

    def _release(self, sentences: list[str]) -> str:
        released = ""
        for sentence in sentences:
            self.closed = self.closed or self.fault_in(sentence) is not None
            if self.closed:
                break
            released += sentence
        return released
