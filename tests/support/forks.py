"""Copies of this process, made in no time: each does one piece of work and tells its result.

The process that is copied must hold no open connection and no running loop.
"""

import gc
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Child:
    """One copy at work."""

    pid: int
    told: int

    def kill(self) -> None:
        """End it as the machine's power does."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> bytes | None:
        """Wait for its end and return what it told, or None where it was killed.

        Raises RuntimeError with its traceback where its work failed.
        """
        with os.fdopen(self.told, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return None
        if os.WEXITSTATUS(status) != 0:
            raise RuntimeError(told.decode())
        return told


def fork(work: Callable[[], bytes]) -> Child:
    """Do a piece of work in a copy of this process."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    return Child(pid, reading)


def _work(work: Callable[[], bytes], writing: int) -> NoReturn:
    code = 1
    gc.disable()  # it would touch, and so copy, every page
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        with os.fdopen(writing, "wb") as pipe:
            try:
                pipe.write(work())
                code = 0
            except BaseException:
                pipe.write(traceback.format_exc().encode())
    finally:
        os._exit(code)
