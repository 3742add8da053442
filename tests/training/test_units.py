"""Distances, paces and days as text and as numbers."""

import datetime as dt

import pytest

from training.units import (
    day_text,
    days_text,
    km_from_miles,
    miles_from_km,
    monday_of,
    parse_pace,
    render_number,
    render_pace,
    weekday,
    weeks_text,
)


def test_a_mile_is_1609_metres_and_back():
    assert km_from_miles(10) == pytest.approx(16.09344)
    assert miles_from_km(42.195) == pytest.approx(26.2188, abs=1e-4)


@pytest.mark.parametrize(("text", "seconds"), [("5:40", 340), ("10:05", 605), ("0:59", 59)])
def test_a_pace_is_read_as_minutes_and_seconds_and_written_so(text, seconds):
    assert parse_pace(text) == seconds
    assert render_pace(seconds) == text


@pytest.mark.parametrize("text", ["5:60", "5:4", "540", "5:400", "100:00", ""])
def test_what_is_no_pace_is_refused(text):
    with pytest.raises(ValueError, match="written like"):
        parse_pace(text)


def test_a_pace_is_rounded_to_whole_seconds():
    assert render_pace(359.6) == "6:00"
    assert render_pace(359.4) == "5:59"


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.0, "5"), (5.04, "5"), (5.06, "5.1"), (5.96, "6"), (12.25, "12.2"), (-1.5, "-1.5")],
)
def test_a_number_is_written_without_needless_decimals(value, text):
    assert render_number(value) == text


def test_days_have_names_and_weeks_begin_on_monday():
    thursday = dt.date(2026, 2, 12)
    assert weekday(thursday) == "Thursday"
    assert day_text(thursday) == "Thursday, February 12"
    assert monday_of(thursday) == dt.date(2026, 2, 9)
    assert monday_of(dt.date(2026, 2, 9)) == dt.date(2026, 2, 9)
    assert monday_of(dt.date(2026, 2, 15)) == dt.date(2026, 2, 9)


def test_one_is_singular():
    assert [days_text(count) for count in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [weeks_text(count) for count in (0, 1, 2)] == ["0 weeks", "1 week", "2 weeks"]
