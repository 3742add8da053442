"""What is said in the chat and saved is a scenario that passes: the coach's whole loop."""

import datetime as dt
from pathlib import Path

import pytest

from assistant.bootstrap import build_embedded_model
from assistant.coach import Coach
from assistant.conversations import Conversation
from assistant.saving import save_session
from assistant.scenarios.loading import load_file
from assistant.scenarios.running import play
from assistant.scenarios.stage import Stage

pytestmark = pytest.mark.anyio
EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "scenarios"
ANOTHER_YEAR = dt.datetime(2027, 7, 1, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize("topic", ["moving", "absence", "red_flags", "several_days", "goals"])
async def test_a_session_that_is_saved_passes(topic: str, tmp_path: Path) -> None:
    model = build_embedded_model(streaming=True)
    stage = Stage()
    talked = 0
    for scenario in load_file(EXAMPLES / f"{topic}.scenario.yaml").scenarios:
        if scenario.cast.file is not None or scenario.cast.executions:
            continue  # a session has no runner of its own, and no runs from before
        file = tmp_path / f"{talked}.scenario.yaml"
        with stage.set_up(scenario) as database:
            coach = Coach(database, model, clock=lambda: ANOTHER_YEAR)
            conversation = Conversation(coach, database, scenario.cast.user_id)
            for turn in scenario.turns:
                coach.today = turn.today
                async for _ in conversation.send(turn.say):
                    pass
            save_session(conversation.turns, str(file), overwrite=False)
        loaded = load_file(file)
        assert loaded.mistakes == ()
        for saved in loaded.scenarios:
            assert (await play(saved, stage, model)).misses == ()
        talked += 1
    stage.close()
    assert talked >= 4
