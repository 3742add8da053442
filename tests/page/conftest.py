"""One service for each process of the tests, one browser for each module, windows for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, TODAY, House, Visit, visiting
from credentials import AUDIENCE, ISSUER, JWT_SECRET
from openai_server import Endpoint, serve
from playwright.sync_api import Browser, sync_playwright
from served import served
from starlette.requests import Request
from starlette.responses import Response

from storage.database import Database

Open = Callable[..., Visit]


class Stage(Endpoint):
    """Answers as its script says, or as another endpoint does while one stands in for it."""

    stand_in: Endpoint | None = None

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        chosen = self.stand_in
        return await (super().answer(request) if chosen is None else chosen.answer(request))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. It goes with its module: while it runs, no test can have a loop."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` brings it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def house(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service with the embedded model, on a Tuesday of the demo plan."""
    yield from _house(demo_store, tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def endpoint() -> Stage:
    """What the model of `scripted_house` says; a test puts its own script in."""
    return Stage("Hello.")


@pytest.fixture(scope="session")
def scripted_house(
    demo_store: Path, tmp_path_factory: pytest.TempPathFactory, endpoint: Stage
) -> Iterator[House]:
    """The service with a model that says what it was told to say."""
    with serve(endpoint) as url:
        yield from _house(
            demo_store,
            tmp_path_factory.mktemp("scripted"),
            OPENAI_BASE_URL=url,
            RUNPLAN_PLAIN_ANSWERS="false",
            RUNPLAN_MODEL_ATTEMPTS="1",
        )


@pytest.fixture(scope="session")
def jwt_house(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service as it stands for a product's own runners: with tokens."""
    yield from _house(
        demo_store,
        tmp_path_factory.mktemp("tokens"),
        RUNPLAN_AUTH="jwt",
        RUNPLAN_JWT_SECRET=JWT_SECRET,
        RUNPLAN_JWT_ISSUER=ISSUER,
        RUNPLAN_JWT_AUDIENCE=AUDIENCE,
    )


def _house(demo_store: Path, folder: Path, **environment: str) -> Iterator[House]:
    store = folder / "house.db"
    shutil.copy(demo_store, store)
    url = f"sqlite:///{store}"
    settings = {"RUNPLAN_DATABASE_URL": url, "RUNPLAN_TODAY": TODAY.isoformat()} | environment
    database, origin = Database(url), Database(f"sqlite:///{demo_store}")
    with served(folder / "log", **settings) as service:
        yield House(service.url, database, origin)
    database.close()
    origin.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """Return a function that opens a window on a house. Nothing may go wrong in any of them.

    expects: what the browser itself logs of failures that the test makes.
    """
    allowed: list[str] = []
    with ExitStack() as stack:
        visits: list[Visit] = []

        def open_window(url: str, *, expects: tuple[str, ...] = (), **options: Any) -> Visit:
            visits.append(stack.enter_context(visiting(browser, url, **options)))
            allowed.extend(expects)
            return visits[-1]

        yield open_window
        wrong = [told for visit in visits for told in visit.wrong]
        assert [told for told in wrong if not any(word in told for word in allowed)] == []
        assert [url for visit in visits for url in visit.foreign] == []
