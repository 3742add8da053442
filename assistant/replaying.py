"""`/replay FILE`: a scenario file played on fresh runners with the session's model."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.diffs import diff_lines, styled
from assistant.model import ChatModel
from assistant.scenarios.loading import load_file
from assistant.scenarios.running import Outcome, PlayedTurn, play
from assistant.scenarios.stage import Stage
from assistant.views import one_line, plain_text, render_day, reply_notes


async def replay_file(file: str, model: ChatModel) -> RenderableType:
    """Play the file's scenarios; return what was said, and what was otherwise than expected.

    The session's own store stays as it is.
    """
    loaded = load_file(Path(file).expanduser(), shown=file)
    lines = [Text(one_line(str(mistake)), "red") for mistake in loaded.mistakes]
    stage = Stage()
    try:
        for scenario in loaded.scenarios:
            lines += _outcome(await play(scenario, stage, model))
    finally:
        stage.close()
    return Group(*lines)


def _outcome(outcome: Outcome) -> Iterator[Text]:
    yield Text(one_line(outcome.scenario.name), "bold")
    for turn in outcome.turns:
        yield from _turn(turn, outcome.scenario.cast.user_id)
    if outcome.fault is not None:
        yield Text(one_line(str(outcome.fault)), "red")
    yield Text("ok", "green") if outcome.passed else Text("FAIL", "red")


def _turn(turn: PlayedTurn, user_id: str) -> Iterator[Text]:
    yield Text(f"{render_day(turn.said.today)} {user_id}> {one_line(turn.said.say)}", "dim")
    if turn.response is not None:
        yield Text(plain_text(turn.response["reply"]))
        yield from (styled(f"  {note}") for note in reply_notes(turn.response, diff_lines))
    for miss in turn.misses:
        yield Text(one_line(str(miss)), "red")
