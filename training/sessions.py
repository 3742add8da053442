"""Single workouts: cutting, shortening, easing and re-pacing them. Dates and ids come later."""

import datetime as dt
import math
from dataclasses import dataclass, replace

from training import texts
from training.fitness import LOWEST_FITNESS
from training.heart_rate import heart_rate_zones
from training.measures import (
    QUALITY_TYPES,
    is_run,
    stride_count,
    total_km,
    total_minutes,
    work_minutes,
)
from training.paces import GUIDE_ONLY_BELOW, Paces, middle_s_per_km, training_paces
from training.plans import Fitness
from training.runners import Distance, Level, Runner
from training.tables import (
    COOLDOWN_MINUTES,
    GENTLE_MINUTES,
    HARD_LONG_MINUTES,
    SHORTEST_RUN_MINUTES,
    WARMUP_MINUTES,
)
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
SHORT_RUN_MINUTES = 10  # no gentle start or end set apart below it
ROUNDING_MINUTES = 0.05
LONGEST_WARMUP_MINUTES = 20
WALK_BREAKS = ((1, 2), (2, 2), (3, 2), (4, 2), (5, 1), (6, 1), (8, 1), (10, 1))  # run, walk


@dataclass(frozen=True, slots=True)
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
        return None if self.by_feel else self.paces.range_of(zone, self.distance)

    def km(self, zone: Zone, minutes: float) -> float:
        """Return how far some minutes in a zone go; walking is counted as easy running."""
        known = None if zone is Zone.E else self.paces.range_of(zone, self.distance)
        pace = self.paces.easy_s_per_km if known is None else middle_s_per_km(known)
        return round(minutes * 60 / pace, 3)


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


def easy_run(
    kit: Kit,
    minutes: float,
    *,
    recovery: bool = False,
    stride_count: int = 0,
    sharpening: Segment | None = None,
    walk_stage: int | None = None,
    rationale: str = texts.EASY,
) -> Workout:
    """Return an easy (or recovery) run of whole minutes in all, extras included.

    walk_stage: 0 to 7 for run-walk, None for running throughout.
    """
    minutes = max(1, math.floor(minutes + 1e-6))
    kind = WorkoutType.RECOVERY if recovery else WorkoutType.EASY
    if walk_stage is not None:
        return walk_run(kit, minutes, kind, walk_breaks(walk_stage))
    extras = [] if sharpening is None else [sharpening]
    name = f"Recovery {minutes} min" if recovery else f"{minutes} min easy"
    if sharpening is not None:
        name += f" + {sharpening.repeats} x {sharpening.minutes:g} min {sharpening.text}"
        rationale = texts.SHARPENING
    if stride_count:
        extras.append(strides(kit, stride_count))
        name += f" + {stride_count} strides"
    steady = minutes - total_minutes(extras)
    if steady < SHORT_RUN_MINUTES:  # too short for extras or separate parts
        name = f"Recovery {minutes} min" if recovery else f"{minutes} min easy"
        parts = Structure(main=(stretch(kit, Zone.E, minutes),))
    else:
        body = stretch(kit, Zone.E, round(steady - 2 * GENTLE_MINUTES, 2) or 0.1)
        gentle = stretch(kit, Zone.E, GENTLE_MINUTES, text="gentle")
        main = (body, *extras) if steady > 2 * GENTLE_MINUTES else tuple(extras) or (gentle,)
        parts = Structure((gentle,), main, (gentle,) if main != (gentle,) else ())
    return assemble(kit, kind, name, parts, rationale=rationale, zone=Zone.E)


def walk_breaks(stage: int) -> tuple[int, int]:
    """Return the minutes of running and of walking at a stage of run-walk, from 0 on."""
    return WALK_BREAKS[min(stage, len(WALK_BREAKS) - 1)]


