"""The health screen, judged by messages as runners write them. Run with -s to see the figures.

What is held back lies, where it is there, beside the open messages and is judged apart.
"""

import math
import random
from collections import Counter
from functools import cache

import pytest
from screen_messages import messages_of

from training.red_flags import screen

SETS = [suffix for suffix in ("", "_heldback") if messages_of(f"flags{suffix}")]
RECALL = {"explicit": 0.99, "indirect": 0.90}
FALSE_ALARMS = 0.01
PAIRS = 300
REFERRALS = ("known_condition", "medication", "under_18")


def wilson(hits: int, count: int) -> str:
    """Return a share with its 95 % interval (Wilson, 1927)."""
    z = 1.96
    share = hits / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = ((centre + sign * spread) / (1 + z * z / count) for sign in (-1, 1))
    return f"{hits}/{count} = {share:.1%} ({max(low, 0):.1%} to {min(high, 1):.1%})"


@pytest.mark.parametrize("which", SETS)
@pytest.mark.parametrize("referrals", [False, True])
def test_the_screen_finds_the_signs(which: str, referrals: bool) -> None:
    hits: Counter[tuple[str, str]] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for row in messages_of(f"flags{which}"):
        if (row["class"] in REFERRALS) is not referrals:
            continue
        found = screen(row["message"]) is not None
        for name in (row["class"], "all"):
            counts[name, row["wording"]] += 1
            hits[name, row["wording"]] += found
    for name, wording in sorted(counts):
        told = wilson(hits[name, wording], counts[name, wording])
        print(f"{name:18} {wording:9} {told}")  # noqa: T201 - figures for the reader
    for wording, bar in RECALL.items():
        assert hits["all", wording] >= bar * counts["all", wording], wording


@pytest.mark.parametrize("which", SETS)
def test_the_screen_leaves_ordinary_messages_alone(which: str) -> None:
    rows = messages_of(f"normal{which}")
    alarms = [row for row in rows if screen(row["message"]) is not None]
    print(f"false alarms {wilson(len(alarms), len(rows))}")  # noqa: T201
    assert len(alarms) <= FALSE_ALARMS * len(rows)


def in_a_row(first: str, second: str) -> str:
    return f"{first.rstrip('.')}. {second}"


@cache
def in_one_language() -> dict[str, list[str]]:
    """Return the ordinary messages that raise no alarm, by language."""
    messages: dict[str, list[str]] = {}
    for row in messages_of("normal"):
        if screen(row["message"]) is None:
            messages.setdefault(row["language"], []).append(row["message"])
    return messages


def test_an_ordinary_sentence_hides_no_sign() -> None:
    chance = random.Random(20)
    ordinary = in_one_language()
    signs = [row for row in messages_of("flags") if screen(row["message"]) is not None]
    for row in chance.sample(signs, PAIRS):
        beside = chance.choice(ordinary[row["language"]])
        for message in (in_a_row(beside, row["message"]), in_a_row(row["message"], beside)):
            assert screen(message) is not None, message


def test_two_ordinary_messages_make_no_sign() -> None:
    chance = random.Random(20)
    ordinary = list(in_one_language().values())
    pairs = [chance.sample(chance.choice(ordinary), 2) for _ in range(PAIRS)]
    alarms = [pair for pair in pairs if screen(in_a_row(*pair)) is not None]
    assert len(alarms) <= FALSE_ALARMS * PAIRS, alarms
