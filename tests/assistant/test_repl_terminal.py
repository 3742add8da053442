"""One whole session at a pseudo-terminal."""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.database import Database

SCRIPT = """
import datetime as dt
import sys

import anyio

from assistant.coach import Coach
from assistant.events import TextDelta
from assistant.completions import Answer
from assistant.repl import ReplOptions, run_repl
from storage.database import Database


class Model:
    async def stream(self, messages, *, tools, deadline):
        if "hang" in str(messages[-1]):
            print("HANGING", flush=True)
            await anyio.sleep(60)
        yield TextDelta("Hello, runner.")
        yield Answer("Hello, runner.", ())


now = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
database = Database(sys.argv[1])
coach = Coach(database, Model(), clock=lambda: now)
options = ReplOptions("demo", dt.date(2026, 2, 10), json=False)
code = anyio.run(run_repl, coach, database, options)
database.close()
print("LEFT WITH", code)
"""


class Terminal:
    """A child process at a pseudo-terminal, read until it shows what is waited for."""

    def __init__(self, *command: str) -> None:
        self.ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def read_until(self, wanted: str, timeout_s: float = 20.0) -> str:
        """Return what was shown up to the text; what came before is dropped."""
        end = time.monotonic() + timeout_s
        while wanted not in (shown := _without_codes(self.seen)):
            left = end - time.monotonic()
            assert left > 0, f"{wanted!r} was never shown; there is {shown!r}"
            if select.select([self.ours], [], [], left)[0]:
                self.seen += self._read()
        before, _, self.seen = shown.partition(wanted)
        return before

    def _read(self) -> str:
        try:
            found = os.read(self.ours, 65536).decode(errors="replace")
        except OSError:  # Linux says so when the other side is closed
            found = ""
        assert found, f"the program ended; it showed {self.seen!r}"
        if "\x1b[6n" in found:
            self.type("\x1b[1;1R")  # a terminal answers where its cursor is
        return found

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.ours)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))


def _without_codes(text: str) -> str:
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]", "", text)


def test_a_session_with_commands_a_stopped_reply_and_a_way_out(
    demo: Database, tmp_path: Path
) -> None:
    terminal = Terminal(sys.executable, "-c", SCRIPT, str(demo.url))
    try:
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
    finally:
        terminal.close()


@pytest.mark.parametrize("leave", ["/quit\r", "\x04"])
def test_leaving_at_once_is_quiet(demo: Database, leave: str) -> None:
    terminal = Terminal(sys.executable, "-c", SCRIPT, str(demo.url))
    try:
        terminal.read_until("demo>")
        terminal.type(leave)
        assert "Traceback" not in terminal.read_until("LEFT WITH 0")
    finally:
        terminal.close()
