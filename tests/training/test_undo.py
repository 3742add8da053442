"""Taking back any change: what it did comes back, what later changes did stays."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.training.strategies import journeys, moments
from training.adaptation import adapt, revert
from training.changes import Adaptation, Goal, Illness, Move, Pain, Symptoms
from training.errors import ChangeRefused
from training.limits import check_plan
from training.undo import same_state, without_change

TODAY = dt.date(2026, 2, 10)


def changed(plan, runner, change, today=TODAY):
    result = adapt(plan, runner, (), change, today)
    assert isinstance(result, Adaptation)
    return result.plan


def on(text):
    return dt.date(2026, int(text[:2]), int(text[3:]))


def test_an_older_move_is_taken_back_and_a_later_one_stays(demo, demo_runner):
    first = changed(demo, demo_runner, Move(on("02-12"), on("02-13")))
    second = changed(first, demo_runner, Move(on("02-17"), on("02-18")))
    back = revert(second, without_change(second, demo, first), demo_runner, (), TODAY).plan
    assert back.version == second.version + 1
    assert back.on(on("02-12")) == demo.on(on("02-12"))
    assert back.on(on("02-18")) == second.on(on("02-18"))


def test_the_latest_change_brings_the_very_plan_before_it_back(demo, demo_runner):
    moved = changed(demo, demo_runner, Move(on("02-12"), on("02-13")))
    assert without_change(moved, demo, moved) == demo


def test_a_day_that_was_changed_again_keeps_its_later_state(demo, demo_runner):
    first = changed(demo, demo_runner, Move(on("02-12"), on("02-13")))
    second = changed(first, demo_runner, Move(on("02-13"), on("02-11")))
    with pytest.raises(ChangeRefused, match="nothing left to take back"):
        revert(second, without_change(second, demo, first), demo_runner, (), TODAY)


def test_a_goal_on_which_later_changes_rest_is_not_taken_back_alone(demo, demo_runner):
    later = changed(demo, demo_runner, Goal(goal_date=on("05-31")))
    moved = changed(later, demo_runner, Move(on("02-12"), on("02-13")))
    with pytest.raises(ChangeRefused, match="taken back first"):
        without_change(moved, demo, later)


def test_an_illness_is_a_slip_on_its_own_day_and_stands_afterwards(demo, demo_runner):
    ill = changed(demo, demo_runner, Illness(Symptoms.FEVER, 3))
    assert same_state(revert(ill, demo, demo_runner, (), TODAY).plan, demo)
    hold = ill.inputs.hold
    assert hold is not None
    assert hold.no_run_before == on("02-12")
    later = revert(ill, demo, demo_runner, (), on("02-11")).plan
    assert later.inputs.hold == hold
    for workout in later.workouts:
        if on("02-11") <= workout.scheduled_date < on("02-12"):
            assert workout.planned_km == 0


def test_a_run_cannot_be_moved_into_the_days_of_rest(demo, demo_runner):
    hurt = adapt(demo, demo_runner, (), Pain("knee", 7), TODAY)
    assert isinstance(hurt, Adaptation)
    runner = replace(demo_runner, injury_flags=("knee",))
    run = next(w for w in hurt.plan.workouts if w.planned_km and w.scheduled_date > on("02-12"))
    with pytest.raises(ChangeRefused, match="getting well"):
        adapt(hurt.plan, runner, (), Move(run.scheduled_date, on("02-11")), TODAY)


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(journeys(5))
def test_any_change_of_a_series_can_be_taken_back_within_the_limits(journey):
    steps = [m for m in moments(journey) if m.before is None or isinstance(m.result, Adaptation)]
    last = steps[-1]
    for stage in steps[1:]:
        assert stage.before is not None
        try:
            wanted = without_change(last.plan, stage.before, stage.plan)
            back = revert(last.plan, wanted, last.runner, last.done, last.today)
        except ChangeRefused:
            continue
        assert check_plan(back.plan, last.runner, last.today, last.done).passed
        touched = {w.scheduled_date for w in stage.plan.workouts} & {
            w.scheduled_date
            for w in last.plan.workouts
            if stage.before.on(w.scheduled_date) == stage.plan.on(w.scheduled_date)
        }
        for day in touched:
            now, was = back.plan.on(day), last.plan.on(day)
            if stage is not last and now is not None and was is not None:
                assert now.planned_km <= was.planned_km + 0.05
