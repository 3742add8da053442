"""What models are offered: seven described tools, without identity and without references."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tools.errors import InvalidArguments
from tools.registry import TOOLS, openai_tools
from tools.toolbox import parse_arguments

NAMES = [
    "get_plan_summary",
    "get_workout",
    "log_execution",
    "adapt_plan",
    "create_plan",
    "update_profile",
    "get_progress",
]
IDENTITY = ("user", "tenant", "athlete", "role", "account", "owner")


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


def test_there_are_the_seven_tools() -> None:
    assert [tool["function"]["name"] for tool in openai_tools()] == NAMES


def test_no_schema_has_an_identity_or_a_reference() -> None:
    for tool in openai_tools():
        found = set(keys(tool["function"]["parameters"]))
        assert not any(word in key.lower() for key in found for word in IDENTITY)
        assert not {"$ref", "$defs"} & found
        assert tool["function"]["parameters"]["additionalProperties"] is False


def test_every_tool_and_field_is_described() -> None:
    for tool in openai_tools():
        assert len(tool["function"]["description"]) > 60
        for name, field in tool["function"]["parameters"].get("properties", {}).items():
            assert field.get("description"), name


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("get_progress", "", "one JSON object"),
        ("get_progress", "{", "one JSON object"),
        ("get_progress", "[]", "object"),
        ("get_progress", "null", "object"),
        ("get_progress", '{"weeks": "5"}', "weeks"),
        ("get_progress", '{"weeks": true}', "weeks"),
        ("get_progress", '{"weeks": 1e3}', "weeks"),
        ("get_progress", '{"weeks": 5, "weeks": 6}', "twice"),
        ("get_progress", '{"weeks": 5, "user_id": "noplan"}', "user_id"),
        ("get_progress", "[" * 200_000, "one JSON object"),
        ("get_progress", '{"weeks": ' + "9" * 5000 + "}", "one JSON object"),
        ("log_execution", '{"completion_status": "done"}', "completion_status"),
        (
            "log_execution",
            '{"completion_status": "completed", "actual_metrics": {"distance_km": NaN}}',
            "NaN",
        ),
        (
            "log_execution",
            '{"completion_status": "completed", "feedback": {"rpe": 11}}',
            "feedback.rpe",
        ),
        ("create_plan", '{"goal_distance": "100k", "goal_date": "2026-05-31"}', "goal_distance"),
        ("create_plan", '{"goal_distance": "10k", "goal_date": "soon"}', "goal_date"),
        ("get_workout", '{"workout_id": "../../etc"}', "workout_id"),
        ("adapt_plan", '{"kind": "pain", "body_part": "knee\\u0000"}', "NUL"),
        ("adapt_plan", '{"kind": "missed", "dates": ["2026-02-12", "\\u0000"]}', "NUL"),
    ],
)
def test_bad_arguments_are_refused_by_name(name: str, text: str, says: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        parse_arguments(TOOLS[name], text)
    assert says in f"{caught.value.field}: {caught.value}"


def test_good_arguments_are_read() -> None:
    text = json.dumps({"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"})
    assert parse_arguments(TOOLS["adapt_plan"], text).model_dump()["kind"] == "move"
