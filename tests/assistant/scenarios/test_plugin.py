"""The pytest plugin, in a pytest of its own."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = "name: good\nrunner: demo\ntoday: 2026-02-10\nturns:\n  - say: hi\n    expect: {calls: []}\n"
RED = GOOD.replace("good", "red").replace("calls: []", "plan: {version: 7}")
PLUGIN = "assistant.scenarios.plugin"


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", *arguments]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.scenario.yaml").write_text(GOOD)
    (tmp_path / "b.scenario.yaml").write_text(f"{RED}---\nname: broken\nrunner: dmeo\n")
    (tmp_path / "c.scenario.yaml").write_text("")
    (tmp_path / "other.yaml").write_text("a: [")
    return tmp_path


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "xdist"])
def test_scenarios_are_tests_and_each_mistake_fails_alone(
    folder: Path, workers: tuple[str, ...]
) -> None:
    done = run_pytest(folder, "-q", *workers)
    assert done.returncode == 1
    assert done.stdout.rstrip().splitlines()[-1].startswith("5 failed, 1 passed in")
    lines = done.stdout.splitlines()
    for line in (
        "b.scenario.yaml:6: plan.version is 1, not 7",
        "b.scenario.yaml:8: a scenario needs 'today'",
        "b.scenario.yaml:8: a scenario needs 'turns'",
        "b.scenario.yaml:9: there is no demo runner 'dmeo'; did you mean 'demo'?",
        "c.scenario.yaml:1: the file is empty: a scenario has a name and turns",
    ):
        assert lines.count(line) == 1, done.stdout
    assert "Traceback" not in done.stdout


def test_names_are_shown_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.scenario.yaml").write_text(RED.replace("name: red", "name: 6.2 km [easy]"))
    done = run_pytest(tmp_path, "-v")
    assert "a.scenario.yaml::6.2 km [easy] FAILED" in done.stdout
    assert " scenario: 6.2 km [easy] " in done.stdout


def test_one_scenario_can_be_chosen(folder: Path) -> None:
    done = run_pytest(folder, "-q", "a.scenario.yaml::good", "-p", "no:terminalreporter")
    assert done.returncode == 0


def test_pytest_starts_without_the_products_heavy_modules() -> None:
    script = (
        f"import sys, {PLUGIN}; "
        "heavy = ('openai', 'sqlalchemy', 'pydantic', 'fastapi', 'yaml', 'rich', 'anyio'); "
        "print(sorted(set(heavy) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"runplan": PLUGIN}
