"""The tools there are, and their schema as models are offered it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from pydantic import BaseModel

from tools import (
    adapt_plan,
    create_plan,
    get_plan_summary,
    get_progress,
    get_workout,
    log_execution,
    update_profile,
)
from tools.arguments import Arguments
from tools.context import Context


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its name, its arguments' model (whose docstring is its prompt), what it does.

    Every tool belongs to the plan, so none is offered or run without the subscription's right.
    """

    name: str
    arguments: type[Arguments]
    run: Callable[[Context, Any], BaseModel]
    reads_only: bool

    @property
    def description(self) -> str:
        """When to use it and what comes back."""
        return getdoc(self.arguments) or ""


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("get_plan_summary", get_plan_summary.GetPlanSummary, get_plan_summary.run, True),
        Tool("get_workout", get_workout.GetWorkout, get_workout.run, True),
        Tool("log_execution", log_execution.LogExecution, log_execution.run, False),
        Tool(adapt_plan.NAME, adapt_plan.AdaptPlan, adapt_plan.run, False),
        Tool(create_plan.NAME, create_plan.CreatePlan, create_plan.run, False),
        Tool("update_profile", update_profile.UpdateProfile, update_profile.run, False),
        Tool("get_progress", get_progress.GetProgress, get_progress.run, True),
    )
}


@cache
def openai_tools() -> tuple[dict[str, Any], ...]:
    """Return the tools as Chat Completions takes them, built once."""
    return tuple(
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": input_schema(tool),
            },
        }
        for tool in TOOLS.values()
    )


def input_schema(tool: Tool) -> dict[str, Any]:
    """Return the arguments' JSON schema without references, which some endpoints can't follow."""
    schema = tool.arguments.model_json_schema()
    definitions = schema.pop("$defs", {})
    plain: dict[str, Any] = _inlined(schema, definitions)
    plain.pop("description", None)
    return plain


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if reference := node.get("$ref"):
        target = definitions[reference.rpartition("/")[2]]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _inlined(target, definitions) | beside
    return {
        key: _inlined(value, definitions)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }
