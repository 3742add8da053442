"""The benchmark's figures as a table, a chart, and the bar that runplan holds itself to."""

import datetime as dt
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from contenders import Contender


class Measured(Protocol):
    """One contender's figures."""

    contender: Contender

    def median(self, name: str) -> float:
        """Return a figure's median."""
        ...


FIGURES = (
    "CPU ms/turn",
    "p50 ms",
    "turns/s, 32 at a time",
    "CPU ms/turn, streaming",
    "time to first text, ms",
    "CPU ms/turn, 10 past messages",
    "CPU ms/turn, 100 past messages",
    "CPU ms/turn, 1,000 past messages",
    "model input kB/turn, 10 past messages",
    "model input kB/turn, 1,000 past messages",
    "start, s",
    "memory, MB",
)
FRAMEWORKS = ("pydantic-ai", "openai-agents", "LangGraph")


def write_report(figures: Sequence[Measured], calls_a_second: float, folder: Path | None) -> None:
    """Print the table and the bar, and write them with a chart into a folder."""
    lines = [*_heading(figures, calls_a_second), "", *_table(figures), "", *_bar(figures)]
    text = "\n".join(lines)
    print(text)  # noqa: T201 - the benchmark's output
    if folder is None:
        return
    folder.mkdir(exist_ok=True)
    _draw(figures, folder / "performance.svg")
    (folder / "performance.md").write_text(f"{text}\n\n![CPU time of a turn](performance.svg)\n")


def _heading(figures: Sequence[Measured], calls_a_second: float) -> list[str]:
    versions = sorted({p for each in figures for p in each.contender.packages})
    return [
        "# What a turn costs, beside others",
        "",
        f"{dt.date.today()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. The scripted model answers "
        f"{calls_a_second:,.0f} calls/s. " + ", ".join(f"{p} {version(p)}" for p in versions) + ".",
        "Medians of interleaved repetitions; machines differ, so the ratios count.",
    ]


def _table(figures: Sequence[Measured]) -> list[str]:
    rows = [
        "| | " + " | ".join(each.contender.name for each in figures) + " |",
        "|---" * (len(figures) + 1) + "|",
    ]
    for name in FIGURES:
        cells = (f"{each.median(name):,.3g}" for each in figures)
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def _bar(figures: Sequence[Measured]) -> list[str]:
    """Say which rows of the bar hold."""
    by_name = {each.contender.name.split()[0]: each for each in figures}
    ours = by_name.get("runplan")
    plain = by_name.get("plain")
    rivals = [by_name[name] for name in FRAMEWORKS if name in by_name]
    if ours is None:
        return []
    checks: list[tuple[str, float, float]] = []

    def ratio(text: str, name: str, other: float, limit: float) -> None:
        checks.append((text, ours.median(name) / other, limit))

    cpu = "CPU ms/turn"
    if plain is not None:
        ratio("CPU of a turn / plain", cpu, plain.median(cpu), 0.5)
        first = "time to first text, ms"
        ratio("time to first text / plain", first, plain.median(first), 0.5)
    if rivals:
        best = min(each.median(cpu) for each in rivals)
        ratio("CPU of a turn / best framework", cpu, best, 0.35)
    short = ours.median("CPU ms/turn, 10 past messages")
    ratio("CPU, 1,000 past messages / 10", "CPU ms/turn, 1,000 past messages", short, 1.15)
    short = ours.median("model input kB/turn, 10 past messages")
    long = "model input kB/turn, 1,000 past messages"
    ratio("model input, 1,000 past messages / 10", long, short, 1.5)
    rows = ["| bar | ratio | at most | |", "|---|---|---|---|"]
    return rows + [
        f"| {text} | {found:.2f} | {limit} | {'holds' if found <= limit else 'does not hold'} |"
        for text, found, limit in checks
    ]


def _draw(figures: Sequence[Measured], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    names = ["CPU ms/turn", "CPU ms/turn, streaming", "CPU ms/turn, 1,000 past messages"]
    figure, axes = pyplot.subplots(1, len(names), figsize=(12, 3), sharey=True)
    for axis, name in zip(axes, names, strict=True):
        labels = [each.contender.name.split(":")[0].split(" openai")[0] for each in figures]
        values = [each.median(name) for each in figures]
        colours = ["#c2410c" if label == "runplan" else "#94a3b8" for label in labels]
        bars = axis.barh(labels, values, color=colours)
        axis.bar_label(bars, fmt="%.3g", padding=3)
        axis.set_title(name, fontsize=10)
        axis.invert_yaxis() if axis is axes[0] else None
        axis.margins(x=0.2)
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
