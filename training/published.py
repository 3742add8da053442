"""Facts of publicly known plans, to hold ours against, in km."""

from dataclasses import dataclass

from training.runners import Distance, Level
from training.units import km_from_miles


@dataclass(frozen=True, slots=True)
class Published:
    """A plan's weeks, its first and highest week, longest run, and the most hard days in a week.

    Races are left out. A hard day has running faster than easy; strides do not make one;
    None where the source does not count them. source: where the figures were read.
    ours: how our plan differs, and why.
    """

    name: str
    distance: Distance
    level: Level
    weeks: int
    first_km: float
    peak_km: float
    longest_km: float
    hard_days: int | None
    source: str
    ours: str = ""


def _mi(miles: float) -> float:
    return round(km_from_miles(miles), 1)


B, I, A = Level  # noqa: E741 - the level's letter
HIGDON = "Computed from the schedule on halhigdon.com [1]."
PFITZINGER_MARATHON = "Computed from the schedule in Advanced Marathoning [2]."
PFITZINGER_SHORTER = "Computed from the schedule in Faster Road Racing [3]."
LEAST = "More volume: the published plan is the least that gets one round."
TIME_CAP = "Less: the long run ends at {} minutes, and the week is held to it."
THREE_HOURS = "A shorter long run: it ends at three hours."
PLANS = (
    Published(
        "Higdon 5K Novice",
        *(Distance.FIVE_K, B, 8, _mi(4.5), _mi(8), _mi(3), 0),
        HIGDON + " Its optional run-walks are left out.",
        LEAST,
    ),
    Published(
        "Runner's World, Break 30 Minutes 5K",
        *(Distance.FIVE_K, I, 8, _mi(13), _mi(20), _mi(7), None),
        "As the plan's page states them [4]; it has intervals and tempo runs, but not how many.",
    ),
    Published(
        "Pfitzinger & Latter, 5K Schedule 1",
        *(Distance.FIVE_K, A, 12, _mi(30), _mi(40), _mi(10), 2),
        PFITZINGER_SHORTER,
    ),
    Published(
        "Higdon 10K Novice",
        *(Distance.TEN_K, B, 8, _mi(7.5), _mi(10.5), _mi(5.5), 0),
        HIGDON,
        LEAST,
    ),
    Published(
        "Pfitzinger & Latter, 8K-10K Schedule 1",
        *(Distance.TEN_K, I, 12, _mi(30), _mi(42), _mi(11), 2),
        PFITZINGER_SHORTER + " The lowest of the book's three.",
        TIME_CAP.format(90),
    ),
    Published(
        "Pfitzinger & Latter, 8K-10K Schedule 2",
        *(Distance.TEN_K, A, 12, _mi(45), _mi(57), _mi(13), 2),
        PFITZINGER_SHORTER + " The middle one of three.",
        TIME_CAP.format(105),
    ),
    Published(
        "Higdon Half Novice 1",
        *(Distance.HALF, B, 12, _mi(12), _mi(23), _mi(10), 0),
        HIGDON + ' Its "run or cross" is counted as a run.',
        "A shorter long run: it grows with the week.",
    ),
    Published(
        "Higdon Half Intermediate 1",
        *(Distance.HALF, I, 12, _mi(17), _mi(34), _mi(12), 2),
        HIGDON,
        "Less at the top: growth of 10 % at most, and lighter weeks.",
    ),
    Published(
        "Pfitzinger & Latter, half, 46 to 63 miles",
        *(Distance.HALF, A, 12, _mi(46), _mi(63), _mi(16), 2),
        PFITZINGER_SHORTER,
        "Less: no run is longer than 22 km, and the week is held to the long run.",
    ),
    Published(
        "Higdon Marathon Novice 1",
        *(Distance.MARATHON, B, 18, _mi(15), _mi(40), _mi(20), 0),
        HIGDON,
        "Less, and a far shorter long run: every third week is lighter, and the run stays near a "
        "third of the week, where theirs is half of it.",
    ),
    Published(
        "Pfitzinger & Douglas, up to 55 miles",
        *(Distance.MARATHON, I, 18, _mi(33), _mi(55), _mi(20), 2),
        PFITZINGER_MARATHON,
        THREE_HOURS,
    ),
    Published(
        "Pfitzinger & Douglas, 55 to 70 miles",
        *(Distance.MARATHON, A, 18, _mi(54), _mi(70), _mi(22), 2),
        PFITZINGER_MARATHON,
        THREE_HOURS,
    ),
)
