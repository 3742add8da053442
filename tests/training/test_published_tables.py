"""The engine's numbers against the publications that they come from."""

import pytest

from training.absence import layoff_factor
from training.fitness import fitness_from_race, predict, race_minutes
from training.heart_rate import heart_rate_zones
from training.paces import middle_s_per_km, training_paces
from training.runners import Distance, Level, Runner
from training.tables import TAPER_SHARES

HALF_KM, MARATHON_KM = 21.0975, 42.195


def clock(text):
    """Read h:mm:ss or mm:ss as minutes."""
    parts = [int(part) for part in text.split(":")]
    return sum(part * 60**power for power, part in enumerate(reversed(parts))) / 60


# Daniels, Running Formula, race times by fitness.
@pytest.mark.parametrize(
    ("fitness", "distance_km", "time"),
    [
        (40, 5, "24:08"),
        (40, 10, "50:03"),
        (45, 5, "21:50"),
        (45, 10, "45:16"),
        (50, 5, "19:57"),
        (50, 10, "41:21"),
        (50, HALF_KM, "1:31:35"),
        (50, MARATHON_KM, "3:10:49"),
        (55, 5, "18:22"),
        (55, 10, "38:06"),
        (60, 5, "17:03"),
        (60, 10, "35:22"),
        (60, HALF_KM, "1:18:09"),
        (60, MARATHON_KM, "2:43:25"),
        (70, 5, "14:55"),
    ],
)
def test_race_times_agree_with_daniels_within_half_a_percent(fitness, distance_km, time):
    assert race_minutes(fitness, distance_km) == pytest.approx(clock(time), rel=0.005)
    assert fitness_from_race(distance_km, clock(time)) == pytest.approx(fitness, rel=0.005)


# Daniels, Running Formula: threshold pace and marathon pace a km, interval pace a 400 m; the public
# calculator repeats them.
@pytest.mark.parametrize(
    ("fitness", "marathon", "threshold"),
    [(50, "4:31", "4:15"), (60, "3:52", "3:40")],
)
def test_training_paces_agree_with_daniels(fitness, marathon, threshold):
    paces = training_paces(float(fitness))
    for found, printed in ((paces.marathon, marathon), (paces.threshold, threshold)):
        # Printed in whole seconds, and a range's ends are whole seconds too.
        assert middle_s_per_km(found) == pytest.approx(60 * clock(printed), rel=0.005, abs=1.0)


# Riegel, Athletic Records and Human Endurance (1981): T2 = T1 x (D2 / D1) ^ 1.06.
@pytest.mark.parametrize(
    ("race_km", "minutes", "goal", "expected"),
    [(5, 20, Distance.HALF, 20 * (HALF_KM / 5) ** 1.06), (10, 40, Distance.MARATHON, 184.0)],
)
def test_riegels_formula_predicts_far_distances(race_km, minutes, goal, expected):
    found = predict(race_km, minutes, goal, weekly_km=70)
    assert found.method == "riegel"
    assert found.minutes == pytest.approx(expected, rel=0.005)


def test_tapers_cut_by_as_much_as_bosquet_found_best():
    """Bosquet et al. 2007: volume down by 41-60 % over about two weeks, progressively."""
    for distance in (Distance.HALF, Distance.MARATHON):
        shares = TAPER_SHARES[distance]
        assert list(shares) == sorted(shares, reverse=True)
        assert 0.41 <= 1 - shares[-1] <= 0.60


# Daniels, V.O2 News 2018, layoff table: days off, share of fitness without and with cross-training.
@pytest.mark.parametrize(
    ("days", "without", "with_training"),
    [(5, 1.0, 1.0), (6, 0.997, 0.998), (14, 0.973, 0.986), (28, 0.931, 0.965), (72, 0.80, 0.90)],
)
def test_layoff_factors_agree_with_daniels(days, without, with_training):
    assert layoff_factor(days) == pytest.approx(without, abs=0.002)
    assert layoff_factor(days, cross_trained=True) == pytest.approx(with_training, abs=0.002)


def test_heart_rate_zones_follow_tanaka_karvonen_and_friel():
    """Tanaka 2001: 208 - 0.7 x age. Karvonen: a share of the reserve above rest. Friel: of LTHR."""
    tanaka = heart_rate_zones(Runner(Level.BEGINNER, age=40))
    karvonen = heart_rate_zones(Runner(Level.BEGINNER, hr_max_bpm=190, hr_rest_bpm=50))
    friel = heart_rate_zones(Runner(Level.BEGINNER, lthr_bpm=170))
    assert tanaka is not None
    assert karvonen is not None
    assert friel is not None
    assert tanaka.bpm["Z5"][1] == 180
    assert karvonen.bpm["Z4"] == (168, 176)
    assert friel.bpm["Z4"] == (162, 168)
