"""The health screen, judged by messages as runners write them. Run with -s to see the figures.

What is held back lies, where it is there, beside the open messages and is judged apart.
"""

import csv
import math
from collections import Counter
from pathlib import Path

import pytest

from training.red_flags import screen

HERE = Path(__file__).parent / "red_flag_messages"
SETS = [suffix for suffix in ("", "_heldback") if (HERE / f"flags{suffix}.csv").exists()]
RECALL = {"explicit": 0.99, "indirect": 0.90}
FALSE_ALARMS = 0.01
REFERRALS = ("known_condition", "medication", "under_18")


def read(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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
    for row in read(f"flags{which}"):
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
    rows = read(f"normal{which}")
    alarms = [row for row in rows if screen(row["message"]) is not None]
    print(f"false alarms {wilson(len(alarms), len(rows))}")  # noqa: T201
    assert len(alarms) <= FALSE_ALARMS * len(rows)
