"""A real browser on the real page, and a house that serves it: runners of a test's own."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from holdings import copy_runner
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from storage.database import Database
from storage.ids import new_id

TODAY = dt.date(2026, 2, 10)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE_MODULES = Path(__file__).parents[1] / "npm" / "node_modules"
expect.set_options(timeout=15_000)


@dataclass(frozen=True, slots=True)
class House:
    """A running service and its store, seen from outside. origin: the demo runners, untouched."""

    url: str
    database: Database
    origin: Database

    def runner(self, like: str = "demo") -> str:
        """Make a runner of the test's own, like one of the demo runners."""
        made = new_id("runner")
        copy_runner(self.origin, like, self.database, made)
        return made

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Return what the store holds."""
        with self.database.read() as session:
            return [tuple(row) for row in session.connection().execute(sa.text(statement), values)]


@dataclass(slots=True)
class Visit:
    """One page of one runner, and all that went wrong on it."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, runner: str | None = None, *, ready: bool = True) -> "Visit":
        """Go to the page, as a runner. ready: wait until the conversation is there."""
        self.page.goto(self.url + (f"/?runner={runner}" if runner else "/"))
        if ready:
            self.ready()
        return self

    def ready(self) -> None:
        """Wait until the conversation is there."""
        expect(self.page.locator("#log")).to_have_attribute("aria-busy", "false")

    @property
    def message(self) -> Locator:
        """The message box."""
        return self.page.get_by_label("Message to your coach")

    @property
    def turns(self) -> Locator:
        """The turns of the conversation."""
        return self.page.locator(".turn")

    @property
    def last(self) -> Locator:
        """The last turn."""
        return self.turns.last

    @property
    def top_prompt(self) -> Locator:
        """The chip at the top of the chat."""
        return self.page.locator("#top-prompt")

    @property
    def plan(self) -> Locator:
        """The plan beside the chat."""
        return self.page.get_by_label("Your plan", exact=True)

    def say(self, text: str) -> Locator:
        """Send a message by keyboard and wait for its reply; return the turn."""
        before = self.turns.count()
        self.message.fill(text)
        self.message.press("Enter")
        return self.answered(before)

    def answered(self, before: int) -> Locator:
        """Wait for the reply of the turn after so many; return it."""
        turn = self.turns.nth(before)
        expect(turn.locator(".reply")).to_have_attribute("aria-busy", "false")
        expect(self.page.locator("#send")).to_be_enabled()
        return turn


@contextmanager
def visiting(browser: Browser, url: str, **options: Any) -> Iterator[Visit]:
    """Open a window of its own; what went wrong in it is what `Visit.wrong` names at the end."""
    context = browser.new_context(base_url=url, **options)
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), url)

    def told(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.wrong.append(f"console: {message.text}")

    visit.page.on("console", told)
    visit.page.on("pageerror", lambda error: visit.wrong.append(f"error: {error}"))
    visit.page.on("dialog", lambda dialog: visit.wrong.append(f"dialog: {dialog.message}"))
    visit.page.on("request", lambda request: _note(visit, request.url))
    yield visit
    context.close()


def _note(visit: Visit, url: str) -> None:
    if not url.startswith((f"{visit.url}/", "data:")):
        visit.foreign.append(url)
