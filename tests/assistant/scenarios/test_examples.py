"""What the example scenarios cover: every tool, rule, red flag and kind of subscription."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.scenarios.loading import find_files, load_files
from assistant.scenarios.scenario import Expected, Scenario
from assistant.scenarios.values import plain
from tools.adapt_plan import AdaptPlan
from tools.registry import TOOLS
from training.flag_rules import load_flags
from training.rulebook import CHANGES

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "scenarios"


@pytest.fixture(scope="module")
def examples() -> tuple[Scenario, ...]:
    loaded = load_files(find_files([FOLDER]))
    assert loaded.mistakes == ()
    return loaded.scenarios


def expectations(examples: tuple[Scenario, ...]) -> Iterator[Expected]:
    return (turn.expect for scenario in examples for turn in scenario.turns)


def expected_state(examples: tuple[Scenario, ...], key: str) -> Iterator[Any]:
    for expect in expectations(examples):
        if key in expect.state:
            yield plain(expect.state[key])


def test_there_are_more_than_sixty(examples: tuple[Scenario, ...]) -> None:
    assert len(examples) >= 60
    assert len({scenario.name for scenario in examples}) == len(examples)


def test_every_turn_expects_something_in_the_end(examples: tuple[Scenario, ...]) -> None:
    for scenario in examples:
        assert scenario.turns[-1].expect != Expected(), scenario.name


def test_every_tool_is_called(examples: tuple[Scenario, ...]) -> None:
    called = {
        call.tool
        for expect in expectations(examples)
        for call in (*(expect.calls or ()), *expect.calls_include)
    }
    assert called == set(TOOLS)


def test_every_kind_of_change_and_every_rule_is_met(examples: tuple[Scenario, ...]) -> None:
    changes = [change for log in expected_state(examples, "adaptations") for change in log]
    kinds = set(AdaptPlan.model_json_schema()["$defs"]["Kind"]["enum"])
    assert {change["kind"] for change in changes if "kind" in change} >= kinds
    rules = {change["rule"] for change in changes if "rule" in change}
    assert rules >= {rule.id for rule in CHANGES}


def test_every_red_flag_is_met(examples: tuple[Scenario, ...]) -> None:
    met = {hold["flag"] for hold in expected_state(examples, "safety") if hold and "flag" in hold}
    assert met == {flag.code for flag in load_flags()}


def test_every_kind_of_subscription_is_met(examples: tuple[Scenario, ...]) -> None:
    met = {
        (subscription.status, subscription.plan_entitled)
        for scenario in examples
        if scenario.cast.file is not None
        for subscription in [scenario.cast.file.user.subscription]
    }
    assert met == {(s, e) for s in ("active", "inactive") for e in (True, False)}


def test_several_days_units_and_given_runs_are_met(examples: tuple[Scenario, ...]) -> None:
    assert any(len({turn.today for turn in scenario.turns}) > 2 for scenario in examples)
    assert any(
        scenario.cast.file is not None and scenario.cast.file.user.preferences.units == "mi"
        for scenario in examples
    )
    assert any(scenario.cast.executions for scenario in examples)
