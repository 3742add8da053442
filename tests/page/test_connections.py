"""A lost connection, a reload in the middle, a service that says no: nothing is said twice."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import pytest
from browsing import House, Visit
from credentials import token
from cutting import Wire, wire_to
from openai_server import Endpoint, chunk, streamed
from playwright.sync_api import expect
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from workers import LOG, TOLD, HeldEndpoint

Open = Callable[..., Visit]
LOST = ("ERR_", "Failed to load resource")
DONE = "Done today, easy"
HALF = "Well done."


@pytest.fixture
def held(endpoint: Any) -> Iterator[HeldEndpoint]:
    """A model that holds its first answer back: the moment in which connections are lost."""
    holding = HeldEndpoint(LOG, TOLD)
    endpoint.stand_in = holding
    yield holding
    holding.released.set()
    endpoint.stand_in = None


@pytest.fixture
def wire(scripted_house: House) -> Iterator[Wire]:
    with wire_to(scripted_house.url) as laid:
        yield laid


class HalfSaid(HeldEndpoint):
    """Logs the day's run, says half of its reply, and holds the rest back."""

    async def answer(self, request: Request) -> Response:
        """Answer one request, the second one in two halves."""
        if (await request.json())["messages"][-1]["role"] != "tool":
            return Response(streamed(LOG), media_type="text/event-stream")
        return StreamingResponse(self._halves(), media_type="text/event-stream")

    async def _halves(self) -> AsyncIterator[bytes]:
        yield chunk({"role": "assistant", "content": f"{HALF} And "})
        self.asked.set()
        await anyio.to_thread.run_sync(self.released.wait, 60)
        yield chunk({"content": "so on."})
        yield chunk({}, "stop") + b"data: [DONE]\n\n"


def begin(visit: Visit, held: HeldEndpoint, text: str = DONE) -> None:
    """Send a message and wait until the model works on it."""
    visit.message.fill(text)
    visit.message.press("Enter")
    assert held.asked.wait(20)


def stored(house: House, runner: str) -> list[tuple[int, int]]:
    return house.rows(
        "SELECT (SELECT count(*) FROM turn WHERE user_id = :id),"
        " (SELECT count(*) FROM execution WHERE user_id = :id)",
        id=runner,
    )


def test_a_connection_lost_in_the_middle_is_taken_up_again_and_counts_once(
    scripted_house: House, window: Open, endpoint: Any, wire: Wire
) -> None:
    runner = scripted_house.runner()
    visit = window(wire.url, expects=LOST).open(runner)
    endpoint.stand_in = held = HalfSaid()
    begin(visit, held)
    expect(visit.last.locator(".prose")).to_have_text(HALF)
    wire.cut()
    expect(visit.last.locator(".doing")).to_contain_text("Connecting again")
    held.released.set()
    expect(visit.answered(0).locator(".prose")).to_have_text(f"{HALF} And so on.")
    endpoint.stand_in = None
    expect(visit.turns).to_have_count(1)
    assert stored(scripted_house, runner) == [(1, 1)]


def test_a_reload_in_the_middle_finds_the_same_message_and_its_reply(
    scripted_house: House, window: Open, held: HeldEndpoint
) -> None:
    runner = scripted_house.runner()
    visit = window(scripted_house.url, expects=LOST).open(runner)
    begin(visit, held)
    visit.page.reload()
    visit.ready()
    expect(visit.last.locator(".said")).to_contain_text(DONE)
    held.released.set()
    expect(visit.answered(0).locator(".prose")).to_have_text(TOLD)
    expect(visit.turns).to_have_count(1)
    assert stored(scripted_house, runner) == [(1, 1)]


def test_a_message_sent_offline_waits_and_goes_out_once(house: House, window: Open) -> None:
    runner = house.runner()
    visit = window(house.url, expects=LOST).open(runner)
    visit.page.context.set_offline(True)
    expect(visit.page.get_by_role("status")).to_contain_text("You are offline")
    visit.message.fill("Ran 7 km in 41 minutes, rpe 4")
    visit.message.press("Enter")
    expect(visit.last.locator(".said")).to_contain_text("Ran 7 km")
    expect(visit.last.locator(".doing")).to_contain_text("Waiting for a connection")
    expect(visit.page.get_by_role("status")).to_contain_text("You are offline")
    assert stored(house, runner) == [(0, 0)]
    visit.page.context.set_offline(False)
    visit.answered(0)
    expect(visit.page.locator("#notice")).to_be_hidden()
    assert stored(house, runner) == [(1, 1)]


def test_a_browser_without_a_network_still_talks_to_its_own_machine(
    house: House, window: Open
) -> None:
    visit = window(house.url)
    visit.page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    with visit.page.expect_response("**/healthz"):
        visit.open(house.runner())
    visit.say("Ran 7 km in 41 minutes, rpe 4")
    expect(visit.page.locator("#notice")).to_be_hidden()


