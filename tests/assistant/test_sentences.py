"""Text is shown a sentence at a time, and nothing after one that can't be sent."""

import datetime as dt
from functools import partial

import pytest

from assistant.claims import Evidence, fault_in_sentence
from assistant.sentences import SentenceGate, split_sentences

FAULT_IN = partial(fault_in_sentence, evidence=Evidence(dt.date(2026, 2, 10), {}))


@pytest.mark.parametrize(
    "text", ["", "One.", "One. Two!\nThree? Four", "5.5 km. Done", "A line\n\nand another"]
)
def test_sentences_add_up_to_the_text(text: str) -> None:
    assert "".join(split_sentences(text)) == text


def test_a_sentence_is_shown_when_it_is_whole() -> None:
    gate = SentenceGate(FAULT_IN)
    shown = [gate.feed(piece) for piece in ("Easy ", "today. ", "Rest ", "tomorrow.")]
    assert shown == ["", "Easy today. ", "", ""]
    assert gate.finish("Easy today. Rest tomorrow.") == "Rest tomorrow."


def test_nothing_is_shown_from_a_false_sentence_on() -> None:
    gate = SentenceGate(FAULT_IN)
    assert gate.feed("Hello there. I've logged it. Bye. ") == "Hello there. "
    assert gate.feed("More. ") == ""
    assert gate.finish("...") == ""


def test_an_answer_that_comes_whole_is_shown_whole() -> None:
    assert (
        SentenceGate(FAULT_IN).finish("Easy today. Rest tomorrow.") == "Easy today. Rest tomorrow."
    )
