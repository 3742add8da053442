"""What the runner did: metrics, feedback, and what cannot have happened."""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from training.errors import ImpossibleValue
from training.units import parse_pace


class CompletionStatus(StrEnum):
    """How a workout ended, as the seed schema names it."""

    COMPLETED = "completed"
    MODIFIED = "modified"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class ActualMetrics:
    """What was measured; None where nothing was said. avg_pace: "m:ss" a km; hr_drift: percent."""

    duration_minutes: float | None = None
    distance_km: float | None = None
    avg_pace: str | None = None
    hr_avg: int | None = None
    hr_drift: float | None = None
    cadence: int | None = None

    @property
    def pace_s_per_km(self) -> float | None:
        """The pace that was said, else the one that time and distance give."""
        if self.avg_pace is not None:
            return float(parse_pace(self.avg_pace))
        if self.duration_minutes and self.distance_km:
            return self.duration_minutes * 60 / self.distance_km
        return None


@dataclass(frozen=True, slots=True)
class Feedback:
    """How it felt, each 0-10, and the runner's own words."""

    rpe: int | None = None
    soreness: int | None = None
    fatigue: int | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """A run (or a missed one) on a day.

    workout_id: None for a run outside the plan: it counts to load, not to adherence.
    adherence_score: 0-100, or None where it is not scored.
    """

    id: str
    workout_id: str | None
    performed_on: dt.date
    completion_status: CompletionStatus
    actual_metrics: ActualMetrics = ActualMetrics()
    feedback: Feedback = Feedback()
    adherence_score: int | None = None
    stopped_for_safety: bool = False


FASTEST_S_PER_KM = 140
SLOWEST_S_PER_KM = 900
LONGEST_MINUTES = 1440.0
LONGEST_KM = 200.0
PACE_TOLERANCE = 0.03


def check_metrics(metrics: ActualMetrics) -> None:
    """Refuse what no runner can have run, or numbers that contradict each other.

    Limits: 2:20 to 15:00 a km, heart rate 60 to 225, a disagreement of at most 3 % between
    distance, duration and pace (half a minute of rounding in the duration is allowed for).
    Raises ImpossibleValue naming the value and what would be accepted.
    """
    minutes, km = metrics.duration_minutes, metrics.distance_km
    for value, name, limit in ((minutes, "minutes", LONGEST_MINUTES), (km, "km", LONGEST_KM)):
        if value is not None and not (math.isfinite(value) and 0 < value <= limit):
            raise ImpossibleValue(f"{value:g} {name} can't be: over 0 and up to {limit:g} can")
    if metrics.hr_avg is not None and not 60 <= metrics.hr_avg <= 225:
        raise ImpossibleValue(
            f"an average heart rate of {metrics.hr_avg} can't be: 60 to 225 beats a minute can"
        )
    if metrics.cadence is not None and not 60 <= metrics.cadence <= 260:
        raise ImpossibleValue(
            f"a cadence of {metrics.cadence} can't be: 60 to 260 steps a minute can"
        )
    if metrics.hr_drift is not None and not -50 <= metrics.hr_drift <= 50:
        raise ImpossibleValue(f"a drift of {metrics.hr_drift:g} % can't be: -50 to 50 can")
    said = None if metrics.avg_pace is None else parse_pace(metrics.avg_pace)
    for pace in (said, minutes * 60 / km if minutes and km else None):
        if pace is not None and not FASTEST_S_PER_KM <= pace <= SLOWEST_S_PER_KM:
            raise ImpossibleValue(
                f"a pace of {int(pace // 60)}:{int(pace % 60):02d} a km can't be: "
                "2:20 to 15:00 can; is the distance or the time mistyped?"
            )
    if said is not None and minutes and km:
        low, high = (minutes - 0.5) * 60 / km, (minutes + 0.5) * 60 / km
        if not low * (1 - PACE_TOLERANCE) <= said <= high * (1 + PACE_TOLERANCE):
            raise ImpossibleValue(
                f"{km:g} km in {minutes:g} min is not a pace of {metrics.avg_pace} a km; "
                "which of the three is right?"
            )
