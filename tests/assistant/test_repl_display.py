"""What a terminal shows of a reply: streamed, withdrawn, stopped, never as markup."""

import io
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from rich.console import Console

from assistant.conversations import ToolsShown
from assistant.display import WITHDRAWN, Display, break_lines
from assistant.events import Calling, Event, Finished, Replied, Restarted, TextDelta
from assistant.terminal import CommandCompleter
from storage.messages import ToolCall
from tools.toolbox import ToolResult

CALL = ToolCall("call_1", "get_workout", '{"date": "2026-02-12"}')
RESULT = ToolResult(CALL, '{"name":"Tempo"}')
CHANGE = {
    "before": {"date": "2026-02-12", "type": "tempo", "name": "Tempo 3 x 8 min"},
    "after": {"date": "2026-02-13", "type": "tempo", "name": "Cruise"},
}


def response(**changed: Any) -> dict[str, Any]:
    return {"reply": "", "actions": [], "proposal": None, "safety": None, **changed}


def shown(*events: Event, tools: ToolsShown = "off", terminal: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=40, height=20, force_terminal=terminal, color_system=None
    )
    with Display(console, tools=tools) as display:
        for event in events:
            display.show(event)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_text_comes_as_it_is_said_and_once() -> None:
    events = (TextDelta("One. "), TextDelta("[bold]Two[/bold]."), Replied("One. [bold]Two[/bold]."))
    assert shown(*events, Finished(response())) == "One. [bold]Two[/bold].\n"


def test_a_reply_that_goes_on_after_the_stream_is_completed() -> None:
    assert shown(TextDelta("One. "), Replied("One. Two."), Finished(response())) == "One.  Two.\n"


def test_a_reply_other_than_the_streamed_text_takes_its_place() -> None:
    said = shown(TextDelta("It is moved."), Replied("Nothing was done."), terminal=True)
    assert said.endswith("It is moved.\r\x1b[2KNothing was done.\n")


def test_a_restart_wipes_all_rows_of_the_text_and_says_so() -> None:
    said = shown(TextDelta("word " * 12), Restarted(), Replied("Well."), terminal=True)
    wiped = said.index("\r\x1b[2K\x1b[1A\x1b[2K")
    assert wiped < said.index(WITHDRAWN) < said.index("Well.")


def test_without_a_terminal_a_restart_only_says_so() -> None:
    said = shown(TextDelta("Wrong."), Restarted(), TextDelta("Right."), Replied("Right."))
    assert said == f"Wrong.\n{WITHDRAWN}\nRight.\n"


def test_tools_are_shown_only_when_asked_for() -> None:
    events = (Calling(CALL), RESULT, Replied("A tempo."), Finished(response()))
    assert shown(*events) == "A tempo.\n"
    assert shown(*events, tools="on").splitlines() == [
        '> get_workout {"date": "2026-02-12"}',
        '< {"name":"Tempo"}',
        "A tempo.",
    ]


def test_folded_tools_are_a_line_each_with_how_they_ended() -> None:
    call = ToolCall("call_2", "adapt_plan", '{"kind": "move", "to_date": "2026-02-13"}')
    ends = {
        '{"applied": true, "version": 2}': " -> done, version 2",
        '{"applied": false, "proposal_id": "prop_1"}': " -> waits for an answer",
        '{"applied": false, "proposal_id": null}': " -> nothing changed",
        '{"error": {"code": "x", "message": "no such day"}}': " -> refused: no such day",
    }
    console = Console(file=io.StringIO(), width=90)
    for result, end in ends.items():
        with Display(console, tools="folded") as display:
            display.show(Calling(call))
            display.show(ToolResult(call, result))
        assert isinstance(console.file, io.StringIO)
        line = console.file.getvalue().splitlines()[-1]
        assert line == f"> adapt_plan kind move, to_date 2026-02-13{end}"


def test_a_folded_call_is_cut_where_the_terminal_ends() -> None:
    lines = shown(Calling(CALL), RESULT, Replied("A tempo."), tools="folded").splitlines()
    assert lines == ["> get_workout date 2026-02-12", "A tempo."]
    long = ToolCall("c", "log_execution", '{"notes": "' + "very " * 30 + '"}')
    [line] = shown(Calling(long), ToolResult(long, "{}"), tools="folded").splitlines()
    assert len(line) == 40


