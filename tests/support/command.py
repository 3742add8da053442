"""The command as people run it: in a process of its own, piped, in the current folder.

The processes are forked from one that has imported the command already, once for all tests: that
takes nine tenths of their cost. Whatever depends on how a new interpreter starts says `fresh`.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from unittest import mock

MODULE = "assistant.cli"
LIMIT_S = 60
ROOT = Path(__file__).parents[2]
_PREPARED = multiprocessing.get_context("forkserver")
_PREPARED.set_forkserver_preload(
    [MODULE, "assistant.repl", "assistant.bootstrap", "assistant.web.app", "storage.migrations"]
)
_STREAMS = (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))


def runplan(
    *arguments: str, said: str | bytes = "", fresh: bool = False, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run `runplan` with something said to its standard input."""
    given = said.encode() if isinstance(said, str) else said
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    if fresh:
        done = subprocess.run(
            [sys.executable, "-m", MODULE, *arguments],
            input=given,
            capture_output=True,
            env=settings,
            timeout=LIMIT_S,
            check=False,
        )
        out, err = done.stdout, done.stderr
        return subprocess.CompletedProcess(arguments, done.returncode, out.decode(), err.decode())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "stdin").write_bytes(given)
        asked = (arguments, settings, str(Path.cwd()), folder)
        with mock.patch.dict(os.environ, PYTHONPATH=str(ROOT)):
            forkserver.ensure_running()
        process = _PREPARED.Process(target=_run, args=asked)
        process.start()
        process.join(LIMIT_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, LIMIT_S)
        out, err = (Path(folder, name).read_bytes() for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, process.exitcode, out.decode(), err.decode())


def is_one_clear_line(done: "subprocess.CompletedProcess[str]", *words: str) -> bool:
    """Whether a command failed with one line that has all the words."""
    text = done.stderr.strip()
    clear = "Traceback" not in text and text.count("\n") == 0 and done.returncode != 0
    return clear and all(word in text for word in words)


def _run(arguments: tuple[str, ...], environment: dict[str, str], where: str, folder: str) -> None:
    for number, (name, flags) in enumerate(_STREAMS):
        opened = os.open(Path(folder, name), flags | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
        mode = "w" if number else "r"
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(where)
    sys.argv[1:] = arguments
    import_module(MODULE).main()
