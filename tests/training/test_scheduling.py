"""Which weekdays are run on, and for what."""

import datetime as dt
import math

import pytest

from training.runners import Day, DayBlock, Distance, Level, Runner
from training.scheduling import (
    Pattern,
    available_minutes,
    default_availability,
    week_pattern,
)

MON, TUE, WED, THU, FRI, SAT, SUN = Day
BEGINNER, INTERMEDIATE, ADVANCED = Level
MONDAY = dt.date(2026, 2, 9)


def pattern(*blocks, level=INTERMEDIATE, quality=1, distance=Distance.HALF):
    """Return the week of a runner who has some days; a pair is (day, minutes)."""
    days = tuple(DayBlock(*b) if isinstance(b, tuple) else DayBlock(b) for b in blocks)
    return week_pattern(distance, Runner(level, days), quality)


def timed(day, minutes):
    return DayBlock(day, None, minutes)


def test_a_days_longest_block_counts_and_no_length_is_no_limit():
    blocks = [timed(TUE, 30), timed(TUE, 60), timed(TUE, 45), DayBlock(SUN), timed(SUN, 20)]
    assert available_minutes(blocks) == {1: 60.0, 6: math.inf}


@pytest.mark.parametrize(
    ("level", "distance", "days"),
    [
        (BEGINNER, Distance.HALF, (TUE, THU, SUN)),
        (BEGINNER, Distance.MARATHON, (TUE, THU, SAT, SUN)),
        (INTERMEDIATE, Distance.HALF, (TUE, THU, SAT, SUN)),
        (INTERMEDIATE, Distance.MARATHON, (TUE, WED, THU, SAT, SUN)),
        (ADVANCED, Distance.MARATHON, (MON, TUE, WED, THU, SAT, SUN)),
    ],
)
def test_without_days_the_levels_usual_ones_are_taken(level, distance, days):
    assert default_availability(distance, Runner(level)) == tuple(map(DayBlock, days))


def test_the_runners_own_days_come_before_the_usual_ones():
    own = (DayBlock(MON), DayBlock(FRI))
    assert default_availability(Distance.HALF, Runner(INTERMEDIATE, own)) == own


def test_the_long_run_is_on_the_day_with_most_time_then_on_sunday_then_on_saturday():
    assert pattern(TUE, THU, SAT, SUN).long == 6
    assert pattern(TUE, THU, SAT).long == 5
    assert pattern(MON, TUE, WED).long == 2
    week = week_pattern(
        Distance.HALF, Runner(INTERMEDIATE, (timed(WED, 90), timed(FRI, 60), timed(SUN, 60))), 1
    )
    assert week.long == 2


def test_quality_is_two_days_from_the_long_run_as_far_as_it_goes():
    assert pattern(TUE, THU, SAT, SUN).quality == (3,)
    assert pattern(MON, SAT, SUN).quality == ()
    assert pattern(MON, FRI, SUN).quality == (4,)
    assert pattern(MON, TUE, WED, SUN).quality == (2,)


def test_two_quality_days_are_two_days_apart_the_farther_first():
    found = pattern(MON, TUE, THU, SUN, level=ADVANCED, quality=2)
    assert found.quality == (3, 1)
    assert pattern(TUE, WED, SUN, quality=2).quality == (2,)


def test_a_block_under_half_an_hour_holds_no_quality():
    def at(minutes):
        blocks = (timed(WED, minutes), DayBlock(SUN), timed(MON, 20))
        return week_pattern(Distance.HALF, Runner(INTERMEDIATE, blocks), 1).quality

    assert at(30) == (2,)
    assert at(29) == ()


def test_easy_runs_fill_the_days_up_to_the_levels_number():
    week = pattern(*Day, quality=1)
    assert week.run_days == 4
    assert len(week.easy) == 2
    assert pattern(*Day, level=BEGINNER, quality=0).run_days == 3
    assert pattern(*Day, level=ADVANCED, quality=2).run_days == 5
    assert pattern(*Day, level=ADVANCED, quality=2, distance=Distance.MARATHON).run_days == 6
    assert pattern(TUE, SUN).run_days == 2


def test_easy_runs_are_spread_out_and_the_day_after_the_long_run_is_free():
    # Long on Sunday, quality on Thursday: Tuesday lies in the middle.
    week = pattern(*Day, level=BEGINNER, quality=1)
    assert (week.long, week.quality, week.easy) == (6, (3,), (1,))
    assert pattern(MON, SAT, SUN, quality=0).easy == (0, 5)
    assert pattern(MON, TUE, SUN, level=BEGINNER, quality=0, distance=Distance.HALF).run_days == 3
    after = pattern(MON, TUE, THU, SAT, SUN, quality=1)
    assert 0 not in after.easy


def test_a_useful_block_is_taken_before_a_short_one():
    blocks = (timed(MON, 20), timed(TUE, 25), timed(FRI, 30), DayBlock(SUN))
    week = week_pattern(Distance.HALF, Runner(BEGINNER, blocks), 0)
    assert 4 in week.easy


def test_one_quality_session_at_most_is_left_beside_the_long_run_on_two_days():
    assert pattern(TUE, SUN, quality=2).quality == (1,)
    assert pattern(SUN, quality=1).quality == ()


def test_a_pattern_says_which_days_it_holds_and_for_how_long():
    week = Pattern(6, (1,), (3,), {1: 45.0, 3: 30.0, 6: math.inf})
    held = [week.holds(MONDAY + dt.timedelta(days=n)) for n in range(7)]
    assert held == [False, True, False, True, False, False, True]
    assert week.minutes_on(MONDAY + dt.timedelta(days=3)) == 30.0
    assert week.run_days == 3
