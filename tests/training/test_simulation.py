"""Simulated runners: the same seed the same outcome, and every change within the limits."""

import random

import pytest

from training.simulation import Behaviour, Outcome, make_runner, simulate


def outcome(behaviour: Behaviour, number: int = 1, weeks: int = 10) -> Outcome:
    rng = random.Random(f"7:{number}")
    return simulate(make_runner(number, behaviour, (weeks, weeks), rng), rng)


def rules(done: Outcome) -> set[str]:
    return {rule for rule, _ in done.adaptations}


@pytest.mark.parametrize("behaviour", Behaviour)
def test_every_plan_and_change_of_a_behaviour_holds_its_limits(behaviour):
    for number in range(4):
        done = outcome(behaviour, number)
        assert done.violations == ()
        assert done.receipts == 1 + sum(times for _, times in done.adaptations)
        assert len(done.weeks) == 10


def test_the_same_seed_gives_the_same_outcome():
    assert outcome(Behaviour.GETS_ILL) == outcome(Behaviour.GETS_ILL)
    assert outcome(Behaviour.GETS_ILL) != outcome(Behaviour.GETS_ILL, number=2)


def test_training_as_planned_keeps_to_the_plan():
    done = outcome(Behaviour.AS_PLANNED)
    assert 0.85 <= done.done_km / done.planned_km <= 1.1
    assert done.adherence is not None
    assert done.adherence > 85


def test_overdoing_easy_days_is_answered_as_tiredness_and_costs_adherence():
    over, planned = outcome(Behaviour.OVERDOES_EASY), outcome(Behaviour.AS_PLANNED)
    assert any(rule.startswith("3.4") for rule in rules(over))
    assert (over.adherence or 0) < (planned.adherence or 0)


def test_missing_a_third_is_never_made_up():
    done = outcome(Behaviour.MISSES_A_THIRD)
    assert done.done_km < 0.85 * done.planned_km


def test_an_illness_and_an_injury_change_the_plan():
    for behaviour, family in ((Behaviour.GETS_ILL, "3.2"), (Behaviour.GETS_INJURED, "3.3")):
        assert any(rule.startswith(family) for rule in rules(outcome(behaviour)))


def test_a_runner_without_a_strap_has_no_heart_rate_known():
    who = make_runner(1, Behaviour.NO_STRAP, (10, 10), random.Random(1))
    assert (who.request.runner.age, who.request.runner.hr_max_bpm) == (None, None)
