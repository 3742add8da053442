"""The way back after weeks out with an injury."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest

from training.adaptation import adapt
from training.changes import Adaptation, Pain
from training.measures import is_hard_or_fast, is_run
from training.workouts import Marker

HURT, BACK = dt.date(2026, 2, 10), dt.date(2026, 3, 3)
DAY = dt.timedelta(days=1)


@pytest.fixture
def hurt(demo, demo_runner):
    result = adapt(demo, demo_runner, (), Pain("left shin", 6), HURT)
    assert isinstance(result, Adaptation)
    return result.plan, replace(demo_runner, injury_flags=("left shin",))


def cleared(hurt, days_out, flag="left shin"):
    plan, runner = hurt
    runner = replace(runner, injury_flags=(flag,))
    plan = replace(plan, inputs=replace(plan.inputs, injury_flags=(flag,)))
    result = adapt(plan, runner, (), Pain(None, cleared=True, days_out=days_out), BACK)
    assert isinstance(result, Adaptation)
    return result


def test_after_three_weeks_out_running_comes_back_by_stages_a_day_apart(hurt):
    result = cleared(hurt, 21)
    assert result.rule == "3.3-stages"
    back = [w for w in result.plan.workouts if w.scheduled_date >= BACK and is_run(w)]
    stages = [w for w in back if w.marker is Marker.WALK_RUN]
    assert [w.structure.main[0].minutes for w in stages] == [3, 3, 3, 3, 4, 4, 4, 4, 4, 4]
    assert stages == back[: len(stages)]
    days = [w.scheduled_date for w in back[:12]]
    assert all(later - day >= 2 * DAY for day, later in itertools.pairwise(days))
    assert max(w.planned_km for w in back[:12]) < 5
    assert result.plan.inputs.baseline_fitness.value == pytest.approx(
        hurt[0].inputs.baseline_fitness.value * (1 - 0.003 * 16), abs=0.051
    )


def test_nothing_fast_stands_before_the_stages_are_done(hurt):
    plan = cleared(hurt, 21).plan
    hold = plan.inputs.hold
    assert hold is not None
    assert hold.nothing_fast_before is not None
    fast = [w.scheduled_date for w in plan.workouts if is_hard_or_fast(w) and is_run(w)]
    assert [day for day in fast if BACK <= day < hold.nothing_fast_before] == []


def test_a_bone_comes_back_by_stages_however_short_the_break_was(hurt):
    assert cleared(hurt, 0, "stress fracture, left foot").rule == "3.3-stages"
    assert cleared(hurt, 10).rule == "3.3-cleared"
