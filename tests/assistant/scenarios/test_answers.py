"""Recorded answers are given again for the request that they were given for, and for no other."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.completions import Answer, Usage
from assistant.events import Restarted, TextDelta
from assistant.scenarios.answers import (
    AnswerNotRecorded,
    AnswersUnreadable,
    RecordedFile,
    Recorder,
    Replay,
    answers_path,
    digest,
    load_answers,
    save_answers,
)
from storage.ids import new_id
from storage.messages import ToolCall

pytestmark = pytest.mark.anyio

SYSTEM = {"role": "system", "content": "You coach."}
TOOLS = [{"type": "function", "function": {"name": "adapt_plan"}}]


class Scripted:
    """Answers in turn."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        answer = self.answers.pop(0)
        if answer.text:
            yield TextDelta(answer.text)
        yield answer

    async def close(self) -> None:
        pass


async def ask(model: Recorder | Replay, *messages: dict[str, Any], tools: Any = TOOLS) -> Answer:
    events = [event async for event in model.stream(messages, tools=tools, deadline=0.0)]
    assert isinstance(events[-1], Answer)
    return events[-1]


def said(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


async def recorded(*answers: Answer, messages: Sequence[dict[str, Any]]) -> RecordedFile:
    recorder = Recorder(Scripted(*answers), "s")
    for _ in answers:
        await ask(recorder, *messages)
    return RecordedFile(model="m", answers=tuple(recorder.answers))


async def test_the_same_request_has_the_same_answer() -> None:
    answer = Answer("Well.", (ToolCall("call_x", "adapt_plan", '{"kind":"undo"}'),), Usage(7, 3))
    file = await recorded(answer, messages=[SYSTEM, said("hi")])
    again = await ask(Replay(file, "s"), SYSTEM, said("hi"))
    assert (again.text, again.usage) == ("Well.", Usage(7, 3))
    [call] = again.calls
    assert (call.name, call.arguments) == ("adapt_plan", '{"kind":"undo"}')
    assert call.id != "call_x"


@pytest.mark.parametrize(
    ("messages", "tools", "why"),
    [
        ([{**SYSTEM, "content": "You sing."}, said("hi")], TOOLS, "the system prompt changed"),
        ([SYSTEM, said("ho")], TOOLS, "the messages changed"),
        ([SYSTEM, said("hi")], [], "the tools changed"),
        (
            [{**SYSTEM, "content": ""}, said("ho")],
            TOOLS,
            "the system prompt and the messages changed",
        ),
    ],
)
async def test_a_changed_request_says_what_changed(
    messages: list[dict[str, Any]], tools: Any, why: str
) -> None:
    file = await recorded(Answer("Well.", ()), messages=[SYSTEM, said("hi")])
    with pytest.raises(AnswerNotRecorded, match=why) as refused:
        await ask(Replay(file, "s"), *messages, tools=tools)
    assert "runplan scenario record" in str(refused.value)


async def test_a_request_more_than_were_recorded_is_refused() -> None:
    file = await recorded(Answer("Well.", ()), messages=[SYSTEM, said("hi")])
    replay = Replay(file, "s")
    await ask(replay, SYSTEM, said("hi"))
    with pytest.raises(AnswerNotRecorded, match="1 answers are recorded, and this is request 2"):
        await ask(replay, SYSTEM, said("hi"), said("more"))
    with pytest.raises(AnswerNotRecorded, match="no answer is recorded for this scenario"):
        await ask(Replay(file, "another"), SYSTEM, said("hi"))


async def test_ids_made_anew_change_no_key_and_are_put_back() -> None:
    first, second = new_id("prop"), new_id("prop")
    call = new_id("call")
    answer = Answer(f"Take {first}?", (ToolCall(call, "adapt_plan", f'{{"id":"{first}"}}'),))
    file = await recorded(answer, messages=[SYSTEM, said(f"{first} and {first}")])
    again = await ask(Replay(file, "s"), SYSTEM, said(f"{second} and {second}"))
    assert again.text == f"Take {second}?"
    assert again.calls[0].arguments == f'{{"id":"{second}"}}'
    assert first not in file.model_dump_json()


def test_two_ids_are_not_taken_for_one() -> None:
    one, two = new_id("prop"), new_id("prop")
    same = digest([said(f"{one} {one}")], ())
    other = digest([said(f"{one} {two}")], ())
    assert same.messages != other.messages
    assert other.messages == digest([said(f"{two} {one}")], ()).messages


def test_answers_lie_beside_their_file(tmp_path: Path) -> None:
    assert answers_path("a/b.scenario.yaml") == Path("a/b.answers.json")
    file = str(tmp_path / "b.scenario.yaml")
    with pytest.raises(AnswersUnreadable, match=r"no answers are recorded for .*b\.scenario"):
        load_answers(file)
    save_answers(file, "m", [])
    assert load_answers(file) == RecordedFile(model="m", answers=())
    answers_path(file).write_text('{"format": "runplan-answers/2"}')
    with pytest.raises(AnswersUnreadable, match="format: Input should be 'runplan-answers/1'"):
        load_answers(file)
    with pytest.raises(AnswersUnreadable, match="can't be written"):
        save_answers(str(tmp_path / "no" / "b.scenario.yaml"), "m", [])
