"""Facts of publicly known plans, to hold ours against; km, as far as they are known."""

from dataclasses import dataclass

from training.runners import Distance, Level
from training.units import km_from_miles

READ = "read in a public copy of the schedule"
PARTLY = "partly read in public pages; where unsure, left out"
MEMORY = "longest run from memory, the rest read in public pages"


@dataclass(frozen=True, slots=True)
class Published:
    """A plan's weeks, its first and highest week, longest run and hard days; None: not known."""

    name: str
    distance: Distance
    level: Level
    weeks: int
    first_km: float | None
    peak_km: float | None
    longest_km: float | None
    hard_days: int | None
    known: str
    note: str = ""


def _mi(miles: float) -> float:
    return round(km_from_miles(miles), 1)


B, I, A = Level  # noqa: E741 - the level's letter
BY_TIME = "Its faster sessions are given in minutes, so no weekly sum is stated."
PLANS = (
    Published("Higdon 5K Novice", Distance.FIVE_K, B, 8, _mi(4.5), _mi(8), _mi(3), 0, READ),
    Published(
        "Higdon 5K Intermediate", Distance.FIVE_K, I, 8, None, None, _mi(7), 2, READ, BY_TIME
    ),
    Published(
        "Higdon 5K Advanced",
        *(Distance.FIVE_K, A, 8, None, None, None, 3, READ),
        BY_TIME + " Its longest run is 90 minutes.",
    ),
    Published("Higdon 10K Novice", Distance.TEN_K, B, 8, _mi(7.5), _mi(10.5), _mi(5.5), 0, READ),
    Published(
        "Higdon 10K Intermediate",
        *(Distance.TEN_K, I, 8, _mi(18), None, _mi(8), 1, READ),
        BY_TIME,
    ),
    Published("Higdon 10K Advanced", Distance.TEN_K, A, 8, _mi(26), None, None, 3, PARTLY, BY_TIME),
    Published("Higdon Half Novice 1", Distance.HALF, B, 12, None, None, _mi(10), 0, MEMORY),
    Published("Higdon Half Intermediate 1", Distance.HALF, I, 12, None, None, _mi(12), 1, PARTLY),
    Published("Higdon Half Advanced", Distance.HALF, A, 12, None, None, None, 2, PARTLY, BY_TIME),
    Published(
        "Runner's World (Burfoot), beginners",
        *(Distance.MARATHON, B, 20, 20.0, 70.0, 32.0, 1, READ),
        "Its week before a 32 km run has a 28 km one.",
    ),
    Published(
        "Pfitzinger 18/55",
        *(Distance.MARATHON, I, 18, _mi(33), _mi(55), None, None, PARTLY),
        "A runner reports 20 miles as the first of its longest runs.",
    ),
    Published(
        "Pfitzinger 18/55-70", Distance.MARATHON, A, 18, _mi(55), _mi(70), None, None, PARTLY
    ),
)
