"""`runplan scenario run` and `record`: reports, exit codes, pass rates, recorded answers."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command import runplan
from openai_server import Endpoint, serve
from terminals import Terminal

from assistant.scenarios.rates import pass_all, pass_at

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "scenarios"
GREEN = """\
name: green
runner: demo
today: 2026-02-10
turns:
  - say: move thursday to friday
    expect:
      calls: [adapt_plan]
      plan: {version: 2}
"""
RED = """\
name: red <one>
runner: demo
today: 2026-02-10
turns:
  - say: what's on *this* week?
    expect:
      plan: {version: 2}
      calls: []
"""
BROKEN = "name: [\n"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the test's folder."""
    return runplan("scenario", *arguments, **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.scenario.yaml").write_text(BROKEN)
    (tmp_path / "b.scenario.yaml").write_text(f"{GREEN}---\n{RED}")
    return tmp_path


def test_a_run_tells_green_red_and_broken_apart(folder: Path) -> None:
    done = run("run", ".", "--junit", "j.xml", "--transcript", "t.md")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("a.scenario.yaml:2: this is not YAML")
    assert re.fullmatch(r"ok    green  \d+\.\d s", lines[1])
    assert re.fullmatch(r"FAIL  red <one>  \d+\.\d s", lines[2])
    assert lines[3:6] == [
        "      b.scenario.yaml:16: plan.version is 1, not 2",
        "      b.scenario.yaml:17: get_plan_summary was called, not nothing",
        "      > what's on *this* week?",
    ]
    assert lines[6].startswith("      < Your half marathon is on Monday, May 18")
    assert re.fullmatch(r"1 passed, 1 failed, 1 mistake in files in \d+\.\d s", lines[7])
    assert "\x1b" not in done.stdout
    assert done.stderr == ""

    suite = ET.parse(folder / "j.xml").getroot()[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    red = next(case for case in suite if case.get("name") == "red <one>")
    failure = red.find("failure")
    assert failure is not None
    assert failure.get("message") == "b.scenario.yaml:16: plan.version is 1, not 2"
    assert (red.get("file"), red.get("line")) == ("b.scenario.yaml", "10")

    transcript = (folder / "t.md").read_text()
    assert "1 of 2 passed." in transcript
    assert "## ✗ red \\<one\\>" in transcript
    assert "> **Runner:** what's on \\*this\\* week?" in transcript
    assert "<details><summary>adapt\\_plan</summary>" in transcript
    assert "- ✗ b.scenario.yaml:16: plan.version is 1, not 2" in transcript


def test_a_pipe_that_knows_ascii_alone_is_written_to(folder: Path) -> None:
    (folder / "c.scenario.yaml").write_text(RED.replace("red <one>", "größer"), "utf-8")
    done = runplan("scenario", "run", "c.scenario.yaml", fresh=True, PYTHONIOENCODING="ascii")
    assert "FAIL  gr\\xf6\\xdfer" in done.stdout
    assert done.stderr == ""


def test_green_is_exit_code_0(folder: Path) -> None:
    (folder / "c.scenario.yaml").write_text(GREEN)
    assert run("run", "c.scenario.yaml").returncode == 0


def test_repeats_print_pass_rates(folder: Path) -> None:
    done = run("run", ".", "--repeat", "3", "--junit", "j.xml", "--transcript", "t.md")
    assert "ok    3/3  green" in done.stdout
    assert "FAIL  0/3  red <one>" in done.stdout
    assert "pass@1  50.0% (at least one of 1)   pass^1  50.0% (all of 1)" in done.stdout
    assert "pass@3  50.0%" in done.stdout
    assert ET.parse(folder / "j.xml").getroot()[0].get("tests") == "7"
    transcript = (folder / "t.md").read_text()
    assert "- ✗ a.scenario.yaml:2: this is not YAML" in transcript
    assert [line for line in transcript.splitlines() if line.startswith("### ")] == [
        *(f"### Play {n}: passed" for n in (1, 2, 3)),
        *(f"### Play {n}: failed" for n in (1, 2, 3)),
    ]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["run", "nowhere"], "there is no file or folder 'nowhere'"),
        (["run", "b.scenario.yaml", "--live"], "--live asks the endpoint of OPENAI_API_KEY"),
        (["run", "b.scenario.yaml", "--live", "--replay"], "choose one of them"),
        (["run", "b.scenario.yaml", "--junit", "no/j.xml"], "'no/j.xml' can't be written"),
        (["run", "b.scenario.yaml", "--transcript", "/dev/full"], "'/dev/full' can't be written"),
        (["run", "b.scenario.yaml", "--replay"], "no answers are recorded for b.scenario.yaml"),
    ],
)
def test_what_can_not_be_played_is_one_clear_line(
    folder: Path, arguments: list[str], why: str
) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert why in line


def test_a_models_answers_are_recorded_and_given_again_without_it(folder: Path) -> None:
    file = folder / "c.scenario.yaml"
    file.write_text(GREEN.replace("calls: [adapt_plan]", "calls: []").replace("2}", "1}"))
    with serve(Endpoint("Tell me more about it.")) as url:
        live = {"OPENAI_BASE_URL": url, "RUNPLAN_MODEL": "some-model"}
        recorded = run("record", file.name, **live)
        assert recorded.returncode == 0, recorded.stdout + recorded.stderr
        assert "answers recorded in c.answers.json" in recorded.stdout
        assert run("run", file.name, "--live", **live).returncode == 0
    assert '"model": "some-model"' in (folder / "c.answers.json").read_text()
    again = run("run", file.name, "--replay")
    assert again.returncode == 0, again.stdout + again.stderr
    file.write_text(file.read_text().replace("to friday", "to saturday"))
    changed = run("run", file.name, "--replay")
    assert changed.returncode == 1
    assert (
        "c.scenario.yaml:5: turn 1 was not answered: the messages changed since answer 1 was "
        "recorded"
    ) in changed.stdout


@pytest.mark.timeout(200)
def test_all_examples_pass_in_under_a_minute() -> None:
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "scenario", "run", str(EXAMPLES)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^(\d+) passed in", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) >= 60
    spent = os.times().children_user + os.times().children_system
    # of processor time, which the clock's time is where nothing else runs
    assert spent - before.children_user - before.children_system < 60


def test_a_terminal_shows_a_bar_once_it_takes_long(folder: Path) -> None:
    command = (sys.executable, "-m", "assistant.cli", "scenario", "run", "b.scenario.yaml")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with Terminal(*command, "--repeat", "30", cwd=folder, environment=environment) as terminal:
        terminal.read_until("/60", timeout_s=60)
        terminal.read_until("ok    30/30  green", timeout_s=60)
        terminal.read_until("FAIL  0/30  red <one>", timeout_s=60)


def test_pass_rates_are_those_of_the_formula() -> None:
    assert pass_at(1, 3, 10) == pytest.approx(0.3)
    assert pass_at(2, 1, 4) == pytest.approx(0.5)
    assert pass_at(4, 1, 4) == 1.0
    assert pass_at(3, 0, 5) == 0.0
    assert pass_all(2, 3, 4) == pytest.approx(0.5)
    assert pass_all(1, 3, 10) == pytest.approx(0.3)
    assert pass_all(4, 3, 4) == 0.0
