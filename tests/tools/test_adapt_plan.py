"""Changes: decided by the engine, applied or proposed, logged once, and undone."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

import pytest
from running import NOW, Runner

from storage.adaptations import find_changes
from storage.database import Database
from storage.errors import VersionConflict
from storage.plans import load_plan, save_changed_plan
from storage.profiles import load_profile, save_profile
from storage.proposals import find_open
from storage.values import SafetyHold
from training.plans import Plan
from training.workouts import WorkoutType

HARD = (WorkoutType.TEMPO, WorkoutType.INTERVAL)
MOVE = {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}
GOAL = {"kind": "goal", "goal_date": "2026-05-31"}


def plan_of(database: Database, user: str = "demo") -> Plan:
    with database.read() as session:
        return load_plan(session, user)


def content(plan: Plan) -> dict[str, Any]:
    return asdict(plan) | {"version": 0}


def test_a_move_exchanges_two_days_and_leaves_one_row(demo: Database) -> None:
    result = Runner(demo).adapt(**MOVE)
    assert (result["applied"], result["version"]) == (True, 2)
    assert {c["after"]["date"]: c["after"]["type"] for c in result["changes"]} == {
        "2026-02-13": "tempo",
        "2026-02-12": "rest",
    }
    assert result["receipt"]["passed"]
    assert len(result["receipt"]["checks"]) > 15
    assert result["delta"] == {"volume_change": 0, "intensity_change": 0}
    with demo.read() as session:
        (row,) = find_changes(session, "demo", "plan_123")
    assert (row.plan_version, row.kind) == (2, "move")
    assert set(row.impacted_workouts) == set(result["impacted_workouts"])
    assert row.impacted_workouts[0] == "wk_988" or row.impacted_workouts[1] == "wk_988"


@pytest.mark.parametrize(
    "change",
    [
        MOVE,
        {"kind": "pain", "pain_level": 2, "body_part": "calf"},
        {"kind": "missed", "dates": ["2026-02-12"]},
        {"kind": "missed", "days_off": 14},
        {"kind": "illness", "symptoms": "fever", "days_ill": 3},
        {"kind": "fatigue", "fatigue": 8},
        {"kind": "availability", "dates": ["2026-02-15"]},
        {"kind": "swap", "date": "2026-02-17", "to_date": "2026-02-19"},
    ],
)
def test_undo_brings_the_former_plan_back_as_a_new_version(
    demo: Database, change: dict[str, Any]
) -> None:
    before = plan_of(demo)
    runner = Runner(demo)
    result = runner.adapt(**change)
    if not result["applied"]:
        assert result["proposal_id"] is None
        assert content(plan_of(demo)) == content(before)
        return
    changed = plan_of(demo)
    assert content(changed) != content(before)
    undone = runner.adapt(kind="undo")
    assert (undone["applied"], undone["version"]) == (True, 3)
    assert content(plan_of(demo)) == content(before)
    assert runner.adapt(kind="undo")["error"]["code"] == "nothing_to_undo"


def test_changes_are_undone_from_the_last_to_the_first(demo: Database) -> None:
    runner = Runner(demo)
    plans = [content(plan_of(demo))]
    for change in (MOVE, {"kind": "availability", "dates": ["2026-02-15"]}):
        assert runner.adapt(**change)["applied"]
        plans.append(content(plan_of(demo)))
    for former in plans[-2::-1]:
        assert runner.adapt(kind="undo")["applied"]
        assert content(plan_of(demo)) == former
    assert plan_of(demo).version == 5


def test_an_older_change_is_undone_by_its_kind_and_later_ones_stay(demo: Database) -> None:
    runner = Runner(demo)
    before = plan_of(demo)
    assert runner.adapt(**MOVE)["applied"]
    assert runner.adapt(kind="availability", dates=["2026-02-15"])["applied"]
    undone = runner.adapt(kind="undo", undo_kind="move")
    assert undone["applied"]
    assert "Tempo" in undone["change_summary"]
    after = plan_of(demo)
    assert after.on(dt.date(2026, 2, 12)) == before.on(dt.date(2026, 2, 12))
    assert after.on(dt.date(2026, 2, 15)) != before.on(dt.date(2026, 2, 15))
    missing = runner.adapt(kind="undo", undo_kind="move")["error"]
    assert missing["code"] == "nothing_to_undo"
    assert "of the kind move" in missing["message"]
    assert runner.adapt(kind="undo")["applied"]
    assert content(plan_of(demo)) == content(before)


def test_a_race_on_the_way_goes_into_the_plan(demo: Database) -> None:
    runner = Runner(demo)
    day = next(
        week.week_start_date + dt.timedelta(days=5)
        for week in plan_of(demo).weeks[3:]
        if week.phase.value == "build"
    )
    result = runner.adapt(kind="tune_up", date=day.isoformat(), tune_up_distance="10k")
    if result["proposal_id"]:
        result = runner.call(
            "adapt_plan",
            proposal=result["proposal_id"],
            kind="tune_up",
            date=day.isoformat(),
            tune_up_distance="10k",
        )
    assert result["applied"]
    assert result["rule"] == "2.10-tune-up"
    race = plan_of(demo).on(day)
    assert race is not None
    assert race.name == "Tune-up race: 10 km"
    for wrong in ({"date": day.isoformat()}, {"tune_up_distance": "5k"}):
        assert runner.adapt(kind="tune_up", **wrong)["error"]["code"] == "invalid_arguments"


def test_an_illness_is_told_as_a_hold_that_ends_by_itself(demo: Database) -> None:
    runner = Runner(demo)
    assert "safety_hold" not in runner.call("get_plan_summary")
    assert runner.adapt(kind="illness", symptoms="fever", days_ill=3)["applied"]
    hold = runner.call("get_plan_summary")["safety_hold"]
    assert (hold["flag"], hold["pauses"]) == ("illness", "plan")
    assert "running is back on Thursday, February 12" in hold["ends_when"]
    barred = runner.adapt(kind="move", date="2026-02-15", to_date="2026-02-11")["error"]
    assert "getting well" in barred["message"]
    later = Runner(demo, today=dt.date(2026, 2, 13)).call("get_plan_summary")["safety_hold"]
    assert later["pauses"] == "intensity"
    past = Runner(demo, today=dt.date(2026, 2, 20)).call("get_plan_summary")
    assert "safety_hold" not in past


def test_a_new_plan_keeps_the_rest_days_of_an_illness(demo: Database) -> None:
    runner = Runner(demo)
    assert runner.adapt(kind="illness", symptoms="fever", days_ill=3)["applied"]
    asked = {"goal_distance": "10k", "goal_date": "2026-05-31"}
    made = runner.call("create_plan", **asked)
    assert runner.call("create_plan", proposal=made["proposal_id"], **asked)["applied"]
    plan = plan_of(demo)
    hold = plan.inputs.hold
    assert hold is not None
    assert hold.no_run_before == dt.date(2026, 2, 12)
    early = [w for w in plan.workouts if w.scheduled_date < hold.no_run_before]
    assert [w.planned_km for w in early] == [0, 0]
    fast = [w.scheduled_date for w in plan.workouts if w.type in HARD]
    assert hold.nothing_fast_before is not None
    assert min(fast) >= hold.nothing_fast_before


def test_weeks_out_with_an_injury_come_back_by_stages(demo: Database) -> None:
    runner = Runner(demo)
    assert runner.adapt(kind="pain", pain_level=6, body_part="left shin")["applied"]
    later = Runner(demo, today=dt.date(2026, 3, 10))
    later.said = "my physio signed me off"
    asked = {"kind": "pain", "cleared": True, "body_part": "left shin", "days_off": 28}
    result = later.adapt(**asked)
    if result["proposal_id"]:
        result = later.call("adapt_plan", proposal=result["proposal_id"], **asked)
    assert (result["applied"], result["rule"]) == (True, "3.3-stages")


def test_pain_takes_intensity_out_at_once_and_undo_does_not_bring_it_back(demo: Database) -> None:
    runner = Runner(demo)
    result = runner.adapt(kind="pain", pain_level=4, body_part="left knee")
    assert result["applied"]
    assert result["delta"]["volume_change"] < 0
    assert not any(w.type in HARD for w in plan_of(demo).workouts)
    with demo.read() as session:
        assert load_profile(session, "demo").injury_flags == ("left knee",)
    refused = runner.adapt(kind="undo")["error"]
    assert "pain-free" in refused["unlocked_by"]
    assert not any(w.type in HARD for w in plan_of(demo).workouts)


def test_a_flag_in_the_profile_takes_intensity_out_too(demo: Database) -> None:
    runner = Runner(demo)
    result = runner.call("update_profile", add_injury_flags=["achilles"])
    assert result["profile"]["injury_flags"] == ["achilles"]
    assert result["plan_change"]["applied"]
    assert not any(w.type in HARD for w in plan_of(demo).workouts)


def test_a_large_change_waits_for_the_runners_yes(demo: Database) -> None:
    runner = Runner(demo)
    proposed = runner.adapt(**GOAL)
    assert (proposed["applied"], proposed["version"]) == (False, 1)
    assert plan_of(demo).goal_date == dt.date(2026, 5, 18)
    accepted = runner.call("adapt_plan", proposal=proposed["proposal_id"], **GOAL)
    assert (accepted["applied"], accepted["version"]) == (True, 2)
    plan = plan_of(demo)
    assert (plan.goal_date, plan.weeks[-1].workouts[-1].scheduled_date) == (
        dt.date(2026, 5, 31),
        dt.date(2026, 5, 31),
    )
    with demo.read() as session:
        assert find_open(session, "demo") == ()
    assert runner.adapt(kind="undo")["applied"]
    assert plan_of(demo).goal_date == dt.date(2026, 5, 18)


def test_a_yes_to_an_old_version_is_refused(demo: Database) -> None:
    runner = Runner(demo)
    proposed = runner.adapt(**GOAL)
    runner.adapt(**MOVE)
    late = runner.call("adapt_plan", proposal=proposed["proposal_id"], **GOAL)
    assert late["error"]["code"] == "plan_changed"
    assert plan_of(demo).goal_date == dt.date(2026, 5, 18)


def test_a_change_made_for_an_old_version_is_not_saved(demo: Database) -> None:
    old = plan_of(demo)
    Runner(demo).adapt(**MOVE)
    moved = plan_of(demo)
    with pytest.raises(VersionConflict), demo.write("demo") as session:
        save_changed_plan(session, "demo", old, replace(old, version=2), now=NOW)
    assert plan_of(demo) == moved


def test_nothing_grows_while_a_safety_hold_is_on(demo: Database) -> None:
    runner = Runner(demo)
    assert runner.adapt(kind="missed", dates=["2026-02-15"])["applied"]
    hold = SafetyHold(since=NOW.date(), flag="calf", pauses="intensity", ends_when="cleared")
    with demo.write("demo") as session:
        held = replace(load_profile(session, "demo"), safety_hold=hold)
        save_profile(session, held, now=NOW)
    before = plan_of(demo)
    assert runner.adapt(kind="undo")["error"]["code"] == "safety_hold"
    assert plan_of(demo) == before


def test_a_preview_changes_nothing(demo: Database) -> None:
    before = plan_of(demo)
    result = Runner(demo).adapt(kind="missed", dates=["2026-02-15"], preview=True)
    assert (result["applied"], bool(result["changes"])) == (False, True)
    assert plan_of(demo) == before


def test_days_for_good_are_kept_in_the_profile_and_undone_with_it(demo: Database) -> None:
    runner = Runner(demo)
    days = [{"day": "mon"}, {"day": "wed"}, {"day": "sat"}]
    proposed = runner.adapt(kind="availability", days=days)
    runner.call("adapt_plan", proposal=proposed["proposal_id"], kind="availability", days=days)
    with demo.read() as session:
        now = load_profile(session, "demo").weekly_availability
    assert [block.day.value for block in now] == ["mon", "wed", "sat"]
    assert runner.adapt(kind="undo")["applied"]
    with demo.read() as session:
        former = load_profile(session, "demo").weekly_availability
    assert [block.day.value for block in former] == ["tue", "thu", "sun"]


def test_a_race_result_moves_fitness(demo: Database) -> None:
    result = Runner(demo).adapt(kind="feeling_strong", race_distance_km=10, race_minutes=44)
    assert "error" not in result


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "move"}, "date"),
        ({"kind": "move", "date": "2026-02-12"}, "to_date"),
        ({"kind": "swap", "date": "2026-02-12"}, "to_date"),
        ({"kind": "missed"}, "dates"),
        ({"kind": "pain"}, "pain_level"),
        ({"kind": "illness"}, "symptoms"),
        ({"kind": "availability"}, "days"),
        ({"kind": "goal"}, "goal_date"),
        ({"kind": "feeling_strong", "race_distance_km": 10}, "race_minutes"),
        ({"kind": "feeling_strong", "race_minutes": 44}, "race_distance_km"),
    ],
)
def test_what_is_missing_is_asked_for_by_name(
    demo: Database, said: dict[str, Any], field: str
) -> None:
    error = Runner(demo).adapt(**said)["error"]
    assert (error["code"], error["field"]) == ("invalid_arguments", field)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-09"},
        {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-15"},
        {"kind": "goal", "goal_date": "2026-02-01"},
        {"kind": "goal", "goal_date": "2026-02-20", "goal_distance": "marathon"},
    ],
)
def test_what_a_rule_forbids_is_refused_with_words(demo: Database, said: dict[str, Any]) -> None:
    before = plan_of(demo)
    error = Runner(demo).adapt(**said)["error"]
    assert len(error["message"]) > 20
    assert plan_of(demo) == before


def test_nothing_changes_where_no_rule_fires(demo: Database) -> None:
    result = Runner(demo).adapt(kind="fatigue")
    assert (result["applied"], result["proposal_id"], result["changes"]) == (False, None, [])
    assert len(result["reason"]) > 10
    with demo.read() as session:
        assert find_changes(session, "demo", "plan_123") == ()


def test_a_plan_whose_race_is_over_is_not_changed_but_followed(demo: Database) -> None:
    runner = Runner(demo, today=dt.date(2026, 5, 19))
    error = runner.adapt(kind="fatigue", fatigue=8)["error"]
    assert error["code"] == "plan_ended"
    assert "2026-05-18" in error["message"]
    assert runner.call("get_plan_summary")["next_workouts"] == []
    fresh = runner.call("create_plan", goal_distance="10k", goal_date="2026-09-06")
    assert fresh["applied"], fresh
