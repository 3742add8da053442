"""Whole plans: complete, inside the limits, refused where none is responsible."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from training import building
from training.building import build_plan
from training.errors import GoalRefused, LimitBroken
from training.measures import is_hard, is_race, is_run, week_km
from training.plans import Fitness, Phase, PlanKind
from training.receipts import Check, Receipt
from training.requests import Baseline, PlanRequest
from training.runners import Day, DayBlock, Distance, Level, Runner
from training.tables import TAPER_SHARES
from training.workouts import Marker, WorkoutType

MONDAY = dt.date(2026, 2, 9)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("days", range(2, 8))
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("distance", Distance)
def test_every_day_has_an_entry_and_every_run_is_complete(plan_of, distance, level, days):
    built, runner = plan_of(distance, level, days, 16)
    plan = built.plan
    dates = [w.scheduled_date for w in plan.workouts]
    assert dates == [plan.start_date + i * DAY for i in range(len(dates))]
    assert dates[-1] == plan.goal_date
    assert built.receipt.passed
    assert len({w.id for w in plan.workouts}) == len(dates)
    free = {block.day for block in runner.availability}
    for workout in plan.workouts:
        assert workout.rationale
        if is_run(workout):
            assert Day.of(workout.scheduled_date) in free
            assert workout.structure.main
            assert workout.targets.duration_minutes
            assert workout.targets.rpe
            assert 2 <= len(workout.coach_cues) <= 4


def test_the_taper_follows_its_shares(plan_of):
    for distance in Distance:
        plan = plan_of(distance, Level.INTERMEDIATE, 5, 18)[0].plan
        top = max(w.target_volume_km for w in plan.weeks if w.phase is not Phase.TAPER)
        taper = [w.target_volume_km / top for w in plan.weeks if w.phase is Phase.TAPER]
        for share, planned in zip(TAPER_SHARES[distance], taper, strict=True):
            assert planned <= share + 0.02
            assert planned >= share - 0.22


def test_the_race_is_a_rest_entry_with_a_marker(plan_of):
    race = plan_of(Distance.TEN_K, Level.BEGINNER, 3, 10)[0].plan.weeks[-1].workouts[-1]
    assert (race.type, race.marker, race.planned_km) == (WorkoutType.REST, Marker.RACE, 0.0)
    assert is_race(race)


def test_the_same_request_gives_the_same_plan(plan_of):
    one, two = (plan_of(Distance.HALF, Level.ADVANCED, 5, 14)[0].plan for _ in range(2))
    assert one == two


def test_a_plan_that_fails_its_receipt_is_not_given_out(plan_of, monkeypatch):
    failed = Receipt((Check("7", "longest run", "90 km", "30 km", False),))
    monkeypatch.setattr(building, "check_plan", lambda *_: failed)
    with pytest.raises(LimitBroken, match="7: 90 km"):
        plan_of(Distance.HALF, Level.ADVANCED, 5, 14)


def test_without_history_a_beginner_starts_with_run_walk(plan_of):
    plan = plan_of(
        Distance.FIVE_K, Level.BEGINNER, 3, 10, fitness=None, weekly_km=None, longest_km=None
    )[0].plan
    assert plan.weeks[0].target_volume_km <= 12
    assert all(w.marker is Marker.WALK_RUN for w in plan.weeks[0].workouts if is_run(w))
    assert all(w.targets.pace_range is None for w in plan.workouts)
    assert not any(is_hard(w) for w in plan.weeks[0].workouts)


def test_an_injury_flag_bars_intensity_and_lowers_volume(plan_of):
    sound = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 14)[0].plan
    hurt = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 14, flags=("left knee",))[0].plan
    types = {w.type for w in hurt.workouts}
    assert not types & {WorkoutType.TEMPO, WorkoutType.INTERVAL}
    assert all(week_km(week.workouts) <= 0.75 * 30 + 0.1 for week in hurt.weeks)
    for before, after in zip(sound.weeks, hurt.weeks, strict=True):
        assert after.target_volume_km <= before.target_volume_km


def test_short_notice_is_said_and_never_steepens_growth(plan_of):
    reduced = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 7)[0]
    assert reduced.plan.kind is PlanKind.REDUCED
    assert any("finish well" in warning for warning in reduced.warnings)
    short = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 3, weekly_km=20.0)[0]
    assert short.plan.kind is PlanKind.MAINTENANCE
    assert {week.phase for week in short.plan.weeks} == {Phase.BASE, Phase.TAPER}
    assert any("too few to build" in warning for warning in short.warnings)
    assert any("builds the base first" in warning for warning in short.warnings)


def test_more_free_days_than_running_days_leave_rest(plan_of):
    built = plan_of(Distance.TEN_K, Level.BEGINNER, 7, 10)[0]
    assert any("rest days stay" in warning for warning in built.warnings)
    assert all(sum(map(is_run, week.workouts)) <= 4 for week in built.plan.weeks)


@pytest.mark.parametrize(
    ("distance", "days_ahead", "runner", "code"),
    [
        (Distance.TEN_K, 0, Runner(Level.BEGINNER), "date_passed"),
        (Distance.TEN_K, -9, Runner(Level.BEGINNER), "date_passed"),
        (Distance.MARATHON, 21, Runner(Level.BEGINNER), "too_soon"),
        (Distance.TEN_K, 70, Runner(Level.BEGINNER, (DayBlock(Day.SUN),)), "too_few_days"),
        (Distance.HALF, 70, Runner(Level.BEGINNER, age=16), "too_young"),
        (Distance.FIVE_K, 70, Runner(Level.BEGINNER, age=12), "too_young"),
    ],
)
def test_a_goal_that_no_plan_can_meet_is_refused_kindly(distance, days_ahead, runner, code):
    request = PlanRequest(distance, MONDAY + days_ahead * DAY, MONDAY, runner, Baseline())
    with pytest.raises(GoalRefused) as refusal:
        build_plan(request, plan_id="plan_1")
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_the_demo_plan_keeps_its_first_week_and_tapers_before_a_monday_race(demo):
    first = [w.name for w in demo.weeks[0].workouts if is_run(w)]
    assert first == ["40 min easy", "Tempo 3 x 8 min", "Long run 75 min"]
    assert demo.weeks[1].focus_summary == "Aerobic efficiency + pacing control"
    taper = [w.week_start_date.isoformat() for w in demo.weeks if w.phase is Phase.TAPER]
    assert taper == ["2026-05-04", "2026-05-11", "2026-05-18"]
    assert not any(week.phase is Phase.BASE for week in demo.weeks)


@settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    distance=st.sampled_from(Distance),
    level=st.sampled_from(Level),
    days=st.sets(st.sampled_from(Day), min_size=2),
    start=st.integers(0, 6),
    length=st.integers(7, 230),
    fitness=st.none() | st.floats(20, 75),
    weekly_km=st.none() | st.floats(5, 110),
    age=st.sampled_from((None, 30, 55)),
)
def test_every_plan_that_is_made_holds_its_limits(
    distance, level, days, start, length, fitness, weekly_km, age
):
    first = MONDAY + start * DAY
    request = PlanRequest(
        distance,
        first + length * DAY,
        first,
        Runner(level, tuple(DayBlock(day) for day in sorted(days)), age=age),
        Baseline(
            None if fitness is None else Fitness(fitness, "race", "high"),
            weekly_km,
            None if weekly_km is None else weekly_km / 3,
        ),
    )
    try:
        built = build_plan(request, plan_id="plan_1")
    except GoalRefused:
        assume(False)
    assert built.receipt.passed
