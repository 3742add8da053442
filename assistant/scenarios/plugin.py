"""The pytest plugin: collects `*.scenario.yaml` and plays each scenario with the embedded model.

It is loaded as pytest starts, so it imports the rest when there is a scenario file.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.model import ChatModel
    from assistant.scenarios.running import Outcome
    from assistant.scenarios.scenario import Scenario
    from assistant.scenarios.stage import Stage
    from assistant.scenarios.values import Mistake

SUFFIX = ".scenario.yaml"
_NAME_CHARS = 80


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collect a scenario file."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the stores away, where there were any."""
    theatre = config.stash.get(_THEATRE, None)
    if theatre is not None:
        theatre.stage.close()


class ScenarioFile(pytest.File):
    """A file's scenarios; a mistake in it fails alone, and stops no other file."""

    def collect(self) -> Iterable[pytest.Item]:
        """Return an item a scenario, and one for each mistake."""
        from assistant.scenarios.loading import load_file

        loaded = load_file(self.path, shown=_shown(self.path, self.config))
        for mistake in loaded.mistakes:
            name = f"line {mistake.line}: {mistake.text}"[:_NAME_CHARS]
            yield MistakeItem.from_parent(self, name=name, mistake=mistake)
        for scenario in loaded.scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.name, scenario=scenario)


class Failed(Exception):
    """What was otherwise, as lines to print."""


class MistakeItem(pytest.Item):
    """A mistake in a scenario file, as a failed test."""

    def __init__(self, *, mistake: "Mistake", **named: Any) -> None:
        super().__init__(**named)
        self.mistake = mistake

    def runtest(self) -> None:
        """Fail."""
        raise Failed(str(self.mistake))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the one line that says what is wrong."""
        return _told(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the mistake is."""
        return self.path, self.mistake.line - 1, f"mistake on line {self.mistake.line}"


class ScenarioItem(pytest.Item):
    """A scenario as a test."""

    def __init__(self, *, scenario: "Scenario", **named: Any) -> None:
        super().__init__(**named)
        self.scenario = scenario

    def runtest(self) -> None:
        """Play it, and fail where something was otherwise than expected."""
        from assistant.scenarios.reports import failure_lines

        outcome = _theatre(self.config).play(self.scenario)
        if not outcome.passed:
            raise Failed("\n".join(line.strip() for line in failure_lines(outcome)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what was otherwise; a traceback only for a fault of the program."""
        return _told(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario begins."""
        return self.path, self.scenario.line - 1, f"scenario: {self.name}"


class Theatre:
    """One process's stage and model."""

    def __init__(self, stage: "Stage", model: "ChatModel") -> None:
        self.stage = stage
        self.model = model

    def play(self, scenario: "Scenario") -> "Outcome":
        """Play a scenario."""
        import anyio

        from assistant.scenarios.running import play

        return anyio.run(play, scenario, self.stage, self.model)


_THEATRE = pytest.StashKey[Theatre]()


def _theatre(config: pytest.Config) -> Theatre:
    if _THEATRE not in config.stash:
        from assistant.bootstrap import build_embedded_model
        from assistant.scenarios.stage import Stage

        config.stash[_THEATRE] = Theatre(Stage(), build_embedded_model(streaming=False))
    return config.stash[_THEATRE]


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    return str(excinfo.value) if isinstance(excinfo.value, Failed) else None


def _shown(path: Path, config: pytest.Config) -> str:
    """Return the path as pytest shows it: from where it was started."""
    start = config.invocation_params.dir
    return str(path.relative_to(start)) if path.is_relative_to(start) else str(path)
