"""What logged runs say: effort over plan, soreness, tiredness, drift."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.executions import CompletionStatus, Execution
from training.workouts import Workout, WorkoutType

RPE_SIGNAL, RPE_STRONG = 2, 3
SORENESS_SIGNAL, SORENESS_STRONG, FATIGUE_SIGNAL = 6, 8, 7
DRIFT_SIGNAL = 10.0
WINDOW_DAYS, RECENT_RUNS, OFTEN = 7, 3, 3
GENTLE = (WorkoutType.EASY, WorkoutType.LONG, WorkoutType.RECOVERY)


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign of tiredness; strong ones count alone. execution: the id behind it."""

    what: str
    strong: bool = False
    execution: str | None = None


def signals_of(execution: Execution, workout: Workout | None) -> tuple[Signal, ...]:
    """Return the signs in one logged run, effort compared with the workout's band."""
    feedback, found = execution.feedback, []
    band = workout.targets.rpe if workout is not None else None
    if feedback.rpe is not None and band is not None and workout is not None:
        over = feedback.rpe - band.high
        if over >= RPE_SIGNAL:
            strong = over >= RPE_STRONG and workout.type in GENTLE
            found.append(
                Signal(
                    f"effort {feedback.rpe} where {band.low}-{band.high} was planned",
                    strong,
                    execution.id,
                )
            )
    found += _felt(feedback.soreness, feedback.fatigue, execution.id)
    drift = execution.actual_metrics.hr_drift
    if drift is not None and drift > DRIFT_SIGNAL:
        found.append(Signal(f"heart rate drifted {drift:g} %", False, execution.id))
    return tuple(found)


def _felt(soreness: int | None, fatigue: int | None, execution: str | None) -> list[Signal]:
    found = []
    if soreness is not None and soreness >= SORENESS_SIGNAL:
        found.append(Signal(f"soreness {soreness}", soreness >= SORENESS_STRONG, execution))
    if fatigue is not None and fatigue >= FATIGUE_SIGNAL:
        found.append(Signal(f"tiredness {fatigue}", False, execution))
    return found


@dataclass(frozen=True, slots=True)
class Tiredness:
    """How tired the runner seems: severity 0 (none) to 3, and the signs."""

    severity: int
    signals: tuple[Signal, ...]

    @property
    def trigger(self) -> str | None:
        """The execution behind the last sign."""
        return next((s.execution for s in reversed(self.signals) if s.execution), None)


def tiredness(
    done: Sequence[Execution],
    workouts: Mapping[str, Workout],
    today: dt.date,
    *,
    soreness: int | None = None,
    fatigue: int | None = None,
) -> Tiredness:
    """Weigh the last seven days' runs and what the runner says now.

    1: one sign. 2: a strong one, or signs in two of the last three runs. 3: signs three times.
    """
    first = today - dt.timedelta(days=WINDOW_DAYS - 1)
    recent = sorted(
        (
            e
            for e in done
            if first <= e.performed_on <= today
            and e.completion_status is not CompletionStatus.MISSED
        ),
        key=lambda e: (e.performed_on, e.id),
    )
    by_run = [signals_of(e, workouts.get(e.workout_id or "")) for e in recent]
    said = tuple(_felt(soreness, fatigue, None))
    signals = (*(s for found in by_run for s in found), *said)
    times = sum(bool(found) for found in by_run) + bool(said)
    often = sum(bool(found) for found in by_run[-RECENT_RUNS:]) >= 2
    if times >= OFTEN:
        return Tiredness(3, signals)
    if often or any(s.strong for s in signals):
        return Tiredness(2, signals)
    return Tiredness(1 if signals else 0, signals)
