"""The engine's numbers against the publications that they come from.

Every figure here was read in a public copy, which the comment above it names; none is recalled.
"""

import datetime as dt

import pytest

from training.absence import layoff_factor
from training.adherence import ON_TRACK, PARTLY, adherence_score
from training.executions import ActualMetrics, CompletionStatus, Execution
from training.fitness import (
    fitness_from_race,
    predict,
    race_minutes,
    solve_race_minutes,
    speed_at_cost,
)
from training.heart_rate import HRR_SHARES, heart_rate_zones
from training.paces import Paces, middle_s_per_km, training_paces
from training.runners import Distance, Level, Runner
from training.tables import TAPER_SHARES
from training.workouts import Targets, Workout, WorkoutType

MILE_KM, HALF_KM, MARATHON_KM = 1.609344, 21.0975, 42.195
HALF_PERCENT = 0.005


def seconds(text: str) -> float:
    """Read h:mm:ss or mm:ss."""
    return sum(60**power * float(part) for power, part in enumerate(reversed(text.split(":"))))


def pace_at(cost: float) -> float:
    """Return the pace at an oxygen cost, s/km, before it is rounded."""
    return 60000 / speed_at_cost(cost)


# Daniels, Running Formula (3rd ed. 2013), table "VDOT values associated with running times". Read
# in full (30 to 85) in a transcription on GitHub (RunningPlanner.Core, VdotCalculator.cs); rows 40,
# 50 and 60 also in reddit.com/r/artc "Dissecting Daniels, part 4" (2017).
@pytest.mark.parametrize(
    ("fitness", "five_k", "ten_k", "half", "marathon"),
    [
        (40, "24:08", "50:03", "1:50:59", "3:49:45"),
        (45, "21:50", "45:16", "1:40:20", "3:28:26"),
        (50, "19:57", "41:21", "1:31:35", "3:10:49"),
        (55, "18:22", "38:06", "1:24:18", "2:56:01"),
        (60, "17:03", "35:22", "1:18:09", "2:43:25"),
        (65, "15:54", "33:01", "1:12:53", "2:32:35"),
        (70, "14:55", "31:00", "1:08:21", "2:23:10"),
        (75, "14:03", "29:14", "1:04:23", "2:14:55"),
        (80, "13:17.8", "27:41", "1:00:54", "2:07:38"),
        (85, "12:37.4", "26:19", "57:50", "2:01:10"),
    ],
)
def test_race_times_agree_with_daniels_within_half_a_percent(
    fitness, five_k, ten_k, half, marathon
):
    times = {5: five_k, 10: ten_k, HALF_KM: half, MARATHON_KM: marathon}
    for km, printed in times.items():
        minutes = seconds(printed) / 60
        assert race_minutes(fitness, km) == pytest.approx(minutes, rel=HALF_PERCENT)
        assert fitness_from_race(km, minutes) == pytest.approx(fitness, rel=HALF_PERCENT)


# The public VDOT calculator (vdoto2.com): races that it calls equal, and the paces a km for them:
# easy (both ends), marathon, threshold, interval, repetition. Read in the reference figures of
# github.com/jramosg/norwegian-singles, src/lib/__tests__/vdot.test.ts, in two of its states.
CALCULATOR = [
    ({5: "22:51", 10: "47:24", HALF_KM: "1:45:00"}, "5:49 6:23 5:10 4:51 4:27 4:12"),
    ({5: "20:00", 10: "41:29", MARATHON_KM: "3:11:23"}, "5:08 5:39 4:32 4:16 3:56 3:41"),
    ({5: "19:18", 10: "40:00", HALF_KM: "1:28:36"}, "4:58 5:28 4:23 4:08 3:48 3:33"),
    ({5: "18:48", 15: "59:57", MARATHON_KM: "3:00:00"}, "4:51 5:21 4:16 4:02 3:42 3:27"),
    ({1.5: "5:00", 5: "18:32", 10: "38:25"}, "4:47 5:16 4:12 3:58 3:39 3:24"),
    ({5: "17:26", HALF_KM: "1:20:00", MARATHON_KM: "2:47:11"}, "4:31 4:59 3:58 3:45 3:27 3:12"),
    ({10: "32:27", 15: "49:47", MARATHON_KM: "2:30:00"}, "4:04 4:30 3:33 3:23 3:07 2:52"),
    ({MILE_KM: "4:00", 10: "28:43", HALF_KM: "1:03:14"}, "3:38 4:00 3:08 3:01 2:46 2:31"),
]
# The same calculator without repetition pace, read in a data file on GitHub headed "Data collected
# from https://vdoto2.com/calculator". Its lists for marathon and half hold together; its 10 km list
# does not (10 km in 45:00 with a marathon pace of 5:23, where the calculator's is 4:55), so none of
# that list is used.
CALCULATOR += [
    ({MARATHON_KM: "3:45:00"}, "6:00 6:35 5:20 5:00 4:36"),
    ({MARATHON_KM: "3:30:00"}, "5:37 6:11 4:59 4:40 4:18"),
    ({MARATHON_KM: "3:15:00"}, "5:14 5:46 4:37 4:21 4:00"),
    ({HALF_KM: "1:30:00"}, "5:02 5:33 4:27 4:11 3:51"),
    ({MARATHON_KM: "2:45:00"}, "4:28 4:55 3:55 3:42 3:24"),
    ({HALF_KM: "1:15:00"}, "4:15 4:42 3:43 3:32 3:15"),
    ({MARATHON_KM: "2:15:00"}, "3:41 4:04 3:12 3:04 2:49"),
    ({HALF_KM: "1:00:00"}, "3:27 3:48 2:59 2:52 2:38"),
]
RACES = [(km, time, paces) for races, paces in CALCULATOR for km, time in races.items()]


