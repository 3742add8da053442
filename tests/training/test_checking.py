"""How a limit becomes a check of the receipt: the tightest case is shown."""

import pytest

from training.checking import at_most, none_of
from training.receipts import Check, Receipt


@pytest.mark.parametrize(
    ("found", "allowed", "passed"),
    [(5.1, 5.0, True), (5.11, 5.0, False), (50.5, 50.0, True), (50.51, 50.0, False)],
)
def test_one_percent_or_a_tenth_of_a_km_is_allowed_on_top(found, allowed, passed):
    assert at_most("1", "limit", [(found, allowed, "here")]).passed is passed


@pytest.mark.parametrize(("found", "passed"), [(3, True), (3.03, True), (3.04, False)])
def test_a_count_has_only_the_one_percent(found, passed):
    assert at_most("1", "limit", [(found, 3, "here")], "days", slack=0).passed is passed


def test_the_case_with_the_least_room_is_shown():
    check = at_most("7", "limit", [(10, 20, "a"), (9, 10, "b"), (1, 2.5, "c")], "min")
    assert check == Check("7", "limit", "9.0 min (b)", "10.0 min", True)
    broken = at_most("7", "limit", [(9, 10, "b"), (25, 20, "a"), (11, 10, "c")])
    assert broken == Check("7", "limit", "25.0 km (a)", "20.0 km", False)


def test_without_cases_a_limit_holds():
    assert at_most("7", "limit", []) == Check("7", "limit", "none", "-", True)


def test_offences_are_named_up_to_three_and_a_note_stands_where_there_are_none():
    assert none_of("1", "limit", []) == Check("1", "limit", "none", "none", True)
    assert none_of("1", "limit", [], "a note") == Check("1", "limit", "a note", "none", True)
    assert none_of("1", "limit", list("abcd"), "a note") == Check(
        "1", "limit", "a; b; c", "none", False
    )


def test_a_receipt_passes_where_every_check_does():
    good, bad = none_of("1", "limit", []), none_of("2", "limit", ["x"])
    assert Receipt((good,)).passed
    assert not Receipt((good, bad)).passed
    assert Receipt((good, bad)).failures == (bad,)
