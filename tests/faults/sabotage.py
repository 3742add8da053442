"""R8: each guard of the house is taken away by itself, and the tests have to notice.

With all guards in place the same tests pass, with an empty system prompt too. Each is tried on a
copy of the tree. At a tenth of the trials or less it is a drawn tenth of them.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.guards import GUARDS, Guard
from tests.faults.stage import Stage

ROOT = Path(__file__).parents[2]
TREES = ("assistant", "examples", "prompts", "storage", "tools", "training", "tests")
FILES = ("pyproject.toml", "README.md")
PYTEST = (
    "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:schemathesis",
    "--tb=no", "--store", "sqlite",
)  # fmt: skip
LIMIT_S = 300
AT_ONCE = 2
PASSED, FAILED = 0, 1


def run(stage: Stage) -> None:
    """Take the guards away one by one; those whose tests still pass are violations."""
    guards = GUARDS if stage.scale > 0.1 else _tenth(stage)
    whole = Guard("none", "README.md", (), tuple(dict.fromkeys(t for g in guards for t in g.tests)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with_all = pool.submit(_outcome, whole)
        unprompted = pool.submit(_outcome, whole, "--empty-prompt")
        noticed = 0
        for guard, wrong in zip(guards, pool.map(_try, guards), strict=True):
            if wrong:
                stage.wrong(f"{guard.name}: {wrong}")
            noticed += not wrong
            stage.advance()
        if with_all.result() != PASSED:
            stage.wrong("with all guards in place the tests do not pass")
        if unprompted.result() != PASSED:
            stage.wrong("a guard stands in the system prompt: without it its tests do not pass")
    stage.result.figures["removed guards that a test noticed"] = f"{noticed} of {len(guards)}"


def _tenth(stage: Stage) -> Sequence[Guard]:
    return stage.rng.sample(GUARDS, max(1, len(GUARDS) // 10))


def _try(guard: Guard) -> str:
    """Return what is wrong, or nothing where the guard's tests noticed that it is gone."""
    text = (ROOT / guard.file).read_text(encoding="utf-8")
    for old, _ in guard.edits:
        if text.count(old) != 1:
            return f"{guard.file} has it {text.count(old)} times: {old.strip()!r}"
    match _outcome(guard):
        case 0:
            return "no test noticed that it was gone"
        case 1:
            return ""
        case code:
            return f"its tests could not be run: pytest ended with {code}"


def _outcome(guard: Guard, *options: str) -> int:
    """Run a guard's tests on a copy of the tree without it, and return how pytest ended."""
    with tempfile.TemporaryDirectory(prefix="runplan-sabotage-") as folder:
        tree = Path(folder)
        _copy(tree)
        _take_away(tree / guard.file, guard)
        command = [sys.executable, *PYTEST, *options, *guard.tests]
        environment = {"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "HOME": folder}
        try:
            done = subprocess.run(
                command,
                cwd=tree,
                env=environment,
                capture_output=True,
                timeout=LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return FAILED  # a test that never ends has noticed it, too
        return done.returncode


def _copy(tree: Path) -> None:
    left_out = shutil.ignore_patterns("__pycache__", ".*")
    for name in TREES:
        shutil.copytree(ROOT / name, tree / name, ignore=left_out)
    for name in FILES:
        shutil.copy(ROOT / name, tree / name)


def _take_away(file: Path, guard: Guard) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in guard.edits:
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
