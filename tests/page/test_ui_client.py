"""The AI SDK's own client against the service, and the page beside it: one conversation."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from browsing import NODE_MODULES, House, Visit
from openai_server import Endpoint, calls
from playwright.sync_api import expect
from workers import LOG, TOLD

Open = Callable[..., Visit]
NODE = shutil.which("node")
SAID = (
    "Track my training",
    "Ran 7 km in 41 minutes, rpe 4",
    "Can we move Thursday's tempo to Friday?",
)


@pytest.fixture(autouse=True)
def _client() -> None:
    if NODE is None or not (NODE_MODULES / "ai").is_dir():
        pytest.skip("no Node, or no `ai` package: `npm ci --prefix tests/npm` brings it")


def talk(house: House, *texts: str, runner: str, chat: str = "chat-1", **more: Any) -> list[Any]:
    """Say each text through the SDK's transport; return what the SDK made of each answer."""
    headers = {"X-Runplan-User": runner}
    asked = {"url": house.url, "headers": headers, "id": chat, "texts": texts, **more}
    done = subprocess.run(
        [str(NODE), "talk.mjs"],
        cwd=NODE_MODULES.parent,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def parts(message: Any, kind: str) -> list[Any]:
    return [part for part in message["parts"] if part["type"] == kind]


def test_the_sdk_and_the_page_show_the_same_conversation(house: House, window: Open) -> None:
    runner = house.runner()
    told = talk(house, *SAID, runner=runner)
    assert [each["error"] for each in told] == [None] * 3
    visit = window(house.url).open(runner)
    expect(visit.turns).to_have_count(3)
    tools = []
    for n, (text, each) in enumerate(zip(SAID, told, strict=True)):
        turn, message = visit.turns.nth(n), each["message"]
        expect(turn.locator(".said")).to_contain_text(text)
        shown = turn.locator(".prose").inner_text()
        said = "".join(part["text"] for part in parts(message, "text"))
        assert plain(said) == plain(shown)
        (prompt,) = parts(message, "data-prompt")
        assert prompt["data"]["top_prompt"] == visit.top_prompt.inner_text()
        assert message["metadata"]["top_prompt"] == "Track my training"
        for call in parts(message, "dynamic-tool"):
            assert call["state"] == "output-available"
            tools.append(call["toolName"])
    assert tools == ["get_plan_summary", "log_execution", "adapt_plan"]
    cards = visit.page.locator(".turn .card h3").all_inner_texts()
    assert cards == ["Run logged as completed", "Plan changed"]
    (moved,) = parts(told[2]["message"], "dynamic-tool")
    assert moved["output"]["applied"] is True
    expect(visit.last.locator(".summary")).to_have_text(moved["output"]["change_summary"])


def plain(text: str) -> str:
    """Return the words alone: a page draws the dashes of a list as dots."""
    return " ".join(word for word in text.split() if word != "-")


def test_a_client_may_send_its_last_message_alone(house: House) -> None:
    runner = house.runner()
    whole = talk(house, *SAID, runner=runner, chat="chat-2", lastOnly=True)
    assert [each["error"] for each in whole] == [None] * 3
    texts = house.rows(
        "SELECT text FROM message WHERE user_id = :id AND role = 'user' ORDER BY created_at",
        id=runner,
    )
    assert texts == [(text,) for text in SAID]


@pytest.mark.parametrize("like", ["inactive", "active_not_entitled"])
def test_no_prompt_reaches_the_sdk_where_none_holds(house: House, like: str) -> None:
    (told,) = talk(house, "How do I breathe when I run?", runner=house.runner(like))
    (prompt,) = parts(told["message"], "data-prompt")
    assert prompt["data"] == {"top_prompt": None}
    assert parts(told["message"], "dynamic-tool") == []


def test_a_client_that_lost_its_stream_takes_it_up_again(
    scripted_house: House, endpoint: Endpoint
) -> None:
    runner = scripted_house.runner()
    endpoint.script = [LOG, TOLD]
    (first,) = talk(scripted_house, "Done today", runner=runner)
    with scripted_house.database.write(runner) as session:  # as a process that died leaves it
        session.connection().exec_driver_sql(
            "UPDATE turn SET status = 'pending', response = NULL WHERE user_id = ?", (runner,)
        )
    (again,) = talk(scripted_house, runner=runner, resume=True)
    assert again["message"]["metadata"] == first["message"]["metadata"]
    for told in (first, again):
        assert [part["text"].strip() for part in parts(told["message"], "text")] == [TOLD]
    done = scripted_house.rows("SELECT count(*) FROM execution WHERE user_id = :id", id=runner)
    assert done == [(1,)]
    (nothing,) = talk(scripted_house, runner=runner, resume=True)
    assert nothing == {"message": None, "error": None}


def test_errors_in_front_of_the_stream_reach_the_sdk(house: House) -> None:
    (nobody,) = talk(house, "hi", runner="nobody")
    assert json.loads(nobody["error"])["status"] == 404
    (empty,) = talk(house, "  ", runner=house.runner())
    assert json.loads(empty["error"])["detail"].startswith("the message is empty")
    (off,) = talk(house, "hi", runner=house.runner(), chat="a/b")
    assert json.loads(off["error"])["status"] == 422


def test_an_error_in_the_stream_reaches_the_sdk_and_the_page(
    scripted_house: House, window: Open, endpoint: Endpoint
) -> None:
    gone = (400, {}, {"error": {"message": "no"}})
    runner = scripted_house.runner()
    endpoint.script = [calls(("get_plan_summary", {})), gone]
    (told,) = talk(scripted_house, "What is next?", runner=runner)
    assert "your message is kept" in told["error"]
    assert [call["toolName"] for call in parts(told["message"], "dynamic-tool")] == [
        "get_plan_summary"
    ]
    endpoint.script = [calls(("get_plan_summary", {})), gone]
    visit = window(scripted_house.url).open(scripted_house.runner())
    visit.message.fill("What is next?")
    visit.message.press("Enter")
    expect(visit.last.locator(".card-error")).to_contain_text(
        "Your message is kept, and counts once"
    )
    endpoint.script = ["Have a look at your plan."]
    visit.page.get_by_role("button", name="Try again").click()
    expect(visit.answered(0).locator(".prose")).to_have_text("Have a look at your plan.")


def test_a_tool_that_refuses_is_a_tool_error_for_the_sdk(
    scripted_house: House, endpoint: Endpoint
) -> None:
    move = ("adapt_plan", {"kind": "move", "date": "2020-01-01", "to_date": "2020-01-02"})
    endpoint.script = [calls(move), "That could not be done."]
    (told,) = talk(scripted_house, "Move it", runner=scripted_house.runner())
    (call,) = parts(told["message"], "dynamic-tool")
    assert call["state"] == "output-error"
    assert call["errorText"]
