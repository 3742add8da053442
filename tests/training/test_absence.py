"""Missed runs and gaps, on a plan of even weeks: 8, 8 (tempo), 8 and 16 km."""

import pytest
from handmade import DAY, FRI, MONDAY, SAT, SUN, THU, TUE, WED, logged, steady

from training.absence import layoff_factor
from training.adaptation import adapt
from training.changes import Adaptation, Missed, NoChange
from training.errors import ChangeRefused
from training.executions import CompletionStatus
from training.limits import check_plan
from training.measures import is_run, week_km
from training.runners import Level, Runner
from training.workouts import WorkoutType

RUNNER = Runner(Level.INTERMEDIATE)
PLAN = steady()
EASY, LONG, TEMPO, REST = (WorkoutType(kind) for kind in ("easy", "long", "tempo", "rest"))


def missed(*days, today=MONDAY, done=(), **more):
    return adapt(PLAN, RUNNER, done, Missed(tuple(MONDAY + n * DAY for n in days), **more), today)


def after_gap(days_off, today, plan=PLAN):
    """Return what comes of a gap that ends today."""
    result = adapt(plan, RUNNER, (), Missed(days_off=days_off), today)
    assert isinstance(result, Adaptation)
    return result


def volumes(result):
    return [week_km(w.workouts) for w in result.plan.weeks]


def test_the_plan_holds_its_limits_to_begin_with():
    assert check_plan(PLAN, RUNNER, MONDAY).failures == ()


@pytest.mark.parametrize(
    ("days", "factor", "cross"),
    [
        (0, 1, 1),
        (5, 1, 1),
        (6, 0.997, 0.9985),
        (15, 0.97, 0.985),
        (71, 0.802, 0.901),
        (72, 0.80, 0.90),
        (400, 0.80, 0.90),
    ],
)
def test_a_layoff_costs_3_in_1000_a_day_from_the_sixth_on_and_half_with_other_training(
    days, factor, cross
):
    assert layoff_factor(days) == pytest.approx(factor, abs=1.1e-3)
    assert layoff_factor(days, cross_trained=True) == pytest.approx(cross, abs=1.1e-3)


def test_a_missed_run_is_dropped_and_nothing_else_changes():
    result = missed(THU)
    week = [c.after for c in result.changes if c.after.scheduled_date < MONDAY + 7 * DAY]
    assert [(w.scheduled_date, w.type) for w in week] == [(MONDAY + THU * DAY, REST)]
    assert result.plan.weeks[0].note == "missed"
    assert (result.rule, result.needs_yes) == ("3.1-missed", False)
    assert "tempo on Thursday" in result.summary
    assert len(result.advice) == 1
    assert missed(TUE).advice == ()


def test_a_missed_run_of_a_lighter_week_leaves_it_one():
    assert missed(21 + TUE).plan.weeks[3].note == "missed_cutback"


def test_two_missed_runs_are_proposed_first():
    result = missed(TUE, THU, TUE)
    assert len(result.changes) == 2
    assert result.needs_yes


def test_a_day_off_and_a_logged_run_cannot_be_missed():
    assert isinstance(missed(WED), NoChange)
    done = (logged(PLAN.weeks[0].workouts[TUE]),)
    assert isinstance(missed(TUE, done=done, today=MONDAY), NoChange)
    assert isinstance(missed(TUE, today=MONDAY + WED * DAY), NoChange)


def test_after_two_missed_runs_the_next_is_easy():
    one = missed(TUE, today=MONDAY + WED * DAY)
    assert isinstance(one, NoChange)
    two = missed(0, TUE, today=MONDAY + WED * DAY)
    assert two.plan.weeks[0].workouts[THU].type is EASY
    assert [c.after.scheduled_date for c in two.changes] == [MONDAY + THU * DAY]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Missed(), "no_day"),
        (Missed((MONDAY + 70 * DAY,)), "outside_plan"),
        (Missed((PLAN.goal_date,)), "race_day"),
    ],
)
def test_what_cannot_be_missed_is_refused(change, code):
    with pytest.raises(ChangeRefused) as refusal:
        adapt(PLAN, RUNNER, (), change, MONDAY)
    assert refusal.value.code == code
    assert refusal.value.unlocked_by


def test_a_gap_of_under_six_days_is_no_gap():
    assert isinstance(adapt(PLAN, RUNNER, (), Missed(days_off=5), MONDAY + 7 * DAY), NoChange)
    assert after_gap(6, MONDAY + 7 * DAY).rule == "3.1-gap"


