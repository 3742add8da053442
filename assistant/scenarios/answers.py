"""Model answers kept beside a scenario file, and given again for the same request alone.

An answer's key is made of the system prompt, the tools and the messages it was given for. Ids that
are made anew in each run are numbered first, so that they change no key.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.completions import Answer, Usage
from assistant.errors import AssistantError
from assistant.events import Restarted, TextDelta
from assistant.model import ChatModel
from assistant.scenarios.loading import SUFFIX
from storage.ids import new_id
from storage.messages import ToolCall

FORMAT: Literal["runplan-answers/1"] = "runplan-answers/1"
_FRESH_ID = re.compile(r"\b([a-z]+)_([0-9a-kmnp-z]{16})\b", re.ASCII)
_NUMBERED_ID = re.compile(r"\b[a-z]+_#\d+\b", re.ASCII)
_PARTS = {"prompt": "the system prompt", "tools": "the tools", "messages": "the messages"}


class AnswersUnreadable(AssistantError):
    """A file of recorded answers that is missing or can't be read."""


class AnswerNotRecorded(AssistantError):
    """No answer was recorded for this request; says what changed since."""


class RecordedCall(BaseModel):
    """A call of a recorded answer; ids made anew in each run are numbered."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    arguments: str


class RecordedAnswer(BaseModel):
    """One answer. step: its place in the scenario. prompt, tools, messages: digests."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scenario: str
    step: int
    prompt: str
    tools: str
    messages: str
    text: str
    calls: tuple[RecordedCall, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0


class RecordedFile(BaseModel):
    """What lies beside a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["runplan-answers/1"] = FORMAT
    model: str
    answers: tuple[RecordedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a model by its digests. ids: those made anew, by their numbers."""

    prompt: str
    tools: str
    messages: str
    ids: Mapping[str, str]


def digest(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> Asked:
    """Return a request's digests. Pure."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"{match[1]}_#{len(numbers) + 1}")

    digests = []
    system = [message for message in messages if message.get("role") == "system"]
    others = [message for message in messages if message.get("role") != "system"]
    for part in (system, list(tools), others):
        text = json.dumps(part, ensure_ascii=False, sort_keys=True)
        digests.append(hashlib.sha256(_FRESH_ID.sub(number, text).encode()).hexdigest()[:32])
    prompt, offered, said = digests
    return Asked(prompt, offered, said, {numbered: fresh for fresh, numbered in numbers.items()})


def answers_path(file: str) -> Path:
    """Return where the answers of a scenario file lie: beside it."""
    return Path(f"{file.removesuffix(SUFFIX)}.answers.json")


def load_answers(file: str) -> RecordedFile:
    """Return the answers recorded for a scenario file. Raises AnswersUnreadable."""
    path = answers_path(file)
    try:
        return RecordedFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise AnswersUnreadable(
            f"no answers are recorded for {file}: `runplan scenario record {file}` does that"
        ) from None
    except OSError as error:
        raise AnswersUnreadable(f"{path} can't be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise AnswersUnreadable(f"{path}: {place}: {first['msg']}") from None


def save_answers(file: str, model: str, answers: Sequence[RecordedAnswer]) -> Path:
    """Write a scenario file's answers, over those of before. Raises AnswersUnreadable."""
    path = answers_path(file)
    recorded = RecordedFile(model=model, answers=tuple(answers))
    try:
        path.write_text(recorded.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise AnswersUnreadable(f"{path} can't be written: {error.strerror}") from None
    return path


@dataclass
class Recorder:
    """Asks a model, and keeps what it answers in one scenario."""

    model: ChatModel
    scenario: str
    answers: list[RecordedAnswer] = field(default_factory=list)

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Yield what the model says."""
        async for event in self.model.stream(messages, tools=tools, deadline=deadline):
            if isinstance(event, Answer):
                self._keep(digest(messages, tools), event)
            yield event

    async def close(self) -> None:
        """Leave the model open: it serves other scenarios too."""

    def _keep(self, asked: Asked, answer: Answer) -> None:
        numbers = {fresh: numbered for numbered, fresh in asked.ids.items()}

        def numbered(text: str) -> str:
            return _FRESH_ID.sub(lambda match: numbers.get(match[0], match[0]), text)

        calls = (RecordedCall(name=c.name, arguments=numbered(c.arguments)) for c in answer.calls)
        self.answers.append(
            RecordedAnswer(
                scenario=self.scenario,
                step=len(self.answers) + 1,
                prompt=asked.prompt,
                tools=asked.tools,
                messages=asked.messages,
                text=numbered(answer.text),
                calls=tuple(calls),
                **asdict(answer.usage),
            )
        )


@dataclass
class Replay:
    """Gives recorded answers again, each for the request that it was given for."""

    recorded: RecordedFile
    scenario: str
    step: int = 0

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        """Yield the recorded answer. Raises AnswerNotRecorded saying what changed."""
        self.step += 1
        asked = digest(messages, tools)
        mine = [each for each in self.recorded.answers if each.scenario == self.scenario]
        found = next((each for each in mine if not _differences(each, asked)), None)
        if found is None:
            raise AnswerNotRecorded(self._why(mine, asked))

        def fresh(text: str) -> str:
            return _NUMBERED_ID.sub(lambda match: asked.ids.get(match[0], match[0]), text)

        text = fresh(found.text)
        if text:
            yield TextDelta(text)
        calls = (ToolCall(new_id("call"), c.name, fresh(c.arguments)) for c in found.calls)
        yield Answer(text, tuple(calls), Usage(found.input_tokens, found.output_tokens))

    async def close(self) -> None:
        """Nothing is open."""

    def _why(self, mine: Sequence[RecordedAnswer], asked: Asked) -> str:
        again = "record again with `runplan scenario record`"
        if not mine:
            return f"no answer is recorded for this scenario: {again}"
        before = next((each for each in mine if each.step == self.step), None)
        if before is None:
            return f"{len(mine)} answers are recorded, and this is request {self.step}: {again}"
        changed = " and ".join(_PARTS[part] for part in _differences(before, asked))
        return f"{changed} changed since answer {self.step} was recorded: {again}"


def _differences(recorded: RecordedAnswer, asked: Asked) -> list[str]:
    return [part for part in _PARTS if getattr(recorded, part) != getattr(asked, part)]
