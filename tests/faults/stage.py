"""What a run is given: stores with runners in them, a seed, how much to do; it tells how far."""

import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.demo import DEMO_FILES
from assistant.plan_files import read_plan_file, store_plan_file
from storage.database import Database
from tests.faults.report import Result
from tests.faults.wire import NOW

TELL_EVERY_S = 10.0
MEMORY = Path("/dev/shm")
DEMO = json.loads((DEMO_FILES / "demo.json").read_text(encoding="utf-8"))


@dataclass
class Stage:
    """One run's place. scale: the share of the full number of trials. first: whether no other seed
    came before it: what is enumerated is tried with the first one alone."""

    result: Result
    scale: float
    stores: "Stores"
    first: bool = True
    rng: random.Random = field(init=False)
    _told_at: float = field(init=False, default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.result.run} {self.result.database} {self.result.seed}")

    def times(self, full: int) -> int:
        """Return how many trials to make."""
        return max(1, round(full * self.scale))

    def store(self, *runners: str) -> AbstractContextManager[Database]:
        """Make a store with runners that each have the demo's plan."""
        return self.stores.opened(runners)

    def wrong(self, what: str) -> None:
        """Enter a violation; it names rules and ids, never a runner's text."""
        self.result.violations.append(what)
        sys.stderr.write(f"{self.result.run} on {self.result.database}: {what}\n")

    def advance(self, count: int = 1) -> None:
        """Count trials that are done."""
        self.result.n += count
        if time.monotonic() - self._told_at > TELL_EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Say on standard error how far it is."""
        result, self._told_at = self.result, time.monotonic()
        wrong = f", {len(result.violations)} violations" if result.violations else ""
        line = f"{result.run} on {result.database}, seed {result.seed}: {result.n:,} done{wrong}"
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


class Stores:
    """Stores on one kind of database. server: the tests' PostgreSQL, or None for SQLite files."""

    def __init__(self, folder: Path, server: Any = None) -> None:
        self.folder = folder
        self.server = server
        self._made = 0

    @contextmanager
    def opened(self, runners: tuple[str, ...]) -> Iterator[Database]:
        """Make a store and drop it in the end."""
        self._made += 1
        name = None if self.server is None else self.server.make()
        path = self.folder / f"store{self._made}.db"
        database = Database(f"sqlite:///{path}" if name is None else self.server.url(name))
        try:
            database.upgrade()
            for runner in runners:
                store_runner(database, runner)
            yield database
        finally:
            database.close()
            if name is not None:
                self.server.drop(name)
            for file in self.folder.glob(f"{path.name}*"):
                file.unlink()


def store_runner(database: Database, runner: str, *, own_ids: bool = False) -> None:
    """Store a runner with the demo's plan; its ids are those of all, or the runner's own."""
    text = json.dumps(DEMO)
    for kind in ("wk", "plan") if own_ids else ():
        text = re.sub(rf'"({kind}_)(?=\d)', rf'"\1{runner}_', text)
    content = json.loads(text)
    content["user"] |= {"id": runner, "name": canary(runner, "name")}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        store_plan_file(database, read_plan_file(Path(file.name)), now=NOW)


def canary(runner: str, field: str) -> str:
    """Return a text that may be seen by nobody but its runner, and in no log."""
    return f"CANARY-{runner}-{field}"


@contextmanager
def stores_on(kind: str) -> Iterator[Stores]:
    """Offer stores: "sqlite" or "postgresql"."""
    quick = MEMORY if MEMORY.is_dir() else None  # no fault that is made here is one of the disk's
    folder = Path(tempfile.mkdtemp(prefix="runplan-faults-", dir=quick))
    try:
        if kind == "sqlite":
            yield Stores(folder)
            return
        from postgres_server import running_server

        with running_server() as server:
            yield Stores(folder, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
