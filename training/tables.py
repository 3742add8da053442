"""Every number of the training rules, once: lengths, volumes, caps, shares, doses.

Sources: Daniels (Running Formula, 4th ed.) for session caps and intensities; Bosquet 2007 and Smyth
& Lawlor 2021 for the taper; Frandsen 2025 for the session spike; Damsted 2019 and Nielsen 2014 for
weekly growth. Lengths and volumes are fitted to published plans; the tolerances are decisions.
"""

import math
from dataclasses import dataclass

from training.plans import IntensityMix, Phase
from training.runners import Distance, Level

B, I, A = Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED  # noqa: E741 - the level's letter
FIVE_K, TEN_K, HALF, MARATHON = Distance
BASE, BUILD, PEAK, TAPER = Phase


@dataclass(frozen=True, slots=True)
class Lengths:
    """Weeks to the race: enough for a full structure, the least to build at all, the longest."""

    full: int
    maintenance: int
    longest: int


LENGTHS = {
    FIVE_K: Lengths(6, 3, 16),
    TEN_K: Lengths(8, 4, 18),
    HALF: Lengths(10, 5, 20),
    MARATHON: Lengths(14, 8, 26),
}
MARATHON_SHORT_NOTICE_LONGEST_KM = 16.0  # below it no marathon plan under 8 weeks

NEEDED_KM = {  # a week before week 1; below it the base comes first
    FIVE_K: {B: 0.0, I: 20.0, A: 35.0},
    TEN_K: {B: 12.0, I: 25.0, A: 40.0},
    HALF: {B: 15.0, I: 28.0, A: 45.0},
    MARATHON: {B: 24.0, I: 40.0, A: 55.0},
}

TAPER_WEEKS = {FIVE_K: 1, TEN_K: 1, HALF: 2, MARATHON: 3}
TAPER_SHARES = {
    FIVE_K: (0.65,),
    TEN_K: (0.60,),
    HALF: (0.70, 0.50),
    MARATHON: (0.80, 0.60, 0.45),
}
LAST_TAPER_SHARE = {FIVE_K: 0.70, TEN_K: 0.70, HALF: 0.60, MARATHON: 0.60}
LEAST_TAPER_SHARE = 0.30
SHORT_MARATHON_WEEKS = 14  # shorter plans (and A) may taper for two weeks
PEAK_WEEKS = {FIVE_K: (1, 2), TEN_K: (1, 3), HALF: (1, 3), MARATHON: (2, 4)}
PEAK_SHARE = 0.2
BASE_SHARE = {B: 0.55, I: 0.45, A: 0.35}

VOLUME_KM = {  # start, peak
    FIVE_K: {B: (10.0, 25.0), I: (25.0, 45.0), A: (45.0, 75.0)},
    TEN_K: {B: (15.0, 32.0), I: (30.0, 55.0), A: (50.0, 85.0)},
    HALF: {B: (20.0, 42.0), I: (35.0, 65.0), A: (55.0, 95.0)},
    MARATHON: {B: (25.0, 60.0), I: (45.0, 80.0), A: (65.0, 115.0)},
}
RUN_DAYS = {
    FIVE_K: {B: 3, I: 4, A: 5},
    TEN_K: {B: 3, I: 4, A: 5},
    HALF: {B: 3, I: 4, A: 5},
    MARATHON: {B: 4, I: 5, A: 6},
}
REST_DAYS = {B: 3, I: 2, A: 1}
FEWER_DAYS_PEAK = 0.85  # a run day less than the table
HISTORY_PEAK = 1.15
FIRST_WEEK_GROWTH = 1.10
LEAST_WEEK_KM = 6.0  # what anyone may start from: three times two km, walked or run
NO_HISTORY_WEEK_KM = {B: 12.0}