def engine_paces(paces: Paces) -> list[float]:
    """Return easy (both ends), marathon, threshold, interval and repetition pace, s/km."""
    middles = (paces.marathon, paces.threshold, paces.interval, paces.repetition)
    return [
        paces.easy.fast_s_per_km,
        paces.easy.slow_s_per_km,
        *(middle_s_per_km(pace) for pace in middles),
    ]


# Both sides are whole seconds, so 0.5 % is about one second.
@pytest.mark.parametrize(("km", "time", "printed"), RACES)
def test_a_race_gives_the_calculators_paces_within_half_a_percent(km, time, printed):
    found = engine_paces(training_paces(fitness_from_race(km, seconds(time) / 60)))
    expected = [seconds(pace) for pace in printed.split()]
    assert found[: len(expected)] == pytest.approx(expected, rel=HALF_PERCENT)


# Daniels, Running Formula, table of training intensities: marathon pace a mile, threshold and
# interval a km, repetition 400 m. Read in a row-by-row transcription on GitHub ("Spot-check:
# Daniels VDOT transcription", rows 48, 50 and 60 marked as checked against the print). Print is
# rounded to whole seconds, which is allowed for: 0.5 s of the printed distance on top of 0.5 %.
@pytest.mark.parametrize(
    ("fitness", "marathon_mile", "threshold_km", "interval_km", "repetition_400"),
    [
        (46, "7:49", "4:33", "4:12", "1:34"),
        (48, "7:32", "4:24", "4:03", "1:30"),
        (50, "7:17", "4:15", "3:55", "1:27"),
        (60, "6:14", "3:40", "3:23", "1:15"),
    ],
)
def test_training_paces_agree_with_the_printed_table(
    fitness, marathon_mile, threshold_km, interval_km, repetition_400
):
    exact = (
        (solve_race_minutes(fitness, MARATHON_KM) * 60 / MARATHON_KM, marathon_mile, MILE_KM),
        (pace_at(0.88 * fitness), threshold_km, 1.0),
        (pace_at(0.975 * fitness), interval_km, 1.0),
    )
    for pace, printed, km in exact:
        assert pace * km == pytest.approx(
            seconds(printed), abs=0.5 + HALF_PERCENT * seconds(printed)
        )
    # The print and the calculator differ by up to a second a lap here; ours is the calculator's.
    repetition = 0.4 * (pace_at(0.975 * fitness) - 15)
    assert 0 <= repetition - seconds(repetition_400) <= 1.2


# Below fitness 39 the calculator takes another number for easy and interval pace, 2/3 of fitness
# plus 13, and for threshold the mean of both (its client code as described in a note on GitHub,
# "VDOT Calculator Engine - Research Findings"; V.O2 told of the change in August 2019). With it the
# equations give the public figures; ours keep the plain shares and are slower for it, on purpose.
@pytest.mark.parametrize(
    ("km", "time", "printed"),
    [
        (MARATHON_KM, "4:00:00", "6:20 6:57 5:41 5:18 4:52"),
        (10, "1:00:00", "6:51 7:31 6:28 5:53 5:17"),
        (5, "30:00", "7:00 7:41 6:43 6:03 5:24"),
    ],
)
def test_below_39_ours_is_slower_than_the_calculator_by_its_own_correction(km, time, printed):
    fitness = fitness_from_race(km, seconds(time) / 60)
    assert fitness < 39
    public = [seconds(pace) for pace in printed.split()]
    other = fitness * 2 / 3 + 13
    corrected = [
        pace_at(0.70 * other),
        pace_at(0.62 * other),
        solve_race_minutes(fitness, MARATHON_KM) * 60 / MARATHON_KM,
        pace_at(0.88 * (other + fitness) / 2),
        pace_at(0.975 * other),
    ]
    assert corrected == pytest.approx(public, rel=HALF_PERCENT)
    ours = engine_paces(training_paces(fitness))
    assert all(mine >= theirs for mine, theirs in zip(ours, public, strict=False))
    assert ours[2] == pytest.approx(public[2], rel=HALF_PERCENT)


