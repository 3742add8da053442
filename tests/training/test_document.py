"""The rules' page: complete, and what the code generates."""

import re
from itertools import product
from pathlib import Path

from training.document import render_document
from training.published import PLANS
from training.rulebook import CHANGES, LIMITS, RULES
from training.runners import Distance, Level

ROOT = Path(__file__).parents[2]
LIMIT = re.compile(r'(?:at_most|none_of)\(\s*"([^"]+)"')
CHANGE = re.compile(r'"([23]\.\d+-[a-z-]+|move|swap|undo)"')


def test_every_limit_of_a_receipt_is_in_the_rulebook():
    sources = [p.read_text() for p in (ROOT / "training").glob("limits_of_*.py")]
    used = {rule for text in sources for rule in LIMIT.findall(text)}
    assert {rule.id for rule in LIMITS} == used


def test_a_real_receipt_names_only_rules_of_the_rulebook(plan_of):
    built, _ = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 12)
    assert {check.rule for check in built.receipt.checks} == {rule.id for rule in LIMITS}


def test_every_rule_that_changes_a_plan_is_in_the_rulebook():
    used = set()
    for path in (ROOT / "training").glob("*.py"):
        if path.stem != "rulebook":
            used |= set(CHANGE.findall(path.read_text()))
    assert {rule.id for rule in CHANGES} == used


def test_each_rule_is_told_once_with_words_and_a_source():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.words.endswith(".") and rule.source for rule in RULES)


def test_one_published_plan_of_each_distance_and_level_is_held_against_ours():
    assert [(plan.distance, plan.level) for plan in PLANS] == list(product(Distance, Level))
    for plan in PLANS:
        assert plan.first_km < plan.peak_km
        assert plan.longest_km < plan.peak_km
        assert plan.source.endswith(".")


def test_the_committed_page_is_what_the_code_generates():
    assert (ROOT / "docs/training.md").read_text(encoding="utf-8") == render_document()
