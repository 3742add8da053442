"""`/save`: a session written as scenarios that read back as what was said and stored."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversations import SpokenTurn
from assistant.saving import SaveRefused, render_scenarios, save_session, scenarios

TODAY = dt.date(2026, 2, 10)


def spoken(
    said: str = "hi",
    *,
    user: str = "demo",
    today: dt.date = TODAY,
    tools: tuple[str, ...] = (),
    version: int | None = 1,
    types: dict[dt.date, str] | None = None,
    top_prompt: str | None = "Track my training",
) -> SpokenTurn:
    response: dict[str, Any] = {
        "reply": "Well.",
        "top_prompt": top_prompt,
        "actions": [{"tool": tool, "arguments": {}, "result": {}} for tool in tools],
    }
    return SpokenTurn(user, today, said, response, 1, version, types or {})


MOVED = spoken(
    "I can't run Thursday, can we shift the tempo to Friday?",
    tools=("adapt_plan",),
    version=2,
    types={dt.date(2026, 2, 12): "rest", dt.date(2026, 2, 13): "tempo"},
)


def test_a_session_reads_back_as_the_scenario_that_it_was(tmp_path: Path) -> None:
    file = tmp_path / "moved.scenario.yaml"
    said = save_session([MOVED], str(file), overwrite=False)
    assert said == f"saved 1 turn to {file}"
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == {
        "name": "demo: I can't run Thursday, can we shift the tempo to Friday?",
        "runner": "demo",
        "today": TODAY,
        "turns": [
            {
                "say": "I can't run Thursday, can we shift the tempo to Friday?",
                "expect": {
                    "calls": ["adapt_plan"],
                    "top_prompt": "Track my training",
                    "plan": {"version": 2},
                    "workouts": {
                        dt.date(2026, 2, 12): {"type": "rest"},
                        dt.date(2026, 2, 13): {"type": "tempo"},
                    },
                },
            }
        ],
    }


def test_dates_stay_plain_and_texts_with_a_colon_are_quoted() -> None:
    text = render_scenarios(scenarios([spoken("6 km at 5:40: fine"), spoken("5:40"), MOVED]))
    assert "today: 2026-02-10\n" in text
    assert "2026-02-13: {type: tempo}" in text
    assert "say: '6 km at 5:40: fine'" in text
    assert "say: '5:40'" in text


@pytest.mark.parametrize(
    "said",
    [
        "5:40",
        "2026-02-10",
        "yes",
        "no",
        "~",
        "1e3",
        "- a # b",
        'it\'s "so": {a}',
        "Grüße 🏃 と",
        "two\nlines: here",
        " spaces ",
        "tab\there",
        "\x85\u2028end",
        "@x",
        "null",
        "*a &b !c",
        "x" * 500,
    ],
)
def test_any_words_read_back_the_same(said: str) -> None:
    [document] = yaml.safe_load_all(render_scenarios(scenarios([spoken(said)])))
    assert document["turns"][0]["say"] == said
    assert len(document["name"]) <= 70


def test_a_turn_says_its_day_where_that_is_not_the_first() -> None:
    next_day = TODAY + dt.timedelta(days=1)
    turns = [spoken(), spoken(today=next_day), spoken(today=next_day), spoken(today=TODAY)]
    [document] = scenarios(turns)
    assert document["today"] == TODAY
    assert [turn.get("today") for turn in document["turns"]] == [None, next_day, next_day, TODAY]


def test_each_runner_has_a_document() -> None:
    turns = [spoken("a"), spoken("b", user="noplan", version=None), spoken("c")]
    documents = list(yaml.safe_load_all(render_scenarios(scenarios(turns))))
    assert [d["runner"] for d in documents] == ["demo", "noplan"]
    assert [turn["say"] for turn in documents[0]["turns"]] == ["a", "c"]
    assert "plan" not in documents[1]["turns"][0]["expect"]


def test_without_entitlement_no_top_prompt_is_expected() -> None:
    [document] = scenarios([spoken(user="inactive", top_prompt=None)])
    assert document["turns"][0]["expect"]["top_prompt"] is None


def test_a_file_that_is_there_is_written_over_only_when_told_so(tmp_path: Path) -> None:
    file = tmp_path / "a.scenario.yaml"
    file.write_text("mine")
    with pytest.raises(SaveRefused, match="/save!"):
        save_session([MOVED], str(file), overwrite=False)
    assert file.read_text() == "mine"
    save_session([MOVED], str(file), overwrite=True)
    assert yaml.safe_load(file.read_text())["runner"] == "demo"


@pytest.mark.parametrize("file", ["", "/", "no/such/folder/a.yaml", "a\0b", "~nobody_here/a"])
def test_a_path_that_can_not_be_written_is_one_clear_line(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for overwrite in (False, True):
        with pytest.raises(SaveRefused) as refused:
            save_session([MOVED], file, overwrite=overwrite)
        assert "\n" not in str(refused.value)


def test_nothing_said_is_nothing_to_save(tmp_path: Path) -> None:
    with pytest.raises(SaveRefused, match="nothing was answered"):
        save_session([], str(tmp_path / "a.yaml"), overwrite=False)


def test_hints_tell_what_the_scenario_may_miss(tmp_path: Path) -> None:
    later = SpokenTurn("demo", TODAY, "hi", MOVED.response, 4, 5, {})
    said = save_session([later, later], str(tmp_path / "a.yaml"), overwrite=False)
    assert "*.scenario.yaml" in said
    assert "version 4" in said


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_is_said_reads_back_the_same(said: str) -> None:
    [document] = yaml.safe_load_all(render_scenarios(scenarios([spoken(said)])))
    assert document["turns"][0]["say"] == said
