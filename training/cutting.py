"""Workouts made shorter, easier, lighter, or given new paces; none of it adds load."""

import math
from dataclasses import replace

from training.kits import Kit, stretch, whole_minutes
from training.measures import (
    QUALITY_TYPES,
    is_run,
    stride_count,
    total_km,
    total_minutes,
    work_minutes,
)
from training.sessions import (
    WALK_BREAKS,
    easy_run,
    long_run,
    quality_session,
    rest_day,
)
from training.tables import (
    COOLDOWN_MINUTES,
    HARD_LONG_MINUTES,
    SHORTEST_RUN_MINUTES,
    WARMUP_MINUTES,
)
from training.workouts import (
    Marker,
    Segment,
    Structure,
    Workout,
    WorkoutType,
    Zone,
)

LONGEST_WARMUP_MINUTES = 20


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


def hard_segments(workout: Workout) -> tuple[Segment, ...]:
    """Return the main set's faster stretches, strides left out."""
    easy = (Zone.E, Zone.WALK)
    return tuple(s for s in workout.structure.main if s.zone not in easy and not s.is_stride)


def relabelled(workout: Workout, like: Workout) -> Workout:
    """Return the workout under another's id, date and pin."""
    pinned = like.pinned and is_run(workout)
    return workout.standing(like.id, like.scheduled_date, pinned=pinned)


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
