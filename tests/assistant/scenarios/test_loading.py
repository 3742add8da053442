"""Scenario files are read strictly: each mistake is one line with file and line number."""

import datetime as dt
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversations import SpokenTurn
from assistant.errors import OptionInvalid
from assistant.saving import render_scenarios, scenarios
from assistant.scenarios.expectations import COUNTED, LISTED, STATE, entity_shape
from assistant.scenarios.loading import find_files, load_file, load_files, load_text
from assistant.scenarios.values import Given, plain

GOOD = """\
name: a good one
runner: demo
today: 2026-02-10
turns:
  - say: hi
"""


def mistakes_in(text: str) -> list[str]:
    loaded = load_text("f.scenario.yaml", textwrap.dedent(text))
    return [str(mistake) for mistake in loaded.mistakes]


def with_expected(expected: str) -> str:
    return f"{GOOD}    expect:\n{textwrap.indent(textwrap.dedent(expected), '      ')}"


def test_a_scenario_is_read_with_its_lines() -> None:
    loaded = load_text("f", with_expected("plan: {version: 2}\ncalls: [adapt_plan]"))
    [scenario] = loaded.scenarios
    assert not loaded.mistakes
    assert (scenario.name, scenario.cast.user_id) == ("a good one", "demo")
    [turn] = scenario.turns
    assert (turn.say, turn.today, turn.line) == ("hi", dt.date(2026, 2, 10), 5)
    assert turn.expect.state["plan"].line == 7
    assert turn.expect.calls is not None
    assert [(call.tool, call.line) for call in turn.expect.calls] == [("adapt_plan", 8)]


