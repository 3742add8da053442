"""What the README shows is what happens."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fakes import ScriptedModel
from starlette.testclient import TestClient
from wiring import NOW, TODAY

from assistant.coach import Coach
from assistant.settings import Settings, load_settings
from assistant.web.app import build_app
from storage.database import Database

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
NEEDS_BASH = pytest.mark.skipif(
    shutil.which("bash") is None, reason="the README's shell lines need bash"
)


def test_every_setting_is_in_the_readme() -> None:
    own = {name for name in Settings.model_fields if not name.startswith("openai")}
    untold = {name for name in own if f"RUNPLAN_{name.upper()}" not in README}
    assert untold == {"auth", "max_message_chars", "max_body_bytes"}


def test_every_make_target_that_is_told_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`make (\w+)`", README)):
        assert re.search(rf"^{target}:", makefile, re.M), target


def chat_as_told(number: int, folder: Path) -> list[str]:
    """Run the README's piped chat of this number over a new store; return what it prints."""
    line = [line for line in README.splitlines() if line.startswith("printf")][number]
    arguments = re.search(r'ARGS="(.*?)"', line)
    assert arguments is not None
    printed = line.partition("|")[0]
    command = f"runplan demo --quiet && {printed} | runplan chat {arguments[1]}"
    path = f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


@NEEDS_BASH
def test_the_piped_chat_prints_one_object_a_message(tmp_path: Path) -> None:
    replies = [json.loads(text) for text in chat_as_told(0, tmp_path)]
    assert [reply["actions"][0]["tool"] for reply in replies] == [
        "get_plan_summary",
        "log_execution",
    ]


@NEEDS_BASH
def test_a_what_if_shows_its_options_and_the_next_message_takes_one(tmp_path: Path) -> None:
    lines = chat_as_told(1, tmp_path)
    offered = [line.strip() for line in lines if line.strip().startswith("option ")]
    assert [line.partition(":")[0] for line in offered] == ["option 1", "option 2", "option 3"]
    shorter = offered[2].partition(": ")[2]
    assert shorter in lines[lines.index("  1 / 2 / 3 / none?") :]
    assert lines[-1].strip() == "plan version 2"


def test_the_http_example_gives_the_keys_that_are_told(demo: Database) -> None:
    settings = load_settings(today=TODAY)
    coach = Coach(demo, ScriptedModel("Hello."), clock=lambda: NOW, today=TODAY)
    body = re.search(r"-d '(.*?)'", README)
    assert body is not None
    with TestClient(build_app(settings, demo, coach=coach), base_url="http://127.0.0.1") as client:
        headers = {"X-Runplan-User": "demo", "Idempotency-Key": "7f3c"}
        reply = client.post("/chat", json=json.loads(body[1]), headers=headers).json()
    told = README.partition("The reply is one JSON object:")[2].partition("\n\n")[0]
    for key in reply:
        assert f"`{key}`" in told
