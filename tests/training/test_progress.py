"""Looking back: planned and done by week, adherence, and the way it goes."""

import datetime as dt

import pytest
from handmade import DAY, MONDAY, SUN, THU, TUE, easy, logged, long, plan, tempo, week

from training.executions import CompletionStatus
from training.progress import progress
from training.workouts import RpeRange, Targets

MISSED = CompletionStatus.MISSED
PLAN = plan(
    week(0, {TUE: 5, THU: tempo(8), SUN: long(10)}),
    week(1, {TUE: 6, THU: tempo(8), SUN: long(12)}),
    week(2, {TUE: 6, SUN: 5}, race_on=SUN),
)
FIRST, SECOND, THIRD = PLAN.weeks
FIRST_SUNDAY = MONDAY + SUN * DAY


def done(workout, share=1.0, **more):
    """Return a run of a share of its planned minutes."""
    return logged(workout, minutes=share * workout.planned_minutes, **more)


def test_weeks_are_counted_back_from_the_current_one():
    found = progress(PLAN, [], MONDAY + 16 * DAY, weeks=3)
    assert [w.week_start_date for w in found.weeks] == [MONDAY + 7 * n * DAY for n in range(3)]
    assert [w.planned_km for w in found.weeks] == [23, 26, 6]
    assert [w.planned_minutes for w in found.weeks] == [138, 156, 36]
    assert [w.planned_runs for w in found.weeks] == [3, 3, 1]
    assert len(progress(PLAN, [], MONDAY).weeks) == 4


def test_the_current_week_counts_up_to_today():
    found = progress(PLAN, [], MONDAY + THU * DAY, weeks=1)
    assert (found.weeks[0].planned_km, found.weeks[0].planned_runs) == (13, 2)


def test_done_runs_are_km_and_minutes_and_missed_ones_neither():
    runs = [
        logged(FIRST.workouts[TUE], km=5.5, minutes=33.0),
        logged(FIRST.workouts[THU], status=MISSED),
        logged(None, km=4.0, on=MONDAY + 4 * DAY, avg_pace="5:00"),
        logged(FIRST.workouts[SUN]),
    ]
    (only,) = progress(PLAN, runs, FIRST_SUNDAY, weeks=1).weeks
    easy_minutes = 10 * 323 / 60  # as planned, at the easy pace that a fitness of 45 gives
    assert (only.done_km, only.done_runs) == (19.5, 3)
    assert only.done_minutes == pytest.approx(33 + 20 + easy_minutes, abs=8)
    assert progress(PLAN, runs, FIRST_SUNDAY, weeks=1).done_km == 19.5


def test_without_a_plan_minutes_become_km_at_six_and_a_half_a_km():
    runs = [logged(None, minutes=65.0)]
    (only,) = progress(None, runs, MONDAY, weeks=1).weeks
    assert (only.done_km, only.done_minutes, only.planned_km) == (10, 65, 0)


def test_runs_of_other_weeks_and_of_tomorrow_are_left_out():
    runs = [logged(None, km=5.0, on=MONDAY + n * DAY) for n in (-1, 0, 2, 3)]
    assert progress(PLAN, runs, MONDAY + 2 * DAY, weeks=1).done_km == 10


def test_adherence_is_weighted_by_minutes_and_key_runs_by_one_and_a_half():
    # Effort is not logged, so a run of r of its minutes scores 85 r + 15 from half of it on.
    full, half = done(FIRST.workouts[TUE]), done(FIRST.workouts[THU], 0.6)
    found = progress(PLAN, [full, half], FIRST_SUNDAY, weeks=1)
    expected = (30 * 100 + 1.5 * 48 * 66) / (30 + 1.5 * 48)
    assert found.adherence == found.weeks[0].adherence == round(expected)
    easy_half = done(FIRST.workouts[TUE], 0.6)
    long_full = done(FIRST.workouts[SUN])
    expected = (30 * 66 + 1.5 * 60 * 100) / (30 + 1.5 * 60)
    assert progress(PLAN, [easy_half, long_full], FIRST_SUNDAY).adherence == round(expected)


def test_runs_that_are_not_scored_leave_adherence_alone():
    stopped = done(FIRST.workouts[TUE], 0.1)
    stopped = stopped.__class__(
        stopped.id,
        stopped.workout_id,
        stopped.performed_on,
        stopped.completion_status,
        stopped.actual_metrics,
        stopped_for_safety=True,
    )
    full = done(FIRST.workouts[THU])
    outside = logged(None, km=5.0)
    rest = logged(FIRST.workouts[0])
    found = progress(PLAN, [stopped, full, outside, rest], FIRST_SUNDAY, weeks=1)
    assert found.adherence == 100
    assert progress(PLAN, [stopped, outside], FIRST_SUNDAY, weeks=1).adherence is None


@pytest.mark.parametrize(
    ("score", "band"),
    [(80, "on track"), (79, "partly"), (60, "partly"), (59, "adapt the plan")],
)
def test_a_score_falls_into_a_band(score, band):
    # Of 100 minutes at the planned effort 55 r + 30 + 15 is the score of a share r.
    run = easy(16, minutes=100)
    run = plan(week(0, {TUE: run}))
    (workout,) = (w for w in run.weeks[0].workouts if w.planned_km)
    share = (score - 45) / 55
    if share < 0.5:  # then the status counts 50: 55 r + 30 + 7.5
        share = (score - 37.5) / 55
    found = progress(run, [done(workout, share, rpe=3)], FIRST_SUNDAY, weeks=1)
    assert (found.adherence, found.band) == (score, band)


def volumes(*km, today):
    runs = [logged(None, km=each, on=MONDAY + 7 * n * DAY) for n, each in enumerate(km)]
    return progress(None, runs, today, weeks=len(km)).volume_trend


@pytest.mark.parametrize(
    ("km", "trend"),
    [
        ((20, 22), "steady"),
        ((20, 22.2), "up"),
        ((20, 18), "steady"),
        ((20, 17.8), "down"),
        ((20, 20, 30), "up"),
        ((20, 40, 20), "steady"),
        ((10, 30, 22, 22), "steady"),
        ((10, 30, 23, 22), "up"),
        ((20,), None),
    ],
)
def test_the_trend_compares_the_later_half_with_the_earlier_one(km, trend):
    assert volumes(*km, today=MONDAY + (7 * len(km) - 1) * DAY) == trend


def test_an_unfinished_week_is_no_part_of_the_trend():
    assert volumes(20, 30, 5, today=MONDAY + 19 * DAY) == "up"
    assert volumes(20, 30, 5, today=MONDAY + 20 * DAY) == "down"
    assert volumes(20, 5, today=MONDAY + dt.timedelta(days=10)) is None


def test_targets_may_be_by_distance():
    by_km = easy(10, targets=Targets(distance_km=10, rpe=RpeRange(3, 4)))
    given = plan(week(0, {TUE: by_km}))
    half = logged(given.weeks[0].workouts[TUE], km=6.0, rpe=4)
    assert progress(given, [half], FIRST_SUNDAY, weeks=1).adherence == 0.55 * 60 + 45