KINDS = {
    "unknown key": (
        GOOD.replace("runner:", "runer:"),
        [
            "1: a scenario needs 'runner'",
            "2: a scenario has no key 'runer'; did you mean 'runner'?",
        ],
    ),
    "a day that there is not": (
        GOOD.replace("02-10", "02-30"),
        ["3: there is no day 2026-02-30: a date looks like 2026-02-10"],
    ),
    "a day in another order": (
        GOOD.replace("2026-02-10", "10.02.2026"),
        ["3: 10.02.2026 is no date: one looks like 2026-02-10"],
    ),
    "a quoted day": (
        GOOD.replace("2026-02-10", "'2026-02-10'"),
        ["3: today is a date without quotes, not '2026-02-10': 2026-02-10"],
    ),
    "an unquoted pace": (
        GOOD.replace("hi", "5:40"),
        ["5: 5:40 unquoted reads as a number in YAML: write '5:40' in quotes"],
    ),
    "an unquoted no": (
        GOOD.replace("hi", "no"),
        ["5: no unquoted reads as a truth value: write 'no' for the word, or false"],
    ),
    "a number as text": (GOOD.replace("hi", "12"), ["5: say is a text: put it in quotes"]),
    "nothing said": (GOOD.replace("hi", "''"), ["5: say is empty"]),
    "no turns": (
        GOOD.replace("\n  - say: hi", " []"),
        ["4: turns is a list with one '- say: ...' or more"],
    ),
    "an unknown runner": (
        GOOD.replace("demo", "dmeo"),
        ["2: there is no demo runner 'dmeo'; did you mean 'demo'?"],
    ),
    "a key twice": (
        GOOD.replace("today", "runner: demo\ntoday"),
        ["3: 'runner' stands twice in one place; once is enough"],
    ),
    "an anchor": (
        GOOD.replace("say: hi", "say: &a hi"),
        [
            "5: this is not YAML: anchors (&) and aliases (*) are not used in scenarios: write the "
            "value out, or put a text in quotes"
        ],
    ),
    "a tag": (
        GOOD.replace("hi", "!python/name:os.system hi"),
        ["5: the tag '!python/name:os.system' is not used in scenarios"],
    ),
    "a colon in a text": (
        GOOD.replace("hi", "done: 6 km"),
        [
            "5: this is not YAML: mapping values are not allowed here; a text with a colon "
            "needs quotes"
        ],
    ),
    "an empty file": ("", ["1: the file is empty: a scenario has a name and turns"]),
    "a comment alone": ("# later\n", ["1: the file is empty: a scenario has a name and turns"]),
    "an empty document": (
        f"{GOOD}---\n",
        [
            "7: this document is empty: a scenario has name, runner, plan, executions, today, "
            "turns",
        ],
    ),
    "a duplicate name": (
        f"{GOOD}---\n{GOOD}",
        ["7: the name 'a good one' is taken: it stands on line 1 already"],
    ),
    "a strange number": (
        GOOD.replace("hi", "0x1F"),
        ["5: 0x1F is a number written in an unusual way: write 12 or 1.5"],
    ),
    "a moment in place of a day": (
        GOOD.replace("2026-02-10", "2026-02-10 08:00:00"),
        [
            "3: 2026-02-10 08:00:00 is no date: one looks like 2026-02-10; quote other texts",
        ],
    ),
    "a merge": (
        GOOD.replace("say: hi", "say: hi\n    <<: {today: 2026-02-11}"),
        ["6: merging (<<) is not used in scenarios: write it out"],
    ),
    "a key that is a list": (
        GOOD.replace("say: hi", "say: hi\n    ? [a]\n    : b"),
        ["6: a key is a word or a date"],
    ),
    "nested without end": (
        GOOD.replace("hi", "[" * 3000),
        ["1: the file is nested too deeply"],
    ),
    "a turn that is a text": (
        GOOD.replace("- say: hi", "- hi"),
        ["5: a turn looks like '- say: ...'"],
    ),
    "a year far away": (
        GOOD.replace("2026", "1926"),
        ["3: 1926-02-10 is too far away: from 2000-01-01 to 2099-12-31"],
    ),
    "a character that is no text": (
        GOOD.replace("hi", "h\0i"),
        ["5: this is not YAML: a character that is not text"],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=KINDS)
def test_each_kind_of_mistake_is_one_line(text: str, wanted: list[str]) -> None:
    assert mistakes_in(text) == [f"f.scenario.yaml:{line}" for line in wanted]


EXPECTATIONS = {
    "an unknown part": (
        "workout: {}",
        "7: expect has no key 'workout'; did you mean 'workouts'?",
    ),
    "an unknown field": (
        "plan: {verison: 2}",
        "7: plan has no key 'verison'; did you mean 'version'?",
    ),
    "an unknown field deep inside": (
        "workouts: {2026-02-12: {targets: {rpe: {lo: 6}}}}",
        "7: workouts.2026-02-12.targets.rpe has no key 'lo'; did you mean 'low'?",
    ),
    "an unknown word": (
        "workouts: {2026-02-12: {type: tempoo}}",
        "7: workouts.2026-02-12.type can't be 'tempoo'; did you mean 'tempo'?",
    ),
    "a text in place of a number": (
        "plan: {version: two}",
        "7: plan.version is a whole number, not 'two'",
    ),
    "a number in place of a text": (
        "plan: {id: 123}",
        "7: plan.id is a text, not the number 123: write '123' in quotes",
    ),
    "a group in place of a value": (
        "plan: {version: {major: 2}}",
        "7: plan.version is a whole number, no group",
    ),
    "a value in place of a group": (
        "plan: {personalization_inputs: 3}",
        "7: plan.personalization_inputs is a group: ",
    ),
    "a value in place of a list": (
        "profile: {injury_flags: knee}",
        "7: profile.injury_flags is a list: write [knee]",
    ),
    "a workout by weekday": (
        "workouts: {Thursday: {type: rest}}",
        "7: workouts go by their day, not by 'Thursday': 2026-02-10",
    ),
    "an unknown tool": (
        "calls: [adapt_pln]",
        "7: there is no tool 'adapt_pln'; did you mean 'adapt_plan'?",
    ),
    "an unknown argument": (
        "calls: [{tool: adapt_plan, arguments: {kin: move}}]",
        "7: adapt_plan's arguments has no key 'kin'; did you mean 'kind'?",
    ),
    "a call without a tool": ("calls: [{arguments: {}}]", "7: a call needs its tool: "),
    "calls that are no list": ("calls: adapt_plan", "7: calls is a list of tools; [] for none"),
    "words that are no list": ("reply: {never: x}", "7: reply.never is a list of texts"),
    "an empty word": ("reply: {never: ['']}", "7: reply.never holds a text that is empty"),
    "a log that is no list": ("adaptations: {}", "7: adaptations is a list; [] for none"),
    "an unknown condition": (
        "plan: {version: {at_lest: 2}}",
        "7: plan.version is a whole number, no group",
    ),
    "options that are no list": (
        "plan: {version: {any_of: 2}}",
        "7: plan.version.any_of is a list of values",
    ),
    "a text in place of all": ("hello", "6: expect is a group: plan, profile, "),
    "a profile of nothing": ("profile: null", "7: profile is a group, not null"),
    "days that are a list": ("workouts: [rest]", "7: workouts go by their day: "),
    "a log of texts": ("adaptations: [move]", "7: each of adaptations is a group such as "),
    "an unknown key of a call": (
        "calls: [{tool: adapt_plan, argument: {}}]",
        "7: a call has no key 'argument'; did you mean 'arguments'?",
    ),
    "words in no group": ("reply: Friday", "7: reply is a group: "),
    "an unknown kind of words": (
        "reply: {mention: [Friday]}",
        "7: reply has no key 'mention'; did you mean 'mentions'?",
    ),
    "an unknown count": ("counts: {runs: 1}", "7: counts has no key 'runs'; there are plans, "),
    "an unknown part of a hold": (
        "safety: {pause: plan}",
        "7: safety has no key 'pause'; did you mean 'pauses'?",
    ),
    "a bad day between others": (
        "workouts:\n  2026-02-30: null",
        "8: there is no day 2026-02-30: ",
    ),
}


@pytest.mark.parametrize(("expected", "wanted"), EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_each_mistake_in_what_is_expected_is_one_line(expected: str, wanted: str) -> None:
    [mistake] = mistakes_in(with_expected(expected))
    assert mistake.startswith(f"f.scenario.yaml:{wanted}")
    assert "\n" not in mistake


RUNNERS = {
    "an unknown field": (
        "runner: {name: Ada, preferences: {unit: mi}}",
        "2: runner.preferences has no key 'unit'; did you mean 'units'?",
    ),
    "an unknown level": (
        "runner:\n  name: Ada\n  experience_level: expert",
        "4: runner.experience_level can't be 'expert'; there are beginner, ",
    ),
    "a runner like nobody": ("runner: {like: nobody}", "2: there is no demo runner 'nobody'"),
    "a plan without its day": (
        "runner: {}\nplan: {goal_distance: half, start_date: 2026-02-09}",
        "3: plan.goal_date: field required",
    ),
    "a run without its day": (
        "runner: demo\nexecutions:\n  - {completion_status: missed}",
        "4: executions.performed_on: ",
    ),
    "a run with an unknown field": (
        "runner: demo\nexecutions:\n  - {performed_on: 2026-02-09, actual_metrics: {km: 5}}",
        "4: executions.actual_metrics has no key 'km'",
    ),
}


@pytest.mark.parametrize(("runner", "wanted"), RUNNERS.values(), ids=RUNNERS)
def test_each_mistake_in_a_runner_is_one_line(runner: str, wanted: str) -> None:
    [mistake] = mistakes_in(GOOD.replace("runner: demo", runner))
    assert mistake.startswith(f"f.scenario.yaml:{wanted}")


def test_all_mistakes_of_a_file_are_told_and_its_good_scenarios_are_kept() -> None:
    bad = GOOD.replace("a good one", "a bad one").replace("hi", "5:40").replace("demo", "dmeo")
    loaded = load_text("f", f"{GOOD}---\n{bad}---\n{GOOD.replace('a good', 'another')}")
    assert [mistake.line for mistake in loaded.mistakes] == [8, 11]
    assert [scenario.name for scenario in loaded.scenarios] == ["a good one", "another one"]


def test_a_broken_file_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.scenario.yaml").write_text("name: [", encoding="utf-8")
    (tmp_path / "b.scenario.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "c.scenario.yaml").write_bytes(b"name: a\nrunner: \xff")
    (tmp_path / "notes.yaml").write_text("not a scenario: true", encoding="utf-8")
    loaded = load_files(find_files([tmp_path]))
    assert [scenario.name for scenario in loaded.scenarios] == ["a good one"]
    assert [(Path(m.file).name[0], m.line) for m in loaded.mistakes] == [("a", 1), ("c", 2)]


def test_paths_that_hold_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionInvalid, match="there is no file or folder"):
        find_files([tmp_path / "nowhere"])
    with pytest.raises(OptionInvalid, match="holds no scenario"):
        find_files([tmp_path])


def test_a_file_that_can_not_be_read_is_a_mistake(tmp_path: Path) -> None:
    [mistake] = load_file(tmp_path).mistakes
    assert str(mistake) == f"{tmp_path}:1: the file can't be read: Is a directory"


def test_days_go_on_from_turn_to_turn() -> None:
    text = (
        f"{GOOD}  - say: a\n    today: 2026-02-12\n  - say: b\n  - say: c\n    today: 2026-02-13\n"
    )
    [scenario] = load_text("f", text).scenarios
    assert [turn.today.day for turn in scenario.turns] == [10, 12, 12, 13]


def test_every_field_of_every_entity_may_be_expected() -> None:
    seed = {
        "user_profile": {"name", "experience_level", "injury_flags", "weekly_availability"},
        "plan": {"goal_distance", "goal_date", "phase", "version", "personalization_inputs"},
        "week_plan": {"target_volume", "target_intensity_mix", "focus_summary"},
        "workout_plan": {"type", "structure", "targets", "rationale", "coach_cues"},
        "execution": {"completion_status", "actual_metrics", "feedback", "adherence_score"},
        "adaptation_log": {"change_summary", "reason", "impacted_workouts", "delta"},
        "proposal": {"tool", "arguments", "status"},
    }
    for table, fields in seed.items():
        assert fields <= set(entity_shape(table).fields or ())
    assert {*STATE, *COUNTED, *LISTED} <= set(STATE) | set(COUNTED)


def test_null_is_taken_as_nothing() -> None:
    [scenario] = load_text("f", with_expected("plan: null\ntop_prompt: null\ncalls: []")).scenarios
    expected = scenario.turns[0].expect
    assert expected.state["plan"] == Given(None, 7)
    assert expected.top_prompt == Given(None, 8)
    assert expected.calls == ()


PIECES = st.sampled_from(
    [
        *("name:", "runner:", "today:", "turns:", "plan:", "executions:", "- say:", "expect:"),
        *(" ", "  ", "\n", "\n  ", "\n    ", "- ", "{", "}", "[", "]", ",", ": ", "---\n", "? "),
        *("demo", "2026-02-10", "2026-13-01", "5:40", "no", "~", "0x1", "'", '"', "&a", "*a", "!t"),
        *("workouts", "calls", "reply", "safety", "profile", "like", "performed_on", "9" * 30),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_or_told(text: str) -> None:
    loaded = load_text("f", text)
    assert loaded.scenarios or loaded.mistakes
    last = text.count("\n") + len(text.splitlines()) + 2
    for mistake in loaded.mistakes:
        assert 1 <= mistake.line <= last
        assert "\n" not in str(mistake)


@settings(deadline=None)
@given(st.data())
def test_a_good_file_with_something_put_in_is_read_or_told(data: st.DataObject) -> None:
    text = with_expected("plan: {version: 2}\nworkouts: {2026-02-12: {type: rest}}\ncalls: []")
    place = data.draw(st.integers(0, len(text)))
    loaded = load_text("f", text[:place] + data.draw(PIECES) + text[place:])
    assert loaded.scenarios or loaded.mistakes


SPOKEN = st.builds(
    SpokenTurn,
    st.sampled_from(["demo", "noplan"]),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    st.fixed_dictionaries(
        {
            "top_prompt": st.sampled_from([None, "Track my training"]),
            "actions": st.lists(
                st.fixed_dictionaries({"tool": st.sampled_from(["adapt_plan", "get_workout"])}),
                max_size=3,
            ),
        }
    ),
    st.just(1),
    st.sampled_from([None, 1, 2]),
    st.dictionaries(
        st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)), st.sampled_from(["rest", "tempo"])
    ),
)


@settings(deadline=None)
@given(st.lists(SPOKEN, min_size=1, max_size=5))
def test_whatever_the_repl_saves_is_read(turns: list[SpokenTurn]) -> None:
    loaded = load_text("f", render_scenarios(scenarios(turns)))
    assert not loaded.mistakes
    said = [(s.cast.user_id, t.say, t.today) for s in loaded.scenarios for t in s.turns]
    order = {user: n for n, user in enumerate(dict.fromkeys(turn.user_id for turn in turns))}
    wanted = sorted(turns, key=lambda turn: order[turn.user_id])
    assert said == [(turn.user_id, turn.said, turn.today) for turn in wanted]
    versions = [
        plain(t.expect.state["plan"])
        for s in loaded.scenarios
        for t in s.turns
        if "plan" in t.expect.state
    ]
    assert versions == [{"version": t.version} for t in wanted if t.version is not None]
