"""GET /plan: the plan as a page shows it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.settings import load_settings
from assistant.web.app import build_app
from storage.database import Database

TUESDAY = dt.date(2026, 2, 10)
pytestmark = pytest.mark.both_stores


@pytest.fixture
def client(demo: Database) -> Iterator[TestClient]:
    app = build_app(load_settings(today=TUESDAY), demo)
    with TestClient(app, base_url="http://127.0.0.1") as found:
        yield found


def plan(client: TestClient, user: str = "demo") -> Any:
    answer = client.get("/plan", headers={"X-Runplan-User": user})
    assert answer.status_code == 200
    return answer.json()


def say(client: TestClient, text: str) -> Any:
    answer = client.post("/chat", json={"message": text, "conversation_id": "conv_1"})
    assert answer.status_code == 200
    return answer.json()


def days(body: Any) -> dict[str, Any]:
    return {day["date"]: day for week in body["plan"]["weeks"] for day in week["days"]}


def test_the_plan_reaches_from_its_first_day_to_the_race(client: TestClient) -> None:
    body = plan(client)
    assert body["plan"]["goal_date"] == "2026-05-18"
    assert max(days(body)) == "2026-05-18"
    phases = [week["phase"] for week in body["plan"]["weeks"]]
    assert list(dict.fromkeys(phases)) == ["build", "peak", "taper"]
    assert (body["today"], body["top_prompt"], body["hold"]) == (
        "2026-02-10",
        "Track my training",
        None,
    )


def test_a_workouts_steps_are_its_warmup_main_and_cooldown(client: TestClient) -> None:
    tempo = days(plan(client))["2026-02-12"]
    assert [step["part"] for step in tempo["steps"]] == ["warmup", "main", "cooldown"]
    main = tempo["steps"][1]
    assert (main["repeats"], main["minutes"], main["zone"]) == (3, 8, "threshold")
    assert tempo["effort"] == "RPE 6-7"
    rest = days(plan(client))["2026-02-11"]
    assert (rest["type"], rest["steps"], rest["run"]) == ("rest", [], None)


def test_a_logged_run_stands_on_its_day_and_in_its_week(client: TestClient) -> None:
    say(client, "Ran 7 km in 41 minutes, rpe 4")
    body = plan(client)
    assert days(body)["2026-02-10"]["run"] == {
        "status": "completed",
        "distance_km": 7,
        "duration_minutes": 41,
        "rpe": 4,
        "adherence": 100,
    }
    first, *later = body["plan"]["weeks"]
    assert (first["done_km"], first["done_runs"]) == (7, 1)
    assert {week["done_km"] for week in later} == {0}


def test_the_changes_say_which_one_an_undo_would_take_back(client: TestClient) -> None:
    assert plan(client)["plan"]["changes"] == []
    say(client, "Can we move Thursday's tempo to Friday?")
    (moved,) = plan(client)["plan"]["changes"]
    assert (moved["kind"], moved["version"]) == ("move", 2)
    assert (moved["undoable"], moved["undone"]) == (True, False)
    assert moved["receipt"]["passed"] is True
    assert {change["after"]["date"] for change in moved["changes"]} == {"2026-02-12", "2026-02-13"}
    say(client, "undo that")
    back, moved = plan(client)["plan"]["changes"]
    assert (back["kind"], back["undoable"], moved["undoable"]) == ("undo", False, False)
    assert moved["undone"] is True


def test_a_safety_hold_is_told(client: TestClient) -> None:
    say(client, "I have chest pain when I run")
    hold = plan(client)["hold"]
    assert (hold["since"], hold["pauses"]) == ("2026-02-10", "plan")


@pytest.mark.parametrize(
    ("user", "prompt"),
    [("noplan", "Track my training"), ("inactive", None), ("active_not_entitled", None)],
)
def test_no_plan_is_shown_where_there_is_none_or_it_is_not_theirs(
    client: TestClient, user: str, prompt: str | None
) -> None:
    body = plan(client, user)
    assert (body["plan"], body["top_prompt"]) == (None, prompt)


def test_an_unknown_runner_is_told_so(client: TestClient) -> None:
    answer = client.get("/plan", headers={"X-Runplan-User": "nobody"})
    assert answer.status_code == 404
