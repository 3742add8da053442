"""What all tests share: stores made from a template, on SQLite and PostgreSQL, and no network."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import Server, running_server
from pytest_socket import socket_allow_hosts

from assistant.demo import load_demo
from assistant.logs import configure_logs
from storage.database import Database

NOW = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)
BACKENDS = ("sqlite", "postgresql")
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room: stores wait for their disk often."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a whole run use one database (`--store postgresql`), or no prompt (`--empty-prompt`)."""
    parser.addoption("--empty-prompt", action="store_true", help="tell the model nothing at all")
    parser.addoption("--store", choices=BACKENDS, help="run every test of a store on this database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `both_stores` on both databases, the others on SQLite."""
    chosen = metafunc.config.getoption("store")
    marked = metafunc.definition.get_closest_marker
    backends: tuple[str, ...] = ()
    if marked("postgres_only"):
        backends = ("postgresql",)
    elif chosen is not None and not marked("sqlite_only"):
        backends = (chosen,)
    elif marked("both_stores"):
        backends = BACKENDS
    if backends and "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", backends, indirect=True)


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Let tests reach this machine alone; a missed mock fails at once."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's settings out of the tests."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RUNPLAN_TODAY", "RUNPLAN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _empty_prompt(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the system prompt empty where the run asks for it: no guard may stand in it."""
    if request.config.getoption("--empty-prompt"):
        monkeypatch.setattr("assistant.coach.render", lambda *_names, **_values: "")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables and nothing in them."""
    path = tmp_path_factory.mktemp("stores") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


@pytest.fixture(scope="session")
def demo_store(empty_store: Path) -> Path:
    """A store with the demo runners."""
    path = empty_store.with_name("demo.db")
    shutil.copy(empty_store, path)
    database = Database(f"sqlite:///{path}")
    load_demo(database, NOW)
    database.close()
    return path


@pytest.fixture
def demo_here(demo_store: Path, tmp_path: Path) -> None:
    """Put the store with the demo runners where the command looks for it."""
    shutil.copy(demo_store, tmp_path / "runplan.db")


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The database that the test's store is on."""
    chosen: str = getattr(request, "param", "sqlite")
    return chosen


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of this process of the tests."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_templates(postgres: Server) -> dict[str, str]:
    """Databases as `empty_store` and `demo_store` are files."""
    empty = postgres.make()
    database = Database(postgres.url(empty))
    database.upgrade()
    database.close()
    full = postgres.make(empty)
    database = Database(postgres.url(full))
    load_demo(database, NOW)
    database.close()
    return {"new": "template1", "empty": empty, "demo": full}


@pytest.fixture
def make_store(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Return a function that makes a store of the test's own: "new", "empty" or "demo"; its URL."""
    made: list[str] = []

    def make(template: str) -> str:
        if backend == "sqlite":
            path = tmp_path / "store.db"
            if template != "new":
                shutil.copy(request.getfixturevalue(f"{template}_store"), path)
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("postgres")
        templates: dict[str, str] = request.getfixturevalue("postgres_templates")
        made.append(server.make(templates[template]))
        return server.url(made[-1])

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture
def new_store(make_store: Callable[[str], str]) -> Iterator[Database]:
    """A store of the test's own without any table."""
    yield from _open(make_store("new"))


@pytest.fixture
def database(make_store: Callable[[str], str]) -> Iterator[Database]:
    """An empty store of the test's own."""
    yield from _open(make_store("empty"))


@pytest.fixture
def demo(make_store: Callable[[str], str]) -> Iterator[Database]:
    """A store of the test's own with the demo runners."""
    yield from _open(make_store("demo"))


@pytest.fixture
def clock() -> Callable[[], dt.datetime]:
    return lambda: NOW


def _open(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture(autouse=True, scope="session")
def _logs_as_shipped() -> None:
    """Log as the product does: the library's own default would print every local value."""
    configure_logs("info")