# 6-9 days: a week at 75-80 %, three easy runs first.


def test_a_week_off_is_followed_by_one_of_at_most_80_percent():
    result = after_gap(7, MONDAY + 14 * DAY)
    assert 0.75 * 40 - 1 <= volumes(result)[2] <= 0.80 * 40
    assert volumes(result)[4] <= 40
    first = [w for w in result.plan.weeks[2].workouts if is_run(w)]
    assert [w.type for w in first] == [EASY, EASY, EASY, LONG]
    assert result.plan.weeks[2].note == "return"
    assert result.plan.weeks[3].note == "cutback"


def test_the_hold_of_a_return_ends_with_the_third_easy_run():
    hold = after_gap(7, MONDAY + 14 * DAY).plan.inputs.hold
    assert (hold.cause, hold.since) == ("break", MONDAY + 14 * DAY)
    assert hold.nothing_fast_before == MONDAY + (14 + SUN) * DAY
    assert hold.no_run_before is None


def test_fitness_falls_by_the_days_off():
    assert after_gap(7, MONDAY + 14 * DAY).plan.inputs.baseline_fitness.value == pytest.approx(
        0.994 * 43.6, abs=0.051
    )


# 10-28 days: half, then three quarters; 29-56: a third, half, three quarters.


def test_two_weeks_off_are_followed_by_a_week_at_half_and_one_at_three_quarters():
    result = after_gap(14, MONDAY + 14 * DAY)
    assert 17 <= volumes(result)[2] <= 20
    assert volumes(result)[3] <= 0.75 * 40
    first = [w.type for w in result.plan.weeks[2].workouts if is_run(w)]
    assert TEMPO not in first
    hold = result.plan.inputs.hold
    assert hold.nothing_fast_before >= MONDAY + 21 * DAY
    assert [w.note for w in result.plan.weeks[2:4]] == ["return", "return"]
    assert "50%, then 75%" in result.summary


def test_a_month_off_is_followed_by_thirds():
    result = after_gap(30, MONDAY + 7 * DAY)
    assert "33%, then 50%, then 75%" in result.summary
    assert 11 <= volumes(result)[1] <= 13.2
    assert volumes(result)[2] <= 20


@pytest.mark.parametrize(
    ("days_off", "words"),
    [(9, "78%"), (10, "50%, then 75%"), (28, "50%, then 75%"), (29, "33%, then 50%, then 75%")],
)
def test_the_steps_follow_the_length_of_the_gap(days_off, words):
    assert f": {words} of" in after_gap(days_off, MONDAY + 7 * DAY).summary


@pytest.mark.parametrize(
    ("days_off", "weeks_left", "advice"),
    [
        (9, 6, None),
        (10, 6, "Let's look"),
        (10, 8, None),
        (10, 7, "Let's look"),
        (20, 8, None),
        (21, 8, "Let's look"),
        (56, 8, "Let's look"),
        (57, 8, "new plan"),
    ],
)
def test_a_long_gap_puts_the_goal_in_question(days_off, weeks_left, advice):
    found = after_gap(days_off, MONDAY + 7 * (8 - weeks_left) * DAY).advice
    assert (advice is None and found == ()) or (advice and advice in found[0])


def test_a_return_that_is_planned_is_left_alone():
    once = after_gap(7, MONDAY + 14 * DAY)
    again = adapt(once.plan, RUNNER, (), Missed(days_off=7), MONDAY + 14 * DAY)
    assert isinstance(again, NoChange)


# Two weeks under 60: a fifth less, proposed.


def test_two_weeks_that_were_not_done_lead_to_a_fifth_less():
    runs = [w for w in PLAN.workouts if is_run(w) and w.scheduled_date < MONDAY + 14 * DAY]
    done = tuple(logged(w, status=CompletionStatus.MISSED) for w in runs)
    result = missed(14 + TUE, today=MONDAY + 14 * DAY, done=done)
    assert (result.rule, result.needs_yes) == ("3.1-repeated", True)
    assert "20%" in result.summary
    assert all(
        now <= 0.8 * was + 0.1 for now, was in zip(volumes(result)[3:6], (32, 40, 40), strict=True)
    )


def test_friday_and_saturday_are_still_open_on_friday():
    result = missed(FRI, SAT, today=MONDAY + FRI * DAY)
    changed = [c.before.scheduled_date for c in result.changes]
    assert [day for day in changed if day < MONDAY + 7 * DAY] == [MONDAY + SAT * DAY]
