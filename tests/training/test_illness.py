"""The neck check, on a plan of even weeks: 8, 8 (tempo), 8 and 16 km."""

import pytest
from handmade import DAY, MONDAY, SAT, SUN, THU, TUE, steady

from training.adaptation import adapt
from training.changes import Adaptation, Illness, Symptoms
from training.measures import is_hard_or_fast, is_run
from training.runners import Level, Runner
from training.workouts import WorkoutType

RUNNER = Runner(Level.INTERMEDIATE)
PLAN = steady()
ABOVE, BELOW, FEVER = Symptoms.ABOVE_NECK, Symptoms.BELOW_NECK, Symptoms.FEVER
EASY = WorkoutType.EASY


def ill(symptoms, days_ill=1, over=False, today=MONDAY + TUE * DAY, plan=PLAN):
    result = adapt(plan, RUNNER, (), Illness(symptoms, days_ill, over), today)
    assert isinstance(result, Adaptation)
    return result


def minutes(result, first, last):
    """Return the minutes from one day to another, counted from the plan's first."""
    days = list(result.plan.workouts)[first : last + 1]
    return [round(w.planned_minutes) for w in days if is_run(w)]


def test_with_a_cold_three_days_are_easy_and_of_at_most_35_minutes():
    result = ill(ABOVE)
    assert minutes(result, TUE, THU) == [35, 35]
    assert result.plan.weeks[0].workouts[THU].type is EASY
    assert minutes(result, SAT, SAT) == [48]
    hold = result.plan.inputs.hold
    assert (hold.no_run_before, hold.nothing_fast_before) == (None, MONDAY + 4 * DAY)
    assert result.plan.weeks[0].note == "illness"
    assert (result.rule, result.needs_yes) == ("3.2-above-neck", False)


def test_after_a_cold_one_day_is_easy():
    result = ill(ABOVE, over=True)
    assert minutes(result, TUE, TUE) == [35]
    assert result.plan.weeks[0].workouts[THU].type is WorkoutType.TEMPO
    assert result.plan.inputs.hold.nothing_fast_before == MONDAY + 2 * DAY


@pytest.mark.parametrize("symptoms", [BELOW, FEVER])
def test_while_ill_below_the_neck_two_days_are_rest(symptoms):
    result = ill(symptoms, 3, today=MONDAY + THU * DAY)
    hold = result.plan.inputs.hold
    assert hold.no_run_before == MONDAY + 5 * DAY
    assert hold.nothing_fast_before == MONDAY + 8 * DAY
    assert minutes(result, THU, 4) == []
    assert minutes(result, SAT, SUN) == [24, 48]
    assert result.rule == ("3.2-fever" if symptoms is FEVER else "3.2-below-neck")


def test_once_it_is_over_one_day_is_rest():
    result = ill(FEVER, 3, over=True, today=MONDAY + THU * DAY)
    assert result.plan.inputs.hold.no_run_before == MONDAY + 4 * DAY
    assert len(result.advice) == 1
    assert len(ill(FEVER, 3).advice) == 2


@pytest.mark.parametrize(("days_ill", "free"), [(1, 1), (5, 5), (7, 7), (12, 7)])
def test_nothing_is_fast_for_as_many_days_as_it_lasted_up_to_a_week(days_ill, free):
    result = ill(FEVER, days_ill, over=True, today=MONDAY + TUE * DAY)
    until = MONDAY + (TUE + 1 + free) * DAY
    assert result.plan.inputs.hold.nothing_fast_before == until
    fast = [w.scheduled_date for w in result.plan.workouts if is_hard_or_fast(w)]
    assert all(day >= until for day in fast)


def test_the_first_three_days_back_are_at_half_length_and_no_more():
    result = ill(FEVER, 4, over=True, today=MONDAY + 4 * DAY)
    assert minutes(result, SAT, SUN) == [24, 48]
    assert minutes(result, 8, 8) == [48]


@pytest.mark.parametrize(("days_ill", "factor"), [(5, 1), (6, 0.997), (10, 0.985)])
def test_six_days_of_illness_and_more_lower_the_paces_once_they_are_over(days_ill, factor):
    result = ill(FEVER, days_ill, over=True)
    assert result.plan.inputs.baseline_fitness.value == pytest.approx(factor * 43.6, abs=0.051)
    assert ill(FEVER, days_ill).plan.inputs.baseline_fitness.value == 43.6


def test_a_week_that_is_marked_already_is_not_halved_again():
    once = ill(FEVER, 2, over=True, today=MONDAY + THU * DAY)
    again = ill(FEVER, 4, over=True, today=MONDAY + 4 * DAY, plan=once.plan)
    assert minutes(again, SUN, SUN) == minutes(once, SUN, SUN)
