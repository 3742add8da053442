"""What all tests share: stores made from a template, and no network."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from assistant.demo import load_demo
from assistant.logs import configure_logs
from storage.database import Database

NOW = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 2, 10)


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
def database(empty_store: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty store of the test's own."""
    yield from _copy(empty_store, tmp_path)


@pytest.fixture
def demo(demo_store: Path, tmp_path: Path) -> Iterator[Database]:
    """A store of the test's own with the demo runners."""
    yield from _copy(demo_store, tmp_path)


@pytest.fixture
def clock() -> Callable[[], dt.datetime]:
    return lambda: NOW


def _copy(template: Path, folder: Path) -> Iterator[Database]:
    path = folder / "store.db"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(autouse=True, scope="session")
def _logs_as_shipped() -> None:
    """Log as the product does: the library's own default would print every local value."""
    configure_logs()
