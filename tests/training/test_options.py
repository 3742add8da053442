"""Ways to handle a skipped run or an illness: two or three, each within the limits."""

import datetime as dt
import itertools

import pytest

from training.changes import Availability, Illness, Missed, Symptoms
from training.errors import ChangeRefused
from training.measures import is_run
from training.options import options

TODAY = dt.date(2026, 2, 10)
SUNDAY = dt.date(2026, 2, 15)


@pytest.mark.parametrize("change", [Missed((SUNDAY,)), Availability(days_off=(SUNDAY,))])
def test_skipping_sunday_can_be_a_drop_a_move_or_a_shorter_run(demo, demo_runner, change):
    ways = options(demo, demo_runner, (), change, TODAY)
    assert 2 <= len(ways) <= 3
    dropped = ways[0].plan.on(SUNDAY)
    assert not is_run(dropped)
    assert ways[-1].rule == "3.1-shorter"
    assert 0 < ways[-1].plan.on(SUNDAY).planned_km < demo.on(SUNDAY).planned_km
    for way in ways:
        assert way.receipt.passed
        assert way.plan.version == demo.version + 1
        assert way.summary != way.reason


def test_the_tempo_can_move_to_the_nearest_free_day(demo, demo_runner):
    ways = options(demo, demo_runner, (), Missed((dt.date(2026, 2, 12),)), TODAY)
    assert [way.rule for way in ways] == ["3.1-missed", "move", "3.1-shorter"]
    assert ways[1].delta.volume_change == 0


def test_five_days_of_illness_have_a_usual_and_a_longer_return(demo, demo_runner):
    ill = Illness(Symptoms.FEVER, 5, over=True)
    ways = options(demo, demo_runner, (), ill, TODAY)
    assert [way.rule for way in ways] == ["3.2-fever", "3.2-fever-longer"]
    assert ways[1].delta.intensity_change <= ways[0].delta.intensity_change
    assert all(way.receipt.passed for way in ways)


def test_the_same_question_has_the_same_ways(demo, demo_runner):
    for n in range(12):
        change = Missed((TODAY + dt.timedelta(days=n),))
        first = options(demo, demo_runner, (), change, TODAY)
        assert options(demo, demo_runner, (), change, TODAY) == first
        days = [way.plan.workouts for way in first]
        assert all(a != b for a, b in itertools.combinations(days, 2))
        for way in first:
            before = {w.id: w for w in demo.workouts}
            changed = {c.after.id: c.after for c in way.changes if c.after is not None}
            assert {w.id: w for w in way.plan.workouts} == before | changed


def test_what_is_past_has_no_options_and_race_day_is_refused(demo, demo_runner):
    assert options(demo, demo_runner, (), Missed((TODAY,)), TODAY + dt.timedelta(days=1)) == ()
    with pytest.raises(ChangeRefused):
        options(demo, demo_runner, (), Missed((demo.goal_date,)), TODAY)
