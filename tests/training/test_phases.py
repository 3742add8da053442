"""How the weeks before a race are shared out among the phases."""

import datetime as dt
from itertools import groupby

import pytest

from training.phases import lead_weeks, outlines, plan_kind, taper_start
from training.plans import Phase, PlanKind
from training.runners import Distance, Level

MONDAY = dt.date(2026, 2, 9)
DAY = dt.timedelta(days=1)
BASE, BUILD, PEAK, TAPER = Phase
BEGINNER, INTERMEDIATE, ADVANCED = Level
FIVE_K, TEN_K, HALF, MARATHON = Distance


def sunday_after(weeks):
    return MONDAY + (7 * weeks - 1) * DAY


def counts(distance, level, weeks, **more):
    """Return how many weeks each phase has, in their order."""
    found = outlines(distance, level, MONDAY, sunday_after(weeks), **more)
    return [(phase, len(list(group))) for phase, group in groupby(o.phase for o in found)]


def test_lead_time_is_in_whole_weeks_with_both_ends():
    assert lead_weeks(MONDAY, MONDAY + 6 * DAY) == 1
    assert lead_weeks(MONDAY, MONDAY + 5 * DAY) == 0
    assert lead_weeks(MONDAY, MONDAY + 13 * DAY) == 2


@pytest.mark.parametrize(
    ("distance", "full", "least"), [(FIVE_K, 6, 3), (TEN_K, 8, 4), (HALF, 10, 5), (MARATHON, 14, 8)]
)
def test_short_notice_makes_a_plan_reduced_and_then_mere_maintenance(distance, full, least):
    kinds = {n: plan_kind(distance, MONDAY, sunday_after(n)) for n in range(1, 30)}
    assert kinds[full] is PlanKind.NORMAL
    assert kinds[full - 1] is PlanKind.REDUCED
    assert kinds[least] is PlanKind.REDUCED
    assert kinds[least - 1] is PlanKind.MAINTENANCE


# Taper: 1 week for 5k and 10k, 2 for a half, 3 for a marathon. Peak: a fifth of the rest within
# its bounds. Base: 55, 45 or 35 % of what is left, by level.
@pytest.mark.parametrize(
    ("distance", "level", "weeks", "base", "build", "peak", "taper"),
    [
        (FIVE_K, BEGINNER, 9, 3, 3, 2, 1),
        (FIVE_K, ADVANCED, 8, 2, 4, 1, 1),
        (FIVE_K, INTERMEDIATE, 16, 6, 7, 2, 1),
        (TEN_K, INTERMEDIATE, 10, 3, 4, 2, 1),
        (TEN_K, BEGINNER, 18, 8, 6, 3, 1),
        (HALF, INTERMEDIATE, 12, 4, 4, 2, 2),
        (HALF, BEGINNER, 14, 6, 4, 2, 2),
        (HALF, ADVANCED, 20, 5, 10, 3, 2),
        (MARATHON, BEGINNER, 20, 8, 6, 3, 3),
        (MARATHON, INTERMEDIATE, 18, 5, 7, 3, 3),
        (MARATHON, ADVANCED, 16, 4, 7, 3, 2),
        (MARATHON, INTERMEDIATE, 26, 9, 10, 4, 3),
    ],
)
def test_a_full_plan_has_base_build_peak_and_taper(
    distance, level, weeks, base, build, peak, taper
):
    found = counts(distance, level, weeks)
    assert found == [(BASE, base), (BUILD, build), (PEAK, peak), (TAPER, taper)]


def test_more_time_than_the_longest_plan_is_base():
    (_, base), *later = counts(HALF, INTERMEDIATE, 42)
    assert counts(HALF, INTERMEDIATE, 47) == [(BASE, base + 5), *later]
    assert base > 42 - 20
    late = counts(HALF, INTERMEDIATE, 42, opening_phase=BUILD)
    assert late == [(BUILD, 37), (PEAK, 3), (TAPER, 2)]