# Riegel, Athletic Records and Human Endurance, American Scientist 69 (1981); the formula as in
# en.wikipedia.org/wiki/Peter_Riegel: T2 = T1 x (D2 / D1) ^ 1.06. It was made from efforts of 3.5 to
# 230 minutes (georgeron.com, "The fatigue factor for running", 2017, from the paper).
@pytest.mark.parametrize(
    ("race_km", "minutes", "goal", "expected"),
    [(5, 20, Distance.HALF, 20 * (HALF_KM / 5) ** 1.06), (10, 40, Distance.MARATHON, 184.0)],
)
def test_riegels_formula_predicts_far_distances(race_km, minutes, goal, expected):
    found = predict(race_km, minutes, goal, weekly_km=70)
    assert found.method == "riegel"
    assert found.minutes == pytest.approx(expected, rel=HALF_PERCENT)
    assert not any("longer than" in warning for warning in found.warnings)


def test_a_race_longer_than_riegels_efforts_is_told():
    found = predict(HALF_KM, 231, Distance.MARATHON, weekly_km=70)
    assert any("longer than" in warning for warning in found.warnings)


# Vickers & Vertosick, BMC Sports Science, Medicine and Rehabilitation 8 (2016), abstract: well
# calibrated up to the half; for the marathon at least 10 minutes too fast for half of 2303 runners.
@pytest.mark.parametrize("weekly_km", [30, 50])
def test_the_slow_end_of_a_marathon_prediction_is_ten_minutes_behind_riegel(weekly_km):
    found = predict(HALF_KM, 120, Distance.MARATHON, weekly_km)
    assert found.slow_minutes - 120 * 2**1.06 >= 10


# Bosquet et al., Med Sci Sports Exerc 39 (2007), abstract (PubMed 17762369): best are two weeks,
# the volume brought down by 41-60 %, more steeply at first.
def test_tapers_cut_by_as_much_as_bosquet_found_best():
    for distance in (Distance.HALF, Distance.MARATHON):
        shares = TAPER_SHARES[distance]
        assert len(shares) >= 2
        assert list(shares) == sorted(shares, reverse=True)
        assert 0.41 <= 1 - shares[-1] <= 0.60


def test_the_one_week_tapers_of_short_races_stay_just_below_what_bosquet_found_best():
    for distance in (Distance.FIVE_K, Distance.TEN_K):
        (share,) = TAPER_SHARES[distance]
        assert 0.35 <= 1 - share < 0.41


# Daniels, V.O2 News (2018), news.vdoto2.com/2018/02/vdot-adjustments-time-off: days off, share of
# fitness without and with cross-training. The page has 0.994 for 42 days with cross-training, which
# stands between 0.955 and 0.934: a misprint for 0.944.
@pytest.mark.parametrize(
    ("days", "without", "with_training"),
    [
        (5, 1.000, 1.000),
        (6, 0.997, 0.998),
        (7, 0.994, 0.997),
        (10, 0.985, 0.992),
        (14, 0.973, 0.986),
        (21, 0.952, 0.976),
        (28, 0.931, 0.965),
        (35, 0.910, 0.955),
        (42, 0.889, 0.944),
        (49, 0.868, 0.934),
        (56, 0.847, 0.923),
        (63, 0.826, 0.913),
        (70, 0.805, 0.902),
        (72, 0.800, 0.900),
        (100, 0.800, 0.900),
    ],
)
def test_layoff_factors_agree_with_daniels(days, without, with_training):
    assert layoff_factor(days) == pytest.approx(without, abs=0.001)
    assert layoff_factor(days, cross_trained=True) == pytest.approx(with_training, abs=0.001)


# Tanaka, Monahan & Seals, J Am Coll Cardiol 37 (2001): 208 - 0.7 x age; repeated by Nikolaidis et
# al., Front Physiol 9:226 (2018), who found it about 5 bpm too high for women who run marathons.
@pytest.mark.parametrize(("age", "maximum"), [(20, 194), (40, 180), (60, 166)])
def test_an_unknown_maximum_follows_tanaka(age, maximum):
    zones = heart_rate_zones(Runner(Level.BEGINNER, age=age))
    assert zones is not None
    assert zones.estimated
    assert zones.bpm["Z5"][1] == maximum


