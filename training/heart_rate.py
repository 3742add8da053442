"""Heart-rate zones by the best scheme that the runner's numbers allow."""

from dataclasses import dataclass

from training.runners import Runner

HRR_SHARES = {
    "Z1": (0.50, 0.60),
    "Z2": (0.60, 0.74),
    "Z3": (0.74, 0.84),
    "Z4": (0.84, 0.90),
    "Z5": (0.90, 1.00),
}
MAX_SHARES = {
    "Z1": (0.60, 0.70),
    "Z2": (0.70, 0.79),
    "Z3": (0.80, 0.87),
    "Z4": (0.88, 0.92),
    "Z5": (0.93, 1.00),
}
LTHR_SHARES = {
    "Z1": (0.65, 0.85),
    "Z2": (0.85, 0.89),
    "Z3": (0.90, 0.94),
    "Z4": (0.95, 0.99),
    "Z5": (1.00, 1.06),
}


@dataclass(frozen=True, slots=True)
class HeartRateZones:
    """Zones Z1 to Z5 in beats a minute.

    scheme: "lthr", "reserve" or "max". estimated: the maximum comes from age (error about 10 bpm).
    """

    scheme: str
    bpm: dict[str, tuple[int, int]]
    estimated: bool = False

    def zone_of(self, bpm: float) -> int:
        """Return the zone's number, 0 below Z1, 5 above Z5 too."""
        return sum(bpm >= low for low, _ in self.bpm.values())


def heart_rate_zones(runner: Runner) -> HeartRateZones | None:
    """Return the runner's zones: by threshold if tested, else by reserve, else by maximum.

    Sources: Friel (threshold), Karvonen (reserve), Tanaka 2001 (208 - 0.7 x age for the maximum).
    None where nothing is known, or where a runner should go by effort alone.
    """
    if runner.no_hr_targets:
        return None
    if runner.lthr_bpm:
        return HeartRateZones("lthr", _scaled(LTHR_SHARES, 0.0, runner.lthr_bpm))
    if runner.hr_max_bpm is None and runner.age is None:
        return None
    estimated = runner.hr_max_bpm is None
    top = runner.hr_max_bpm or 208 - 0.7 * (runner.age or 0)
    if runner.hr_rest_bpm and runner.hr_rest_bpm < top:
        zones = _scaled(HRR_SHARES, runner.hr_rest_bpm, top - runner.hr_rest_bpm)
        return HeartRateZones("reserve", zones, estimated)
    return HeartRateZones("max", _scaled(MAX_SHARES, 0.0, top), estimated)


def _scaled(
    shares: dict[str, tuple[float, float]], floor: float, span: float
) -> dict[str, tuple[int, int]]:
    return {
        zone: (round(floor + low * span), round(floor + high * span))
        for zone, (low, high) in shares.items()
    }
