"""The tool that looks back."""

from pydantic import Field

from tools.arguments import Arguments


class GetProgress(Arguments):
    """Compare planned and done volume by week, with adherence and trends.

    Use it for "how am I doing", "how much did I run last month".
    """

    weeks: int = Field(4, ge=1, le=52)
    """How many weeks back, the current one included, e.g. 4."""