# Karvonen et al. (1957): a heart rate is rest plus a share of the reserve above it; the formula as
# in academic.whitworth.edu/hs433/heart_rate_reserve.htm. The zones' shares are ours.
def test_zones_of_the_reserve_follow_karvonen():
    zones = heart_rate_zones(Runner(Level.BEGINNER, hr_max_bpm=190, hr_rest_bpm=50))
    assert zones is not None
    assert zones.scheme == "reserve"
    for zone, (low, high) in HRR_SHARES.items():
        assert zones.bpm[zone] == pytest.approx((50 + low * 140, 50 + high * 140), abs=0.5)
    assert zones.bpm["Z4"] == (168, 176)


# Friel, A Quick Guide to Setting Zones (2009); the run's zones as in 220triathlon.com, "Going Long:
# training zones": below 85, 85-89, 90-94, 95-99, 100-102 (5a), 103-106 (5b) % of threshold rate.
def test_zones_of_the_threshold_rate_follow_friel():
    zones = heart_rate_zones(Runner(Level.BEGINNER, lthr_bpm=200))
    assert zones is not None
    assert zones.scheme == "lthr"
    assert zones.bpm["Z1"][1] == 170
    limits = {zone: (low / 2, high / 2) for zone, (low, high) in zones.bpm.items() if zone != "Z1"}
    assert limits == {"Z2": (85, 89), "Z3": (90, 94), "Z4": (95, 99), "Z5": (100, 106)}


# Daniels, % of the maximum: easy 65-79, marathon 80-90 (news.vdoto2.com/2017/07, "Understanding
# effort, not just pace"), threshold 88-92, interval 98-100 (rundna.com, "VDOT training tables").
@pytest.mark.parametrize(
    ("zone", "low", "high"), [("Z2", 65, 79), ("Z3", 80, 90), ("Z4", 88, 92), ("Z5", 93, 100)]
)
def test_zones_of_the_maximum_lie_in_daniels_bands(zone, low, high):
    zones = heart_rate_zones(Runner(Level.BEGINNER, hr_max_bpm=200))
    assert zones is not None
    assert zones.scheme == "max"
    assert low <= zones.bpm[zone][0] / 2 <= zones.bpm[zone][1] / 2 <= high


DAY = dt.date(2026, 2, 10)
EASY_RUN = Workout(
    "wk_1",
    DAY,
    WorkoutType.EASY,
    "100 min easy",
    targets=Targets(duration_minutes=100),
    planned_km=16,
    planned_minutes=100,
)


def score_of(percent: int) -> int:
    """Return the score of a run for which nothing but its length is known."""
    done = ActualMetrics(duration_minutes=percent)
    run = Execution("ex_1", "wk_1", DAY, CompletionStatus.COMPLETED, done)
    score = adherence_score(EASY_RUN, run)
    assert score is not None
    return score


# TrainingPeaks, "Color coding workouts by type and/or compliance" (support.trainingpeaks.com,
# athlete edition): completed over planned time is green at 80-120 %, yellow at 50-79 and 121-150 %,
# red below 50 and above 150 %. Their colours look at length alone, so ours is compared by it alone.
def test_trainingpeaks_green_is_on_track_and_its_red_is_not():
    assert min(score_of(percent) for percent in range(80, 121)) >= ON_TRACK
    assert max(score_of(percent) for percent in (*range(1, 50), *range(151, 250))) < PARTLY


def test_trainingpeaks_yellow_lies_below_its_green_and_ours_punishes_running_too_long_more():
    green = min(score_of(percent) for percent in range(80, 121))
    yellow = [score_of(percent) for percent in (*range(50, 80), *range(121, 151))]
    assert max(yellow) < green
    assert score_of(150) < score_of(50)
    # The bands are not the same: ours still calls 76-79 % on track, and needs 53 % for "partly".
    assert [score_of(percent) >= ON_TRACK for percent in (75, 76)] == [False, True]
    assert [score_of(percent) >= PARTLY for percent in (52, 53)] == [False, True]


# Today's Plan, "Understanding workout compliance" (10 July 2019, todaysplan.com.au): green within
# 15 %, orange at 15-35 %, red beyond, of time, distance or load.
def test_todays_plans_green_is_on_track_and_its_red_is_not():
    assert min(score_of(percent) for percent in range(85, 116)) >= 85
    assert max(score_of(percent) for percent in (*range(1, 65), *range(136, 250))) < ON_TRACK
