"""An injury flag goes when the runner says that it is over, and not at a model's word."""

import datetime as dt

import pytest
from running import Runner

from storage.database import Database
from tools.recovery import says_recovered

OVER = (
    "my knee is fine again", "the shin doesn't hurt anymore", "physio cleared me", "all good now",
    "I'm cleared by my physio", "It’s healed", "knee feels great", "no pain for two weeks",
    "remove the left knee from my injuries", "back to normal", "Das Knie ist wieder gut",
    "ya está bien", "mon genou va mieux", "il ginocchio è guarito", "my achilles is much better",
)  # fmt: skip
NOT_OVER = (
    "hi", "ok", "thanks", "great!", "what's on today?", "my knee hurts", "it is not better",
    "the shin isn't fine yet", "well, it still hurts", "move Thursday to Friday", "",
)  # fmt: skip


@pytest.mark.parametrize("text", OVER)
def test_this_says_that_it_is_over(text: str) -> None:
    assert says_recovered(text)


@pytest.mark.parametrize("text", NOT_OVER)
def test_this_does_not(text: str) -> None:
    assert not says_recovered(text)


@pytest.mark.parametrize("preview", [False, True])
def test_a_model_cannot_clear_an_injury_for_the_runner(demo: Database, preview: bool) -> None:
    hurt = Runner(demo)
    assert hurt.adapt(kind="pain", pain_level=6, body_part="left shin")["applied"]
    later = Runner(demo, today=dt.date(2026, 3, 10))
    clear = {"kind": "pain", "cleared": True, "body_part": "left shin", "preview": preview}
    refused = later.adapt(**clear)["error"]
    assert refused["code"] == "not_said"
    assert "left shin is over" in refused["message"]
    later.said = "my shin is fine again"
    assert "error" not in later.adapt(**clear)
