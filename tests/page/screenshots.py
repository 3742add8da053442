"""The pictures of the documentation, taken of the real thing: `make screenshots`.

`python -m tests.page.screenshots FOLDER` serves the demo runners, talks to the page in Chromium and
to the REPL in tmux, and writes PNG files. It needs both programs; Debian's packages will do.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from browsing import CHROMIUM, TODAY, Visit, visiting  # noqa: E402
from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402
from rich.color import ColorType  # noqa: E402
from rich.style import Style  # noqa: E402
from rich.text import Text  # noqa: E402
from served import served  # noqa: E402

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 880}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
RUN = "Ran 7 km in 41 minutes, effort 4, felt heavy at first"
MOVE = "Can we move Thursday's tempo to Friday?"
TYPED = ("what's on this week?", "40 min easy done, hr 142, rpe 3", MOVE, "/week")
NAMED = {1: "#c94f4f", 2: "#6bcbb7", 3: "#d9b26a", 4: "#7aa6da", 5: "#b99bd8", 6: "#6bcbb7"}
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px; background: #e9e5de; }}
pre {{ display: inline-block; margin: 0; padding: 22px 26px; border-radius: 12px;
  background: #131615; color: #dedbd5; font: 15px/1.5 "DejaVu Sans Mono", monospace; }}
</style><pre>{}</pre>"""


def main(folder: Path) -> None:
    """Take all pictures."""
    missing = [name for name in ("chromium", "tmux") if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"no {' and no '.join(missing)} on this machine: the pictures need both")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        store = f"sqlite:///{place}/demo.db"
        settings = {"RUNPLAN_DATABASE_URL": store, "RUNPLAN_TODAY": TODAY.isoformat()}
        command = [sys.executable, "-m", "assistant.cli"]
        environment = os.environ | settings | {"PYTHONPATH": str(ROOT)}
        subprocess.run([*command, "demo", "--quiet"], env=environment, check=True)
        with served(Path(place) / "log", **settings) as service:
            page_pictures(browser, service.url, folder)
        second = environment | {"RUNPLAN_DATABASE_URL": f"sqlite:///{place}/repl.db"}
        subprocess.run([*command, "demo", "--quiet"], env=second, check=True)
        shown = talk_in_tmux([*command, "chat", "--user", "demo"], Path(place), second, TYPED)
        page = browser.new_page(viewport={"width": 1200, "height": 700})
        page.set_content(TERMINAL.format(to_html(shown)))
        page.locator("pre").screenshot(path=folder / "repl.png")
        browser.close()


def page_pictures(browser: Browser, url: str, folder: Path) -> None:
    """Take the pictures of the page."""

    @contextmanager
    def window(name: str, **options: Any) -> Iterator[Visit]:
        with visiting(browser, url, **options) as visit:
            yield visit
            visit.page.wait_for_timeout(150)
            visit.page.screenshot(path=folder / f"{name}.png")

    with window("empty", **DESKTOP) as visit:
        visit.open("noplan")
    with window("desktop", **DESKTOP) as visit:
        visit.open("demo").say(RUN)
        visit.say(MOVE)
    with window("dark", color_scheme="dark", **DESKTOP) as visit:
        visit.open("demo").say("I want to train for a full marathon instead, on 2026-06-21")
    with window("workout", **DESKTOP) as visit:
        visit.open("demo").plan.locator(".week button").nth(4).click()
    with window("phone", **PHONE) as visit:
        visit.open("demo").say("no")
        visit.say("What if I skip Sunday?")
    with window("phone-plan", color_scheme="dark", **PHONE) as visit:
        visit.open("demo").page.get_by_role("button", name="Plan", exact=True).click()
    with window("error", **DESKTOP) as visit:
        visit.page.route("**/chat", lambda route: route.abort())
        visit.open("demo", ready=False)
        expect(visit.page.get_by_role("button", name="Try again")).to_be_visible()
    with window("offline", **PHONE) as visit:
        visit.open("demo").page.context.set_offline(True)
        visit.message.fill("Ran 5 km easy this morning")
        visit.page.get_by_role("button", name="Send").click()
        expect(visit.page.get_by_role("status")).to_be_visible()


def talk_in_tmux(
    command: list[str], place: Path, environment: dict[str, str], lines: tuple[str, ...]
) -> str:
    """Type lines at the REPL in a terminal of 100 columns; return what it shows, with colours."""
    tmux = ["tmux", "-S", str(place / "tmux"), "-f", "/dev/null"]
    size = ["-x", "100", "-y", "60"]
    kept = {name: value for name, value in environment.items() if name != "TMUX"}
    subprocess.run([*tmux, "new-session", "-d", *size, *command], env=kept, check=True, cwd=place)
    try:
        seen = _settled(tmux)
        for line in lines:
            subprocess.run([*tmux, "send-keys", "-l", line], check=True)
            subprocess.run([*tmux, "send-keys", "Enter"], check=True)
            seen = _settled(tmux, seen)
        return seen.rstrip()
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def _settled(tmux: list[str], before: str = "") -> str:
    """Return the screen once it shows a new prompt and stands still."""
    seen, still = "", 0
    for _ in range(300):
        capture = [*tmux, "capture-pane", "-p", "-e"]
        now = subprocess.run(capture, capture_output=True, text=True, check=True).stdout
        still = still + 1 if now == seen and now != before and now.strip() else 0
        if still > 6:
            return now
        seen = now
        time.sleep(0.1)
    raise SystemExit("the terminal never stood still")


def to_html(screen: str) -> str:
    """Return a terminal's screen as HTML text."""
    text = Text.from_ansi(screen)
    return "".join(_span(str(each.text), each.style) for each in text.render(_console()))


def _console() -> Any:
    from rich.console import Console

    return Console(width=100, force_terminal=True)


def _span(text: str, style: Style | None) -> str:
    rules = []
    if style is not None:
        if style.bold:
            rules.append("font-weight:700")
        if style.dim:
            rules.append("opacity:.65")
        color = style.color
        if color is not None and color.type is not ColorType.DEFAULT:
            rules.append(f"color:{NAMED.get((color.number or 0) % 8, '#dedbd5')}")
    return f'<span style="{";".join(rules)}">{escape(text)}</span>' if rules else escape(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