GROWTH = 1.10
GROWTH_HIGH_VOLUME = 1.08  # advanced, above 80 km
HIGH_VOLUME_KM = 80.0
SMALL_WEEK_KM = 30.0
SMALL_WEEK_STEP_KM = 3.0
JUMP = 1.20
TWO_WEEK_JUMP = 1.30
CUTBACK = 0.80
CUTBACK_TRIES = (CUTBACK, 0.82, 0.84, 0.78, 0.76, 0.88, 0.92)  # until whole minutes fit the depth
CUTBACK_DEPTH = (0.15, 0.25)
UNLOADING = 0.85  # a week at most this share of the one before ends a run of loading weeks
LOADING_WEEKS = 3
LOADING_WEEKS_CAREFUL = 2  # beginner marathon, 50 and over, injury history
CAREFUL_AGE = 50

LONG_SHARE = {0: 1.0, 1: 1.0, 2: 0.60, 3: 0.50, 4: 0.40, 5: 0.35, 6: 0.30}
LONG_SHARE_MARATHON_BONUS = 0.05  # on four or more days
LONG_SHARE_SMALL_WEEK = 0.60
LONG_SHARE_SMALL_WEEK_KM = 20.0
LONG_MINUTES = {
    FIVE_K: {B: 70, I: 75, A: 90},
    TEN_K: {B: 90, I: 90, A: 105},
    HALF: {B: 120, I: 130, A: 140},
    MARATHON: {B: 180, I: 180, A: 180},
}
LONG_KM = {
    FIVE_K: {B: 12.0, I: 15.0, A: 19.0},
    TEN_K: {B: 15.0, I: 18.0, A: 22.0},
    HALF: {B: 22.0, I: 22.0, A: 22.0},
    MARATHON: {B: 32.0, I: 35.0, A: 35.0},
}
OTHER_RUN_SHARE = 0.85  # of the long run
OTHER_RUN_SMALL_WEEK_KM = 15.0
SPIKE = 1.10
SPIKE_STEP_KM = 1.0
SPIKE_STEP_UP_TO_KM = 10.0
SPIKE_DAYS = 30
USUAL_LONG_SHARE = 0.25
FIRST_RUN_KM = {B: 5.0, I: 8.0, A: 12.0}
FIRST_RUN_MINUTES = {B: 30.0}

LONGEST_RUN_DAYS_OUT = {FIVE_K: 7, TEN_K: 8, HALF: 13, MARATHON: 20}
LAST_HARD_DAYS_OUT = {FIVE_K: 4, TEN_K: 4, HALF: 5, MARATHON: 7}
SHARPENING_MINUTES = 10.0
EVE_MINUTES = 25
LAST_DAYS_MINUTES = 75  # of an easy run in the last days before the race
LONG_RUN_DAYS_OUT = 6  # nearer to the race no run is a long one

HARD_LONG_MINUTES = 120.0
JUST_HARD_MINUTES = 5.0  # a flagged runner's long run is not hard by these few alone
HARD_LONG_BLOCK_MINUTES = 20.0
HARD_DAYS = {B: 2, I: 3, A: 3}
QUALITY = {  # sessions a week besides the long run
    BASE: {B: 0, I: 1, A: 2},
    BUILD: {B: 1, I: 2, A: 2},
    PEAK: {B: 1, I: 2, A: 2},
    TAPER: {B: 1, I: 1, A: 1},
}
LOW_SHARE = {B: 0.85, I: 0.75, A: 0.75}
LOW_SHARE_BASE = {B: 0.95, I: 0.75, A: 0.75}
LOW_SHARE_MEAN = 0.80

MIX = {
    FIVE_K: {
        BASE: IntensityMix(92, 6, 2),
        BUILD: IntensityMix(82, 11, 7),
        PEAK: IntensityMix(80, 10, 10),
        TAPER: IntensityMix(82, 9, 9),
    },
    TEN_K: {
        BASE: IntensityMix(92, 6, 2),
        BUILD: IntensityMix(82, 11, 7),
        PEAK: IntensityMix(80, 10, 10),
        TAPER: IntensityMix(82, 9, 9),
    },
    HALF: {
        BASE: IntensityMix(92, 7, 1),
        BUILD: IntensityMix(82, 14, 4),
        PEAK: IntensityMix(80, 15, 5),
        TAPER: IntensityMix(82, 13, 5),
    },
    MARATHON: {
        BASE: IntensityMix(92, 7, 1),
        BUILD: IntensityMix(82, 15, 3),
        PEAK: IntensityMix(80, 17, 3),
        TAPER: IntensityMix(82, 15, 3),
    },
}

