"""How well a logged run met its plan, 0 to 100."""

from training.executions import CompletionStatus, Execution
from training.measures import is_run
from training.workouts import PaceRange, RpeRange, Workout, WorkoutType

VOLUME_WEIGHT, INTENSITY_WEIGHT, STATUS_WEIGHT = 0.55, 0.30, 0.15
GREEN_OVERRUN, OVERRUN_COST = 1.10, 200.0
RPE_OVER_COST, RPE_UNDER_COST = 15.0, 10.0
PACE_COST_PER_PERCENT = 5.0
STATUS_SCORE = {CompletionStatus.COMPLETED: 100.0, CompletionStatus.MODIFIED: 80.0}
HALF_DONE = 50.0
GENTLE = (WorkoutType.EASY, WorkoutType.RECOVERY, WorkoutType.LONG)
ON_TRACK, PARTLY = 80, 60


def adherence_score(workout: Workout, execution: Execution) -> int | None:
    """Return the score of a logged workout: 55 % volume, 30 % intensity, 15 % status.

    A missed run is 0, a planned rest taken 100. None where the runner rightly stopped for pain,
    illness, heat or danger, and for a run on a rest day.
    """
    if execution.stopped_for_safety:
        return None
    if not is_run(workout):
        ran = (
            execution.actual_metrics.duration_minutes is not None
            or execution.actual_metrics.distance_km is not None
        )
        return None if ran else 100
    if execution.completion_status is CompletionStatus.MISSED:
        return 0
    volume = _volume(workout, execution)
    intensity = _intensity(workout, execution)
    if intensity is None:
        intensity = volume
    status = STATUS_SCORE[execution.completion_status] if volume >= HALF_DONE else HALF_DONE
    score = VOLUME_WEIGHT * volume + INTENSITY_WEIGHT * intensity + STATUS_WEIGHT * status
    return min(100, max(0, round(score)))


def _volume(workout: Workout, execution: Execution) -> float:
    """Score actual over planned in the target's unit; nothing measured counts as its status."""
    targets, actual = workout.targets, execution.actual_metrics
    pairs = (
        (actual.duration_minutes, targets.duration_minutes),
        (actual.distance_km, targets.distance_km),
        (actual.distance_km, workout.planned_km),
        (actual.duration_minutes, workout.planned_minutes),
    )
    ratio = next((done / planned for done, planned in pairs if done and planned), None)
    if ratio is None:
        return STATUS_SCORE[execution.completion_status]
    if ratio <= 1:
        return 100 * ratio
    return max(0.0, 100 - OVERRUN_COST * max(0.0, ratio - GREEN_OVERRUN))


def _intensity(workout: Workout, execution: Execution) -> float | None:
    """Return the mean of the measures that were both planned and logged, None without any."""
    gentle = workout.type in GENTLE
    scores = []
    rpe, band = execution.feedback.rpe, workout.targets.rpe
    if rpe is not None and band is not None:
        scores.append(_effort(rpe, band, gentle=gentle))
    pace, span = execution.actual_metrics.pace_s_per_km, workout.targets.pace_range
    if pace is not None and span is not None and gentle:
        scores.append(_pace(pace, span))
    return sum(scores) / len(scores) if scores else None


def _effort(rpe: int, band: RpeRange, *, gentle: bool) -> float:
    if rpe > band.high:
        return max(0.0, 100 - RPE_OVER_COST * (rpe - band.high))
    if rpe < band.low and not gentle:
        return max(0.0, 100 - RPE_UNDER_COST * (band.low - rpe))
    return 100.0


def _pace(pace: float, span: PaceRange) -> float:
    """Score an average pace of a steady run; slower than the range costs nothing there."""
    over = max(0.0, 100 * (span.fast_s_per_km - pace) / span.fast_s_per_km)
    return max(0.0, 100 - PACE_COST_PER_PERCENT * over)
