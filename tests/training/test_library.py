"""The session library: doses under the caps of the rules, and what each phase is given."""

import pytest

from training.kits import kit_for
from training.library import (
    RECIPES,
    cap_zone,
    dose_cap_minutes,
    long_block,
    quality,
    sharpening,
)
from training.measures import minutes_in, work_minutes
from training.paces import middle_s_per_km
from training.plans import Fitness, Phase
from training.runners import Distance, Level, Runner
from training.workouts import WorkoutType, Zone

BASE, BUILD, PEAK, TAPER = Phase
BEGINNER, INTERMEDIATE, ADVANCED = Level
FIVE_K, TEN_K, HALF, MARATHON = Distance


def kit(distance=HALF, level=INTERMEDIATE, fitness=45.0):
    return kit_for(Fitness(fitness, "race", "high"), distance, Runner(level))


def minutes_of(the_kit, zone, km):
    return km * middle_s_per_km(the_kit.paces.range_of(zone, the_kit.distance)) / 60


# Caps: T 10 % of the week and an hour, I 8 % and 10 km, R 5 % and 8 km, M 20 %, 29 km and 110 min;
# 24, 12 and 4 minutes are always allowed (beginners 16, 8 and 4).


@pytest.mark.parametrize(
    ("zone", "week_km", "km"),
    [
        (Zone.T, 80, 8.0),
        (Zone.I, 80, 6.4),
        (Zone.I, 200, 10.0),
        (Zone.R, 80, 4.0),
        (Zone.R, 200, 8.0),
        (Zone.M, 80, 16.0),
    ],
)
def test_a_dose_is_a_share_of_the_week(zone, week_km, km):
    expected = minutes_of(kit(), zone, km)
    assert dose_cap_minutes(kit(), zone, week_km) == pytest.approx(expected)


def test_threshold_ends_at_an_hour_and_marathon_pace_at_110_minutes_or_29_km():
    assert dose_cap_minutes(kit(fitness=30.0), Zone.T, 150) == 60
    assert dose_cap_minutes(kit(fitness=30.0), Zone.M, 200) == 110
    fast = kit(fitness=80.0)
    assert dose_cap_minutes(fast, Zone.M, 200) == pytest.approx(minutes_of(fast, Zone.M, 29.0))


@pytest.mark.parametrize(
    ("level", "zone", "minutes"),
    [
        (INTERMEDIATE, Zone.T, 24),
        (BEGINNER, Zone.T, 16),
        (ADVANCED, Zone.I, 12),
        (BEGINNER, Zone.I, 8),
        (INTERMEDIATE, Zone.R, 4),
        (INTERMEDIATE, Zone.RACE, 24),
    ],
)
def test_a_small_week_allows_the_smallest_dose(level, zone, minutes):
    assert dose_cap_minutes(kit(level=level), zone, 10) == minutes


def test_marathon_pace_has_no_smallest_dose():
    assert dose_cap_minutes(kit(), Zone.M, 10) == pytest.approx(minutes_of(kit(), Zone.M, 2.0))


def test_race_pace_counts_as_intervals_up_to_10_km_and_as_threshold_beyond():
    assert [cap_zone(Zone.RACE, distance) for distance in Distance] == [
        Zone.I,
        Zone.I,
        Zone.T,
        Zone.T,
    ]
    assert cap_zone(Zone.R, FIVE_K) is Zone.R
    short = kit(FIVE_K)
    expected = minutes_of(short, Zone.RACE, 6.4)
    assert dose_cap_minutes(short, Zone.RACE, 80) == pytest.approx(expected)


# Sessions.


def sessions(the_kit, phase, turn=0, *, week_km=100.0, budget=200.0, dose=1.0):
    return list(quality(the_kit, phase, turn, week_km=week_km, budget_minutes=budget, dose=dose))


def main_set(workout):
    """Return (zone, repeats, minutes or km, rest) of the main set."""
    (main,) = workout.structure.main
    size = main.km if main.by == "distance" else main.minutes
    return (main.zone, main.repeats, size, main.recovery_minutes)


