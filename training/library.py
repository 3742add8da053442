"""The session library: what to run in which phase for which goal, scaled to the week's caps."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from training import texts
from training.kits import Kit, stretch
from training.plans import Phase
from training.runners import Distance, Level
from training.sessions import SHORT_RUN_MINUTES, quality_session
from training.tables import (
    BASE,
    BUILD,
    FIVE_K,
    HALF,
    I_ALWAYS_MINUTES,
    I_KM,
    I_WEEK_SHARE,
    M_KM,
    M_MINUTES,
    M_WEEK_SHARE,
    MARATHON,
    PEAK,
    R_ALWAYS_MINUTES,
    R_KM,
    R_WEEK_SHARE,
    T_ALWAYS_MINUTES,
    T_MINUTES,
    T_WEEK_SHARE,
    TAPER,
    TEN_K,
)
from training.workouts import Segment, Workout, WorkoutType, Zone


@dataclass(frozen=True, slots=True)
class Recipe:
    """A main set: repeats of minutes or km in a zone, and the rest between."""

    kind: WorkoutType
    zone: Zone
    repeats: int
    minutes: float = 0.0
    km: float = 0.0
    rest: float = 0.0


def _tempo(repeats: int, minutes: float, rest: float = 2.0) -> Recipe:
    return Recipe(WorkoutType.TEMPO, Zone.T, repeats, minutes=minutes, rest=rest)


def _intervals(repeats: int, minutes: float, rest: float) -> Recipe:
    return Recipe(WorkoutType.INTERVAL, Zone.I, repeats, minutes=minutes, rest=rest)


def _metres(repeats: int, km: float, rest: float, zone: Zone = Zone.I) -> Recipe:
    return Recipe(WorkoutType.INTERVAL, zone, repeats, km=km, rest=rest)


def _race(kind: WorkoutType, repeats: int, km: float, rest: float) -> Recipe:
    return Recipe(kind, Zone.RACE, repeats, km=km, rest=rest)


_TEMPO, _INTERVAL = WorkoutType.TEMPO, WorkoutType.INTERVAL
RECIPES: dict[Distance, dict[Phase, tuple[Recipe, ...]]] = {
    FIVE_K: {
        BASE: (_tempo(2, 8), _tempo(3, 6), _intervals(8, 1, 1.5)),
        BUILD: (_intervals(5, 3, 2), _tempo(3, 8), _metres(8, 0.4, 2)),
        PEAK: (_metres(5, 1.0, 3), _tempo(2, 10), _race(_INTERVAL, 3, 1.6, 3)),
        TAPER: (_race(_INTERVAL, 4, 0.4, 2),),
    },
    TEN_K: {
        BASE: (_tempo(2, 10), _tempo(1, 20), _intervals(8, 1, 1)),
        BUILD: (_tempo(4, 6, 1.5), _metres(5, 1.0, 2.5), _metres(6, 0.8, 2)),
        PEAK: (_race(_INTERVAL, 3, 2.0, 2), _tempo(2, 15, 3)),
        TAPER: (_race(_INTERVAL, 3, 1.0, 2),),
    },
    HALF: {
        BASE: (_tempo(3, 6), _tempo(2, 10)),
        BUILD: (_tempo(3, 8), _intervals(5, 4, 3), _tempo(3, 10), _tempo(3, 12)),
        PEAK: (_race(_TEMPO, 3, 3.0, 3), _tempo(2, 20, 3)),
        TAPER: (Recipe(_TEMPO, Zone.RACE, 3, minutes=5, rest=2),),
    },
    MARATHON: {
        BASE: (_tempo(3, 8), _tempo(2, 10)),
        BUILD: (_tempo(2, 15, 3), _tempo(3, 10), _intervals(5, 3, 2.5)),
        PEAK: (_tempo(3, 12), Recipe(_TEMPO, Zone.M, 1, minutes=60), _tempo(2, 15, 3)),
        TAPER: (Recipe(_TEMPO, Zone.M, 2, minutes=10, rest=2),),
    },
}

LONG_BLOCKS: dict[Distance, dict[Phase, tuple[tuple[Zone, int, float], ...]]] = {
    HALF: {
        BUILD: ((Zone.RACE, 1, 15.0), (Zone.RACE, 1, 20.0)),
        PEAK: ((Zone.RACE, 1, 30.0), (Zone.RACE, 1, 25.0)),
    },
    MARATHON: {
        BUILD: ((Zone.M, 1, 20.0), (Zone.M, 2, 20.0)),
        PEAK: ((Zone.M, 2, 30.0), (Zone.M, 1, 50.0)),
    },
}
LEAST_REPEAT_MINUTES, LEAST_SESSION_MINUTES = 3.0, 6.0
LONG_BLOCK_REST_MINUTES = 5.0
SHARPENING_REPEAT, SHARPENING_SHARE = 2.0, 0.14
RACE_ZONE = {FIVE_K: Zone.RACE, TEN_K: Zone.RACE, HALF: Zone.RACE, MARATHON: Zone.M}


def dose_cap_minutes(kit: Kit, zone: Zone, week_km: float) -> float:
    """Return the most minutes that one session may hold in a zone (Daniels' session caps)."""

    def minutes(km: float) -> float:
        return km * kit.s_per_km[zone] / 60

    match cap_zone(zone, kit.distance):
        case Zone.I:
            cap = minutes(min(I_WEEK_SHARE * week_km, I_KM))
            return max(cap, I_ALWAYS_MINUTES[kit.level])
        case Zone.R:
            cap = minutes(min(R_WEEK_SHARE * week_km, R_KM))
            return max(cap, R_ALWAYS_MINUTES[kit.level])
        case Zone.M:
            return min(minutes(min(M_WEEK_SHARE * week_km, M_KM)), M_MINUTES)
        case _:
            cap = min(minutes(T_WEEK_SHARE * week_km), T_MINUTES)
            return max(cap, T_ALWAYS_MINUTES[kit.level])


def cap_zone(zone: Zone, distance: Distance) -> Zone:
    """Return the zone whose session cap holds: race pace counts as intervals or threshold."""
    if zone is not Zone.RACE:
        return zone
    return Zone.I if distance in (FIVE_K, TEN_K) else Zone.T


def quality(
    kit: Kit, phase: Phase, turn: int, *, week_km: float, budget_minutes: float, dose: float = 1.0
) -> Iterator[Workout]:
    """Yield versions of the phase's session at this turn, fullest first.

    budget_minutes: what the week's intensity share still allows. dose: 0.5 in the taper.
    """
    recipes = RECIPES[kit.distance][phase]
    recipe = recipes[turn % len(recipes)]
    halves = 0.5 if kit.level is Level.BEGINNER else 1.0
    repeats = max(1, math.ceil(recipe.repeats * halves * dose))
    cap = min(dose_cap_minutes(kit, recipe.zone, week_km), budget_minutes)
    each = recipe.minutes or recipe.km / kit.km(recipe.zone, 1000) * 1000
    for count, minutes in _doses(repeats, each, cap):
        whole = minutes == each
        yield _session(kit, recipe, count, minutes, recipe.km if whole and recipe.km else None)


def _doses(repeats: int, each: float, cap: float) -> list[tuple[int, float]]:
    """Return repeats and minutes each under a cap: fullest first, the recipe's own length first."""
    least = min(LEAST_REPEAT_MINUTES, each)
    doses = {(count, each) for count in range(1, repeats + 1) if count * each <= cap + 1e-6}
    for count in range(1, repeats + 1):
        minutes = math.floor(min(each, cap / count))
        doses |= {(count, float(m)) for m in range(minutes, 0, -1) if m >= least}
    useful = [d for d in doses if d[0] * d[1] >= min(LEAST_SESSION_MINUTES, repeats * each)]
    return sorted(
        useful, key=lambda d: (-round(d[0] * d[1] * (1.15 if d[1] == each else 1)), -d[0])
    )


def _session(kit: Kit, recipe: Recipe, repeats: int, minutes: float, km: float | None) -> Workout:
    main = stretch(kit, recipe.zone, minutes, repeats=repeats, rest=recipe.rest, km=km)
    if recipe.zone in (Zone.RACE, Zone.M):
        why = texts.RACE_PACE
    else:
        why = texts.TEMPO if recipe.kind is WorkoutType.TEMPO else texts.INTERVALS
    return quality_session(kit, recipe.kind, (main,), rationale=why)


def long_block(
    kit: Kit, phase: Phase, turn: int, *, week_km: float, budget_minutes: float
) -> Segment | None:
    """Return the faster block of a long run, or None where the phase or budget has none."""
    blocks = LONG_BLOCKS.get(kit.distance, {}).get(phase, ())
    if not blocks or kit.level is Level.BEGINNER or turn % 2 == 0:
        return None
    zone, repeats, minutes = blocks[turn // 2 % len(blocks)]
    cap = min(dose_cap_minutes(kit, zone, week_km), budget_minutes)
    if repeats * minutes > cap:
        repeats = 1
    minutes = min(minutes, 5 * math.floor(cap / 5))
    if minutes < 10:
        return None
    text = "at marathon pace" if zone is Zone.M else "at race pace"
    return stretch(kit, zone, minutes, repeats=repeats, rest=LONG_BLOCK_REST_MINUTES, text=text)


def sharpening(kit: Kit, minutes: float, week_minutes: float) -> Segment | None:
    """Return a few minutes at race pace for the last days: a reminder, not a session.

    At most three times two minutes, a seventh of the week's minutes, and what leaves the run itself
    ten easy ones.
    """
    share = math.floor(SHARPENING_SHARE * week_minutes / SHARPENING_REPEAT)
    room = math.floor((minutes - SHORT_RUN_MINUTES + SHARPENING_REPEAT) / (2 * SHARPENING_REPEAT))
    repeats = min(2 if kit.level is Level.BEGINNER else 3, share, room)
    if repeats < 1:
        return None
    text = "at marathon pace" if kit.distance is MARATHON else "at race pace"
    return stretch(
        kit,
        RACE_ZONE[kit.distance],
        SHARPENING_REPEAT,
        repeats=repeats,
        rest=SHARPENING_REPEAT,
        text=text,
    )
