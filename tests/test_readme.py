"""What the README shows is what happens."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from credentials import SHARED, token
from fakes import ScriptedModel
from starlette.testclient import TestClient
from wiring import NOW, TODAY

from assistant.bootstrap import build_embedded_model
from assistant.coach import Coach
from assistant.scenarios.loading import load_text
from assistant.scenarios.running import play
from assistant.scenarios.stage import Stage
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
    assert untold == set()


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


def test_the_scenario_passes_as_it_is_shown() -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", README, re.S)
    loaded = load_text("README.md", text)
    assert not loaded.mistakes
    stage = Stage()
    model = build_embedded_model(streaming=False)
    [outcome] = [anyio.run(play, scenario, stage, model) for scenario in loaded.scenarios]
    stage.close()
    assert outcome.misses == ()


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
    body = re.search(r"X-Runplan-User.*?-d '(.*?)'", README, re.S)
    assert body is not None
    with TestClient(build_app(settings, demo, coach=coach), base_url="http://127.0.0.1") as client:
        headers = {"X-Runplan-User": "demo", "Idempotency-Key": "7f3c"}
        reply = client.post("/chat", json=json.loads(body[1]), headers=headers).json()
    told = README.partition("The reply is one JSON object:")[2].partition("\n\n")[0]
    for key in reply:
        assert f"`{key}`" in told


def test_the_example_with_a_token_is_answered(demo: Database) -> None:
    line = re.search(r"curl (?:(?!curl).)*Bearer \$TOKEN.*?\n```", README, re.S)
    assert line is not None
    headers = dict(re.findall(r"""-H ['"](.+?): (.+?)['"]""", line[0]))
    body = re.search(r"-d '(.*?)'", line[0])
    assert body is not None
    headers["Authorization"] = headers["Authorization"].replace("$TOKEN", token())
    coach = Coach(demo, ScriptedModel("Well."), clock=lambda: NOW, today=TODAY)
    app = build_app(load_settings(auth="jwt", **SHARED), demo, coach=coach)
    with TestClient(app, base_url="https://coach.example") as client:
        answer = client.post("/chat", json=json.loads(body[1]), headers=headers)
    assert (answer.status_code, answer.json()["reply"]) == (200, "Well.")


@contextmanager
def serving(command: list[str], port: int, **settings: object) -> Iterator[None]:
    """Run the service until it answers, and end it afterwards."""
    with subprocess.Popen(command, **settings) as server:  # type: ignore[call-overload]
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, "the service ended"
                    time.sleep(0.1)
            yield
        finally:
            server.terminate()


@NEEDS_BASH
def test_the_integrations_example_runs_as_told(demo_store: Path, tmp_path: Path) -> None:
    """Each line as it stands, on a free port; only the service is waited for."""
    block = re.search(r"```sh\n(export RUNPLAN_AUTH=webhook\n.*?)```", README, re.S)
    assert block is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = block[1].replace("8000", str(port)).replace("examples/", f"{ROOT / 'examples'}/")
    before, serve, after = re.split(r"(runplan serve.*?) &\n", told)
    shutil.copy(demo_store, tmp_path / "runplan.db")
    path = f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin"
    place = {
        "cwd": tmp_path,
        "env": {"PATH": path, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
    }

    def bash(lines: str) -> str:
        done = subprocess.run(
            ["bash", "-ec", lines], **place, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    secret = re.search(r"whsec_\S+", bash(before + "echo $SECRET"))
    assert secret is not None
    module = [sys.executable, "-m", "assistant.cli", *serve.split()[1:]]
    webhook = place | {"env": place["env"] | {"RUNPLAN_AUTH": "webhook"}}
    with serving(module, port, **webhook, stderr=subprocess.DEVNULL):
        reply = json.loads(bash(f"export SECRET={secret[0]}\n{after}"))
    assert reply["actions"][0]["tool"] == "get_plan_summary"
