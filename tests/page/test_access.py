"""The page by keyboard alone, on a small phone, in the dark, and for a screen reader."""

from collections.abc import Callable
from typing import Any

import pytest
from browsing import NODE_MODULES, House, Visit
from playwright.sync_api import expect

Open = Callable[..., Visit]
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
}
MOVE = "Can we move Thursday's tempo to Friday?"


def violations(visit: Visit) -> list[str]:
    """Return what axe finds that is serious or critical, with the elements."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: `npm ci --prefix tests/npm` brings it")
    if not visit.page.evaluate("() => 'axe' in window"):
        visit.page.evaluate(AXE.read_text())
    found = visit.page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def fits(visit: Visit) -> bool:
    """Whether nothing is wider than the window."""
    return bool(
        visit.page.evaluate(
            """() => document.documentElement.scrollWidth <= innerWidth
                && [...document.querySelectorAll("#log, #plan")].every(
                    (each) => each.scrollWidth <= each.clientWidth + 1)"""
        )
    )


def test_the_first_minute_by_keyboard_alone(house: House, window: Open) -> None:
    visit = window(house.url, is_mobile=True, has_touch=True).open(
        house.runner()
    )  # where nothing has the focus
    page = visit.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the message box")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(visit.message).to_be_focused()
    page.keyboard.type("Ran 7 km in 41 minutes,")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("rpe 4")
    page.keyboard.press("Enter")
    visit.answered(0)
    expect(visit.message).to_be_focused()
    page.keyboard.type(MOVE)
    page.keyboard.press("Enter")
    changed = visit.answered(1)
    undo = changed.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    for _ in range(3):  # back from the message box: undo is the last thing in the conversation
        page.keyboard.press("Shift+Tab")
        if undo.evaluate("(node) => node === document.activeElement"):
            break
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    visit.answered(2)


def test_the_calendar_is_one_stop_and_arrows_walk_it(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    page, plan = visit.page, visit.plan
    grid = plan.get_by_role("grid")
    expect(grid.locator("button[tabindex='0']")).to_have_count(1)
    grid.locator("button[tabindex='0']").focus()
    expect(grid.get_by_label("Tue, Feb 10, 40 min easy")).to_be_focused()
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    tempo = grid.get_by_label("Thu, Feb 12, Tempo 3 x 8 min")
    expect(tempo).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Tempo 3 x 8 min")
    expect(dialog.get_by_role("definition")).to_have_text(
        ["12 min easy", "3 × 8 min at tempo effort, 2 min easy between", "10 min easy"]
    )
    expect(dialog.locator(".block")).to_have_count(7)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(tempo).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(grid.get_by_label("Thu, Feb 19")).to_be_focused()
    page.keyboard.press("Home")
    expect(grid.get_by_label("Mon, Feb 16")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    expect(grid.get_by_label("Mon, May 18")).to_be_focused()


def test_a_screen_reader_finds_its_way(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    visit.say("Ran 7 km in 41 minutes, rpe 4")
    visit.say(MOVE)
    page = visit.page
    expect(page.get_by_role("log", name="Conversation")).to_be_visible()
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("complementary", name="Your plan")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message to your coach")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(visit.last).to_contain_text("You: ")
    volumes = visit.plan.get_by_role("table", name="Planned and done volume by week")
    expect(volumes.get_by_role("row").nth(1)).to_contain_text("Feb 928.6 km7 km, 1 run")
    nameless = page.locator("button, select, input, textarea").evaluate_all(
        "(all) => all.filter((each) => !(each.getAttribute('aria-label') || each.labels?.length"
        " || each.textContent.trim())).map((each) => each.outerHTML)"
    )
    assert nameless == []


@pytest.mark.parametrize(("scheme", "device"), [("light", "desktop"), ("dark", "phone")])
def test_axe_finds_nothing_serious_in_any_state(
    house: House, window: Open, scheme: str, device: str
) -> None:
    shape = PHONE if device == "phone" else {}
    visit = window(house.url, color_scheme=scheme, **shape).open(house.runner())
    assert violations(visit) == []
    visit.say("Ran 7 km in 41 minutes, rpe 4")
    visit.say(MOVE)
    visit.say("I want to train for a full marathon instead, on 2026-06-21")
    assert violations(visit) == []
    assert fits(visit)
    if device == "phone":
        visit.page.get_by_role("button", name="Plan", exact=True).click()
        assert violations(visit) == []
        assert fits(visit)
    visit.plan.locator(".changes summary").first.click()
    visit.plan.locator(".receipt summary").first.click()
    assert violations(visit) == []
    visit.plan.locator(".week button").nth(4).click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    assert violations(visit) == []


def test_what_is_pressed_on_a_phone_is_large_enough(house: House, window: Open) -> None:
    visit = window(house.url, **PHONE).open(house.runner())
    visit.say(MOVE)
    small = visit.page.locator("button:visible, select:visible, textarea:visible").evaluate_all(
        "(all) => all.map((each) => [each.textContent, each.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"
    )
    assert small == []  # WCAG 2.2, 2.5.8


def test_the_page_follows_the_colours_that_are_preferred(house: House, window: Open) -> None:
    runner = house.runner()
    grounds = []
    for scheme in ("light", "dark"):
        visit = window(house.url, color_scheme=scheme).open(runner)
        grounds.append(visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(250, 248, 245)", "rgb(19, 22, 21)"]


def test_the_states_that_tell_of_trouble_are_accessible_too(
    house: House, jwt_house: House, window: Open
) -> None:
    visit = window(jwt_house.url, expects=("401",)).open(ready=False)
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert violations(visit) == []
    away = window(house.url, expects=("404", "ERR_"), color_scheme="dark")
    away.open("nobody", ready=False)
    expect(away.page.get_by_role("button", name="Open the demo runner")).to_be_visible()
    away.page.context.set_offline(True)
    expect(away.page.get_by_role("status")).to_be_visible()
    assert violations(away) == []
