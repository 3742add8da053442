"""The command `simulate`: many made-up runners through whole plans, as a table, CSV and chart."""

import csv
import gc
import io
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from assistant.errors import OptionInvalid
from training.measures import mean
from training.simulation import Behaviour, Outcome, make_runner, simulate
from training.tables import LENGTHS

SHORTEST, LONGEST = (
    min(x.maintenance for x in LENGTHS.values()),
    max(x.longest for x in LENGTHS.values()),
)
MOST_RUNNERS = 1_000_000
CHUNK = 10
ALONE_UP_TO = 30  # runners; a second process takes longer to start than they take
SHOWN_VIOLATIONS = 10
PROGRESS_AFTER_S = 2.0
CHARTS = (".png", ".svg")
COLUMNS = (
    *("runner", "behaviour", "distance", "level", "days", "weeks", "planned_km", "done_km"),
    *("fitness_first", "fitness_last", "adherence", "adaptations", "unchanged", "refused"),
    "violations",
)


@dataclass(frozen=True, slots=True)
class Options:
    """What to simulate, and where to write it; workers: processes, None for one a core."""

    runners: int
    seed: int
    weeks: tuple[int, int]
    behaviours: tuple[Behaviour, ...]
    csv_file: Path | None = None
    chart_file: Path | None = None
    workers: int | None = None


def parse_weeks(text: str) -> tuple[int, int]:
    """Return the shortest and longest plan from "12" or "8-20".

    Raises OptionInvalid.
    """
    first, _, last = text.partition("-")
    if first.isdecimal() and (last.isdecimal() or "-" not in text):
        low, high = int(first), int(last or first)
        if SHORTEST <= low <= high <= LONGEST:
            return low, high
    raise OptionInvalid(
        f"--weeks {text!r}: a number of weeks from {SHORTEST} to {LONGEST}, or a range like 8-20"
    )


def parse_behaviours(names: Sequence[str]) -> tuple[Behaviour, ...]:
    """Return the behaviours by name, all of them without any.

    Raises OptionInvalid.
    """
    try:
        return tuple(dict.fromkeys(Behaviour(name) for name in names)) or tuple(Behaviour)
    except ValueError:
        wrong = next(name for name in names if name not in list(Behaviour))
        raise OptionInvalid(
            f"--behaviour {wrong!r}: one of {', '.join(Behaviour)} is known"
        ) from None


def parse_whole(name: str, low: int, high: int) -> Callable[[str], int]:
    """Return a reader of a whole number within limits; it raises OptionInvalid."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise OptionInvalid(f"{name} {text!r}: a whole number from {low} to {high}")
        return number

    return parse


def run_simulation(options: Options, console: Console, progress: Console) -> bool:
    """Simulate, print the tables, write the files; return whether every limit held.

    The same options give the same output, whatever the number of workers.
    """
    _check_files(options)
    outcomes = tuple(_with_progress(simulated(options), options.runners, progress))
    if options.csv_file is not None:
        options.csv_file.write_text(render_csv(outcomes), encoding="utf-8", newline="")
    if options.chart_file is not None:
        draw_chart(outcomes, options.chart_file)
    console.print(behaviour_table(outcomes))
    console.print(rule_table(outcomes))
    violations = [(o.runner.number, text) for o in outcomes for text in o.violations]
    receipts = sum(o.receipts for o in outcomes)
    console.print(f"{receipts} plans and changes checked, {len(violations)} violations")
    for number, text in violations[:SHOWN_VIOLATIONS]:
        console.print(f"  runner {number}: {text}", markup=False)
    return not violations


def simulated(options: Options) -> Iterator[Outcome]:
    """Yield each runner's outcome in order; a runner depends on the seed and number alone."""
    jobs = [
        (options, range(first, min(first + CHUNK, options.runners)))
        for first in range(0, options.runners, CHUNK)
    ]
    workers = options.workers or os.cpu_count() or 1
    if workers == 1 or options.runners <= ALONE_UP_TO:
        for job in jobs:
            yield from _chunk(job)
        return
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        for outcomes in pool.map(_chunk, jobs):
            yield from outcomes


def _chunk(job: tuple[Options, range]) -> list[Outcome]:
    options, numbers = job
    gc.freeze()  # what was imported is not looked through again
    outcomes = []
    for number in numbers:
        rng = random.Random(f"{options.seed}:{number}")
        behaviour = options.behaviours[number % len(options.behaviours)]
        outcomes.append(simulate(make_runner(number, behaviour, options.weeks, rng), rng))
    return outcomes


def _with_progress(outcomes: Iterator[Outcome], total: int, console: Console) -> Iterator[Outcome]:
    """Pass outcomes through, with a bar on a terminal once it takes more than two seconds."""
    if not console.is_terminal:
        yield from outcomes
        return
    started = time.monotonic()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("simulating", total=total, visible=False)
        for outcome in outcomes:
            late = time.monotonic() - started > PROGRESS_AFTER_S
            bar.update(task, advance=1, visible=late)
            yield outcome