def test_a_plan_under_way_opens_with_build():
    assert counts(HALF, INTERMEDIATE, 12, opening_phase=BUILD) == [
        (BUILD, 8),
        (PEAK, 2),
        (TAPER, 2),
    ]
    assert counts(TEN_K, INTERMEDIATE, 4, opening_phase=BUILD)[0] == (BUILD, 2)


def test_a_history_below_what_the_distance_needs_lengthens_the_base():
    # 28 km are needed; from 23.2 km that is two weeks more at 10 % a week (28 / 23.2 = 1.207).
    assert counts(HALF, INTERMEDIATE, 14, weekly_km=28.0)[0] == (BASE, 4)
    assert counts(HALF, INTERMEDIATE, 14, weekly_km=23.2)[0] == (BASE, 6)
    assert counts(HALF, INTERMEDIATE, 14, weekly_km=5.0) == [
        (BASE, 9),
        (BUILD, 1),
        (PEAK, 2),
        (TAPER, 2),
    ]
    assert counts(HALF, INTERMEDIATE, 14, weekly_km=0.0) == counts(HALF, INTERMEDIATE, 14)


def test_a_short_plan_drops_base_first_and_the_peak_where_the_base_is_missing():
    fit = counts(MARATHON, ADVANCED, 8, weekly_km=60.0)
    assert fit == [(BASE, 1), (BUILD, 3), (PEAK, 2), (TAPER, 2)]
    assert counts(TEN_K, INTERMEDIATE, 4, weekly_km=30.0) == [
        (BASE, 1),
        (BUILD, 1),
        (PEAK, 1),
        (TAPER, 1),
    ]
    assert counts(FIVE_K, INTERMEDIATE, 3, weekly_km=20.0) == [(BASE, 1), (BUILD, 1), (TAPER, 1)]
    assert counts(FIVE_K, INTERMEDIATE, 3, weekly_km=10.0) == [(BASE, 1), (BUILD, 1), (TAPER, 1)]


def test_maintenance_is_base_and_taper_alone():
    assert counts(HALF, INTERMEDIATE, 4) == [(BASE, 2), (TAPER, 2)]


@pytest.mark.parametrize(("weekday", "first"), [(3, 0), (4, 7), (6, 7)])
def test_the_taper_begins_on_the_monday_nearest_to_its_length(weekday, first):
    # Two weeks before the race: on a Thursday that week's Monday, from Friday on the next.
    race = sunday_after(10) - (6 - weekday) * DAY
    expected = race - (weekday + 14) * DAY + first * DAY
    assert taper_start(HALF, INTERMEDIATE, MONDAY, race) == expected


def test_a_marathon_plan_under_14_weeks_or_of_an_advanced_runner_tapers_for_two():
    def weeks_of_taper(level, weeks):
        return counts(MARATHON, level, weeks)[-1][1]

    assert weeks_of_taper(INTERMEDIATE, 14) == 3
    assert weeks_of_taper(INTERMEDIATE, 13) == 2
    assert weeks_of_taper(ADVANCED, 20) == 2


def test_each_week_knows_its_place_in_the_phase_and_the_weeks_to_the_taper():
    found = outlines(HALF, INTERMEDIATE, MONDAY + 2 * DAY, sunday_after(12))
    assert [o.monday for o in found] == [MONDAY + 7 * i * DAY for i in range(12)]
    assert [o.turn for o in found] == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 0, 1]
    assert [o.weeks_left for o in found] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]


def test_a_race_this_week_is_all_taper():
    found = outlines(FIVE_K, INTERMEDIATE, MONDAY + DAY, MONDAY + 5 * DAY)
    assert [(o.monday, o.phase) for o in found] == [(MONDAY, TAPER)]


@pytest.mark.parametrize(("weeks", "more_base"), [(20, 0), (22, 2), (30, 10)])
def test_weeks_over_the_longest_half_plan_of_twenty_go_to_the_base(weeks, more_base):
    def phases(count):
        start = dt.date(2026, 1, 5)
        goal = start + dt.timedelta(days=7 * count - 1)
        return [o.phase for o in outlines(Distance.HALF, Level.INTERMEDIATE, start, goal)]

    longest, found = phases(20), phases(weeks)
    assert found == [Phase.BASE] * more_base + longest
