"""What a run shows at a terminal or in a pipe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from assistant.scenarios.rates import pass_all, pass_at
from assistant.scenarios.running import Outcome
from assistant.scenarios.scenario import Scenario
from assistant.scenarios.values import Mistake
from assistant.views import one_line


@dataclass(frozen=True, slots=True)
class Result:
    """A scenario and its plays, one or more."""

    scenario: Scenario
    outcomes: tuple[Outcome, ...]

    @property
    def passes(self) -> int:
        """How many plays went as expected."""
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether all of them did."""
        return self.passes == len(self.outcomes)

    @property
    def seconds(self) -> float:
        """How long the plays took."""
        return sum(outcome.seconds for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run found."""

    results: tuple[Result, ...]
    mistakes: tuple[Mistake, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every scenario passed and every file could be read."""
        return not self.mistakes and all(result.passed for result in self.results)


def show_result(console: Console, result: Result) -> None:
    """Print a scenario's line, and under a failed one what was otherwise and what was said."""
    played = len(result.outcomes)
    times = f"{result.passes}/{played}  " if played > 1 else ""
    head = Text(f"{'ok   ' if result.passed else 'FAIL '}", "green" if result.passed else "red")
    head.append(f" {times}{one_line(result.scenario.name)}", "")
    head.append(f"  {result.seconds:.1f} s", "dim")
    _say(console, head)
    if not result.passed:
        failed = next(outcome for outcome in result.outcomes if not outcome.passed)
        for line in failure_lines(failed):
            _say(console, Text(line))


def failure_lines(outcome: Outcome) -> Iterator[str]:
    """Yield what was otherwise, then the conversation up to there."""
    for miss in outcome.misses:
        yield f"      {one_line(str(miss))}"
    last = max(
        (n for n, turn in enumerate(outcome.turns) if turn.misses or not turn.response), default=-1
    )
    for turn in outcome.turns[: last + 1]:
        yield f"      > {one_line(turn.said.say)}"
        if turn.response is not None:
            yield f"      < {one_line(turn.response['reply'])}"


def show_mistakes(console: Console, mistakes: Sequence[Mistake]) -> None:
    """Print each mistake of a file as one line."""
    for mistake in mistakes:
        _say(console, Text(one_line(str(mistake)), "red"))


def show_summary(console: Console, report: Report) -> None:
    """Print how many passed, and pass rates where scenarios were played several times."""
    passed = sum(result.passed for result in report.results)
    failed = len(report.results) - passed
    parts = [f"{passed} passed"]
    if failed:
        parts.append(f"{failed} failed")
    if report.mistakes:
        count = len(report.mistakes)
        parts.append(f"{count} {'mistake' if count == 1 else 'mistakes'} in files")
    style = "green" if report.passed else "red"
    played = max((len(result.outcomes) for result in report.results), default=1)
    if played > 1:
        for line in rate_lines(report.results, played):
            _say(console, Text(line))
    _say(console, Text(f"{', '.join(parts)} in {report.seconds:.1f} s", style))


def rate_lines(results: Sequence[Result], played: int) -> Iterator[str]:
    """Yield the mean over scenarios of pass@k and pass^k for 1, 2, 4, ... and all plays."""
    powers = [2**n for n in range(played.bit_length()) if 2**n < played]
    for k in [*powers, played]:
        some = sum(pass_at(k, result.passes, played) for result in results) / len(results)
        every = sum(pass_all(k, result.passes, played) for result in results) / len(results)
        yield f"pass@{k} {some:6.1%} (at least one of {k})   pass^{k} {every:6.1%} (all of {k})"


def _say(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)
