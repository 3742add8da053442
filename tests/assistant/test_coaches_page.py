"""docs/coaches.md typed into a pseudo-terminal as it is written, and held to what comes back."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminals import Terminal

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "coaches.md").read_text(encoding="utf-8")
PROMPTS = ("$ ", "demo> ")
_FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced part of the page. argument: what stands after the kind."""

    kind: str
    argument: str
    lines: list[str]


def blocks() -> Iterator[Block]:
    for kind, argument, text in _FENCE.findall(PAGE):
        yield Block(kind, argument, text.splitlines())


def apply_diff(lines: list[str], text: str) -> str:
    """Return the text with the block's lines without a sign and with - become those with +."""
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    assert text.count(old) == 1, f"{old!r} is not there once in {text!r}"
    return text.replace(old, new)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like the repository's, whose set-up is done: `make chat` starts at once."""
    for name in ("Makefile", "pyproject.toml", "requirements", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    runplan = binaries / "runplan"
    runplan.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m assistant.cli "$@"\n')
    runplan.chmod(0o755)
    (tmp_path / ".venv" / ".stamp").touch()
    return tmp_path


@pytest.mark.timeout(300)
@pytest.mark.skipif(
    shutil.which("make") is None or shutil.which("bash") is None,
    reason="the page is typed into bash, and uses make",
)
def test_the_page_runs_as_it_is_written(checkout: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout),
        "PYTHONPATH": str(ROOT),
        "PS1": "$ ",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }
    command = ("bash", "--noprofile", "--norc", "--noediting", "-i")
    typed = 0
    with Terminal(*command, cwd=checkout, environment=environment) as terminal:
        for block in blocks():
            if block.kind == "diff":
                file = checkout / block.argument
                file.write_text(apply_diff(block.lines, file.read_text()))
            elif block.kind == "console":
                typed += play(terminal, block.lines)
    assert typed >= 10


def play(terminal: Terminal, lines: list[str]) -> int:
    """Type what stands after a prompt, and wait for each other line; return how often it typed."""
    typed = 0
    for line in lines:
        prompt = next((prompt for prompt in PROMPTS if line.startswith(prompt)), None)
        if prompt is not None:
            terminal.read_until(prompt.strip(), timeout_s=60)
            terminal.type(f"{line.removeprefix(prompt)}\r")
            terminal.read_until(line.removeprefix(prompt)[-20:])
            typed += 1
        elif line != "...":
            terminal.read_until(line, timeout_s=60)
    return typed


def test_every_yaml_of_the_page_is_a_scenario_that_passes(tmp_path: Path) -> None:
    import anyio

    from assistant.bootstrap import build_embedded_model
    from assistant.scenarios.loading import load_text
    from assistant.scenarios.running import play as play_scenario
    from assistant.scenarios.stage import Stage

    texts = ["\n".join(block.lines) for block in blocks() if block.kind == "yaml"]
    assert texts
    stage = Stage()
    for text in texts:
        loaded = load_text("docs/coaches.md", text)
        assert not loaded.mistakes
        for scenario in loaded.scenarios:
            outcome = anyio.run(
                play_scenario, scenario, stage, build_embedded_model(streaming=False)
            )
            assert outcome.misses == ()
    stage.close()


def test_everything_that_can_be_expected_is_on_the_page() -> None:
    from assistant.scenarios.expectations import EXPECT_KEYS
    from assistant.scenarios.shapes import CONDITIONS

    for word in (*EXPECT_KEYS, *CONDITIONS):
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", PAGE), word
