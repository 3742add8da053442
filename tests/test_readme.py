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


def test_every_setting_is_in_the_readme() -> None:
    own = {name for name in Settings.model_fields if not name.startswith("openai")}
    untold = {name for name in own if f"RUNPLAN_{name.upper()}" not in README}
    assert untold == {"auth", "max_message_chars", "max_body_bytes"}


def test_every_make_target_that_is_told_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`make (\w+)`", README)):
        assert re.search(rf"^{target}:", makefile, re.M), target


@pytest.mark.skipif(shutil.which("bash") is None, reason="the README's shell lines need bash")
def test_the_piped_chat_prints_one_object_a_message(tmp_path: Path) -> None:
    line = next(line for line in README.splitlines() if line.startswith("printf"))
    arguments = re.search(r'ARGS="(.*?)"', line)
    assert arguments is not None
    printed = line.partition("|")[0]
    command = f"runplan demo --quiet && {printed} | runplan chat {arguments[1]}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env={"PATH": f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    replies = [json.loads(text) for text in done.stdout.splitlines()]
    assert [reply["actions"][0]["tool"] for reply in replies] == [
        "get_plan_summary",
        "log_execution",
    ]


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
