"""The REPL where standard input is a pipe: plain lines, JSON, commands, bad input."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes import ScriptedModel, Step
from rich.console import Console

from assistant.bootstrap import EMBEDDED_NAME, build_named_model
from assistant.coach import Coach
from assistant.conversations import Conversation
from assistant.errors import ModelUnavailable, SettingsInvalid
from assistant.repl import ReplOptions, describe_model, run_pipe, start
from assistant.settings import load_settings
from assistant.slash_commands import KINDS, parse_command, parse_day_word, run_command
from storage.database import Database

pytestmark = pytest.mark.anyio
NOW = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)
MOVE = [("adapt_plan", {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})]
UNDO = [("adapt_plan", {"kind": "undo"})]
HELLO = "Hello, runner."


def talk(database: Database, *script: Step, user: str = "demo") -> Conversation:
    coach = Coach(database, ScriptedModel(*script or (HELLO,)), clock=lambda: NOW)
    conversation = Conversation(coach, database, user)
    start(conversation, ReplOptions(user, TODAY, json=False))
    return conversation


async def pipe(
    conversation: Conversation, *lines: str | bytes, as_json: bool = False
) -> tuple[int, list[str], list[str]]:
    raw = [line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines]
    out, err = io.StringIO(), io.StringIO()
    code = await run_pipe(conversation, raw, out, err, as_json=as_json)
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


async def test_each_line_is_a_message_and_blank_lines_are_none(demo: Database) -> None:
    conversation = talk(demo, "Hello, runner.", "Well done.")
    code, out, err = await pipe(conversation, "hi", "", "   ", "how are you")
    assert (code, out, err) == (0, ["Hello, runner.", "Well done."], [])
    assert [turn.said for turn in conversation.turns] == ["hi", "how are you"]


async def test_all_messages_are_of_one_conversation(demo: Database) -> None:
    conversation = talk(demo)
    await pipe(conversation, "hi", "again")
    assert {turn.response["conversation_id"] for turn in conversation.turns} == {
        conversation.conversation_id
    }


async def test_a_move_shows_before_and_after(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo, MOVE, "The tempo is on Friday now."), "move it to Friday")
    assert out[0] == "The tempo is on Friday now."
    assert any(
        line.startswith("  Thu 2026-02-12 ") and " -> Fri 2026-02-13 " in line for line in out
    )
    assert out[-1] == "  plan version 2"


async def test_json_prints_one_whole_reply_a_message_and_nothing_else(demo: Database) -> None:
    conversation = talk(demo, MOVE, "Der Tempolauf ist am Freitag. Schön!", HELLO)
    code, out, err = await pipe(
        conversation, "/tools on", "move it", "/week", "", "hi", as_json=True
    )
    replies = [json.loads(line) for line in out]
    assert replies == [turn.response for turn in conversation.turns]
    assert set(replies[0]) == {
        "conversation_id",
        "message_id",
        "reply",
        "top_prompt",
        "actions",
        "proposal",
        "safety",
        "usage",
    }
    assert "Schön" in out[0]
    assert (code, err[0]) == (0, "tool calls are shown whole")
    assert any("Fri 2026-02-13" in line for line in err)


async def test_a_failed_message_is_one_line_and_the_loop_goes_on(demo: Database) -> None:
    conversation = talk(demo, ModelUnavailable("the model can't be reached right now"), HELLO)
    code, out, err = await pipe(conversation, "hi", "hi again", as_json=True)
    assert code == 1
    assert err == ["the model can't be reached right now"]
    assert [json.loads(line)["reply"] for line in out] == [HELLO]


@pytest.mark.parametrize("as_json", [False, True])
async def test_bytes_that_are_no_text_are_reported(demo: Database, as_json: bool) -> None:
    code, out, err = await pipe(talk(demo), b"caf\xe9\n", "hi", as_json=as_json)
    assert (code, len(out)) == (1, 1)
    assert err == ["line 1 is not UTF-8 (byte 4): send text in UTF-8"]


async def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_a_message(
    demo: Database,
) -> None:
    conversation = talk(demo)
    await pipe(conversation, b"\xef\xbb\xbfhi\r\n", b"\r\n", b"there")
    assert [turn.said for turn in conversation.turns] == ["hi", "there"]


async def test_too_long_a_message_and_a_nul_are_refused(demo: Database) -> None:
    code, out, err = await pipe(talk(demo), "x" * 4001, "a\0b")
    assert (code, out) == (1, [])
    assert ["4001 characters" in err[0], "NUL" in err[1]] == [True, True]


async def test_a_closed_output_ends_quietly(demo: Database) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()
    assert await run_pipe(talk(demo), [b"hi\n", b"again\n"], Closed(), err) == 0
    assert err.getvalue() == ""


async def test_stored_text_can_not_steer_the_terminal(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo, "\x1b[31mRed\x1b[0m \x9b2J [bold]text[/bold]"), "hi")
    assert "\x1b" not in out[0]
    assert "\x9b" not in out[0]
    assert "[bold]text[/bold]" in out[0]


async def test_tools_on_shows_each_call_and_its_result(demo: Database) -> None:
    _, out, _ = await pipe(
        talk(demo, [("get_plan_summary", {})], "Next is an easy run."), "/tools on", "next?"
    )
    assert out[1] == "> get_plan_summary {}"
    assert json.loads(out[2].removeprefix("< "))["plan_id"] == "plan_123"
    assert out[3] == "Next is an easy run."


async def test_undo_is_said_as_a_message(demo: Database) -> None:
    conversation = talk(demo, MOVE, "It is on Friday now.", UNDO, "It is back on Thursday.")
    code, _, err = await pipe(conversation, "move it to Friday", "/undo")
    assert (code, err) == (0, [])
    assert conversation.turns[-1].said == "undo that"
    assert conversation.turns[-1].version == 3


async def test_quit_leaves(demo: Database) -> None:
    assert await pipe(talk(demo), "/quit", "hi") == (0, [], [])


async def test_as_changes_the_runner_and_the_conversation(demo: Database) -> None:
    conversation = talk(demo)
    _, out, _ = await pipe(conversation, "hi", "/as noplan", "hi")
    assert "noplan" in out[1]
    first, second = conversation.turns
    assert (first.user_id, second.user_id) == ("demo", "noplan")
    assert first.response["conversation_id"] != second.response["conversation_id"]


async def test_today_changes_the_day_of_what_follows(demo: Database) -> None:
    conversation = talk(demo)
    _, out, _ = await pipe(conversation, "/today 2026-02-16", "hi", "/week", "/today now")
    assert "Mon 2026-02-16" in out[0]
    assert conversation.turns[0].today == dt.date(2026, 2, 16)
    assert any(line.startswith("> ") and "Mon 2026-02-16" in line for line in out)
    assert "Tue 2026-02-10" in out[-1]


async def test_week_lists_the_days_with_effort_and_status(demo: Database) -> None:
    log = [("log_execution", {"completion_status": "completed", "date": "2026-02-10"})]
    _, out, _ = await pipe(talk(demo, log, "Logged."), "done", "/week")
    assert len([line for line in out if " 2026-02-" in line]) == 7
    [today] = [line for line in out if line.startswith(">")]
    assert " ".join(today.split()) == "> Tue 2026-02-10 easy 40 min easy RPE 3-4 completed"


async def test_plan_lists_the_weeks_to_the_race(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo), "/plan")
    assert out[0] == "half on Mon 2026-05-18, 13 weeks to go, version 1"
    assert out[1].split() == ["week", "of", "phase", "volume", "done", "so", "far", "focus"]
    assert out[2].startswith(">  Mon 2026-02-09  build")
    assert out[2].endswith("Aerobic efficiency + pacing control")
    assert out[-1].lstrip().startswith("Mon 2026-05-18")


async def test_log_lists_changes_and_runs(demo: Database) -> None:
    run: dict[str, Any] = {
        "completion_status": "completed",
        "date": "2026-02-10",
        "actual_metrics": {"distance_km": 6.2},
        "feedback": {"rpe": 3, "notes": "felt \x1b[31mgood"},
    }
    script: list[Step] = [[("log_execution", run)], "Logged.", MOVE, "It is on Friday now."]
    _, out, _ = await pipe(talk(demo, *script), "/log", "done", "move it", "/log")
    assert out[:2] == ["the plan was never changed", "nothing was logged lately"]
    assert any(line.startswith("2 ") and "2026-02-10" in line for line in out)
    assert any("6.2 km" in line and "RPE 3" in line and line.endswith("felt good") for line in out)


@pytest.mark.parametrize("user", ["inactive", "active_not_entitled"])
@pytest.mark.parametrize("command", ["/plan", "/week", "/log"])
async def test_without_entitlement_no_plan_is_shown(
    demo: Database, user: str, command: str
) -> None:
    _, out, _ = await pipe(talk(demo, user=user), command)
    assert out == [f"the subscription of {user} holds no plan, so there is none to show"]


async def test_without_a_plan_the_commands_say_how_to_get_one(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo, user="noplan"), "/plan", "/week", "/log")
    assert out[:2] == ["there is no plan yet: say a distance and a race day to make one"] * 2
    assert out[-1] == "nothing was logged lately"


async def test_what_if_is_asked_as_a_message(demo: Database) -> None:
    conversation = talk(demo)
    code, _, err = await pipe(conversation, "/what-if I skip Sunday?")
    assert (code, err) == (0, [])
    assert conversation.turns[-1].said == "What if I skip Sunday?"


async def test_why_tells_the_reason_and_the_words_behind_each_change(demo: Database) -> None:
    conversation = talk(demo, MOVE, "It is on Friday now.")
    _, before, _ = await pipe(conversation, "/why thu")
    assert before[0] == "Thu 2026-02-12: tempo, Tempo 3 x 8 min, RPE 6-7"
    assert before[-1] == "no change touched it"
    _, out, _ = await pipe(conversation, "move it to Friday", "/why fri")
    told = out[out.index("Fri 2026-02-13: tempo, Tempo 3 x 8 min, RPE 6-7") :]
    assert told[1] == "  warmup: 12 min easy"
    assert any(line.startswith("why: ") for line in told)
    assert told[-1] == '  the runner said: "move it to Friday"'
    assert any(line.startswith("version 2, Tue 2026-02-10: ") for line in told)


async def test_why_tells_the_run_that_led_to_a_change(demo: Database) -> None:
    run: dict[str, Any] = {
        "completion_status": "completed",
        "date": "2026-02-10",
        "feedback": {"rpe": 8},
    }
    script: list[Step] = [
        [("log_execution", run)],
        [("adapt_plan", {"kind": "fatigue"})],
        "It is logged, and the next days are lighter.",
    ]
    _, out, _ = await pipe(talk(demo, *script), "that was hard", "/why thu")
    assert "  after the run of Tue 2026-02-10: completed, RPE 8" in out
    assert any(line.startswith("  rule 3.4-strong-sign: ") for line in out)


async def test_a_model_is_made_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = build_named_model(load_settings(), "embedded")
    assert embedded.models == (EMBEDDED_NAME,)
    with pytest.raises(SettingsInvalid, match=r"no endpoint is set .* no model 'large'"):
        build_named_model(load_settings(), "large")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert build_named_model(load_settings(), "large").models == ("large",)


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", 10),
        ("tomorrow", 11),
        ("yesterday", 9),
        ("tue", 10),
        ("Mon", 16),
        ("sunday", 15),
        ("2026-02-28", 28),
    ],
)
def test_a_day_is_a_word_a_weekday_ahead_or_a_date(word: str, day: int) -> None:
    assert parse_day_word(word, TODAY) == dt.date(2026, 2, day)


async def test_versions_and_diffs_tell_each_change(demo: Database) -> None:
    conversation = talk(demo, MOVE, "It is on Friday now.", UNDO, "It is back.")
    _, out, _ = await pipe(conversation, "/versions", "/diff")
    assert [line.split() for line in out[1:2]] == [[">", "1", "as", "it", "was", "made"]]
    assert out[2] == "the plan was never changed"
    _, out, _ = await pipe(conversation, "move it", "undo", "/versions", "/diff 2", "/diff")
    rows = [line.split()[:2] for line in out if line.strip()[:1] in ">123"]
    assert rows[-3:] == [["1", "as"], ["2", "Tue"], [">", "3"]]
    second = out.index(next(line for line in out if line.startswith("version 2, ")))
    third = out.index(next(line for line in out if line.startswith("version 3, ")))
    assert sorted(out[second + 1 : third - 1]) == [
        "+ Fri 2026-02-13 Tempo 3 x 8 min",
        "+ Thu 2026-02-12 Rest",
        "- Fri 2026-02-13 Rest",
        "- Thu 2026-02-12 Tempo 3 x 8 min",
    ]
    assert out[third - 1].startswith("why: ")
    _, _, err = await pipe(conversation, "/diff 9")
    assert err == ["no change led to version 9; changes led to 2, 3"]


async def test_another_model_answers_from_there_on(demo: Database) -> None:
    conversation = talk(demo, "One.")
    first = conversation.coach.model
    conversation.models = lambda name: ScriptedModel(f"I am {name}.")
    _, out, _ = await pipe(conversation, "hi", "/model two", "hi", "/model")
    assert out == ["One.", "ScriptedModel answers", "I am two.", "ScriptedModel answers"]
    assert conversation.coach.model is not first
    assert conversation.coach.unstreamed is conversation.coach.model


async def test_folded_tools_are_a_line_each(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo, MOVE, "It is on Friday now."), "/tools folded", "move it")
    assert out[:2] == [
        "tool calls are shown on a line each",
        "> adapt_plan kind move, date 2026-02-12, to_date 2026-02-13 -> done, version 2",
    ]


async def test_a_file_is_played_on_fresh_runners(demo: Database, tmp_path: Path) -> None:
    file = tmp_path / "s.scenario.yaml"
    conversation = talk(demo, MOVE, "It is on Friday now.", MOVE, "It is on Friday now.")
    _, out, _ = await pipe(conversation, "move it to Friday", f"/save {file}", f"/replay {file}")
    start = out.index("demo: move it to Friday")
    assert out[start + 1] == "Tue 2026-02-10 demo> move it to Friday"
    assert out[-1] == "ok"
    assert conversation.turns[-1].version == 2
    assert len(conversation.turns) == 1

    file.write_text(file.read_text().replace("version: 2", "version: 7"))
    conversation = talk(demo, MOVE, "It is on Friday now.")
    _, out, _ = await pipe(conversation, f"/replay {file}", "/replay nowhere.yaml")
    assert "plan.version is 2, not 7" in out[-3]
    assert out[-2:] == ["FAIL", "nowhere.yaml:1: the file can't be read: No such file or directory"]


@pytest.mark.parametrize("command", ["/plan", "/week", "/log", "/versions", "/help", "/why thu"])
async def test_forty_columns_can_be_read(demo: Database, command: str) -> None:
    conversation = talk(demo, MOVE, "It is on Friday now.")
    await pipe(conversation, "move it to Friday")
    console = Console(file=io.StringIO(), width=40)
    console.print(await run_command(conversation, parse_command(command)))
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    words = {word.strip(",.:") for line in lines for word in line.split()}
    _, wide, _ = await pipe(conversation, command)
    wide_words = {word.strip(",.:") for line in wide for word in line.split()}
    told = {word for word in wide_words if "20" in word or word.isdigit()}
    assert told <= words, "a date or a number is broken in two"


async def test_help_lists_every_command(demo: Database) -> None:
    _, out, _ = await pipe(talk(demo), "/help")
    assert [line.split()[0].removeprefix("/") for line in out] == list(KINDS)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("/nope", "/as USER"),
        ("/", "/as USER"),
        ("/as", "/as USER"),
        ("/as nobody", "active_not_entitled, demo, inactive, noplan"),
        ("/today", "/today DATE"),
        ("/today tomorrow", "2026-02-10"),
        ("/today 2026-02-30", "2026-02-10"),
        ("/today 9999-12-31", "2099-12-31"),
        ("/tools", "/tools on|folded|off"),
        ("/tools maybe", "on, folded or off"),
        ("/plan b", "takes nothing"),
        ("/why", "/why DAY"),
        ("/why someday", "say thu, tomorrow or 2026-02-12"),
        ("/why 2026-12-24", "it runs from 2026-02-09 to 2026-05-18"),
        ("/what-if", "/what-if WHAT"),
        ("/diff two", "a number"),
        ("/model other", "this session has its one model"),
        ("/replay", "/replay FILE"),
        ("/save", "/save FILE"),
        ("/save x.scenario.yaml", "nothing was answered yet"),
    ],
)
async def test_a_wrong_command_gets_one_line_that_says_what_is_accepted(
    demo: Database, line: str, named: str
) -> None:
    code, out, err = await pipe(talk(demo), line)
    assert (code, out, len(err)) == (1, [], 1)
    assert named in err[0]


async def test_the_first_line_names_the_model(demo: Database) -> None:
    class Named(ScriptedModel):
        models = ("large", "small")

    assert describe_model(ScriptedModel(HELLO)) == "ScriptedModel answers"
    assert describe_model(Named(HELLO)) == "large answers (else small)"
    Named.models = ("runplan-embedded", "")[:1]  # type: ignore[assignment]
    assert describe_model(Named(HELLO)) == (
        "no endpoint set: the embedded model answers; it is rules, not a language model"
    )


async def test_a_session_is_saved_with_what_the_store_held(demo: Database, tmp_path: Path) -> None:
    file = tmp_path / "s.scenario.yaml"
    conversation = talk(demo, MOVE, "It is on Friday now.", HELLO)
    lines = ("move it to Friday", "/today 2026-02-11", "hi", "/as noplan", "hi", f"/save {file}")
    code, out, _ = await pipe(conversation, *lines)
    assert (code, out[-1]) == (0, f"saved 3 turns to {file}")
    moved, other = yaml.safe_load_all(file.read_text(encoding="utf-8"))
    assert moved["turns"][0]["expect"] == {
        "calls": ["adapt_plan"],
        "top_prompt": "Track my training",
        "plan": {"version": 2},
        "workouts": {
            dt.date(2026, 2, 12): {"type": "rest"},
            dt.date(2026, 2, 13): {"type": "tempo"},
        },
    }
    assert moved["turns"][1] == {
        "say": "hi",
        "today": dt.date(2026, 2, 11),
        "expect": {"calls": [], "top_prompt": "Track my training", "plan": {"version": 2}},
    }
    assert (other["runner"], other["today"]) == ("noplan", dt.date(2026, 2, 11))