@pytest.mark.parametrize(
    ("distance", "phase", "turn", "expected"),
    [
        (FIVE_K, BASE, 0, (Zone.T, 2, 8, 2)),
        (FIVE_K, BUILD, 0, (Zone.I, 5, 3, 2)),
        (FIVE_K, BUILD, 1, (Zone.T, 3, 8, 2)),
        (FIVE_K, BUILD, 2, (Zone.I, 8, 0.4, 2)),
        (FIVE_K, PEAK, 0, (Zone.I, 5, 1.0, 3)),
        (FIVE_K, PEAK, 2, (Zone.RACE, 3, 1.6, 3)),
        (FIVE_K, TAPER, 0, (Zone.RACE, 4, 0.4, 2)),
        (TEN_K, BASE, 1, (Zone.T, 1, 20, 0)),
        (TEN_K, BASE, 2, (Zone.I, 8, 1, 1)),
        (TEN_K, BUILD, 0, (Zone.T, 4, 6, 1.5)),
        (TEN_K, BUILD, 1, (Zone.I, 5, 1.0, 2.5)),
        (TEN_K, BUILD, 2, (Zone.I, 6, 0.8, 2)),
        (TEN_K, PEAK, 0, (Zone.RACE, 3, 2.0, 2)),
        (TEN_K, PEAK, 1, (Zone.T, 2, 15, 3)),
        (TEN_K, TAPER, 0, (Zone.RACE, 3, 1.0, 2)),
        (HALF, BASE, 0, (Zone.T, 3, 6, 2)),
        (HALF, BUILD, 0, (Zone.T, 3, 8, 2)),
        (HALF, BUILD, 1, (Zone.I, 5, 4, 3)),
        (HALF, BUILD, 3, (Zone.T, 3, 12, 2)),
        (HALF, BUILD, 4, (Zone.T, 3, 8, 2)),
        (HALF, PEAK, 0, (Zone.RACE, 3, 3.0, 3)),
        (HALF, PEAK, 1, (Zone.T, 2, 20, 3)),
        (HALF, TAPER, 0, (Zone.RACE, 3, 5, 2)),
        (MARATHON, BASE, 0, (Zone.T, 3, 8, 2)),
        (MARATHON, BUILD, 0, (Zone.T, 2, 15, 3)),
        (MARATHON, PEAK, 0, (Zone.T, 3, 12, 2)),
        (MARATHON, PEAK, 1, (Zone.M, 1, 60, 0)),
        (MARATHON, TAPER, 0, (Zone.M, 2, 10, 2)),
    ],
)
def test_each_phase_has_the_librarys_sessions_in_turn(distance, phase, turn, expected):
    first = sessions(kit(distance, fitness=55.0), phase, turn, week_km=150.0)[0]
    assert main_set(first) == expected


def test_every_recipe_can_be_made():
    for distance, phases in RECIPES.items():
        for phase, recipes in phases.items():
            for turn, recipe in enumerate(recipes):
                first = sessions(kit(distance), phase, turn)[0]
                assert first.type is recipe.kind
                assert first.structure.main[0].zone is recipe.zone


def test_beginners_and_tapers_take_half_the_repeats_rounded_up():
    assert main_set(sessions(kit(level=BEGINNER), BUILD)[0])[1] == 2
    assert main_set(sessions(kit(), BUILD, dose=0.5)[0])[1] == 2
    assert main_set(sessions(kit(), BUILD, dose=2 / 3)[0])[1] == 2
    assert main_set(sessions(kit(level=BEGINNER), BUILD, dose=0.5)[0])[1] == 1


@pytest.mark.parametrize("budget", [24, 23.9, 16, 12, 8, 6])
def test_the_fullest_session_under_the_budget_comes_first(budget):
    found = [work_minutes(s.structure.main[0]) for s in sessions(kit(), BUILD, budget=budget)]
    assert max(found) <= budget
    assert found[0] >= budget - 3
    assert min(found) >= 6


def test_a_budget_too_small_for_six_minutes_has_no_session():
    assert sessions(kit(), BUILD, budget=5.9) == []
    assert sessions(kit(), BUILD, budget=0) == []


def test_whole_repeats_are_tried_before_shorter_ones():
    first, *_ = sessions(kit(), BUILD, budget=17)
    assert main_set(first)[:3] == (Zone.T, 2, 8)
    shortened = sessions(kit(), BUILD, budget=11)
    assert all(3 <= main_set(s)[2] <= 8 for s in shortened)


def test_the_weeks_cap_bounds_a_session_too():
    found = sessions(kit(), BUILD, 3, week_km=20)
    assert all(work_minutes(s.structure.main[0]) <= 24 for s in found)


def test_a_shortened_repeat_is_by_time():
    whole = sessions(kit(TEN_K), BUILD, 1, week_km=150.0)[0]
    assert whole.structure.main[0].by == "distance"
    mains = [each.structure.main[0] for each in sessions(kit(TEN_K), BUILD, 1, week_km=10.0)]
    assert {main.km for main in mains if main.by == "distance"} == {1.0}
    assert all(main.minutes == int(main.minutes) for main in mains if main.by == "time")
    assert {main.by for main in mains} == {"distance", "time"}


