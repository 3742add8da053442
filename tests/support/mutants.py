"""Mutation tests of the training engine: a seeded sample of mutants, and a report on them.

The mutants are mutmut's. Running them is done here: mutmut's own way wraps every call of a
function, which makes an engine of many small functions ten times slower, and leaves out constants,
properties and cached functions. Here each mutant is a source of its own in a forked process that
runs the tests which reach its line, the quickest first, until one fails.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import coverage
import hypothesis.strategies  # noqa: F401 - loaded once, before the forks
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import file_mutation
from mutmut.mutation.mutators import operator_arg_removal, operator_assignment, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).parents[2]
TEXTS = {"texts", "rulebook", "document", "published", "__init__"}  # words for people
LEFT_OUT = ("test_invariants.py", "test_document.py")  # whole plans: a smaller test should notice
SLOW = ("test_simulation.py",)
LOADED = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "--confcutdir=tests/training", "-W", LOADED)
Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]


@dataclass(frozen=True)
class Mutant:
    """One change to a module; `inside` says whether it is inside a function."""

    module: str
    number: int
    first_line: int
    last_line: int
    inside: bool
    old: str
    new: str

    @property
    def name(self) -> str:
        """Where it is, as the report says it."""
        return f"{self.module}.py:{self.first_line} #{self.number}"


@dataclass(frozen=True)
class Reach:
    """Which tests reach which line, and how long each test takes."""

    tests: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests to run, quickest first; slow ones only where no other reaches it."""
        lines = self.tests.get(mutant.module, {})
        span = range(mutant.first_line, mutant.last_line + 1)
        found = {test for line in span for test in lines.get(line, ())}
        if not found - {""} and (found or not mutant.inside):  # runs on import alone
            found = {test for tests in lines.values() for test in tests} - {""}
            if mutant.module == "tables" or not found:
                found = set(self.seconds)
        found.discard("")
        quick = {test for test in found if not any(slow in test for slow in SLOW)}
        return sorted(quick or found, key=lambda test: (self.seconds.get(test, 0.0), test))


class MutationVisitor(file_mutation.MutationVisitor):
    """mutmut's visitor, which also goes into properties and cached functions, and keeps lines."""

    def __init__(self) -> None:
        super().__init__(_operators(), IgnoredCode(set(), set(), set()))
        self.spans: list[tuple[int, int]] = []
        self._at = (1, 1)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, cst.FunctionDef) and super()._skip_node_and_children(node)

    def _create_mutations(self, node: cst.CSTNode) -> None:
        position = self.get_metadata(PositionProvider, node, None)
        if position is not None:
            self._at = (position.start.line, position.end.line)
        super()._create_mutations(node)
        self.spans += [self._at] * (len(self.mutations) - len(self.spans))


def _operators() -> list[tuple[type, Operator]]:
    """Return mutmut's operators, those left out that change a text alone."""

    def text(node: cst.CSTNode | None) -> bool:
        return isinstance(node, cst.BaseString)

    def arguments(node: cst.Call) -> Iterator[cst.Call]:
        for mutated in operator_arg_removal(node):
            kept = {id(arg) for arg in mutated.args}
            if not any(text(arg.value) for arg in node.args if id(arg) not in kept):
                yield mutated

    def assignments(node: cst.Assign | cst.AnnAssign) -> Iterable[cst.CSTNode]:
        return () if text(node.value) else operator_assignment(node)

    instead = {operator_arg_removal: arguments, operator_assignment: assignments}
    return [
        (kind, instead.get(operator, operator))
        for kind, operator in file_mutation.mutation_operators
        if operator is not operator_string
    ]


@lru_cache(maxsize=1)
def parse(module: str) -> tuple[cst.Module, MutationVisitor]:
    """Return a module's tree and all its mutations."""
    source = (ROOT / "training" / f"{module}.py").read_text(encoding="utf-8")
    visitor = MutationVisitor()
    return MetadataWrapper(cst.parse_module(source)).visit(visitor), visitor


def mutants_of(module: str) -> list[Mutant]:
    """Return a module's mutants in the order of its lines."""
    tree, visitor = parse(module)
    found = []
    for number, (mutation, span) in enumerate(zip(visitor.mutations, visitor.spans, strict=True)):
        inside = isinstance(mutation.contained_by_top_level_function, cst.FunctionDef)
        old, new = (
            " ".join(tree.code_for_node(node).split())
            for node in (mutation.original_node, mutation.mutated_node)
        )
        found.append(Mutant(module, number, *span, inside, old, new))
    return found


def source_of(mutant: Mutant) -> str:
    """Return the whole module with the one change."""
    tree, visitor = parse(mutant.module)
    mutation = visitor.mutations[mutant.number]
    return file_mutation.deep_replace(tree, mutation.original_node, mutation.mutated_node).code


