"""A plan being changed: its open days, its notes, and what differs in the end."""

from dataclasses import replace

import pytest
from handmade import DAY, MONDAY, SAT, SUN, THU, TUE, WED, easy, logged, steady, tempo, week

from training import drafts
from training.changes import Delta
from training.drafts import Reason, delta_of, differences, draft_of, largest_change, settle
from training.errors import LimitBroken
from training.measures import is_run
from training.plans import Hold
from training.replanning import (
    first_free_monday,
    kind_from,
    longest_run_km,
    start_from,
    volumes_by_monday,
)
from training.restraining import closed_ledger
from training.runners import Distance, Level, Runner

RUNNER = Runner(Level.INTERMEDIATE)
PLAN = steady()


def draft(today=MONDAY, *done, plan=PLAN):
    return draft_of(plan, RUNNER, done, today)


def with_run(run, day=TUE, number=1):
    """Return the plan with another run on one day."""
    weeks = list(PLAN.weeks)
    days = list(weeks[number].workouts)
    days[day] = replace(run, id=days[day].id, scheduled_date=days[day].scheduled_date)
    weeks[number] = replace(weeks[number], workouts=tuple(days))
    return replace(PLAN, weeks=tuple(weeks))


def test_open_runs_are_those_from_today_on_that_are_not_logged():
    done = logged(PLAN.weeks[0].workouts[SAT])
    found = draft(MONDAY + WED * DAY, done).open_runs(last=MONDAY + 8 * DAY)
    assert [w.scheduled_date for w in found] == [MONDAY + n * DAY for n in (THU, SUN, 8)]
    later = draft().open_runs(MONDAY + THU * DAY, MONDAY + SAT * DAY)
    assert [w.scheduled_date for w in later] == [MONDAY + n * DAY for n in (THU, SAT)]


def test_a_change_is_of_the_runs_between_two_dates():
    changed = draft()
    changed.change(lambda w: replace(w, planned_km=1.0), MONDAY + THU * DAY, MONDAY + SAT * DAY)
    km = [w.planned_km for w in list(changed.days.values())[:7]]
    assert km == [0, 8, 0, 1, 0, 1, 16]


def test_a_change_that_breaks_a_limit_is_not_given_out(monkeypatch):
    monkeypatch.setattr(drafts, "restrained", lambda history, _runner: history.plan)
    changed = draft()
    changed.put(replace(easy(60), id="w1_1", scheduled_date=MONDAY + 8 * DAY))
    with pytest.raises(LimitBroken):
        settle(changed, Reason("test", "A long run", "for the test"))


def test_weeks_that_were_not_touched_stay_the_same_objects():
    changed = draft()
    changed.put(replace(easy(5), id="w1_1", scheduled_date=MONDAY + 8 * DAY))
    weeks = changed.weeks()
    assert weeks[0] is PLAN.weeks[0]
    assert weeks[1].target_volume_km == 37
    assert weeks[2] is PLAN.weeks[2]


def test_notes_are_given_from_the_first_week_to_the_last_and_races_keep_theirs():
    changed = draft()
    changed.mark("illness", MONDAY + 9 * DAY, MONDAY + 21 * DAY)
    assert list(changed.notes.values()) == [
        None, "illness", "illness", "illness", None, None, None, "race",
    ]  # fmt: skip
    changed.mark("injury", MONDAY + 40 * DAY, PLAN.goal_date)
    assert list(changed.notes.values())[5:] == ["injury", "injury", "race"]


@pytest.mark.parametrize(("number", "note"), [(0, "missed"), (3, "missed_cutback"), (7, "race")])
def test_a_missed_run_leaves_a_lighter_week_and_the_race_week_what_they_are(number, note):
    changed = draft()
    changed.mark_missed(MONDAY + (7 * number + THU) * DAY)
    assert changed.notes[MONDAY + 7 * number * DAY] == note


