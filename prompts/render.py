"""Rendering a template: unknown names are errors, and nothing is escaped.

Autoescape is off on purpose, since prompts are not HTML. Text of runners reaches a template only as
a JSON value (the `json` filter) in a marked block; `<` is written as \\u003c there, so no text can
close its block.
"""

import json
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """Render `templates/<template>.j2` with plain values.

    Raises jinja2.UndefinedError where the template names something that was not given.
    """
    return _environment().get_template(f"{template}.j2").render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("prompts"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["json"] = render_json
    return environment


def render_json(value: Any) -> str:
    """Return the value as one line of JSON that can't close the block it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
