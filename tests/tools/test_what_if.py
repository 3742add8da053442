"""What would happen if: two or three ways, each a proposal, and the chosen one is carried out."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from running import Runner

from storage.adaptations import find_changes
from storage.database import Database
from storage.plans import load_plan
from storage.profiles import load_profile, save_profile
from storage.proposals import find_open, find_proposal
from storage.values import SafetyHold
from training.plans import Plan

SKIP = {"kind": "missed", "dates": ["2026-02-15"]}
FEVER = {"kind": "illness", "symptoms": "fever", "days_ill": 5}
ILL = {"kind": "illness", "days_ill": 5}


def plan_of(database: Database) -> Plan:
    with database.read() as session:
        return load_plan(session, "demo")


def days_of(plan: Plan) -> dict[str, tuple[str, str, str]]:
    return {w.id: (w.scheduled_date.isoformat(), w.type.value, w.name) for w in plan.workouts}


def statuses(database: Database, proposals: list[str]) -> list[str]:
    with database.read() as session:
        found = [find_proposal(session, "demo", proposal) for proposal in proposals]
    return [proposal.status for proposal in found if proposal is not None]


def stored_arguments(database: Database, proposal: str) -> dict[str, Any]:
    with database.read() as session:
        found = find_proposal(session, "demo", proposal)
    assert found is not None
    return found.arguments


def test_skipping_sunday_has_three_ways_and_none_is_applied(demo: Database) -> None:
    before = plan_of(demo)
    result = Runner(demo).adapt(**SKIP, preview=True)
    options = result["options"]
    assert [option["rule"] for option in options] == ["3.1-missed", "move", "3.1-shorter"]
    assert [option["option"] for option in options] == [1, 2, 3]
    assert len({option["proposal_id"] for option in options}) == 3
    assert all(option["changes"] and option["receipt"]["passed"] for option in options)
    told = set(options[0]) - {"option"}
    assert {key: result[key] for key in told} == {key: options[0][key] for key in told}
    assert (result["applied"], result["version"]) == (False, 1)
    assert plan_of(demo) == before


@pytest.mark.parametrize("change", [SKIP, FEVER, ILL], ids=["skip", "fever", "ill"])
@pytest.mark.parametrize("number", [0, 1, -1])
def test_choosing_one_applies_exactly_its_diff_and_closes_the_others(
    demo: Database, change: dict[str, Any], number: int
) -> None:
    runner = Runner(demo)
    before = days_of(plan_of(demo))
    options = runner.adapt(**change, preview=True)["options"]
    option = options[number]
    proposal = option["proposal_id"]
    applied = runner.call("adapt_plan", proposal, **stored_arguments(demo, proposal))
    assert (applied["applied"], applied["version"], applied["options"]) == (True, 2, [])
    for key in ("change_summary", "reason", "rule", "changes", "delta", "receipt"):
        assert applied[key] == option[key]
    shown = {c["workout_id"]: c["after"] for c in option["changes"]}
    expected = before | {i: (w["date"], w["type"], w["name"]) for i, w in shown.items()}
    assert days_of(plan_of(demo)) == expected
    ids = [other["proposal_id"] for other in options]
    closed = ["accepted" if i == proposal else "superseded" for i in ids]
    assert statuses(demo, ids) == closed
    assert runner.adapt(kind="undo")["applied"]
    assert days_of(plan_of(demo)) == before


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_choice_on_another_version_is_refused(demo: Database, number: int) -> None:
    runner = Runner(demo)
    options = runner.adapt(**SKIP, preview=True)["options"]
    proposal = options[number]["proposal_id"]
    assert runner.adapt(kind="swap", date="2026-02-17", to_date="2026-02-19")["applied"]
    changed = plan_of(demo)
    late = runner.call("adapt_plan", proposal, **stored_arguments(demo, proposal))
    assert late["error"]["code"] == "plan_changed"
    assert plan_of(demo) == changed


def test_a_way_that_leads_elsewhere_by_now_is_refused(demo: Database) -> None:
    runner = Runner(demo)
    options = runner.adapt(**SKIP, preview=True)["options"]
    moved = options[1]["proposal_id"]
    early = {"workout_id": "wk_989", "completion_status": "completed"}
    assert "error" not in runner.call("log_execution", **early)
    late = runner.call("adapt_plan", moved, **stored_arguments(demo, moved))
    assert "error" in late
    assert plan_of(demo).version == 1
    assert statuses(demo, [moved]) == ["open"]


def test_a_way_whose_diff_is_not_the_one_that_was_shown_is_refused(demo: Database) -> None:
    runner = Runner(demo)
    shown = runner.adapt(**SKIP, preview=True)["options"][0]["proposal_id"]
    with demo.write("demo") as session:
        session.connection().execute(sa.text("UPDATE proposal SET diff_sha256 = 'another'"))
    late = runner.call("adapt_plan", shown, **stored_arguments(demo, shown))
    assert late["error"]["code"] == "plan_changed"
    assert plan_of(demo).version == 1


def test_one_choice_takes_its_siblings_off_the_table(demo: Database) -> None:
    runner = Runner(demo)
    first, second, _ = (o["proposal_id"] for o in runner.adapt(**SKIP, preview=True)["options"])
    assert runner.call("adapt_plan", second, **SKIP)["applied"]
    with demo.read() as session:
        assert find_open(session, "demo") == ()
    again = runner.call("adapt_plan", first, **SKIP)
    assert again["error"]["code"] == "plan_changed"


def test_new_options_take_the_place_of_the_old(demo: Database) -> None:
    runner = Runner(demo)
    old = [o["proposal_id"] for o in runner.adapt(**SKIP, preview=True)["options"]]
    new = [o["proposal_id"] for o in runner.adapt(**FEVER, preview=True)["options"]]
    assert statuses(demo, old) == ["superseded"] * 3
    with demo.read() as session:
        assert [proposal.id for proposal in find_open(session, "demo")] == new


def test_an_illness_that_nobody_has_yet_is_looked_at_of_both_kinds(demo: Database) -> None:
    options = Runner(demo).adapt(**ILL, preview=True)["options"]
    assert [o["rule"] for o in options] == [
        "3.2-below-neck",
        "3.2-above-neck",
        "3.2-below-neck-longer",
    ]
    kinds = [stored_arguments(demo, o["proposal_id"])["symptoms"] for o in options]
    assert kinds == ["below_neck", "above_neck", "below_neck"]
    assert Runner(demo).adapt(**ILL)["error"]["field"] == "symptoms"


def test_what_has_one_way_alone_is_a_yes_or_no(demo: Database) -> None:
    move = {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}
    result = Runner(demo).adapt(**move, preview=True)
    assert (result["options"], result["applied"]) == ([], False)
    assert result["proposal_id"] is not None
    done = Runner(demo).call("adapt_plan", result["proposal_id"], **move)
    assert done["applied"]


@pytest.mark.parametrize(
    "change", [{"kind": "fatigue"}, {"kind": "missed", "dates": ["2026-02-13"]}]
)
def test_where_no_rule_fires_there_is_nothing_to_choose(
    demo: Database, change: dict[str, Any]
) -> None:
    result = Runner(demo).adapt(**change, preview=True)
    assert (result["proposal_id"], result["options"], result["changes"]) == (None, [], [])
    with demo.read() as session:
        assert find_open(session, "demo") == ()


def test_while_a_hold_is_on_only_the_usual_way_is_shown(demo: Database) -> None:
    hold = SafetyHold(since=dt.date(2026, 2, 9), flag="clot", pauses="plan", ends_when="cleared")
    with demo.write("demo") as session:
        held = replace(load_profile(session, "demo"), safety_hold=hold)
        save_profile(session, held, now=dt.datetime(2026, 2, 9, tzinfo=dt.UTC))
    result = Runner(demo).adapt(**SKIP, preview=True)
    assert (result["rule"], result["options"]) == ("3.1-missed", [])


def test_a_preview_keeps_no_flag_and_takes_nothing_back(demo: Database) -> None:
    runner = Runner(demo)
    runner.adapt(kind="pain", pain_level=4, body_part="left knee", preview=True)
    with demo.read() as session:
        assert load_profile(session, "demo").injury_flags == ()
    assert runner.adapt(**SKIP)["applied"]
    shown = runner.adapt(kind="undo", preview=True)
    assert (shown["applied"], bool(shown["proposal_id"]), shown["version"]) == (False, True, 2)
    assert plan_of(demo).version == 2
    undone = runner.call("adapt_plan", shown["proposal_id"], kind="undo")
    assert (undone["applied"], undone["version"]) == (True, 3)
    with demo.read() as session:
        assert len(find_changes(session, "demo", "plan_123")) == 2
