"""Signs of tiredness in logged runs, and what they add up to."""

import pytest
from handmade import DAY, MONDAY, SUN, THU, TUE, WED, easy, logged, long, tempo, week

from training.executions import CompletionStatus
from training.signals import Signal, Tiredness, signals_of, tiredness

TODAY = MONDAY + SUN * DAY
DAYS = week(0, {0: 5, TUE: tempo(), WED: 5, THU: 5, SUN: long(12)}).workouts
WORKOUTS = {day.id: day for day in DAYS}
MON_RUN, TUE_TEMPO, WED_RUN, THU_RUN, LONG = (DAYS[day] for day in (0, TUE, WED, THU, SUN))


def strengths(workout, **felt):
    return [signal.strong for signal in signals_of(logged(workout, **felt), workout)]


# Easy runs are planned at 3-4, long ones at 4-5, tempo at 6-7.
@pytest.mark.parametrize(
    ("workout", "rpe", "found"),
    [
        (WED_RUN, 5, []),
        (WED_RUN, 6, [False]),
        (WED_RUN, 7, [True]),
        (LONG, 6, []),
        (LONG, 7, [False]),
        (LONG, 8, [True]),
        (TUE_TEMPO, 8, []),
        (TUE_TEMPO, 9, [False]),
        (TUE_TEMPO, 10, [False]),
    ],
)
def test_effort_two_over_the_plan_is_a_sign_three_on_a_gentle_run_a_strong_one(workout, rpe, found):
    assert strengths(workout, rpe=rpe) == found


@pytest.mark.parametrize(
    ("felt", "found"),
    [
        ({"soreness": 5}, []),
        ({"soreness": 6}, [False]),
        ({"soreness": 7}, [False]),
        ({"soreness": 8}, [True]),
        ({"fatigue": 6}, []),
        ({"fatigue": 7}, [False]),
        ({"fatigue": 10}, [False]),
        ({"hr_drift": 10.0}, []),
        ({"hr_drift": 10.1}, [False]),
        ({"rpe": 7, "soreness": 6, "fatigue": 7, "hr_drift": 11}, [True, False, False, False]),
    ],
)
def test_soreness_tiredness_and_drift_are_signs_from_their_limits_on(felt, found):
    assert strengths(WED_RUN, **felt) == found


def test_a_sign_names_its_run_and_what_was_seen():
    (sign,) = signals_of(logged(WED_RUN, rpe=6), WED_RUN)
    assert sign == Signal("effort 6 where 3-4 was planned", False, "ex_w0_2")
    sore, tired, drift = signals_of(logged(WED_RUN, soreness=6, fatigue=7, hr_drift=12.5), None)
    assert (sore.what, tired.what, drift.what) == (
        "soreness 6",
        "tiredness 7",
        "heart rate drifted 12.5 %",
    )
    assert {sign.execution for sign in (sore, tired, drift)} == {"ex_w0_2"}


def test_effort_outside_the_plan_is_compared_with_nothing():
    assert signals_of(logged(None, rpe=10), None) == ()
    assert signals_of(logged(WED_RUN, rpe=10), easy(5, targets=easy(5).targets)) != ()


def weigh(*done, **said):
    return tiredness(done, WORKOUTS, TODAY, **said)


def test_no_sign_is_no_tiredness():
    assert weigh() == Tiredness(0, ())
    assert weigh(logged(WED_RUN, rpe=4)).trigger is None


def test_one_sign_is_1_a_strong_one_2():
    assert weigh(logged(WED_RUN, rpe=6)).severity == 1
    assert weigh(logged(WED_RUN, rpe=7)).severity == 2
    assert weigh(soreness=6).severity == 1
    assert weigh(soreness=8).severity == 2
    assert weigh(fatigue=7).severity == 1


def test_signs_in_two_of_the_last_three_runs_are_2_in_three_runs_3():
    def runs(*rpe):
        pairs = zip((MON_RUN, WED_RUN, THU_RUN, LONG), rpe, strict=False)
        return weigh(*(logged(workout, rpe=value) for workout, value in pairs)).severity

    assert runs(6, 6) == 2
    assert runs(6, 4, 6) == 2
    assert runs(6, 4, 4, 7) == 1
    assert runs(6, 6, 6) == 3
    assert runs(6, 4, 6, 7) == 3


def test_what_is_said_now_counts_once():
    one = logged(WED_RUN, rpe=6)
    assert weigh(one, soreness=6, fatigue=7).severity == 1
    assert weigh(logged(MON_RUN, rpe=6), one, soreness=6).severity == 3


def test_seven_days_count_and_missed_runs_do_not():
    def seen(days_ago):
        return weigh(logged(None, on=TODAY - days_ago * DAY, soreness=6)).severity

    assert [seen(-1), seen(0), seen(6), seen(7)] == [0, 1, 1, 0]
    missed = logged(WED_RUN, soreness=9, status=CompletionStatus.MISSED)
    assert weigh(missed).severity == 0


def test_the_trigger_is_the_last_run_with_a_sign():
    found = weigh(logged(THU_RUN, rpe=6), logged(MON_RUN, rpe=6), logged(LONG, rpe=4))
    assert found.trigger == "ex_w0_3"
    assert weigh(logged(THU_RUN, rpe=6), soreness=6).trigger == "ex_w0_3"
    assert weigh(soreness=6).trigger is None
    assert [sign.execution for sign in weigh(logged(THU_RUN, rpe=6), soreness=6).signals] == [
        "ex_w0_3",
        None,
    ]
