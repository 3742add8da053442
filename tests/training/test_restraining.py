"""Mending by taking away: each rule cuts what breaks it, and nothing else."""

from dataclasses import replace

import pytest
from handmade import (
    DAY,
    FRI,
    MONDAY,
    SAT,
    SUN,
    THU,
    TUE,
    WED,
    easy,
    intervals,
    logged,
    long,
    plan,
    tempo,
    week,
)

from training import limits_of_runs, limits_of_weeks
from training.cutting import shortened
from training.history import history_of
from training.kits import kit_for
from training.measures import hard_minutes, is_hard, is_run, minutes_in, stride_count, week_km
from training.plans import Hold, Phase
from training.restraining import closed_ledger, restrained, reweighed
from training.runners import Day, DayBlock, Distance, Level, Runner
from training.workouts import WorkoutType, Zone

BASE, BUILD, PEAK, TAPER = Phase
HALF, MARATHON = Distance.HALF, Distance.MARATHON
RUNNER = Runner(Level.INTERMEDIATE)
EVERY_DAY = tuple(map(DayBlock, Day))
EASY, LONG, TEMPO, REST = (WorkoutType(kind) for kind in ("easy", "long", "tempo", "rest"))


def one(runs, phase=BUILD, note=None, **inputs):
    known = {"availability": EVERY_DAY, "weekly_km": 40.0, "longest_km": 20.0} | inputs
    taper = (week(1, {}, TAPER), week(2, {}, TAPER, race_on=SUN))
    return plan(week(0, runs, phase, note), *taper, **known)


def mended(given, runner=RUNNER, today=MONDAY, *done):
    return restrained(history_of(given, today, done), runner)


def km(of, number=0):
    """Return the km of each day of a week."""
    return [round(w.planned_km, 1) for w in of.weeks[number].workouts]


def cut(given, **more):
    """Return which weekdays of the first week changed."""
    after = mended(given, **more)
    pairs = zip(given.weeks[0].workouts, after.weeks[0].workouts, strict=True)
    return [day for day, (before, now) in enumerate(pairs) if before != now]


GOOD = {TUE: 6, THU: 6, SAT: 6, SUN: long(10)}


def test_a_week_inside_its_limits_stays_as_it_is():
    assert cut(one(GOOD)) == []


def test_what_is_past_or_logged_stays():
    given = one({TUE: 30, THU: 6, SUN: long(9)})
    after = mended(given, RUNNER, MONDAY + WED * DAY)
    assert after.weeks[0].workouts[TUE] == given.weeks[0].workouts[TUE]
    done = logged(given.weeks[0].workouts[TUE], km=30.0)
    assert mended(given, RUNNER, MONDAY, done).weeks[0].workouts[TUE].planned_km == 30


# The runner's days.


def test_a_run_is_cut_to_the_days_time_and_dropped_where_there_is_none():
    days = (DayBlock(Day.TUE, minutes=30), DayBlock(Day.SAT), DayBlock(Day.SUN))
    after = mended(one(GOOD, availability=days))
    assert km(after) == [0, 4.8, 0, 0, 0, 6, 10]
    assert after.weeks[0].workouts[THU].type is REST


def test_a_run_at_the_runners_word_stays_on_its_day():
    days = (DayBlock(Day.SAT), DayBlock(Day.SUN))
    given = one({TUE: easy(8, pinned=True), SUN: long(10)}, availability=days)
    assert cut(given) == []
    assert limits_of_runs.availability(history_of(given, MONDAY, ()), RUNNER).passed


# Holds and injury.


def test_a_hold_takes_runs_away_and_then_speed():
    hold = Hold("illness", MONDAY, MONDAY + WED * DAY, MONDAY + FRI * DAY)
    after = mended(one({TUE: 6, THU: tempo(8), SAT: tempo(8), SUN: long(10)}, hold=hold))
    types = [w.type for w in after.weeks[0].workouts]
    assert types == [REST, REST, REST, EASY, REST, TEMPO, LONG]


def test_an_injury_takes_speed_and_a_quarter_of_the_volume_away():
    hurt = replace(RUNNER, injury_flags=("knee",))
    runs = {TUE: tempo(8), THU: easy(6, (Zone.R, 0.3)), SUN: long(10, (Zone.M, 15))}
    after = mended(one(runs, pre_flag_weekly_km=24.0), hurt)
    runs = [w for w in after.weeks[0].workouts if is_run(w)]
    assert {w.type for w in runs} == {EASY, LONG}
    assert not any(hard_minutes(w, HALF) or stride_count(w) for w in runs)
    assert 17 < week_km(runs) <= 18
    assert cut(one(GOOD, pre_flag_weekly_km=24.0)) == []
    assert cut(one(GOOD), runner=hurt) == []