def test_a_model_that_is_away_leaves_the_message_to_be_sent_again_once(
    scripted_house: House, window: Open, endpoint: Endpoint
) -> None:
    endpoint.script = [(400, {}, {"error": {"message": "no"}})]
    runner = scripted_house.runner()
    visit = window(scripted_house.url, expects=("503",)).open(runner)
    visit.message.fill("hello")
    visit.message.press("Enter")
    expect(visit.page.get_by_role("status")).to_contain_text("Trying again soon")
    endpoint.script = ["Hello there."]
    visit.page.reload()
    visit.ready()
    expect(visit.answered(0).locator(".prose")).to_have_text("Hello there.")
    assert stored(scripted_house, runner) == [(1, 0)]


def test_a_turn_that_was_never_answered_can_be_asked_again(house: House, window: Open) -> None:
    runner = house.runner()
    window(house.url).open(runner).say("Ran 7 km in 41 minutes, rpe 4")
    with house.database.write(runner) as session:
        session.connection().exec_driver_sql(
            "UPDATE turn SET status = 'failed', response = NULL WHERE user_id = ?", (runner,)
        )
    visit = window(house.url).open(runner)
    visit.page.get_by_role("button", name="Ask again").click()
    expect(visit.answered(0).locator(".reply")).to_contain_text("Logged for Tuesday")
    assert stored(house, runner) == [(1, 1)]


def test_a_message_that_is_refused_comes_back_to_be_edited(house: House, window: Open) -> None:
    visit = window(house.url, expects=("422",)).open(house.runner())
    visit.message.fill("far too long " * 400)
    visit.message.press("Enter")
    expect(visit.last).to_contain_text("up to 4000 can be taken")
    visit.page.get_by_role("button", name="Edit the message").click()
    expect(visit.turns).to_have_count(0)
    expect(visit.message).to_have_value(re.compile("^far too long"))
    visit.say("hello")
    expect(visit.turns).to_have_count(1)


def test_a_service_that_is_away_is_told_and_tried_again(house: House, window: Open) -> None:
    with wire_to(house.url) as wire:
        visit = window(wire.url, expects=LOST).open(house.runner())
        visit.page.route("**/chat", lambda route: route.abort())
        visit.page.evaluate(
            "() => document.querySelector('#runner').dispatchEvent(new Event('change'))"
        )
        heading = visit.page.get_by_role("heading", name="Your coach can’t be reached")
        expect(heading).to_be_visible()
        visit.page.unroute("**/chat")
        visit.page.get_by_role("button", name="Try again").click()
        visit.ready()
        expect(heading).to_be_hidden()


def test_where_tokens_are_asked_for_the_page_takes_one_and_keeps_it_in_its_tab(
    jwt_house: House, window: Open
) -> None:
    visit = window(jwt_house.url, expects=("401",)).open(ready=False)
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(visit.message).to_be_hidden()
    box = visit.page.get_by_label("Access token")
    box.fill("of.no.use")
    box.press("Enter")
    expect(visit.page.get_by_role("alert")).to_contain_text("not accepted")
    box.fill(token(sub="demo"))
    box.press("Enter")
    expect(visit.top_prompt).to_be_visible()
    expect(visit.page.get_by_label("Runner")).to_be_hidden()
    visit.say("What is next?")
    visit.page.reload()
    visit.ready()
    expect(visit.turns).to_have_count(1)
    assert visit.page.evaluate("() => [localStorage.length, document.cookie]") == [0, ""]
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(visit.turns).to_have_count(0)


def test_where_no_token_would_help_none_is_asked_for(house: House, window: Open) -> None:
    visit = window(house.url, expects=("401",))
    refusal = {
        "status": 401,
        "headers": {"WWW-Authenticate": 'Webhook-Signature realm="runplan"'},
        "content_type": "application/problem+json",
        "body": '{"detail": "bring a valid signature"}',
    }
    visit.page.route("**/chat", lambda route: route.fulfill(**refusal))
    visit.open(ready=False)
    told = visit.page.get_by_role("log")
    expect(told).to_contain_text("bring a valid signature")
    expect(visit.page.get_by_label("Access token")).to_be_hidden()


def test_a_token_that_ran_out_is_asked_for_again_and_the_message_goes_out_once(
    jwt_house: House, window: Open
) -> None:
    runner = jwt_house.runner()
    visit = window(jwt_house.url, expects=("401",)).open(ready=False)
    visit.page.get_by_label("Access token").fill(token(sub=runner))
    visit.page.get_by_label("Access token").press("Enter")
    expect(visit.top_prompt).to_be_visible()
    visit.page.evaluate("() => sessionStorage.setItem('runplan.token', 'an.old.one')")
    visit.message.fill("Ran 7 km in 41 minutes, rpe 4")
    visit.message.press("Enter")
    expect(visit.page.get_by_role("alert")).to_contain_text("Sign in again")
    visit.page.get_by_label("Access token").fill(token(sub=runner))
    visit.page.get_by_label("Access token").press("Enter")
    expect(visit.answered(0).locator(".reply")).to_contain_text("Logged for Tuesday")
    assert stored(jwt_house, runner) == [(1, 1)]
