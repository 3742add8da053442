"""Plan files are read strictly, completed by the engine, and refused where they break a limit."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.demo import DEMO_FILES, DemoMissing, load_demo
from assistant.plan_files import PlanFileInvalid, read_plan_file, store_plan_file
from storage.database import Database
from storage.plans import load_plan

NOW = dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)


def demo_file() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEMO_FILES / "demo.json").read_text())
    return found


def store(database: Database, content: dict[str, Any], folder: Path) -> None:
    path = folder / "plan.json"
    path.write_text(json.dumps(content))
    store_plan_file(database, read_plan_file(path), now=NOW)


def test_days_that_are_not_named_are_rest_and_later_weeks_are_built(demo: Database) -> None:
    with demo.read() as session:
        plan = load_plan(session, "demo")
    first = [w.type.value for w in plan.weeks[0].workouts]
    assert first == ["rest", "easy", "rest", "tempo", "rest", "rest", "long"]
    assert plan.weeks[0].target_volume_km == pytest.approx(28.57)
    assert len(plan.weeks) == 15
    assert plan.weeks[-1].workouts[-1].scheduled_date == dt.date(2026, 5, 18)


def test_a_known_runner_keeps_the_profile_and_gets_the_plan(demo: Database, tmp_path: Path) -> None:
    content = demo_file()
    content["user"]["name"] = "Another name"
    content["plan"]["id"] = "plan_999"
    for workout in content["plan"]["weeks"][0]["workouts"]:
        workout["id"] += "x"
    store(demo, content, tmp_path)
    with demo.read() as session:
        assert load_plan(session, "demo").id == "plan_999"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.update(format="other/1"), "format"),
        (lambda c: c.update(extra=1), "extra"),
        (lambda c: c["user"].update(experience_level="expert"), "user.experience_level"),
        (lambda c: c["plan"].update(goal_date="soon"), "plan.goal_date"),
        (lambda c: c["plan"].update(goal_date="2026-02-09"), "can't be taken"),
        (
            lambda c: c["plan"]["weeks"][0]["workouts"][0].update(
                type="tempo", scheduled_date="2026-02-11"
            ),
            "can't be taken",
        ),
    ],
)
def test_a_bad_file_is_refused_by_place_and_nothing_is_stored(
    database: Database, tmp_path: Path, change: Any, says: str
) -> None:
    content = demo_file()
    change(content)
    with pytest.raises(PlanFileInvalid) as caught:
        store(database, content, tmp_path)
    assert says in str(caught.value)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(PlanFileInvalid, match=r"x\.json"):
        read_plan_file(path)


def test_a_folder_without_demo_runners_is_said(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DemoMissing, match="no demo runners"):
        load_demo(database, NOW, folder=tmp_path)
