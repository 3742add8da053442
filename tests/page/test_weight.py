"""What the page costs: bytes, requests, and how soon it can be used.

Bounds of time are generous on purpose, since a busy machine must not fail; the figures themselves
go into the JUnit report as properties.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from browsing import House, Visit
from playwright.sync_api import expect

from storage.ids import new_id

Open = Callable[..., Visit]
READY = """() => new Promise((resolve) => {
    const ready = "#log[aria-busy=false]";
    const done = () => document.querySelector(ready) && resolve(performance.now());
    const all = {subtree: true, childList: true, attributes: true};
    new MutationObserver(done).observe(document, all);
    done();
})"""


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Return a function that puts a figure into the report."""
    return lambda name, value: request.node.user_properties.append((name, value))


def transferred(visit: Visit, act: Callable[[], Any]) -> tuple[int, int]:
    """Return how many bytes and requests something takes, headers included."""
    network = visit.page.context.new_cdp_session(visit.page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    act()
    visit.page.wait_for_load_state("networkidle")
    network.detach()
    return round(sum(sizes)), len(sizes)


def test_the_whole_first_visit_is_under_100_kb(
    house: House, window: Open, figure: Callable[[str, object], None]
) -> None:
    visit = window(house.url)
    runner = house.runner()
    size, requests = transferred(visit, lambda: visit.open(runner))
    figure("first visit, bytes", size)
    assert size < 100_000
    assert requests <= 16
    again, _ = transferred(visit, lambda: (visit.page.reload(), visit.ready()))
    figure("second visit, bytes", again)
    assert again < size * 0.8  # files that are still good are not sent again


def test_a_history_of_a_thousand_messages_opens_at_once(
    house: House, window: Open, figure: Callable[[str, object], None]
) -> None:
    runner = house.runner()
    short = window(house.url).open(runner)
    short.say("Ran 7 km in 41 minutes, rpe 4")
    fill(house, runner, 499)
    visit = window(house.url)
    visit.page.add_init_script(f"window.ready = ({READY})()")
    visit.open(runner)
    took_ms = visit.page.evaluate("() => window.ready")
    figure("1,000 messages, ms", round(took_ms))
    expect(visit.turns).to_have_count(20)
    expect(visit.last).to_be_in_viewport()
    assert took_ms < 8_000
    top = visit.turns.first
    text = top.inner_text()
    visit.page.get_by_role("button", name="Show earlier messages").click()
    expect(visit.turns).to_have_count(40)
    assert visit.turns.nth(20).inner_text() == text
    visit.say("What is next?")
    expect(visit.last).to_be_in_viewport()


def fill(house: House, runner: str, turns: int) -> None:
    """Put turns into the runner's conversation, like the one that is there."""
    with house.database.write(runner) as session:
        connection = session.connection()
        like = (
            connection.execute(sa.text("SELECT * FROM turn WHERE user_id = :id"), {"id": runner})
            .mappings()
            .one()
        )
        said = (
            connection.execute(
                sa.text("SELECT * FROM message WHERE user_id = :id AND position = 0"),
                {"id": runner},
            )
            .mappings()
            .one()
        )
        made = [new_id("turn") for _ in range(turns)]
        columns = ", ".join(like)
        connection.execute(
            sa.text(f"INSERT INTO turn ({columns}) VALUES ({', '.join(f':{c}' for c in like)})"),
            [
                {**like, "id": name, "sequence": n, "idempotency_key": name}
                | {"response": _told(like["response"], name)}
                for n, name in enumerate(made, 1)
            ],
        )
        values = ", ".join(f":{column}" for column in said)
        connection.execute(
            sa.text(f"INSERT INTO message ({', '.join(said)}) VALUES ({values})"),
            [
                {**said, "turn_id": name, "text": f"message number {n}"}
                for n, name in enumerate(made, 1)
            ],
        )


def _told(response: str, turn: str) -> str:
    return json.dumps(json.loads(response) | {"message_id": turn})


def test_what_is_typed_stands_there_at_once_and_the_page_is_soon_ready(
    house: House, window: Open, figure: Callable[[str, object], None]
) -> None:
    visit = window(house.url)
    visit.page.add_init_script(f"window.ready = ({READY})()")
    visit.open(house.runner())
    ready_ms = visit.page.evaluate("() => window.ready")
    figure("interactive, ms", round(ready_ms))
    assert ready_ms < 8_000
    visit.message.fill("Ran 7 km in 41 minutes, rpe 4")
    shown_ms = visit.page.evaluate(
        """() => new Promise((resolve) => {
            const begun = performance.now();
            const took = () => resolve(performance.now() - begun);
            new MutationObserver(() => requestAnimationFrame(took))
                .observe(document.querySelector("#log"), {childList: true});
            document.querySelector("#composer").requestSubmit();
        })"""
    )
    figure("own message on screen, ms", round(shown_ms))
    assert shown_ms < 2_000
    visit.answered(0)
