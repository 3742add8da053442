"""A program at a pseudo-terminal, read until it shows what is waited for."""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>]")


class Terminal:
    """A child process at a pseudo-terminal of its own."""

    def __init__(
        self,
        *command: str,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        columns: int = 100,
    ) -> None:
        self.ours, theirs = pty.openpty()
        _set_size(theirs, columns)
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        self.raw = ""
        self.seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def type(self, text: str) -> None:
        """Send keys."""
        os.write(self.ours, text.encode())

    def read_until(self, wanted: str, timeout_s: float = 20.0) -> str:
        """Return what was shown up to the text; what came before is dropped.

        Spaces and line breaks count alike, since a line may be broken anywhere between words.
        """
        pattern = re.compile(r"\s+".join(map(re.escape, wanted.split())))
        end = time.monotonic() + timeout_s
        while (match := pattern.search(shown := without_codes(self.seen))) is None:
            left = end - time.monotonic()
            assert left > 0, f"{wanted!r} was never shown; there is {shown!r}"
            if select.select([self.ours], [], [], left)[0]:
                self.seen += self._read()
        self.seen = shown[match.end() :]
        return shown[: match.start()]

    def _read(self) -> str:
        try:
            found = os.read(self.ours, 65536).decode(errors="replace")
        except OSError:  # Linux says so when the other side is closed
            found = ""
        assert found, f"the program ended; it showed {self.seen!r}"
        if "\x1b[6n" in found:
            self.type("\x1b[1;1R")  # a terminal answers where its cursor is
        self.raw += found
        return found

    def close(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.ours)


def without_codes(text: str) -> str:
    """Return what is shown without the codes between."""
    return _CODES.sub("", text).replace("\r", "")


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _set_size(descriptor: int, columns: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
