"""A session written as scenarios: what was said, and what the store held afterwards."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.conversations import SpokenTurn
from assistant.errors import AssistantError

SUFFIX = ".scenario.yaml"
NAME_CHARS = 60


class SaveRefused(AssistantError):
    """A session that can't be written there."""


def save_session(turns: Sequence[SpokenTurn], file: str, *, overwrite: bool) -> str:
    """Write the session as scenario documents and return a line that says so.

    Raises SaveRefused where nothing was said, the file is there already or can't be written.
    """
    if not turns:
        raise SaveRefused("nothing was answered yet, so there is nothing to save")
    documents = scenarios(turns)
    try:
        path = Path(file).expanduser()
        with path.open("w" if overwrite else "x", encoding="utf-8") as opened:
            opened.write(render_scenarios(documents))
    except FileExistsError:
        raise SaveRefused(f"{file!r} is there already: /save! {file} writes over it") from None
    except (OSError, ValueError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SaveRefused(f"{file!r} can't be written: {why}") from None
    return " ".join((f"saved {_count(len(turns), 'turn')} to {path}", *_hints(turns, file)))


def scenarios(turns: Sequence[SpokenTurn]) -> list[dict[str, Any]]:
    """Return one document a runner, since each is told of its own store."""
    users = dict.fromkeys(turn.user_id for turn in turns)
    return [_scenario([turn for turn in turns if turn.user_id == user]) for user in users]


def render_scenarios(documents: Sequence[dict[str, Any]]) -> str:
    """Return the documents as YAML that reads back as the same values."""
    text: str = yaml.dump_all(
        documents,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100_000,
        explicit_start=len(documents) > 1,
    )
    return text


def _scenario(turns: Sequence[SpokenTurn]) -> dict[str, Any]:
    first = turns[0]
    said = " ".join(first.said.split())
    name = said if len(said) <= NAME_CHARS else f"{said[:NAME_CHARS].rstrip()}..."
    days = [first.today, *(turn.today for turn in turns[:-1])]
    return {
        "name": f"{first.user_id}: {name}",
        "runner": first.user_id,
        "today": first.today,
        "turns": [
            _turn(turn, says_day=not turn.today == first.today == before)
            for before, turn in zip(days, turns, strict=True)
        ],
    }


def _turn(turn: SpokenTurn, *, says_day: bool) -> dict[str, Any]:
    expect: dict[str, Any] = {
        "calls": [action["tool"] for action in turn.response["actions"]],
        "top_prompt": turn.response["top_prompt"],
    }
    if turn.version is not None:
        expect["plan"] = {"version": turn.version}
    if turn.types:
        expect["workouts"] = {day: {"type": kind} for day, kind in turn.types.items()}
    day: dict[str, dt.date] = {"today": turn.today} if says_day else {}
    return {"say": turn.said, **day, "expect": expect}


def _hints(turns: Sequence[SpokenTurn], file: str) -> list[str]:
    hints = []
    if not file.endswith(SUFFIX):
        hints.append(f"(pytest collects *{SUFFIX})")
    for user, version in {t.user_id: t.version_before for t in reversed(turns)}.items():
        if version is not None and version > 1:
            hints.append(
                f"(the plan of {user} was at version {version} before: "
                "on fresh demo runners the versions will differ)"
            )
    return hints


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, and quotes a text with a colon, which strict readers ask for."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if len(text.splitlines()) > 1 or not all(c.isprintable() or c == "\n" for c in text):
        style: str | None = '"'  # the one style that keeps every break as it is
    else:
        style = "'" if ":" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