def walk_run(kit: Kit, minutes: int, kind: WorkoutType, breaks: tuple[int, int]) -> Workout:
    """Return a run-walk of some minutes; walking is counted at easy pace, so load is not missed."""
    run, walk = breaks
    edge = min(GENTLE_MINUTES, minutes // 4)
    run = min(run, minutes - 2 * edge)
    repeats = max(1, (minutes - 2 * edge + walk) // (run + walk))
    blocks = stretch(kit, Zone.E, run, repeats=repeats, rest=walk, text="run, walk between")
    left = minutes - total_minutes([blocks]) - edge
    warmup = (stretch(kit, Zone.WALK, edge, text="brisk walk"),) if edge else ()
    cooldown = (stretch(kit, Zone.WALK, left, text="brisk walk"),) if left > 0 else ()
    return assemble(
        kit,
        kind,
        f"Run-walk {minutes} min ({run} min run, {walk} min walk)",
        Structure(warmup, (blocks,), cooldown),
        rationale=texts.WALK_RUN,
        zone=Zone.E,
        rpe=RPE[kind],
        marker=Marker.WALK_RUN,
    )


def long_run(
    kit: Kit, km: float, *, block: Segment | None = None, walk_stage: int | None = None
) -> Workout:
    """Return a long run of at most `km` in whole minutes, with a faster block near its end."""
    if block is not None:
        block_km = total_km([block])
        easy = math.floor(kit.easy_minutes(km - block_km) + 1e-6)
        if easy >= 2 * GENTLE_MINUTES + 10:
            minutes = round(easy + total_minutes([block]), 1)
            gentle = stretch(kit, Zone.E, GENTLE_MINUTES, text="gentle")
            parts = Structure(
                (gentle,), (stretch(kit, Zone.E, easy - 2 * GENTLE_MINUTES), block), (gentle,)
            )
            each = f"{block.repeats} x " if block.repeats > 1 else ""
            return assemble(
                kit,
                WorkoutType.LONG,
                f"Long run {minutes:g} min with {each}{block.minutes:g} min {block.text}",
                parts,
                rationale=texts.LONG_WITH_BLOCK,
                zone=Zone.E,
                rpe=LONG_WITH_BLOCK_RPE,
            )
    minutes = max(1, whole_minutes(kit, km))
    if walk_stage is not None:
        run = walk_run(kit, minutes, WorkoutType.LONG, walk_breaks(walk_stage))
        return replace(run, name=run.name.replace("Run-walk", "Long run-walk"))
    gentle = stretch(kit, Zone.E, min(GENTLE_MINUTES, max(1, minutes // 3)), text="gentle")
    body = minutes - 2 * gentle.minutes
    parts = (
        Structure((gentle,), (stretch(kit, Zone.E, body),), (gentle,))
        if body > 0
        else Structure(main=(stretch(kit, Zone.E, minutes),))
    )
    return assemble(
        kit,
        WorkoutType.LONG,
        f"Long run {minutes} min",
        parts,
        rationale=texts.LONG,
        zone=Zone.E,
    )


def rest_day() -> Workout:
    """Return a rest day."""
    return Workout("", UNDATED, WorkoutType.REST, "Rest", rationale=texts.REST)


def race_day(distance: Distance) -> Workout:
    """Return the goal race's entry: of type rest, since its distance is no training volume."""
    return Workout(
        "",
        UNDATED,
        WorkoutType.REST,
        f"Race day: {texts.DISTANCE_NAMES[distance.value]}",
        rationale=texts.RACE,
        coach_cues=texts.RACE_CUES,
        marker=Marker.RACE,
    )


def event_day(km: float, is_trial: bool) -> Workout:
    """Return a tune-up race's or a test run's entry: of type rest, outside the training volume."""
    return Workout(
        "",
        UNDATED,
        WorkoutType.REST,
        f"{'Test run' if is_trial else 'Tune-up race'}: {km:g} km",
        targets=Targets(distance_km=km),
        rationale=texts.TRIAL if is_trial else texts.TUNE_UP,
        coach_cues=texts.TRIAL_CUES if is_trial else texts.RACE_CUES,
        marker=Marker.TIME_TRIAL if is_trial else Marker.TUNE_UP,
    )


def softened(workout: Workout, kit: Kit) -> Workout:
    """Return the workout made easy: no quality, no block, at most two hours."""
    easy = eased(workout, kit)
    return shortened(easy, kit, (HARD_LONG_MINUTES - 1) * kit.easy_km_per_minute)


def shortened(workout: Workout, kit: Kit, km: float) -> Workout:
    """Return the workout cut to at most `km`: easy running first, then repeats, then the kind."""
    if not is_run(workout) or workout.planned_km <= km + 1e-6:
        return workout
    km = min(km, workout.planned_minutes * kit.easy_km_per_minute)
    minutes = whole_minutes(kit, km)
    if minutes < SHORTEST_RUN_MINUTES:
        return relabelled(rest_day(), workout)
    if workout.type is WorkoutType.LONG:
        block = next((s for s in workout.structure.main if s.zone is not Zone.E), None)
        if block is not None and km < workout.planned_km * 0.8:
            block = None
        stage = _walk_stage(workout)
        return relabelled(long_run(kit, km, block=block, walk_stage=stage), workout)
    if workout.type in QUALITY_TYPES:
        return _fewer_repeats(workout, kit, km)
    for less in range(minutes, 0, -1):  # extras are fast, so they take a minute or two off
        run = easy_run(
            kit,
            less,
            recovery=workout.type is WorkoutType.RECOVERY,
            stride_count=stride_count(workout),
            walk_stage=_walk_stage(workout),
            sharpening=_sharpening(workout),
        )
        if run.planned_km <= km + 0.01:
            return relabelled(run, workout)
    return relabelled(rest_day(), workout)


def eased(workout: Workout, kit: Kit, factor: float = 1.0) -> Workout:
    """Return the workout as plain easy running: at most `factor` of its km and its minutes."""
    km = factor * min(workout.planned_km, workout.planned_minutes * kit.easy_km_per_minute)
    plain = workout.structure.main and not (hard_segments(workout) or stride_count(workout))
    if not is_run(workout) or (plain and workout.type not in QUALITY_TYPES and factor >= 1):
        return workout
    minutes = whole_minutes(kit, km)
    if workout.type is WorkoutType.LONG and minutes >= SHORTEST_RUN_MINUTES:
        return relabelled(long_run(kit, km, walk_stage=_walk_stage(workout)), workout)
    if minutes < SHORTEST_RUN_MINUTES:
        return relabelled(rest_day(), workout)
    recovery = workout.type is WorkoutType.RECOVERY
    stage = _walk_stage(workout)
    return relabelled(easy_run(kit, minutes, recovery=recovery, walk_stage=stage), workout)


def lighter(workout: Workout, kit: Kit, dose: float) -> Workout:
    """Return a quality session with at most `dose` of its repeats, or of its minutes."""
    if workout.type not in QUALITY_TYPES:
        return workout
    main = tuple(_dosed(s, kit, dose) for s in workout.structure.main)
    if not main:
        return eased(workout, kit, dose)
    return _with_main(workout, kit, main)


def repaced(workout: Workout, kit: Kit) -> Workout:
    """Return the workout at the kit's paces, its minutes or distances as they are."""
    if not is_run(workout) or not workout.structure.main:
        return workout

    def again(segment: Segment) -> Segment:
        return stretch(
            kit,
            segment.zone,
            segment.minutes,
            repeats=segment.repeats,
            rest=segment.recovery_minutes,
            km=segment.km if segment.by == "distance" else None,
            text=segment.text,
        )

    old = workout.structure
    structure = Structure(
        tuple(map(again, old.warmup)), tuple(map(again, old.main)), tuple(map(again, old.cooldown))
    )
    parts = (*structure.warmup, *structure.main, *structure.cooldown)
    zone = _lead_zone(structure.main)
    recovery = workout.type is WorkoutType.RECOVERY
    pace = kit.paces.recovery if recovery and not kit.by_feel else kit.pace(zone)
    minutes = round(total_minutes(parts), 1)
    duration = None if workout.targets.duration_minutes is None else minutes
    return replace(
        workout,
        structure=structure,
        targets=replace(workout.targets, pace_range=pace, duration_minutes=duration),
        planned_km=round(total_km(parts), 2),
        planned_minutes=minutes,
    )


def whole_minutes(kit: Kit, km: float) -> int:
    """Return the whole minutes of easy running in some km, which are rounded to 10 m."""
    return math.floor(kit.easy_minutes(km) + ROUNDING_MINUTES)


def hard_segments(workout: Workout) -> tuple[Segment, ...]:
    """Return the main set's faster stretches, strides left out."""
    easy = (Zone.E, Zone.WALK)
    return tuple(s for s in workout.structure.main if s.zone not in easy and not s.is_stride)


def relabelled(workout: Workout, like: Workout) -> Workout:
    """Return the workout under another's id, date and pin."""
    pinned = like.pinned and is_run(workout)
    return replace(workout, id=like.id, scheduled_date=like.scheduled_date, pinned=pinned)


def _walk_stage(workout: Workout) -> int | None:
    if workout.marker is not Marker.WALK_RUN:
        return None
    run = workout.structure.main[0].minutes
    return next((i for i, (minutes, _) in enumerate(WALK_BREAKS) if minutes >= run), 0)


def _sharpening(workout: Workout) -> Segment | None:
    return next(iter(hard_segments(workout)), None)


def _lead_zone(main: tuple[Segment, ...]) -> Zone:
    hard = [s for s in main if s.zone not in (Zone.E, Zone.WALK) and not s.is_stride]
    long_enough = [s for s in hard if work_minutes(s) * 2 >= total_minutes(main)]
    return long_enough[0].zone if long_enough else Zone.E


def _dosed(segment: Segment, kit: Kit, dose: float) -> Segment:
    if segment.zone is Zone.E or segment.is_stride:
        return segment
    repeats = math.floor(segment.repeats * dose + 1e-6)
    minutes, km = segment.minutes, segment.km if segment.by == "distance" else None
    if repeats == 0:
        repeats, minutes = 1, max(1, math.floor(minutes * segment.repeats * dose))
        km = None
    return stretch(
        kit,
        segment.zone,
        minutes,
        repeats=repeats,
        rest=segment.recovery_minutes,
        km=km,
        text=segment.text,
    )


def _fewer_repeats(workout: Workout, kit: Kit, km: float) -> Workout:
    for tenths in range(10, 2, -1):
        main = tuple(_dosed(s, kit, tenths / 10) for s in workout.structure.main)
        if main and (session := _with_main(workout, kit, main)).planned_km <= km:
            return filled(session, kit, km, workout.planned_minutes)
    return eased(workout, kit, km / workout.planned_km)


def _with_main(workout: Workout, kit: Kit, main: tuple[Segment, ...]) -> Workout:
    return relabelled(
        quality_session(
            kit,
            workout.type,
            main,
            rationale=workout.rationale,
            marker=workout.marker,
        ),
        workout,
    )


def filled(session: Workout, kit: Kit, km: float, minutes: float) -> Workout:
    """Return a quality session with easy running added to its ends, up to `km` and `minutes`."""
    room = min(kit.easy_minutes(km - session.planned_km), minutes - session.planned_minutes)
    extra = math.floor(room + 1e-6)
    if extra < 1:
        return session
    before = min((extra + 1) // 2, LONGEST_WARMUP_MINUTES - WARMUP_MINUTES)
    structure = session.structure
    warm, *more = structure.warmup
    warmup = (stretch(kit, Zone.E, warm.minutes + before, text=warm.text), *more)
    cool = stretch(kit, Zone.E, COOLDOWN_MINUTES + extra - before, text="easy")
    parts = Structure(warmup, structure.main, (cool,))
    whole = (*parts.warmup, *parts.main, *parts.cooldown)
    total = round(total_minutes(whole), 1)
    return replace(
        session,
        structure=parts,
        targets=replace(session.targets, duration_minutes=total),
        planned_minutes=total,
        planned_km=round(total_km(whole), 2),
    )


def quality_session(
    kit: Kit,
    kind: WorkoutType,
    main: tuple[Segment, ...],
    *,
    rationale: str,
    marker: Marker | None = None,
) -> Workout:
    """Return a tempo or interval session with its warmup and cooldown."""
    first: tuple[Segment, ...] = (stretch(kit, Zone.E, WARMUP_MINUTES, text="easy, building"),)
    if kind is WorkoutType.INTERVAL:
        first = (*first, strides(kit, 4))
    last = (stretch(kit, Zone.E, COOLDOWN_MINUTES, text="easy"),)
    hard = next((s.zone for s in main if s.zone is not Zone.E), Zone.E)
    return assemble(
        kit,
        kind,
        texts.session_name(kind, main),
        Structure(first, main, last),
        rationale=rationale,
        zone=hard,
        marker=marker,
    )
