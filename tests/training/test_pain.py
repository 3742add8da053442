"""Pain by its level and signs, on a plan of even weeks: 8, 8 (tempo), 8 and 16 km."""

from dataclasses import replace

import pytest
from handmade import DAY, FRI, MONDAY, THU, TUE, WED, steady

from training.adaptation import adapt
from training.changes import Adaptation, NoChange, Pain
from training.errors import ChangeRefused
from training.measures import is_hard_or_fast, is_run, week_km
from training.pain import remaining_flags
from training.runners import Level, Runner

RUNNER = Runner(Level.INTERMEDIATE)
PLAN = steady()
TODAY = MONDAY + TUE * DAY


def hurting(*args, plan=PLAN, runner=RUNNER, **more):
    result = adapt(plan, runner, (), Pain(*args, **more), TODAY)
    assert isinstance(result, Adaptation)
    return result


@pytest.mark.parametrize(
    ("level", "signs", "rule"),
    [
        (3, (), "3.3-moderate-pain"),
        (4, (), "3.3-moderate-pain"),
        (5, (), "3.3-stop"),
        (1, ("limp",), "3.3-stop"),
        (None, ("rising",), "3.3-stop"),
        (4, ("stiff",), "3.3-moderate-pain"),
    ],
)
def test_pain_of_3_is_run_easily_and_of_5_or_with_signs_rested(level, signs, rule):
    result = hurting("knee", level, signs)
    assert result.rule == rule
    stop = rule == "3.3-stop"
    assert is_run(result.plan.weeks[0].workouts[TUE]) is not stop
    assert is_run(result.plan.weeks[0].workouts[THU]) is not stop
    hold = result.plan.inputs.hold
    assert (hold and hold.no_run_before) == (MONDAY + FRI * DAY if stop else None)
    assert len(result.advice) == (2 if stop else 1)


@pytest.mark.parametrize(("level", "signs"), [(0, ()), (2, ()), (2, ("stiff",))])
def test_light_pain_is_watched(level, signs):
    assert isinstance(adapt(PLAN, RUNNER, (), Pain("knee", level, signs), TODAY), NoChange)


def test_pain_without_a_level_is_asked_about_unless_it_is_put_on_record():
    with pytest.raises(ChangeRefused) as refusal:
        adapt(PLAN, RUNNER, (), Pain("knee", signs=("stiff",)), TODAY)
    assert refusal.value.code == "no_level"
    assert hurting("knee", noted=True).rule == "3.3-moderate-pain"


def test_bone_signs_are_a_doctors_matter():
    assert "night" in hurting("shin", 5, ("night",)).advice[0]
    assert "looked at" in hurting("shin", 5, ("swelling",)).advice[0]


def test_all_that_comes_is_easy_and_three_quarters_of_before():
    result = hurting("knee", 4)
    coming = [w for w in result.plan.workouts if w.scheduled_date >= TODAY]
    assert not any(is_hard_or_fast(w) for w in coming if is_run(w))
    assert all(week_km(w.workouts) <= 0.75 * 40 + 0.1 for w in result.plan.weeks)
    assert week_km(result.plan.weeks[1].workouts) > 0.75 * 40 - 2
    assert result.plan.inputs.pre_flag_weekly_km == 40
    assert {w.note for w in result.plan.weeks} == {"injury", "race"}
    assert result.injury_flags == result.plan.inputs.injury_flags == ("knee",)


def test_a_second_injury_takes_no_second_quarter_away():
    first = hurting("knee", 4)
    runner = replace(RUNNER, injury_flags=("knee",))
    second = hurting("shin", 4, plan=first.plan, runner=runner)
    assert second.injury_flags == ("knee", "shin")
    assert [week_km(w.workouts) for w in second.plan.weeks[1:]] == [
        week_km(w.workouts) for w in first.plan.weeks[1:]
    ]
    same = adapt(first.plan, runner, (), Pain("knee", 4), TODAY)
    assert isinstance(same, NoChange)
    assert same.injury_flags == ("knee",)


@pytest.mark.parametrize(
    ("flags", "part", "left"),
    [
        (("left knee", "shin"), None, ()),
        (("left knee", "shin"), "Knee", ("shin",)),
        (("knee", "shin"), "left KNEE", ("shin",)),
        (("knee", "shin"), "hip", ("knee", "shin")),
        (("knee",), "hip", ("knee",)),
    ],
)
def test_the_injury_that_is_over_is_found_by_its_part(flags, part, left):
    assert remaining_flags(flags, part) == left


def cleared(today=TODAY + 7 * DAY, **more):
    hurt = hurting("knee", 4)
    runner = replace(RUNNER, injury_flags=("knee",))
    return adapt(hurt.plan, runner, (), Pain("knee", cleared=True, **more), today)


def test_after_an_injury_nothing_is_fast_for_a_week_and_doses_are_half_for_two_more():
    result = cleared()
    hold = result.plan.inputs.hold
    assert hold.nothing_fast_before == TODAY + 14 * DAY
    assert hold.half_dose_before == TODAY + 28 * DAY
    assert result.plan.inputs.injury_flags == result.injury_flags == ()
    assert result.plan.inputs.pre_flag_weekly_km is None
    assert "injury" not in {w.note for w in result.plan.weeks[2:]}
    assert result.rule == "3.3-cleared"


@pytest.mark.parametrize(("days_out", "rule"), [(13, "3.3-cleared"), (14, "3.3-stages")])
def test_two_weeks_out_bring_running_back_by_stages(days_out, rule):
    assert cleared(days_out=days_out).rule == rule


def test_without_an_injury_there_is_nothing_to_clear():
    result = adapt(PLAN, RUNNER, (), Pain("knee", cleared=True), TODAY)
    assert isinstance(result, NoChange)
    assert result.injury_flags is None


def test_today_stays_open_when_pain_is_reported_on_a_day_of_rest():
    result = adapt(PLAN, RUNNER, (), Pain("knee", 6), MONDAY + WED * DAY)
    assert not any(is_run(w) for w in result.plan.weeks[0].workouts[WED:5])
    assert is_run(result.plan.weeks[0].workouts[5])