# The days before the race.


@pytest.mark.parametrize(
    ("distance", "days"),
    [(Distance.FIVE_K, 4), (Distance.TEN_K, 4), (Distance.HALF, 5), (Distance.MARATHON, 7)],
)
def test_hard_sessions_near_the_race_become_easy(distance, days):
    def kind_at(out):
        day = 13 - out
        weeks = [{}, {}]
        weeks[day // 7][day % 7] = tempo(8, 10)
        given = plan(
            week(0, weeks[0] | {TUE: 10}, PEAK),
            week(1, weeks[1] | {SAT: easy(6)}, TAPER, race_on=SUN, distance=distance),
            distance=distance,
            availability=EVERY_DAY,
            weekly_km=60.0,
            longest_km=20.0,
        )
        after = mended(given)
        assert after.weeks[1].workouts[SAT].planned_minutes <= 25
        return after.weeks[day // 7].workouts[day % 7].type

    assert kind_at(days) is TEMPO
    assert kind_at(days - 1) is EASY


def test_no_run_near_the_race_is_longer_than_those_before():
    far = [week(0, GOOD), week(1, GOOD), week(2, {TUE: 10.8, SUN: 5})]
    given = plan(
        *far,
        week(3, {}, TAPER, race_on=SUN),
        availability=EVERY_DAY,
        weekly_km=60.0,
        longest_km=10.0,
    )
    after = mended(given)
    assert after.weeks[2].workouts[TUE].planned_km <= 10.01
    assert after.weeks[2].workouts[TUE].planned_km > 9.5


# Hard days.


def test_the_second_of_two_hard_days_becomes_easy():
    after = mended(one({TUE: tempo(8), WED: intervals(8), SUN: long(10)}))
    assert [w.type for w in after.weeks[0].workouts][TUE : WED + 1] == [TEMPO, EASY]


def test_a_session_gives_way_to_the_long_run_after_it():
    runs = {TUE: 8, THU: 8, SAT: tempo(8), SUN: long(18, (Zone.M, 20))}
    after = mended(one(runs, weekly_km=60.0))
    assert after.weeks[0].workouts[SAT].type is EASY
    assert is_hard(after.weeks[0].workouts[SUN])


def test_a_hard_day_after_one_that_was_run_becomes_easy():
    given = one({TUE: tempo(8), WED: intervals(8), SUN: long(10)})
    done = logged(given.weeks[0].workouts[TUE], km=8.0)
    after = mended(given, RUNNER, MONDAY + TUE * DAY, done)
    assert after.weeks[0].workouts[WED].type is EASY


def test_hard_days_stay_apart_across_weeks():
    given = plan(
        week(0, {TUE: 6, SUN: tempo(8)}),
        week(1, {0: tempo(8), WED: 6, SUN: long(9)}),
        week(2, {}, TAPER, race_on=SUN),
        availability=EVERY_DAY,
        longest_km=20.0,
    )
    after = mended(given)
    assert after.weeks[0].workouts[SUN].type is TEMPO
    assert after.weeks[1].workouts[0].type is EASY


@pytest.mark.parametrize(
    ("phase", "level", "most"),
    [(BASE, Level.BEGINNER, 0), (BASE, Level.INTERMEDIATE, 1), (BUILD, Level.INTERMEDIATE, 2)],
)
def test_sessions_beyond_the_levels_number_become_easy(phase, level, most):
    runs = {0: tempo(8, 10), WED: tempo(8, 10), FRI: tempo(8, 10), SUN: long(10)}
    after = mended(one(runs, phase, experience_level=level, weekly_km=60.0), Runner(level))
    sessions = [w.type is TEMPO for w in after.weeks[0].workouts if is_run(w)]
    assert sum(sessions) <= most
    if level is Level.INTERMEDIATE:
        assert sessions[:most] == [True] * most


def test_a_fourth_hard_day_becomes_easy():
    runs = {0: tempo(8, 8), WED: tempo(8, 8), SAT: long(20, minutes=130)}
    assert sum(is_hard(w) for w in mended(one(runs, weekly_km=60.0)).weeks[0].workouts) <= 3
    two = mended(
        one(runs, PEAK, experience_level=Level.BEGINNER, weekly_km=60.0), Runner(Level.BEGINNER)
    )
    assert sum(is_hard(w) for w in two.weeks[0].workouts) <= 2


@pytest.mark.parametrize(
    ("level", "most"), [(Level.BEGINNER, 4), (Level.INTERMEDIATE, 5), (Level.ADVANCED, 6)]
)
def test_runs_beyond_the_rest_days_become_rest(level, most):
    runs = dict.fromkeys(range(7), 4.0)
    after = mended(one(runs, experience_level=level, weekly_km=40.0), Runner(level))
    assert km(after) == [4.0] * most + [0] * (7 - most)


def test_a_second_long_run_becomes_an_easy_one():
    after = mended(one({TUE: long(9), THU: 6, SUN: long(8)}))
    assert [w.type for w in after.weeks[0].workouts if is_run(w)] == [LONG, EASY, EASY]


# Lengths.


def test_a_spike_is_cut_to_a_tenth_over_the_longest():
    after = mended(one({TUE: 6, SAT: 6, SUN: long(13.5)}, longest_km=10.0))
    assert 10.5 < after.weeks[0].workouts[SUN].planned_km <= 11.0
    assert km(after)[:6] == km(one({TUE: 6, SAT: 6}))[:6]


def test_a_run_of_this_week_is_part_of_what_the_next_may_be():
    after = mended(one({TUE: 11, THU: 6, SAT: 6, SUN: 12}, longest_km=10.0))
    assert 11.5 < after.weeks[0].workouts[SUN].planned_km <= 12.1


def test_other_runs_are_cut_to_85_percent_of_the_long_one():
    after = mended(one({TUE: 9.5, THU: 6, SUN: long(10)}))
    assert 8 < after.weeks[0].workouts[TUE].planned_km <= 8.5
    assert cut(one({TUE: 6.8, SUN: long(7)})) == []
    assert cut(one({TUE: 9.5, THU: 6, SUN: long(10)}, note="race")) == []


def test_the_long_run_is_cut_to_its_share_and_its_caps():
    after = mended(one({TUE: 7, THU: 7, SAT: 6, SUN: long(16)}))
    total = week_km(after.weeks[0].workouts)
    assert after.weeks[0].workouts[SUN].planned_km <= 0.405 * total
    assert km(after)[:6] == [0, 7, 0, 7, 0, 6]
    uneven = one({TUE: 7, THU: 7, SAT: 6, SUN: long(16)}, note="missed")
    assert cut(uneven) == []
    capped = mended(
        one(
            {TUE: 14, THU: 14, SAT: 12, SUN: long(24, minutes=144)},
            weekly_km=70.0,
            longest_km=30.0,
        )
    )
    assert 21 < capped.weeks[0].workouts[SUN].planned_km <= 130 / 6 + 0.01


# Volumes.


def test_a_week_is_cut_to_what_growth_allows_and_its_long_run_stays():
    after = mended(one({TUE: 8, THU: 8, SAT: 8, SUN: long(12)}, weekly_km=30.0))
    total = week_km(after.weeks[0].workouts)
    assert 31 < total <= 33
    assert after.weeks[0].workouts[SUN].planned_km == 12


def test_what_was_run_already_counts_to_the_weeks_volume():
    given = one({TUE: 8, THU: 8, SAT: 8, SUN: long(12)}, weekly_km=30.0)
    done = logged(given.weeks[0].workouts[TUE], km=16.0)
    after = mended(given, RUNNER, MONDAY + WED * DAY, done)
    rest = sum(w.planned_km for w in after.weeks[0].workouts[WED:])
    assert 15.5 < rest <= 17


def test_the_last_week_is_cut_to_its_share_of_the_highest():
    given = plan(
        week(0, {TUE: 10, THU: 10, SAT: 8, SUN: long(12)}, PEAK),
        week(1, {0: 8, TUE: 8, THU: 8, FRI: 4}, TAPER, race_on=SUN),
        availability=EVERY_DAY,
        weekly_km=40.0,
        longest_km=20.0,
    )
    after = mended(given)
    assert 22.5 < week_km(after.weeks[1].workouts) <= 24.1


def test_a_week_of_the_taper_is_no_larger_than_the_one_before():
    given = plan(
        week(0, {TUE: 8, THU: 8, SAT: 4, SUN: long(10)}, PEAK),
        week(1, {TUE: 10, THU: 8, SAT: 5, SUN: long(10)}, TAPER),
        week(2, {TUE: 5}, TAPER, race_on=SUN),
        availability=EVERY_DAY,
        weekly_km=40.0,
        longest_km=20.0,
    )
    after = mended(given)
    assert 27.5 < week_km(after.weeks[1].workouts) <= 30.1


def test_a_fourth_loading_week_becomes_an_easier_one():
    each = [week(n, {TUE: 8, THU: 8, SAT: 4, SUN: long(10)}) for n in range(6)]
    last = week(6, {TUE: 5}, TAPER, race_on=SUN)
    given = plan(*each, last, availability=EVERY_DAY, weekly_km=30.0, longest_km=20.0)
    after = mended(given)
    volumes = [week_km(w.workouts) for w in after.weeks]
    assert volumes[:3] == [30, 30, 30]
    assert 24 < volumes[3] <= 25.5
    assert volumes[4:6] == [30, 30]
    assert limits_of_weeks.loading(history_of(after, MONDAY, ()), RUNNER).passed


def test_the_week_before_the_taper_may_load_once_more():
    each = [week(n, {TUE: 8, THU: 8, SAT: 4, SUN: long(10)}) for n in range(4)]
    taper = [week(4, {TUE: 8, SAT: 8}, TAPER), week(5, {TUE: 5}, TAPER, race_on=SUN)]
    given = plan(*each, *taper, availability=EVERY_DAY, weekly_km=30.0, longest_km=20.0)
    assert mended(given) == given


# Intensity.


def test_a_dose_is_cut_to_its_cap():
    after = mended(one({TUE: tempo(10, 36), THU: 10, SUN: long(12)}))
    assert minutes_in(after.weeks[0].workouts[TUE], Zone.T) <= 24.5
    sharp = one({TUE: easy(8, (Zone.RACE, 9)), THU: 8, SUN: long(10)})
    assert cut(sharp) == []


def test_a_week_too_hard_is_made_easier():
    after = mended(one({TUE: tempo(7, 24), THU: tempo(7, 24), SUN: long(7.5)}))
    minutes = sum(w.planned_minutes for w in after.weeks[0].workouts)
    hard = sum(hard_minutes(w, HALF) for w in after.weeks[0].workouts)
    assert 0 < hard <= 0.255 * minutes


def test_a_plan_too_hard_on_the_whole_is_made_easier():
    each = [week(n, {TUE: tempo(8, 24), FRI: tempo(8, 20), SUN: long(10)}) for n in range(3)]
    given = plan(
        *each,
        week(3, {}, TAPER, race_on=SUN),
        availability=EVERY_DAY,
        weekly_km=40.0,
        longest_km=20.0,
    )
    after = mended(given)
    days = list(after.workouts)
    hard = sum(hard_minutes(w, HALF) for w in days)
    assert 0.15 < hard / sum(w.planned_minutes for w in days) <= 0.205


# Totals and the account.


def test_a_reweighed_week_has_the_totals_and_note_of_its_days():
    given = one(GOOD)
    first = given.weeks[0]
    fewer = [w for w in first.workouts if w.scheduled_date.weekday() != SUN]
    after = reweighed(given, first, fewer, "missed")
    assert (after.target_volume_km, after.note) == (18, "missed")
    assert after.target_intensity_mix.low == 100
    assert after.focus_summary != first.focus_summary
    assert reweighed(given, first, fewer, None).focus_summary == first.focus_summary


def test_the_account_after_some_weeks_holds_what_was_run_and_what_is_planned():
    given = plan(week(0, GOOD), week(1, {TUE: 8, SUN: long(11)}), weekly_km=25.0, longest_km=9.0)
    done = logged(given.weeks[0].workouts[TUE], km=12.0)
    today = MONDAY + WED * DAY
    account = closed_ledger(given, history_of(given, today, (done,)), given.weeks)
    assert account.weeks == [(25.0, None)] * 3 + [(34.0, None), (19.0, None)]
    assert account.longest_planned == 12
    assert account.longest_before(MONDAY) == 9
    assert account.longest_before(today) == 12
    assert account.peak_km == 34


def test_hard_days_that_were_run_are_in_the_account():
    given = plan(week(0, {TUE: tempo(8), THU: intervals(8), SUN: long(9)}))
    history = history_of(given, MONDAY + WED * DAY, ())
    assert closed_ledger(given, history, given.weeks).hard == {
        MONDAY + TUE * DAY,
        MONDAY + THU * DAY,
    }


def test_shortening_for_a_limit_is_by_the_plans_own_paces():
    given = one({TUE: 30, SUN: long(10)}, weekly_km=30.0)
    kit = kit_for(given.inputs.baseline_fitness, HALF, RUNNER)
    assert shortened(given.weeks[0].workouts[TUE], kit, 8.01).planned_minutes == 48
