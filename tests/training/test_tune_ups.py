"""Races on the way, and the test run of a runner whose pace is not known."""

import datetime as dt

import pytest

from training.adaptation import adapt
from training.changes import Adaptation, Availability, Goal, NoChange, TuneUpRace
from training.errors import ChangeRefused
from training.events import events_of
from training.limits import check_plan
from training.measures import is_hard, is_run
from training.plans import Phase
from training.runners import Day, DayBlock, Distance, Level
from training.workouts import Marker

MONDAY = dt.date(2026, 2, 9)
DAY = dt.timedelta(days=1)


@pytest.fixture
def marathon(plan_of):
    built, runner = plan_of(Distance.MARATHON, Level.INTERMEDIATE, 5, 20, weekly_km=45.0)
    return built.plan, runner


def raced(plan, runner, day, distance=Distance.TEN_K):
    result = adapt(plan, runner, (), TuneUpRace(day, distance), MONDAY)
    assert isinstance(result, Adaptation)
    return result


def saturday(plan, phase, number=0):
    weeks = [week for week in plan.weeks if week.phase is phase]
    return weeks[number].week_start_date + 5 * DAY


def test_a_race_takes_the_hardest_sessions_place_with_easy_days_around_it(marathon):
    plan, runner = marathon
    day = saturday(plan, Phase.BUILD, 1)
    result = raced(plan, runner, day)
    race = result.plan.on(day)
    assert race.marker is Marker.TUNE_UP
    assert (race.planned_km, race.targets.distance_km) == (0, 10)
    before = sum(is_hard(w) for w in plan.week_of(day).workouts)
    assert sum(is_hard(w) for w in result.plan.week_of(day).workouts) <= before
    around = [*range(-2, 0), *range(1, 5)]
    assert not any(is_hard(result.plan.on(day + n * DAY)) for n in around)
    assert not is_run(result.plan.on(day + DAY))
    assert all(
        change.after.scheduled_date - day < 10 * DAY
        for change in result.changes
        if change.after.planned_km != change.before.planned_km
    )
    assert check_plan(result.plan, runner, MONDAY).passed


def test_the_race_stays_when_the_rest_of_the_plan_is_built_again(marathon):
    plan, runner = marathon
    day = saturday(plan, Phase.BUILD, 1)
    after = raced(plan, runner, day).plan
    fewer = Availability(tuple(DayBlock(d) for d in (Day.TUE, Day.THU, Day.SAT, Day.SUN)))
    again = adapt(after, runner, (), fewer, MONDAY)
    assert isinstance(again, Adaptation)
    assert [event.day for event in events_of(again.plan.workouts)] == [day]
    sooner = adapt(after, runner, (), Goal(goal_date=day + 7 * DAY), MONDAY)
    assert isinstance(sooner, Adaptation)
    assert events_of(sooner.plan.workouts) == ()


def test_the_same_race_told_twice_changes_nothing(marathon):
    plan, runner = marathon
    day = saturday(plan, Phase.BUILD, 1)
    after = raced(plan, runner, day).plan
    told = adapt(after, runner, (), TuneUpRace(day, Distance.TEN_K), MONDAY)
    assert isinstance(told, NoChange)


@pytest.mark.parametrize(
    ("phase", "number", "distance", "why"),
    [
        (Phase.BASE, 0, Distance.TEN_K, "build and peak"),
        (Phase.TAPER, 0, Distance.HALF, "fewer than 21 days"),
        (Phase.TAPER, -1, Distance.FIVE_K, "fewer than 10 days"),
        (Phase.BUILD, 0, Distance.MARATHON, "no marathon"),
    ],
)
def test_a_race_that_does_not_fit_is_refused_with_a_reason(marathon, phase, number, distance, why):
    plan, runner = marathon
    with pytest.raises(ChangeRefused, match=why):
        adapt(plan, runner, (), TuneUpRace(saturday(plan, phase, number), distance), MONDAY)


def test_two_races_are_three_weeks_apart(marathon):
    plan, runner = marathon
    first = saturday(plan, Phase.BUILD, 0)
    after = raced(plan, runner, first).plan
    with pytest.raises(ChangeRefused, match="fewer than 21 days from it"):
        adapt(after, runner, (), TuneUpRace(first + 14 * DAY, Distance.TEN_K), MONDAY)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("distance", Distance)
def test_a_runner_of_unknown_pace_gets_one_test_run_in_week_two_or_three(plan_of, distance, level):
    built, _ = plan_of(distance, level, 5, 16, fitness=None, weekly_km=40.0)
    (trial,) = events_of(built.plan.workouts)
    assert trial.is_trial
    assert MONDAY + 7 * DAY <= trial.day < MONDAY + 21 * DAY
    assert any(f"{trial.day.day}" in w and "test run" in w for w in built.warnings)
    known, _ = plan_of(distance, level, 5, 16, fitness=45.0, weekly_km=40.0)
    assert events_of(known.plan.workouts) == ()
