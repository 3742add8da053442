"""A run as Markdown: every conversation, its tool calls folded, and what was otherwise."""

import json
import re
from collections.abc import Iterator

from assistant.scenarios.reports import Report, Result
from assistant.scenarios.running import Outcome, PlayedTurn
from assistant.views import plain_text

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def render_transcript(report: Report) -> str:
    """Return the conversations in the order played."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    passed = sum(result.passed for result in report.results)
    yield "# Scenarios"
    yield ""
    yield f"{passed} of {len(report.results)} passed."
    for mistake in report.mistakes:
        yield f"- ✗ {escape(str(mistake))}"
    for result in report.results:
        yield ""
        yield from _result(result)


def _result(result: Result) -> Iterator[str]:
    scenario = result.scenario
    mark = "✓" if result.passed else "✗"
    yield f"## {mark} {escape(scenario.name)}"
    yield ""
    yield f"{escape(scenario.file)}:{scenario.line}, as {escape(scenario.cast.user_id)}"
    for number, outcome in enumerate(result.outcomes, 1):
        if len(result.outcomes) > 1:
            yield ""
            yield f"### Play {number}: {'passed' if outcome.passed else 'failed'}"
        yield from _outcome(outcome)


def _outcome(outcome: Outcome) -> Iterator[str]:
    day = None
    for turn in outcome.turns:
        if turn.said.today != day:
            day = turn.said.today
            yield ""
            yield f"*{day:%A} {day}*"
        yield ""
        yield from _turn(turn)
    if outcome.fault is not None:
        yield ""
        yield f"- ✗ {escape(str(outcome.fault))}"


def _turn(turn: PlayedTurn) -> Iterator[str]:
    yield from _quoted("Runner", turn.said.say)
    if turn.response is None:
        return
    for action in turn.response["actions"]:
        yield ""
        yield f"<details><summary>{escape(action['tool'])}</summary>"
        yield ""
        yield "```json"
        yield _json(action["arguments"])
        yield _json(action["result"])
        yield "```"
        yield ""
        yield "</details>"
    yield ""
    yield from _quoted("Coach", turn.response["reply"])
    if turn.misses:
        yield ""
    for miss in turn.misses:
        yield f"- ✗ {escape(str(miss))}"


def _quoted(who: str, text: str) -> Iterator[str]:
    lines = plain_text(text).split("\n")
    yield f"> **{who}:** {escape(lines[0])}"
    yield from (f"> {escape(line)}" for line in lines[1:])


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return plain_text(text).replace("```", "`\u200b``")


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(plain_text(text).split()))