# Blocks in long runs.


def block(the_kit, phase, turn, *, week_km=100.0, budget=100.0):
    found = long_block(the_kit, phase, turn, week_km=week_km, budget_minutes=budget)
    return None if found is None else (found.zone, found.repeats, found.minutes)


@pytest.mark.parametrize(
    ("distance", "phase", "turn", "expected"),
    [
        (HALF, BUILD, 1, (Zone.RACE, 1, 15)),
        (HALF, BUILD, 3, (Zone.RACE, 1, 20)),
        (HALF, BUILD, 5, (Zone.RACE, 1, 15)),
        (HALF, PEAK, 1, (Zone.RACE, 1, 30)),
        (HALF, PEAK, 3, (Zone.RACE, 1, 25)),
        (MARATHON, BUILD, 1, (Zone.M, 1, 20)),
        (MARATHON, BUILD, 3, (Zone.M, 2, 20)),
        (MARATHON, PEAK, 1, (Zone.M, 2, 30)),
        (MARATHON, PEAK, 3, (Zone.M, 1, 50)),
        (HALF, BUILD, 2, None),
        (HALF, BASE, 1, None),
        (HALF, TAPER, 1, None),
        (FIVE_K, BUILD, 1, None),
        (TEN_K, PEAK, 1, None),
    ],
)
def test_every_second_long_run_of_build_and_peak_holds_a_block(distance, phase, turn, expected):
    assert block(kit(distance), phase, turn) == expected


def test_beginners_long_runs_hold_none():
    assert block(kit(level=BEGINNER), BUILD, 1) is None


def test_a_block_is_cut_to_the_budget_in_steps_of_five_minutes_and_ends_at_ten():
    assert block(kit(), PEAK, 1, budget=29) == (Zone.RACE, 1, 25)
    assert block(kit(), PEAK, 1, budget=10) == (Zone.RACE, 1, 10)
    assert block(kit(), PEAK, 1, budget=9.9) is None
    assert block(kit(MARATHON), BUILD, 3, budget=39.9) == (Zone.M, 1, 20)
    assert block(kit(MARATHON), BUILD, 3, budget=40) == (Zone.M, 2, 20)


def test_a_block_rests_five_minutes_between_its_parts():
    found = long_block(kit(MARATHON), PEAK, 1, week_km=100.0, budget_minutes=100.0)
    assert (found.recovery_minutes, found.text) == (5, "at marathon pace")
    half = long_block(kit(), PEAK, 1, week_km=100.0, budget_minutes=100.0)
    assert half.text == "at race pace"


# Sharpening.


@pytest.mark.parametrize(
    ("level", "minutes", "week_minutes", "repeats"),
    [
        (INTERMEDIATE, 40, 200, 3),
        (BEGINNER, 40, 200, 2),
        (INTERMEDIATE, 40, 42, 2),
        (INTERMEDIATE, 40, 43, 3),
        (INTERMEDIATE, 40, 14, None),
        (INTERMEDIATE, 20, 200, 3),
        (INTERMEDIATE, 19, 200, 2),
        (INTERMEDIATE, 12, 200, 1),
        (INTERMEDIATE, 11, 200, None),
    ],
)
def test_sharpening_is_at_most_three_times_two_minutes_a_seventh_of_the_week_and_leaves_ten(
    level, minutes, week_minutes, repeats
):
    found = sharpening(kit(level=level), minutes, week_minutes)
    assert (found and found.repeats) == repeats
    if found:
        assert (found.minutes, found.zone, found.text) == (2, Zone.RACE, "at race pace")
        assert found.recovery_minutes == (2 if repeats > 1 else 0)


def test_a_marathoner_sharpens_at_marathon_pace():
    found = sharpening(kit(MARATHON), 40, 200)
    assert (found.zone, found.text) == (Zone.M, "at marathon pace")


def test_a_rationale_fits_its_session():
    at = {
        (sessions(kit(d), phase, turn)[0].type, sessions(kit(d), phase, turn)[0].rationale)
        for d, phase, turn in ((HALF, BUILD, 0), (HALF, BUILD, 1), (HALF, PEAK, 0))
    }
    assert len({why for _, why in at}) == 3
    assert {kind for kind, _ in at} == {WorkoutType.TEMPO, WorkoutType.INTERVAL}
    assert minutes_in(sessions(kit(), PEAK)[0], Zone.RACE) > 0
