"""Early warnings in logged runs, and what they change."""

import datetime as dt

import pytest
from handmade import DAY, MONDAY, easy, long, plan, tempo, week
from handmade import logged as a_log

from training.adaptation import adapt
from training.changes import FeelingStrong, Missed, NoChange
from training.early_warnings import easy_runs_too_fast, weeks_do_not_fit
from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.history import plan_paces
from training.measures import QUALITY_TYPES, is_run
from training.units import render_pace

TODAY = dt.date(2026, 3, 16)


def logged(plan, *, easy_pace=None, missed=False):
    status = CompletionStatus.MISSED if missed else CompletionStatus.COMPLETED
    for w in plan.workouts:
        if not is_run(w) or w.scheduled_date >= TODAY:
            continue
        easy = easy_pace is not None and w.type not in QUALITY_TYPES
        metrics = ActualMetrics(w.planned_minutes, avg_pace=easy_pace if easy else None)
        rpe = 5 if easy else w.targets.rpe.low
        yield Execution(
            f"ex_{w.id}",
            w.id,
            w.scheduled_date,
            status,
            ActualMetrics() if missed else metrics,
            Feedback() if missed else Feedback(rpe),
            0 if missed else 95,
        )


def test_easy_runs_that_are_too_fast_hold_the_paces_back(demo, demo_runner):
    fast = tuple(logged(demo, easy_pace="4:30"))
    result = adapt(demo, demo_runner, fast, FeelingStrong(), TODAY)
    assert isinstance(result, NoChange)
    assert "slow them down" in result.reason
    good = tuple(logged(demo))
    assert not isinstance(adapt(demo, demo_runner, good, FeelingStrong(), TODAY), NoChange)


def test_two_weeks_that_did_not_fit_lead_to_a_question_about_days(demo, demo_runner):
    missed = tuple(logged(demo, missed=True))
    day = next(w.scheduled_date for w in demo.workouts if is_run(w) and w.scheduled_date >= TODAY)
    asked = adapt(demo, demo_runner, missed, Missed((day,)), TODAY)
    assert any("Which days" in advice for advice in asked.advice)
    usual = adapt(demo, demo_runner, (), Missed((day,)), TODAY)
    assert not any("Which days" in advice for advice in usual.advice)


# The two signs by themselves. Easy pace at a fitness of 45 is between 5:12 and 6:10 a km.


def easy_weeks(*runs, kind=easy):
    """Return a plan with one run a day and logs of it; runs: (pace, effort) each."""
    given = plan(*(week(number, dict.fromkeys(range(6), kind(6))) for number in range(5)))
    days = [w for w in given.workouts if is_run(w)]
    done = [
        a_log(day, minutes=36.0, avg_pace=pace, rpe=rpe)
        for day, (pace, rpe) in zip(days, runs, strict=False)
    ]
    return given, done


@pytest.mark.parametrize(
    ("runs", "warned"),
    [
        ([("4:50", 5)] * 3, True),
        ([("4:50", 5)] * 2, False),
        ([("4:50", 4)] * 3, False),
        ([("4:50", None)] * 3, False),
        ([("6:00", 5)] * 3, False),
        ([("4:50", 5), ("6:00", 5), ("4:50", 7), ("4:50", 6)], True),
    ],
)
def test_three_easy_runs_that_were_fast_and_felt_so_are_a_warning(runs, warned):
    given, done = easy_weeks(*runs)
    assert easy_runs_too_fast(given, done, MONDAY + 7 * DAY) is warned


def test_the_fast_end_of_easy_is_still_easy():
    given, _ = easy_weeks()
    end = render_pace(plan_paces(given).easy.fast_s_per_km)
    faster = render_pace(plan_paces(given).easy.fast_s_per_km - 1)
    for pace, warned in ((end, False), (faster, True)):
        _, done = easy_weeks(*[(pace, 5)] * 3)
        assert easy_runs_too_fast(given, done, MONDAY + 7 * DAY) is warned


def test_fast_runs_count_for_four_weeks_on_gentle_days():
    given, done = easy_weeks(*[("4:50", 5)] * 3)
    assert easy_runs_too_fast(given, done, MONDAY + 28 * DAY)
    assert not easy_runs_too_fast(given, done, MONDAY + 29 * DAY)
    assert not easy_runs_too_fast(given, done, MONDAY + DAY)
    hard, done = easy_weeks(*[("4:50", 9)] * 3, kind=tempo)
    assert not easy_runs_too_fast(hard, done, MONDAY + 7 * DAY)
    far, done = easy_weeks(*[("4:50", 9)] * 3, kind=long)
    assert easy_runs_too_fast(far, done, MONDAY + 7 * DAY)


def shares(*by_week, start=0):
    """Return a plan and logs that do a share of each week's runs."""
    given = plan(*(week(number, {1: 10, 3: 10}) for number in range(4)))
    done = [
        a_log(day, minutes=share * day.planned_minutes)
        for number, share in enumerate(by_week)
        for day in given.weeks[start + number].workouts
        if is_run(day) and share is not None
    ]
    return given, done


@pytest.mark.parametrize(
    ("by_week", "warned"),
    [
        ((0.5, 0.5), True),
        ((0.5, 0.6), False),
        ((0.6, 0.5), False),
        ((0.5, None), False),
        ((0.5, 0.5, 1.0), True),
        ((1.0, 0.5, 0.5), False),
    ],
)
def test_two_whole_weeks_under_60_do_not_fit(by_week, warned):
    # A share r of the minutes, effort unknown, scores 85 r + 15, half of it 57, 60 % of it 66.
    given, done = shares(*by_week)
    assert weeks_do_not_fit(given, done, MONDAY + 16 * DAY) is warned
