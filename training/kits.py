"""What sessions are cut from: a runner's paces, and how stretches become a workout."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from training import texts
from training.fitness import LOWEST_FITNESS
from training.heart_rate import heart_rate_zones
from training.keeping import kept
from training.measures import (
    total_km,
    total_minutes,
)
from training.paces import GUIDE_ONLY_BELOW, Paces, middle_s_per_km, training_paces
from training.plans import Fitness
from training.runners import Distance, Level, Runner
from training.workouts import (
    Marker,
    PaceRange,
    RpeRange,
    Segment,
    Structure,
    Targets,
    Workout,
    WorkoutType,
    Zone,
)

RPE = {
    WorkoutType.EASY: RpeRange(3, 4),
    WorkoutType.RECOVERY: RpeRange(2, 3),
    WorkoutType.LONG: RpeRange(4, 5),
    WorkoutType.TEMPO: RpeRange(6, 7),
    WorkoutType.INTERVAL: RpeRange(8, 9),
}
LONG_WITH_BLOCK_RPE = RpeRange(5, 6)
HR_ZONE = {
    WorkoutType.EASY: "Z2",
    WorkoutType.RECOVERY: "Z1",
    WorkoutType.LONG: "Z2",
    WorkoutType.TEMPO: "Z4",
    WorkoutType.INTERVAL: "Z5",
}
UNDATED = dt.date.min
STRIDE = 1 / 3  # 20 seconds
ROUNDING_MINUTES = 0.05


@dataclass(frozen=True)  # no slots: the paces by zone are kept once they are asked for
class Kit:
    """What sessions are cut from: the runner's paces, goal and level.

    by_feel: nothing is known of the fitness, so effort leads and no pace is given.
    """

    paces: Paces
    distance: Distance
    level: Level
    by_feel: bool
    has_heart_rate: bool

    @property
    def easy_km_per_minute(self) -> float:
        """How far an easy minute goes, in km."""
        return 60 / self.paces.easy_s_per_km

    def easy_minutes(self, km: float) -> float:
        """Return the minutes that a distance takes at easy pace."""
        return km / self.easy_km_per_minute

    def pace(self, zone: Zone) -> PaceRange | None:
        """Return the pace range to show, None where effort leads alone."""
        return None if self.by_feel else self.ranges[zone]

    def km(self, zone: Zone, minutes: float) -> float:
        """Return how far some minutes in a zone go; walking is counted as easy running."""
        return round(minutes * 60 / self.s_per_km[zone], 3)

    @kept
    def stretches(self) -> dict[tuple[object, ...], Segment]:
        """Those cut so far: weeks are alike, and tried in several ways."""
        return {}

    @kept
    def ranges(self) -> Mapping[Zone, PaceRange | None]:
        """The pace range of each zone, walking without one."""
        return {zone: self.paces.range_of(zone, self.distance) for zone in Zone}

    @kept
    def s_per_km(self) -> Mapping[Zone, float]:
        """The middle of each zone's range; easy running's for easy running and for walking."""
        easy = self.paces.easy_s_per_km
        return {
            zone: easy if known is None or zone is Zone.E else middle_s_per_km(known)
            for zone, known in self.ranges.items()
        }


def kit_for(fitness: Fitness, distance: Distance, runner: Runner) -> Kit:
    """Return the kit of a runner at a fitness for a goal."""
    return Kit(
        paces=training_paces(max(fitness.value, LOWEST_FITNESS)),
        distance=distance,
        level=runner.level,
        by_feel=fitness.source == "placeholder",
        has_heart_rate=heart_rate_zones(runner) is not None,
    )


def stretch(
    kit: Kit,
    zone: Zone,
    minutes: float,
    *,
    repeats: int = 1,
    rest: float = 0.0,
    km: float | None = None,
    text: str = "",
) -> Segment:
    """Return a segment of some minutes a repeat, or of `km` where that is what is prescribed."""
    asked = (zone, minutes, repeats, rest, km, text)
    known = kit.stretches.get(asked)
    if known is None:
        known = kit.stretches[asked] = _cut(kit, *asked)
    return known


def _cut(
    kit: Kit, zone: Zone, minutes: float, repeats: int, rest: float, km: float | None, text: str
) -> Segment:
    if km is not None:
        minutes = round(km / kit.km(zone, 1000) * 1000, 2)
    rest = rest if repeats > 1 else 0.0
    return Segment(
        zone=zone,
        minutes=minutes,
        km=kit.km(zone, minutes) if km is None else km,
        by="time" if km is None else "distance",
        repeats=repeats,
        recovery_minutes=rest,
        recovery_km=kit.km(Zone.E, rest) if rest else 0.0,
        pace_range=kit.pace(zone),
        text=text,
    )


def strides(kit: Kit, count: int) -> Segment:
    """Return strides of 20 seconds with a full minute's walk or jog between them."""
    return stretch(kit, Zone.R, STRIDE, repeats=count, rest=1.0, text="strides")


def assemble(
    kit: Kit,
    kind: WorkoutType,
    name: str,
    structure: Structure,
    *,
    rationale: str,
    zone: Zone,
    rpe: RpeRange | None = None,
    marker: Marker | None = None,
) -> Workout:
    """Return a workout with totals, targets and cues from its structure."""
    parts = (*structure.warmup, *structure.main, *structure.cooldown)
    minutes, km = round(total_minutes(parts), 1), round(total_km(parts), 2)
    pace = kit.paces.recovery if kind is WorkoutType.RECOVERY else kit.pace(zone)
    targets = Targets(
        duration_minutes=minutes,
        pace_range=None if kit.by_feel else pace,
        hr_zone=HR_ZONE[kind] if kit.has_heart_rate else None,
        rpe=rpe or RPE[kind],
    )
    guide_only = not kit.by_feel and kit.paces.fitness < GUIDE_ONLY_BELOW
    return Workout(
        id="",
        scheduled_date=UNDATED,
        type=kind,
        name=name,
        structure=structure,
        targets=targets,
        rationale=rationale,
        coach_cues=texts.cues(kind, minutes, marker=marker, guide_only=guide_only),
        planned_km=km,
        planned_minutes=minutes,
        marker=marker,
    )


def whole_minutes(kit: Kit, km: float) -> int:
    """Return the whole minutes of easy running in some km, which are rounded to 10 m."""
    return math.floor(kit.easy_minutes(km) + ROUNDING_MINUTES)
