"""One whole session at a pseudo-terminal."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from terminals import Terminal, without_codes

from storage.database import Database

SCRIPT = """
import datetime as dt
import json
import sys

import anyio

from assistant.coach import Coach
from assistant.events import TextDelta
from assistant.completions import Answer
from assistant.repl import ReplOptions, run_repl
from storage.database import Database
from storage.messages import ToolCall


class Model:
    async def stream(self, messages, *, tools, deadline):
        text = "Hello, runner."
        if messages[-1]["role"] == "tool":
            text = "It is on Friday now."
        else:
            content = messages[-1]["content"]
            said = json.loads(content[content.index("{") : content.rindex("}") + 1])["text"]
            if "hang" in said:
                print("HANGING", flush=True)
                await anyio.sleep(60)
            if "move it" in said:
                move = '{"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}'
                yield Answer("", (ToolCall("call_1", "adapt_plan", move),))
                return
            if "once" in said or "first" in said:
                text = f"You said {said!r}."
        yield TextDelta(text)
        yield Answer(text, ())

    async def close(self):
        pass


now = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
database = Database(sys.argv[1])
coach = Coach(database, Model(), clock=lambda: now)
options = ReplOptions("demo", dt.date(2026, 2, 10), json=False)
code = anyio.run(run_repl, coach, database, options)
database.close()
print("LEFT WITH", code)
"""

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
for size in ("COLUMNS", "LINES", "NO_COLOR"):
    ENVIRONMENT.pop(size, None)


@contextmanager
def session(demo: Database, columns: int = 100, **environment: str) -> Iterator[Terminal]:
    """Open a session with the scripted model."""
    whole = {**ENVIRONMENT, **environment}
    command = (sys.executable, "-c", SCRIPT, str(demo.url))
    with Terminal(*command, environment=whole, columns=columns) as terminal:
        terminal.read_until("demo>")
        yield terminal


def test_a_session_with_commands_a_stopped_reply_and_a_way_out(
    demo: Database, tmp_path: Path
) -> None:
    command = (sys.executable, "-c", SCRIPT, str(demo.url))
    with Terminal(*command, environment=ENVIRONMENT) as terminal:
        terminal.read_until("Model answers")
        terminal.read_until("demo (Demo runner) on Tue 2026-02-10: Track my training")
        terminal.read_until("demo>")
        terminal.type("hi\r")
        terminal.read_until("Hello, runner.")
        terminal.read_until("demo>")
        terminal.type("/week\r")
        terminal.read_until("Thu 2026-02-12")
        terminal.read_until("demo>")
        terminal.type("/as nobody\r")
        terminal.read_until("there is no runner 'nobody'; there are active_not_entitled, demo")
        terminal.read_until("demo>")
        terminal.type("hang on\r")
        terminal.read_until("HANGING")
        terminal.type("\x03")
        terminal.read_until("(stopped)")
        terminal.read_until("demo>")
        terminal.type("half a line\x03")
        terminal.read_until("demo>")
        terminal.type("/as no\t")
        terminal.read_until("plan")
        terminal.type("\r")
        terminal.read_until("noplan (")
        terminal.read_until("noplan>")
        terminal.type("hi again\r")
        terminal.read_until("Hello, runner.")
        terminal.read_until("noplan>")
        terminal.type(f"/save {tmp_path}/s.scenario.yaml\r")
        terminal.read_until("saved 2 turns")
        terminal.read_until("noplan>")
        terminal.type("\x04")
        terminal.read_until("LEFT WITH 0")
        assert terminal.process.wait(10) == 0


@pytest.mark.parametrize("leave", ["/quit\r", "\x04"])
def test_leaving_at_once_is_quiet(demo: Database, leave: str) -> None:
    with session(demo) as terminal:
        terminal.type(leave)
        assert "Traceback" not in terminal.read_until("LEFT WITH 0")


@pytest.mark.parametrize("ending", ["\\\r", "\x1b\r"], ids=["backslash", "alt-enter"])
def test_a_message_may_have_several_lines(demo: Database, ending: str) -> None:
    with session(demo) as terminal:
        terminal.type(f"first{ending}second\r")
        terminal.read_until("You said 'first\\nsecond'.")
        terminal.read_until("demo>")


def test_what_was_typed_before_comes_back(demo: Database) -> None:
    with session(demo) as terminal:
        terminal.type("once\r")
        terminal.read_until("You said 'once'.")
        terminal.read_until("demo>")
        terminal.type("\x1b[A\r")
        terminal.read_until("You said 'once'.")


def test_a_change_is_a_coloured_diff_and_its_tool_a_folded_line(demo: Database) -> None:
    with session(demo) as terminal:
        terminal.type("move it\r")
        terminal.read_until(
            "> adapt_plan kind move, date 2026-02-12, to_date 2026-02-13 -> done, version 2"
        )
        terminal.read_until("- Thu 2026-02-12 Tempo 3 x 8 min")
        terminal.read_until("+ Fri 2026-02-13 Tempo 3 x 8 min")
        terminal.read_until("demo>")
        assert "\x1b[31m  - Thu 2026-02-12 Tempo 3 x 8 min\x1b[0m" in terminal.raw
        assert "\x1b[32m  + Fri 2026-02-13 Tempo 3 x 8 min\x1b[0m" in terminal.raw


def test_no_color_is_kept_to(demo: Database) -> None:
    with session(demo, NO_COLOR="1") as terminal:
        terminal.type("move it\r")
        terminal.read_until("+ Fri 2026-02-13 Tempo 3 x 8 min")
        terminal.type("/nope\r")
        terminal.read_until("there is no command '/nope'")
        colours = re.findall(r"\x1b\[[0-9;]*m", terminal.raw)
        numbers = {int(n) for code in colours for n in code[2:-1].split(";") if n}
        assert not {n for n in numbers if 30 <= n <= 49 and n != 39} - {49}


def test_a_dumb_terminal_is_written_to_in_plain_lines(demo: Database) -> None:
    with session(demo, TERM="dumb") as terminal:
        terminal.type("move it\r")
        terminal.read_until("It is on Friday now.")
        terminal.read_until("+ Fri 2026-02-13 Tempo 3 x 8 min")
        terminal.read_until("demo>")
        terminal.type("/week\r")
        terminal.read_until("Fri 2026-02-13")
        terminal.type("/quit\r")
        terminal.read_until("LEFT WITH 0")
        assert "\x1b" not in terminal.raw


def test_a_terminal_that_knows_ascii_alone_is_written_to(demo: Database) -> None:
    with session(demo, PYTHONIOENCODING="ascii", columns=60) as terminal:
        terminal.type("move it\r")
        terminal.read_until("+ Fri 2026-02-13 Tempo 3 x 8 min")
        terminal.type("/quit\r")
        terminal.read_until("LEFT WITH 0")
        assert terminal.raw.isascii()


def test_forty_columns_are_kept_to(demo: Database) -> None:
    with session(demo, columns=40) as terminal:
        terminal.type("move it\r")
        terminal.read_until("+ Fri 2026-02-13 Tempo 3 x 8 min")
        terminal.read_until("demo>")
        for command in ("/plan", "/versions", "/diff"):
            terminal.type(f"{command}\r")
            shown = terminal.read_until("demo>")
            assert max(len(line.rstrip()) for line in without_codes(shown).split("\n")) <= 40


def test_ctrl_c_stops_a_replay_and_not_the_program(demo: Database, tmp_path: Path) -> None:
    file = tmp_path / "s.scenario.yaml"
    file.write_text("name: n\nrunner: demo\ntoday: 2026-02-10\nturns: [{say: hang}]\n")
    with session(demo) as terminal:
        terminal.type(f"/replay {file}\r")
        terminal.read_until("HANGING")
        terminal.type("\x03")
        terminal.read_until("(stopped)")
        terminal.read_until("demo>")
