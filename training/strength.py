"""Better than expected: the reward is pace, not volume."""

import datetime as dt

from training.changes import Adaptation, FeelingStrong, NoChange
from training.drafts import Draft, Reason, settle
from training.early_warnings import easy_runs_too_fast
from training.executions import CompletionStatus
from training.fitness import HIGHEST_FITNESS
from training.measures import QUALITY_TYPES, mean
from training.plans import Fitness
from training.signals import signals_of

RACE_STEP, TRAINING_STEP = 3.0, 1.0
DEEPEST_DROP = 0.80
WINDOW_DAYS, SESSIONS, ADHERENCE = 28, 3, 85.0
RACE_SOURCES = ("race", "time_trial")


def adapt_feeling_strong(draft: Draft, change: FeelingStrong) -> Adaptation | NoChange:
    """Raise the paces: by a race at most 3 points, without one by 1 where the runs bear it out."""
    old = draft.inputs.baseline_fitness
    if change.new_fitness is not None:
        shown = change.new_fitness.value
        if shown == old.result or abs(shown - old.value) < 0.05:
            return NoChange("Your paces fit that result already.")
        new, rule = _from_result(old, change.new_fitness, draft.today), "3.9-result"
        reason = "A result is the best measure there is, so your paces follow it."
    else:
        hold = draft.inputs.hold
        if hold is not None and draft.today < hold.ends:
            return NoChange("Good to hear! While you are getting well nothing rises.")
        missing = _missing(draft)
        if missing:
            return NoChange(
                f"Good to hear! Paces rise after four weeks that bear it out: {missing} "
                "A race or a test run counts at once.",
            )
        value = min(HIGHEST_FITNESS, old.value + TRAINING_STEP)
        new, rule = Fitness(value, "training", "medium", as_of=draft.today), "3.9-training"
        reason = "Your last four weeks went well at the effort planned."
    draft.refit(new)
    direction = "faster" if new.value > old.value else "a little slower"
    why = Reason(
        rule=rule,
        summary=f"Your paces get {direction}; the amount of running stays.",
        reason=reason,
    )
    return settle(draft, why, is_small=True)


def _from_result(old: Fitness, result: Fitness, today: dt.date) -> Fitness:
    """Return the new fitness: a rise of at most 3 a result, a drop of at most 20 %.

    A placeholder is no measure, so a first result replaces it whole.
    """
    value = result.value
    if old.source != "placeholder":
        value = min(value, old.value + RACE_STEP)
        value = max(value, DEEPEST_DROP * old.value)
    return Fitness(round(value, 1), result.source, result.confidence, result.value, today)


def _missing(draft: Draft) -> str | None:
    """Say what the last four weeks lack for a step up; None where nothing."""
    first = draft.today - dt.timedelta(days=WINDOW_DAYS)
    workouts = {w.id: w for w in draft.plan.workouts}
    recent = [e for e in draft.done if first <= e.performed_on <= draft.today]
    pairs = [(e, workouts[e.workout_id]) for e in recent if e.workout_id in workouts]
    met = 0
    for execution, workout in pairs:
        band, rpe = workout.targets.rpe, execution.feedback.rpe
        if (
            workout.type in QUALITY_TYPES
            and execution.completion_status is CompletionStatus.COMPLETED
            and rpe is not None
            and band is not None
            and rpe <= band.high
        ):
            met += 1
    fitness = draft.inputs.baseline_fitness
    if fitness.source == "training" and fitness.as_of is not None and fitness.as_of > first:
        return "they rose less than four weeks ago."
    if met < SESSIONS:
        return f"{met} of {SESSIONS} faster sessions are logged at the effort planned so far."
    scores = [e.adherence_score for e, _ in pairs if e.adherence_score is not None]
    if mean(scores) < ADHERENCE:
        return f"the runs match the plan to {mean(scores):.0f} of 100, and {ADHERENCE:.0f} is it."
    if easy_runs_too_fast(draft.plan, draft.done, draft.today):
        return "easy runs were faster than easy lately; slow them down first."
    if any(signals_of(e, w) for e, w in pairs):
        return "some runs felt harder than planned."
    return None