def test_a_dumb_terminal_gets_no_control_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    said = shown(
        TextDelta("It is moved."), Restarted(), Replied("Nothing was done."), terminal=True
    )
    assert "\x1b" not in said
    assert said == f"It is moved.\n{WITHDRAWN}\nNothing was done.\n"


def test_changes_proposals_and_holds_stand_under_the_reply() -> None:
    action = {
        "tool": "adapt_plan",
        "arguments": {},
        "result": {"applied": True, "changes": [CHANGE], "version": 2},
    }
    proposal = {"proposal_id": "prop_1", "change_summary": "A new plan", "changes": [CHANGE] * 20}
    hold = {"since": "2026-02-10", "flag": "chest_pain", "pauses": "plan", "ends_when": "cleared"}
    done = Finished(response(actions=[action], proposal=proposal, safety=hold))
    lines = [line.strip() for line in shown(Replied("So."), done).splitlines()]
    change = ["- Thu 2026-02-12 Tempo 3 x 8 min", "+ Fri 2026-02-13 tempo (Cruise)"]
    assert lines[:5] == ["So.", *change, "plan version 2", "proposed: A new plan"]
    assert lines[-3:] == [
        "... and 6 more",
        "yes / no?",
        "safety hold since 2026-02-10, plan paused: cleared",
    ]


def test_options_are_numbered_each_with_its_days() -> None:
    options = [
        {"proposal_id": f"prop_{n}", "change_summary": said, "changes": [CHANGE]}
        for n, said in ((1, "Dropped"), (2, "Moved"))
    ]
    done = Finished(response(proposal={**options[0], "options": options}))
    change = ["- Thu 2026-02-12 Tempo 3 x 8 min", "+ Fri 2026-02-13 tempo (Cruise)"]
    assert [line.strip() for line in shown(Replied("So."), done).splitlines()] == [
        "So.",
        "option 1: Dropped",
        *change,
        "option 2: Moved",
        *change,
        "1 / 2 / none?",
    ]


def test_control_sequences_never_reach_the_terminal() -> None:
    call = ToolCall("call_1", "get\x1b[2Jx", '{"a": "\x9b1m"}')
    hold = {"since": "2026-02-10", "flag": "x", "pauses": "plan", "ends_when": "\x1b]0;t\x07now"}
    said = shown(
        TextDelta("\x1b[31mRed\x1b[0m\r"),
        Calling(call),
        ToolResult(call, '{"name":"\\u009b2J\\u202e"}'),
        Replied("\x1b[31mRed"),
        Finished(response(safety=hold)),
        tools="on",
    )
    assert [c for c in "\x1b\x9b\r\x07\u202e" if c in said] == []
    assert "paused: now" in said


def test_a_stop_says_what_was_done_before() -> None:
    console = Console(file=io.StringIO(), width=40)
    with Display(console, tools="off") as display:
        display.show(ToolResult(ToolCall("c", "log_execution", "{}"), "{}"))
        display.stopped()
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "(stopped; done already: log_execution)\n"


def test_lines_break_between_words() -> None:
    assert break_lines("one two three", 0, 8) == "one two\nthree"
    assert break_lines("three", 6, 8) == "\nthree"
    assert break_lines("a\nbcd ef", 7, 8) == "a\nbcd ef"
    assert break_lines("ままま まま", 0, 8) == "ままま \nまま"


def test_commands_users_files_and_words_are_completed(tmp_path: Path) -> None:
    completer = CommandCompleter(lambda: ("demo", "noplan"))

    def completions(text: str) -> list[str]:
        found = completer.get_completions(Document(text), CompleteEvent())
        return [completion.text for completion in found]

    assert completions("/t") == ["today", "tools"]
    assert completions("/as d") == ["demo"]
    assert completions("/tools ") == ["on", "folded", "off"]
    assert completions("/why th") == ["thu"]
    assert completions("/model e") == ["embedded"]
    (tmp_path / "mine.scenario.yaml").touch()
    assert completions(f"/replay {tmp_path}/mi") == ["ne.scenario.yaml"]
    assert completions("/plan x") == []
    assert completions("hello") == []
