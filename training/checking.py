"""How a limit becomes a check of the receipt."""

from collections.abc import Iterable, Sequence

from training.receipts import Check
from training.tables import TOLERANCE, TOLERANCE_KM

Found = tuple[float, float, str]  # found, allowed, where


def at_most(
    rule: str, limit: str, found: Iterable[Found], unit: str = "km", slack: float = TOLERANCE_KM
) -> Check:
    """Return a check that every value is at most what is allowed; the tightest one is shown."""
    tightest = max(found, key=lambda case: case[0] - _with_slack(case[1], slack), default=None)
    if tightest is None:
        return Check(rule, limit, "none", "-", True)
    value, allowed, where = tightest
    return Check(
        rule,
        limit,
        f"{value:.1f} {unit} ({where})",
        f"{allowed:.1f} {unit}",
        value <= _with_slack(allowed, slack),
    )


def none_of(rule: str, limit: str, offences: Sequence[str], note: str = "") -> Check:
    """Return a check that there are no offences; the first ones are named."""
    found = "; ".join(offences[:3]) or (note or "none")
    return Check(rule, limit, found, "none", not offences)


def _with_slack(allowed: float, slack: float) -> float:
    return max(allowed * (1 + TOLERANCE), allowed + slack) + 1e-9