def behaviour_table(outcomes: Sequence[Outcome]) -> Table:
    """Return means per behaviour: km a week, fitness, adherence, changes a plan."""
    table = Table(title="Planned and done, means per runner (km a week)")
    for name in (
        "behaviour",
        "runners",
        "planned",
        "done",
        "done %",
        "fitness",
        "adherence",
        "changes",
        "refused",
        "violations",
    ):
        table.add_column(name, justify="left" if name == "behaviour" else "right", no_wrap=True)
    for behaviour in Behaviour:
        mine = [o for o in outcomes if o.runner.behaviour is behaviour]
        run = [o for o in mine if o.weeks]
        if not run:
            continue
        weeks = sum(len(o.weeks) for o in run)
        planned, done = sum(o.planned_km for o in run), sum(o.done_km for o in run)
        scores = [o.adherence for o in run if o.adherence is not None]
        first, last = mean([o.fitness_first for o in run]), mean([o.fitness_last for o in run])
        table.add_row(
            behaviour.value,
            str(len(mine)),
            f"{planned / weeks:.1f}",
            f"{done / weeks:.1f}",
            f"{100 * done / planned:.0f}" if planned else "-",
            f"{first:.1f} > {last:.1f}",
            f"{mean(scores):.0f}" if scores else "-",
            f"{mean([float(sum(n for _, n in o.adaptations)) for o in run]):.1f}",
            str(sum(len(o.refused) for o in mine)),
            str(sum(len(o.violations) for o in mine)),
        )
    return table


def rule_table(outcomes: Sequence[Outcome]) -> Table:
    """Return how often each rule changed a plan, per behaviour."""
    present = [b for b in Behaviour if any(o.runner.behaviour is b for o in outcomes)]
    counts: Counter[tuple[str, Behaviour]] = Counter()
    for outcome in outcomes:
        for rule, times in outcome.adaptations:
            counts[rule, outcome.runner.behaviour] += times
    table = Table(title="Changes by rule")
    table.add_column("rule", no_wrap=True)
    for behaviour in present:
        table.add_column(behaviour.value, justify="right")
    for rule in sorted({rule for rule, _ in counts}):
        table.add_row(rule, *(str(counts[rule, behaviour]) for behaviour in present))
    return table


def render_csv(outcomes: Sequence[Outcome]) -> str:
    """Return one line a runner, in order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for o in outcomes:
        request = o.runner.request
        writer.writerow(
            (
                o.runner.number,
                o.runner.behaviour.value,
                request.goal_distance.value,
                request.runner.level.value,
                len(request.runner.availability),
                o.runner.weeks,
                f"{o.planned_km:.1f}",
                f"{o.done_km:.1f}",
                f"{o.fitness_first:.1f}",
                f"{o.fitness_last:.1f}",
                "" if o.adherence is None else f"{o.adherence:.1f}",
                " ".join(f"{rule}={times}" for rule, times in o.adaptations),
                o.unchanged,
                " ".join(o.refused),
                len(o.violations),
            )
        )
    return text.getvalue()


def draw_chart(outcomes: Sequence[Outcome], file: Path) -> None:
    """Draw planned and done km by week before the race, one panel a behaviour, as PNG or SVG."""
    import matplotlib as mpl

    mpl.rcParams["svg.hashsalt"] = "runplan"  # the same chart twice is the same file
    from matplotlib.figure import Figure

    present = [b for b in Behaviour if any(o.runner.behaviour is b and o.weeks for o in outcomes)]
    figure = Figure(figsize=(8, 2.2 * max(1, len(present))), layout="constrained")
    for index, behaviour in enumerate(present):
        axes = figure.add_subplot(len(present), 1, index + 1)
        runs = [o.weeks for o in outcomes if o.runner.behaviour is behaviour and o.weeks]
        places = range(1 - max(len(weeks) for weeks in runs), 1)
        at = [[weeks[p - 1] for weeks in runs if len(weeks) >= 1 - p] for p in places]
        axes.plot(
            list(places), [mean([w.planned_km for w in week]) for week in at], label="planned"
        )
        axes.plot(list(places), [mean([w.done_km for w in week]) for week in at], label="done")
        axes.set_title(behaviour.value, fontsize=10, loc="left")
        axes.set_ylabel("km a week")
        axes.set_ylim(bottom=0)
        if index == 0:
            axes.legend()
        if index == len(present) - 1:
            axes.set_xlabel("weeks before race week")
    metadata = {"Date": None} if file.suffix.lower() == ".svg" else {"Software": None}
    figure.savefig(file, metadata=metadata, dpi=120)


def _check_files(options: Options) -> None:
    for name, file in (("--csv", options.csv_file), ("--chart", options.chart_file)):
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise OptionInvalid(f"{name} {str(file)!r}: no such folder to write a file in")
    if options.chart_file is None:
        return
    if options.chart_file.suffix.lower() not in CHARTS:
        raise OptionInvalid(f"--chart {str(options.chart_file)!r}: it ends in .png or .svg")
    try:
        import matplotlib  # noqa: F401 - asked for before the work, not after it
    except ImportError:
        raise OptionInvalid(
            "--chart needs matplotlib, which the extra `charts` brings: pip install runplan[charts]"
        ) from None