def test_a_hold_adds_to_one_that_is_on_and_replaces_one_that_is_over():
    first = Hold("injury", MONDAY, None, MONDAY + 5 * DAY)
    second = Hold("illness", MONDAY + 3 * DAY, MONDAY + 4 * DAY, MONDAY + 4 * DAY)
    changed = draft(MONDAY + 3 * DAY, plan=replace(PLAN, inputs=replace(PLAN.inputs, hold=first)))
    changed.hold(second)
    joined = Hold("illness", MONDAY, MONDAY + 4 * DAY, MONDAY + 5 * DAY)
    assert changed.inputs.hold == joined
    later = draft(MONDAY + 5 * DAY, plan=replace(PLAN, inputs=replace(PLAN.inputs, hold=first)))
    later.hold(second)
    assert later.inputs.hold == second


def test_differences_are_by_id_and_dropped_days_come_last():
    new = with_run(easy(5))
    (only,) = differences(PLAN, new)
    assert (only.before.planned_km, only.after.planned_km) == (8, 5)
    assert differences(PLAN, PLAN) == ()
    shorter = replace(PLAN, weeks=PLAN.weeks[:-1])
    assert {c.after for c in differences(PLAN, shorter)} == {None}
    assert {c.before for c in differences(shorter, PLAN)} == {None}


def test_the_delta_is_new_minus_old_in_km_and_hard_minutes():
    new = with_run(tempo(9, 15))
    assert delta_of(differences(PLAN, new), PLAN, new) == Delta(1.0, 15.0)
    assert delta_of(differences(new, PLAN), new, PLAN) == Delta(-1.0, -15.0)
    shorter = replace(PLAN, weeks=PLAN.weeks[:-1])
    assert delta_of(differences(PLAN, shorter), PLAN, shorter) == Delta(-11.0, -4.0)


def test_the_largest_change_is_a_share_of_a_weeks_volume():
    assert largest_change(PLAN, PLAN) == 0
    assert largest_change(PLAN, with_run(easy(4))) == pytest.approx(0.1)
    assert largest_change(PLAN, with_run(easy(12))) == pytest.approx(0.1)
    assert largest_change(PLAN, replace(PLAN, weeks=PLAN.weeks[:-1])) == 1
    assert largest_change(replace(PLAN, weeks=PLAN.weeks[:-1]), PLAN) == 11


@pytest.mark.parametrize(("day", "first"), [(0, 0), (1, 7), (6, 7), (7, 7), (9, 14)])
def test_whole_weeks_are_open_from_the_next_monday_on(day, first):
    assert first_free_monday(draft(MONDAY + day * DAY)) == MONDAY + first * DAY


def test_a_week_with_a_logged_run_is_no_whole_one():
    done = logged(PLAN.weeks[0].workouts[TUE])
    assert first_free_monday(draft(MONDAY, done)) == MONDAY + 7 * DAY


def test_volumes_and_longest_runs_are_read_off_the_weeks():
    assert list(volumes_by_monday(PLAN.weeks).values())[2:4] == [40, 31.5]
    assert longest_run_km(PLAN.weeks) == 16
    assert longest_run_km((week(0, {}),)) == 0


def test_a_rebuilt_plan_goes_on_from_the_highest_of_three_weeks():
    account = closed_ledger(PLAN, draft().history, PLAN.weeks[:4])
    assert start_from(account) == 40
    account.weeks += [(20.0, None)] * 2
    assert start_from(account) == 31.5


def test_another_distance_is_judged_by_the_time_from_today():
    today = MONDAY + 14 * DAY
    assert kind_from(PLAN, Distance.HALF, today, PLAN.goal_date) == kind_from(
        PLAN, Distance.HALF, MONDAY, PLAN.goal_date
    )
    assert kind_from(PLAN, Distance.TEN_K, MONDAY, PLAN.goal_date).value == "normal"
    assert kind_from(PLAN, Distance.TEN_K, today, PLAN.goal_date).value == "reduced"
    assert all(not is_run(w) for w in week(0, {}).workouts)
