"""The commands `runplan scenario`: play conversations as tests, and record a model's answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.scenarios.sessions import Options

scenario_app = typer.Typer(
    no_args_is_help=True, help="Play conversations as tests, on fresh runners."
)

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Scenario files, or folders of them.")
]
Junit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML to this file.")
]
Transcript = Annotated[
    Path | None,
    typer.Option("--transcript", metavar="FILE.md", help="Write the conversations as Markdown."),
]
Repeat = Annotated[
    int, typer.Option(min=1, max=1000, metavar="N", help="Play each N times; print pass rates.")
]


@scenario_app.command("run")
def scenario_run(
    paths: Paths,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the model of the settings, not the embedded one.")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Give recorded answers again; ask no model.")
    ] = False,
    repeat: Repeat = 1,
    junit: Junit = None,
    transcript: Transcript = None,
) -> None:
    """Play scenarios and say which went as expected; the exit code is 1 where one did not."""
    from assistant.errors import OptionInvalid
    from assistant.scenarios.sessions import Options

    if live and replay:
        raise OptionInvalid("--live asks a model and --replay asks none: choose one of them")
    _play(
        Options(
            tuple(paths),
            "live" if live else "replay" if replay else "embedded",
            repeat=repeat,
            junit=junit,
            transcript=transcript,
        )
    )


@scenario_app.command("record")
def scenario_record(
    paths: Paths,
    junit: Junit = None,
    transcript: Transcript = None,
) -> None:
    """Play scenarios with the model of the settings, and keep its answers beside each file.

    `runplan scenario run --replay` gives them again without a model.
    """
    from assistant.scenarios.sessions import Options

    _play(Options(tuple(paths), "record", junit=junit, transcript=transcript))


def _play(options: "Options") -> None:
    import anyio

    from assistant.bootstrap import use_rules
    from assistant.outputs import use_safe_output
    from assistant.scenarios.sessions import run_session
    from assistant.settings import load_settings

    use_safe_output()
    settings = load_settings()
    use_rules(settings)
    if not anyio.run(run_session, options, settings, _console(), _console(stderr=True)):
        raise typer.Exit(1)


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)
