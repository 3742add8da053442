"""One run of the command: files read, scenarios played with a model, reports written."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from assistant.bootstrap import EMBEDDED_NAME, build_embedded_model, build_endpoint_model
from assistant.errors import OptionInvalid, SettingsInvalid
from assistant.model import ChatModel
from assistant.scenarios.answers import (
    RecordedAnswer,
    RecordedFile,
    Recorder,
    Replay,
    load_answers,
    save_answers,
)
from assistant.scenarios.junit import render_junit
from assistant.scenarios.loading import find_files, load_files
from assistant.scenarios.reports import (
    Report,
    Result,
    show_mistakes,
    show_result,
    show_summary,
)
from assistant.scenarios.running import play
from assistant.scenarios.scenario import Scenario
from assistant.scenarios.stage import Stage
from assistant.scenarios.transcripts import render_transcript
from assistant.settings import Settings

PROGRESS_AFTER_S = 2.0
ModelFor = Callable[[Scenario], ChatModel]


@dataclass(frozen=True, slots=True)
class Options:
    """What to play. source: where answers come from; record asks the settings' model."""

    paths: tuple[Path, ...]
    source: Literal["embedded", "live", "replay", "record"]
    repeat: int = 1
    junit: Path | None = None
    transcript: Path | None = None


async def run_session(
    options: Options, settings: Settings, console: Console, progress: Console
) -> bool:
    """Play and report; return whether everything passed.

    Raises OptionInvalid, SettingsInvalid, AnswersUnreadable.
    """
    loaded = load_files(find_files(options.paths))
    _check_outputs(options)
    show_mistakes(console, loaded.mistakes)
    model = _model(options, settings)
    started = time.monotonic()
    players = _Players(options, model)
    results: list[Result] = []
    try:
        # one console for both, where both are the terminal: lines go above the bar
        bar = console if console.is_terminal else progress
        with _counting(bar, len(loaded.scenarios) * options.repeat) as count:
            async for result in _results(loaded.scenarios, options, players, count):
                results.append(result)
                show_result(console, result)
    finally:
        if model is not None:
            await model.close()
    report = Report(tuple(results), loaded.mistakes, time.monotonic() - started)
    for path in players.save(settings):
        console.print(Text(f"answers recorded in {path}", "dim"), soft_wrap=True)
    _write(options, report)
    show_summary(console, report)
    return report.passed


async def _results(
    scenarios: Sequence[Scenario],
    options: Options,
    players: "_Players",
    count: Callable[[], None],
) -> AsyncIterator[Result]:
    """Play each scenario as often as asked for; count is called after each play."""
    stage = Stage()
    try:
        for scenario in scenarios:
            outcomes = []
            for _ in range(options.repeat):
                outcomes.append(await play(scenario, stage, players.model_for(scenario)))
                count()
            yield Result(scenario, tuple(outcomes))
    finally:
        stage.close()


def _model(options: Options, settings: Settings) -> ChatModel | None:
    """Return the model that is asked, or None where answers are replayed."""
    match options.source:
        case "replay":
            return None
        case "embedded":
            return build_embedded_model(streaming=False)
        case "live" if settings.embedded:
            raise SettingsInvalid(
                "--live asks the endpoint of OPENAI_API_KEY or OPENAI_BASE_URL: set one of them"
            )
        case "record" if settings.embedded:
            return build_embedded_model(streaming=False)
    return build_endpoint_model(settings, streaming=False)


class _Players:
    """The models that answer in each scenario, and what they answered where that is kept."""

    def __init__(self, options: Options, model: ChatModel | None) -> None:
        self.options = options
        self.model = model
        self.files: dict[str, RecordedFile] = {}
        self.recorders: dict[str, list[Recorder]] = {}

    def model_for(self, scenario: Scenario) -> ChatModel:
        if self.model is None:
            return Replay(self._recorded(scenario.file), scenario.name)
        if self.options.source == "record":
            recorder = Recorder(self.model, scenario.name)
            self.recorders.setdefault(scenario.file, []).append(recorder)
            return recorder
        return self.model

    def save(self, settings: Settings) -> Iterator[Path]:
        name = EMBEDDED_NAME if settings.embedded else settings.model
        for file, recorders in self.recorders.items():
            answers: list[RecordedAnswer] = [
                answer for recorder in recorders for answer in recorder.answers
            ]
            yield save_answers(file, name, answers)

    def _recorded(self, file: str) -> RecordedFile:
        if file not in self.files:
            self.files[file] = load_answers(file)
        return self.files[file]


def _check_outputs(options: Options) -> None:
    """Refuse a report that has no folder to lie in, before anything is played."""
    for path in (options.junit, options.transcript):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise OptionInvalid(f"{str(path)!r} can't be written: its folder is not there")


def _write(options: Options, report: Report) -> None:
    for path, render in ((options.junit, render_junit), (options.transcript, render_transcript)):
        if path is None:
            continue
        try:
            path.write_text(render(report), encoding="utf-8")
        except OSError as error:
            raise OptionInvalid(f"{str(path)!r} can't be written: {error.strerror}") from None


@contextmanager
def _counting(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """Show how many are played on a terminal, once that takes a while."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda: None
        return
    started = time.monotonic()
    columns = (TextColumn("playing"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("playing", total=total, visible=False)

        def count() -> None:
            late = time.monotonic() - started > PROGRESS_AFTER_S
            bar.update(task, advance=1, visible=late)

        yield count