class MutatedSource(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Import one module of the engine from a mutated source, and the rest as ever."""

    def __init__(self, module: str, source: str) -> None:
        self.name, self.source = f"training.{module}", source

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def get_filename(self, fullname: str) -> str:
        return f"{fullname}.mutant"

    def get_data(self, path: str | bytes) -> bytes:
        return self.source.encode()


class Tracer:
    """Note which test reaches which line, cached functions emptied before each."""

    def __init__(self) -> None:
        self.coverage = coverage.Coverage(
            data_file=None, source=[str(ROOT / "training")], config_file=False
        )
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        for name, module in list(sys.modules.items()):
            if name.startswith("training."):
                for value in vars(module).values():
                    if hasattr(value, "cache_clear"):
                        value.cache_clear()
        self.coverage.switch_context(item.nodeid)
        start = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - start
            self.coverage.switch_context("")


def trace(cache: Path) -> Reach:
    """Run every test once under coverage, in a process of its own."""

    def run() -> int:
        tracer = Tracer()
        tracer.coverage.start()
        left_out = [f"--ignore=tests/training/{name}" for name in LEFT_OUT]
        code = pytest.main([*PYTEST, *left_out, "tests/training"], plugins=[tracer])
        tracer.coverage.stop()
        data = tracer.coverage.get_data()
        tests = {
            Path(file).stem: {
                line: sorted(set(contexts))
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        cache.write_text(json.dumps({"tests": tests, "seconds": tracer.seconds}))
        return int(code)

    if _forked(run, 1800) != "survived":
        raise SystemExit("the tests must pass before mutants are made")
    return stored(cache)


def stored(cache: Path) -> Reach:
    """Return what a run has traced."""
    found = json.loads(cache.read_text())
    tests = {
        module: {int(line): set(names) for line, names in lines.items()}
        for module, lines in found["tests"].items()
    }
    return Reach(tests, found["seconds"])


class Killers:
    """The tests that killed the last mutants of each module: they are tried first."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.file.write_text(report.nodeid)

    def first(self, mutant: Mutant, tests: list[str]) -> list[list[str]]:
        """Return the tests in two batches, those that killed lately before the others."""
        known = [test for test in self.found.get(mutant.module, ())[:8] if test in tests]
        return [batch for batch in (known, [t for t in tests if t not in known]) if batch]

    def remember(self, mutant: Mutant) -> None:
        """Put the test that killed a mutant before the others."""
        if self.file.exists():
            killer = self.file.read_text()
            others = [t for t in self.found.get(mutant.module, []) if t != killer]
            self.found[mutant.module] = [killer, *others]
            self.file.unlink()


def judge(mutant: Mutant, reach: Reach, killers: Killers) -> str:
    """Return "killed", "survived", "timeout" or "no tests"."""
    tests = reach.of(mutant)
    if not tests:
        return "no tests"
    source, batches = source_of(mutant), killers.first(mutant, tests)

    def run() -> int:
        sys.meta_path.insert(0, MutatedSource(mutant.module, source))
        codes = (
            int(pytest.main([*PYTEST, "--tb=no", *batch], plugins=[killers])) for batch in batches
        )
        return next((code for code in codes if code), 0)

    status = _forked(run, 30 + 4 * sum(reach.seconds.get(test, 0.0) for test in tests))
    killers.remember(mutant)
    return status


def _forked(run: Callable[[], int], limit_s: float) -> str:
    child = os.fork()
    if child == 0:
        code = 3
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            code = run()
        finally:
            os._exit(code)
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if status == 0 else "killed"
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def sample(modules: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """Return a seeded sample of the modules' mutants, all of them for a size of 0."""
    known = sorted(path.stem for path in (ROOT / "training").glob("*.py"))
    found = [
        mutant
        for module in known
        if module not in TEXTS and (not modules or module in modules)
        for mutant in mutants_of(module)
    ]
    if 0 < size < len(found):
        found = random.Random(seed).sample(found, size)
    return sorted(found, key=lambda mutant: (mutant.module, mutant.number))


def report(results: dict[Mutant, str], asked: argparse.Namespace) -> str:
    """Return the figures and the survivors as Markdown."""
    counts = Counter(results.values())
    words = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    lines = [
        f"{_share(results):.1f} % of {len(results)} mutants killed ({words}; seed {asked.seed}).",
        "",
        "| Module | Killed | Of |",
        "|---|---|---|",
    ]
    for module in sorted({mutant.module for mutant in results}):
        own = [status for mutant, status in results.items() if mutant.module == module]
        lines.append(f"| {module} | {sum(map(_dead, own))} | {len(own)} |")
    lines += ["", "Survivors:", ""]
    lines += [
        f"- {mutant.name}{'' if status == 'survived' else f' ({status})'}: "
        f"`{mutant.old}` -> `{mutant.new}`"
        for mutant, status in results.items()
        if not _dead(status)
    ]
    return "\n".join(lines) + "\n"


def _dead(status: str) -> bool:
    return status in ("killed", "timeout")


def _share(results: dict[Mutant, str]) -> float:
    return 100 * sum(map(_dead, results.values())) / max(1, len(results))


def main() -> int:
    """Run the sample and write the report; fail where too few mutants die."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=500, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=85.0, help="percent that must be killed")
    parser.add_argument("--folder", type=Path, default=Path(".mutants"), help="for the report")
    parser.add_argument("--again", action="store_true", help="keep what the last run traced")
    parser.add_argument("modules", nargs="*", help="names of modules; all without any")
    asked = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    asked.folder.mkdir(exist_ok=True)
    chosen = sample(asked.modules, asked.sample, asked.seed)
    _say(f"{len(chosen)} mutants; which test reaches which line?")
    traced = asked.folder / "reach.json"
    reach = stored(traced) if asked.again and traced.exists() else trace(traced)
    pytest.main([*PYTEST, "--quiet", "tests/support"])  # no tests there: loads the plugins once
    killers = Killers(asked.folder.absolute() / "killer")
    results: dict[Mutant, str] = {}
    start = time.monotonic()
    for mutant in chosen:
        results[mutant] = judge(mutant, reach, killers)
        if not _dead(results[mutant]):
            _say(f"{mutant.name} {results[mutant]}: {mutant.old} -> {mutant.new}")
        if len(results) % 25 == 0:
            spent = time.monotonic() - start
            _say(f"{len(results)} of {len(chosen)}, {_share(results):.1f} % killed, {spent:.0f} s")
    text = report(results, asked)
    (asked.folder / "report.md").write_text(text, encoding="utf-8")
    _say(text.splitlines()[0])
    return int(_share(results) < asked.least)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
