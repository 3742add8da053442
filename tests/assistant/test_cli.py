"""The command as people run it: in a process of its own, piped, with bad input."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from command import is_one_clear_line, runplan

from storage.migrations import HEAD

ROOT = Path(__file__).parents[2]
FIVE = (
    "what's on this week?\n"
    "40 min easy done, hr 142, rpe 3\n"
    "actually it was rpe 5\n"
    "I can't run Thursday, can we shift the tempo to Friday?\n"
    "undo that\n"
)
SEED = (
    "log wk_987: modified, 35 min, 6.2 km, 5:40 pace, hr 158, drift 8, cadence 168, rpe 8, "
    "soreness 4, fatigue 3, felt heavy in last 10 minutes\n"
)


DEMO = pytest.mark.usefixtures("demo_here")


@DEMO
def test_five_messages_give_five_objects_and_the_store_holds_what_was_said() -> None:
    asked = ("chat", "--user", "demo", "--today", "2026-02-10", "--json")
    done = runplan(*asked, said=FIVE, fresh=True)
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(replies) == 5
    store = sqlite3.connect("runplan.db")
    executions = "SELECT performed_on, json_extract(feedback, '$.rpe') FROM execution"
    assert store.execute(executions).fetchall() == [("2026-02-10", 5)]
    tempo = "SELECT scheduled_date FROM workout_plan WHERE id = 'wk_988'"
    assert store.execute(tempo).fetchall() == [("2026-02-12",)]
    kinds = "SELECT kind, plan_version FROM adaptation_log ORDER BY plan_version"
    assert store.execute(kinds).fetchall() == [("move", 2), ("undo", 3)]
    version = "SELECT version FROM plan WHERE id = 'plan_123'"
    assert store.execute(version).fetchall() == [(3,)]
    store.close()


@DEMO
def test_the_seeds_payloads_come_through_the_repl() -> None:
    said = f"what's next?\n{SEED}"
    done = runplan("chat", "--user", "demo", "--today", "2026-02-09", "--json", said=said)
    summary, logged = (json.loads(line)["actions"][0] for line in done.stdout.splitlines())
    assert summary["tool"] == "get_plan_summary"
    assert summary["result"]["next_workouts"][2] == {
        "date": "2026-02-15",
        "name": "Long run 75 min",
        "effort": "RPE 4-5",
    }
    assert logged["result"]["adherence_score"] == 72
    assert logged["result"]["feedback"]["notes"] == "Felt heavy in last 10 minutes"


def test_the_demo_is_loaded_once_and_left_alone() -> None:
    assert runplan("demo").stdout == "loaded active_not_entitled, demo, inactive, noplan\n"
    assert runplan("demo", "--quiet").stdout == ""
    assert "there already" in runplan("demo").stdout


@DEMO
def test_a_plan_is_shown_exported_and_imported_into_an_empty_store(tmp_path: Path) -> None:
    shown = runplan("plan", "show", "--user", "demo", "--today", "2026-02-09").stdout
    assert "plan_123: half on 2026-05-18, normal, version 1" in shown
    assert "next: Thursday 2026-02-12  Tempo 3 x 8 min  RPE 6-7" in shown
    exported = runplan("plan", "export", "--user", "demo").stdout
    Path("out.json").write_text(exported)
    other = {"RUNPLAN_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    done = runplan("plan", "import", "out.json", **other)
    assert done.stdout == "demo: plan plan_123 with 15 weeks\n"
    assert runplan("plan", "export", "--user", "demo", **other).stdout == exported


def test_the_store_is_upgraded_by_its_own_command() -> None:
    assert runplan("db", "upgrade").stdout == f"the store is at schema {HEAD}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chat", "--today", "soon"), ("'soon'", "2026-02-10")),
        (("plan", "show", "--user", "nobody"), ("no plan",)),
        (("plan", "export", "--user", "nobody"), ("'nobody'",)),
        (("plan", "import", "missing.json"), ("missing.json", "can't be read")),
        (("serve", "--host", "0.0.0.0"), ("loopback only", "0.0.0.0")),
    ],
)
def test_bad_input_is_one_clear_line(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert is_one_clear_line(runplan(*arguments), *words)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"RUNPLAN_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, ("unable to open",)),
        ({"RUNPLAN_DATABASE_URL": "nonsense"}, ("sqlite:///runplan.db",)),
        ({"RUNPLAN_TODAY": "soon"}, ("RUNPLAN_TODAY",)),
        ({"RUNPLAN_DEADLINE_S": "-1"}, ("RUNPLAN_DEADLINE_S", "greater than 0")),
        ({"RUNPLAN_AUTH": "none"}, ("RUNPLAN_AUTH",)),
    ],
)
def test_bad_settings_are_one_clear_line(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    assert is_one_clear_line(runplan("demo", **environment), *words)


@DEMO
def test_a_store_of_a_newer_version_is_left_alone() -> None:
    store = sqlite3.connect("runplan.db")
    store.execute("UPDATE alembic_version SET version_num = '9999'")
    store.commit()
    store.close()
    assert is_one_clear_line(runplan("chat", said="hi\n"), "9999", "newer")


@pytest.mark.parametrize("command", ["chat", "serve", "serve-model", "demo", "plan", "db"])
def test_every_command_explains_itself(command: str) -> None:
    done = runplan(command, "--help")
    assert done.returncode == 0
    assert "Usage:" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def test_the_rules_file_of_the_page_for_coaches_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs/training.md").read_text()
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    file = tmp_path / "rules.toml"
    file.write_text(found[1])
    done = runplan("rules", "check", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "can be used: it changes 3 of the rules' numbers or tables" in done.stdout


@DEMO
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("growth = 2", ("growth can be 1.02 to 1.1, not 2",)),
        ("growth = ", ("is not TOML",)),
        (None, ("can't be read",)),
    ],
)
def test_a_rules_file_that_cannot_be_used_stops_the_program(
    tmp_path: Path, text: str | None, words: tuple[str, ...]
) -> None:
    file = tmp_path / "rules.toml"
    if text is not None:
        file.write_text(text)
    for command in (("rules", "check", str(file)), ("plan", "show")):
        done = runplan(*command, RUNPLAN_RULES_FILE=str(file))
        assert is_one_clear_line(done, "rules.toml", *words)


def test_no_command_is_a_usage_error() -> None:
    assert runplan("dance").returncode == 2


@DEMO
def test_an_operator_looks_after_integrations() -> None:
    first = runplan("integration", "add", "acme").stdout.strip()
    assert first.startswith("whsec_")
    assert "demo is linked to acme" in runplan("integration", "link", "acme", "demo").stdout
    assert "already" in runplan("integration", "link", "acme", "demo").stdout
    second = runplan("integration", "rotate", "acme").stdout.strip()
    assert second.startswith("whsec_")
    assert second != first
    listed = runplan("integration", "list").stdout
    assert listed.startswith("acme: 1 linked; secrets: good until ")
    assert listed.endswith(" UTC, good\n")
    assert "whsec_" not in listed
    assert "no longer linked" in runplan("integration", "unlink", "acme", "demo").stdout
    assert "was not linked" in runplan("integration", "unlink", "acme", "demo").stdout
    assert runplan("integration", "remove", "acme").stdout == "acme is removed\n"
    assert runplan("integration", "list").stdout == ""


@DEMO
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "No Name"), "use up to 40 of a-z"),
        (("link", "acme", "demo"), "no integration 'acme'"),
        (("rotate", "acme"), "no integration 'acme'"),
        (("remove", "acme"), "no integration 'acme'"),
    ],
)
def test_an_integration_that_cannot_be_is_one_clear_line(
    arguments: tuple[str, ...], words: str
) -> None:
    assert is_one_clear_line(runplan("integration", *arguments), words)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"RUNPLAN_AUTH": "none"}, "RUNPLAN_AUTH: Input should be 'dev', 'jwt' or 'webhook'"),
        ({"RUNPLAN_AUTH": "dev,webhook"}, "loopback only"),
        ({"RUNPLAN_CORS_ORIGINS": "*"}, "an origin looks like"),
    ],
)
def test_a_service_that_would_be_open_does_not_start(settings: dict[str, str], words: str) -> None:
    assert is_one_clear_line(runplan("serve", "--host", "0.0.0.0", **settings), words)
