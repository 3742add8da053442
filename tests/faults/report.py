"""What a run under faults found, as a page that can be published: figures and their bound."""

import datetime as dt
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

SHOWN = 20


@dataclass
class Result:
    """One run on one database. n: trials. violations: one line each, none of a runner's text.

    figures: what else was counted, by name.
    """

    run: str
    database: str
    seed: int
    n: int = 0
    violations: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def bound(self) -> str:
        """The rate under which the true one lies with 95 %, where no trial failed: 3/N."""
        return f"{3 / self.n:.3g}" if self.n and not self.violations else "-"


def render(results: Sequence[Result], scale: float) -> str:
    """Return the report as Markdown."""
    lines = [
        "# Runs under faults",
        "",
        f"runplan {version('runplan')}, Python {platform.python_version()}, "
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, scale {scale:g}.",
        "",
        "| run | database | seed | N | violations | bound (95 %) | minutes |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {r.run} | {r.database} | {r.seed} | {r.n:,} | {len(r.violations)} | {r.bound} "
            f"| {r.seconds / 60:.1f} |"
            for r in results
        ),
        "",
        "No failure in N independent trials bounds the rate at 3/N alone; the enumerated crash",
        "points and the removed guards carry the proof.",
        "",
    ]
    for result in results:
        lines += _details(result)
    return "\n".join(lines)


def _details(result: Result) -> Iterable[str]:
    if not result.figures and not result.violations:
        return
    yield f"## {result.run} on {result.database}"
    yield ""
    for name, value in result.figures.items():
        yield f"- {name}: {value}"
    for violation in result.violations[:SHOWN]:
        yield f"- **violation**: {violation}"
    if len(result.violations) > SHOWN:
        yield f"- and {len(result.violations) - SHOWN} more"
    yield ""
