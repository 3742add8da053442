"""How often a scenario passes when it is played several times."""

from math import comb


def pass_at(k: int, passed: int, played: int) -> float:
    """Return the chance that at least one of k plays passes, estimated from those played.

    Unbiased: 1 - C(n-c, k) / C(n, k) with c of n passed (Chen et al. 2021, equation 1); k <= n.
    """
    return 1.0 - comb(played - passed, k) / comb(played, k)


def pass_all(k: int, passed: int, played: int) -> float:
    """Return the chance that all of k plays pass: C(c, k) / C(n, k)."""
    return comb(passed, k) / comb(played, k)
