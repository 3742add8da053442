"""Single workouts as they are first made. Dates and ids come later."""

import math
from dataclasses import replace

from training import texts
from training.kits import (
    LONG_WITH_BLOCK_RPE,
    RPE,
    UNDATED,
    Kit,
    assemble,
    stretch,
    strides,
    whole_minutes,
)
from training.measures import (
    total_km,
    total_minutes,
)
from training.runners import Distance
from training.tables import (
    COOLDOWN_MINUTES,
    GENTLE_MINUTES,
    WARMUP_MINUTES,
)
from training.workouts import (
    Marker,
    Segment,
    Structure,
    Targets,
    Workout,
    WorkoutType,
    Zone,
)

SHORT_RUN_MINUTES = 10  # no gentle start or end set apart below it
WALK_BREAKS = ((1, 2), (2, 2), (3, 2), (4, 2), (5, 1), (6, 1), (8, 1), (10, 1))  # run, walk


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
