"""Runs under faults: `python -m tests.faults --scale 1`; `make faults` runs all in full.

The databases run at the same time, each in a process of its own. Each run is made with a fixed seed
and with a fresh one, half of the trials each, unless a seed is given.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import structlog
from rich.console import Console

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from tests.faults import (  # noqa: E402
    fuzzing,
    kills,
    pairs,
    report,
    restarts,
    sabotage,
    signs,
    strangers,
    turns,
    zombies,
)
from tests.faults.stage import Stage, stores_on  # noqa: E402

RUNS: Mapping[str, Callable[[Stage], None]] = {
    "R1+R6": turns.run,
    "R2": kills.run,
    "R3+pairs": pairs.run,
    "R3+zombies": zombies.run,
    "R3+restarts": restarts.run,
    "R4": strangers.run,
    "R5": fuzzing.run,
    "R7": signs.run,
    "R8": sabotage.run,
}
OF_NO_DATABASE = {"R8"}  # and of few draws: made once, on the first database
DATABASES = ("sqlite", "postgresql")
FIXED_SEED = 1


def main() -> int:
    """Run what is asked for, write the report, and fail where anything was wrong."""
    asked = _arguments()
    fresh = secrets.randbelow(2**31)
    seeds = (FIXED_SEED, fresh) if asked.seed is None else (asked.seed,)
    names = [name for name in RUNS if not asked.only or set(name.split("+")) & set(asked.only)]
    with ProcessPoolExecutor(len(asked.database)) as pool:
        running = [
            pool.submit(on_database, kind, names, seeds, asked.scale) for kind in asked.database
        ]
        results = [result for each in running for result in each.result()]
    page = report.render(sorted(results, key=lambda r: (r.run, r.database)), asked.scale)
    asked.report.write_text(page, encoding="utf-8")
    Console().print(page, markup=False, highlight=False, soft_wrap=True)
    return 1 if any(result.violations for result in results) else 0


def on_database(
    kind: str, names: Sequence[str], seeds: Sequence[int], scale: float
) -> list[report.Result]:
    """Make the named runs on one kind of database, with each seed its share of the trials."""
    results = []
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    with stores_on(kind) as stores:
        for name in names:
            if name in OF_NO_DATABASE and kind != DATABASES[0]:
                continue
            for seed in seeds[:1] if name in OF_NO_DATABASE else seeds:
                result = report.Result(name, kind, seed)
                share = scale if name in OF_NO_DATABASE else scale / len(seeds)
                stage = Stage(result, share, stores, first=seed == seeds[0])
                started = time.monotonic()
                RUNS[name](stage)
                result.seconds = time.monotonic() - started
                stage.tell()
                results.append(result)
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the trials, e.g. 0.05")
    parser.add_argument("--seed", type=int, help="one seed in place of 1 and a fresh one")
    parser.add_argument("--only", action="append", help="a run, e.g. R1; may be given again")
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    parser.add_argument("--report", type=Path, default=Path("faults.md"))
    asked = parser.parse_args()
    asked.database = asked.database or DATABASES
    return asked


if __name__ == "__main__":
    sys.exit(main())