T_WEEK_SHARE, I_WEEK_SHARE, R_WEEK_SHARE, M_WEEK_SHARE = 0.10, 0.08, 0.05, 0.20
I_KM, R_KM, M_KM, M_MINUTES, T_MINUTES = 10.0, 8.0, 29.0, 110.0, 60.0
T_ALWAYS_MINUTES = {B: 16.0, I: 24.0, A: 24.0}
I_ALWAYS_MINUTES = {B: 8.0, I: 12.0, A: 12.0}
R_ALWAYS_MINUTES = {B: 4.0, I: 4.0, A: 4.0}

SHORTEST_RUN_MINUTES = 10  # a shorter one is a rest day
USEFUL_RUN_MINUTES = 20
WARMUP_MINUTES, COOLDOWN_MINUTES = 10, 5
GENTLE_MINUTES = 5

INJURY_VOLUME = 0.75

TUNE_UP_DAYS_OUT, HALF_DAYS_OUT = 10, 21  # before the goal; a half before a marathon
TUNE_UP_DAYS_APART, TUNE_UP_EASY_DAYS_BEFORE = 21, 2
KM_PER_EASY_DAY = 3.0  # of a race, after it (Daniels: a day for every 3 km)

TOLERANCE = 0.01
TOLERANCE_KM = 0.1


def tune_up_days_out(km: float, goal: Distance) -> int:
    """Return the fewest days from a race of some km to the goal race."""
    far = goal is MARATHON and km > TEN_K.km
    return HALF_DAYS_OUT if far else TUNE_UP_DAYS_OUT


def tune_up_easy_days_after(km: float) -> int:
    """Return the days without anything hard after a race of some km."""
    return math.ceil(round(km) / KM_PER_EASY_DAY)


def taper_weeks(distance: Distance, level: Level, weeks: int) -> int:
    """Return how many weeks the taper takes in a plan of so many weeks."""
    if distance is MARATHON and (level is A or weeks < SHORT_MARATHON_WEEKS):
        return 2
    return TAPER_WEEKS[distance]


def long_share(distance: Distance, runs: int, week_km: float) -> float:
    """Return the largest share of a week that its long run may take, by the week's runs."""
    if week_km < LONG_SHARE_SMALL_WEEK_KM:
        return max(LONG_SHARE_SMALL_WEEK, LONG_SHARE[min(runs, 6)])
    bonus = LONG_SHARE_MARATHON_BONUS if distance is MARATHON and runs >= 4 else 0.0
    return LONG_SHARE[min(runs, 6)] + bonus


def spike_cap_km(longest_km: float) -> float:
    """Return the longest run allowed after a longest run of the last 30 days (Frandsen 2025)."""
    step = longest_km + SPIKE_STEP_KM if longest_km <= SPIKE_STEP_UP_TO_KM else 0.0
    return max(SPIKE * longest_km, step)


def growth_cap_km(level: Level, highest_km: float) -> float:
    """Return the largest week allowed after the highest of the last three weeks."""
    if highest_km < SMALL_WEEK_KM:
        return max(GROWTH * highest_km, highest_km + SMALL_WEEK_STEP_KM)
    return highest_km * (
        GROWTH_HIGH_VOLUME if level is A and highest_km > HIGH_VOLUME_KM else GROWTH
    )


def loading_weeks(distance: Distance, level: Level, age: int | None, injured_before: bool) -> int:
    """Return how many weeks may load in a row before a cutback."""
    careful = (distance is MARATHON and level is B) or (age or 0) >= CAREFUL_AGE or injured_before
    return LOADING_WEEKS_CAREFUL if careful else LOADING_WEEKS


def low_share(level: Level, phase: Phase) -> float:
    """Return the least share of a week's minutes that stays in heart-rate zones 1 and 2."""
    return max(LOW_SHARE_BASE[level], LOW_SHARE[level]) if phase is BASE else LOW_SHARE[level]
