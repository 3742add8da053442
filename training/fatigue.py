"""Tiredness: the answer grows with the signs, and never adds load."""

from training.changes import Adaptation, Fatigue, NoChange
from training.cutting import eased, lighter, shortened
from training.drafts import Draft, Reason, settle
from training.early_warnings import (
    DRIFT_TIMES,
    MISSED_TIMES,
    drifting_long_runs,
    missed_targets,
)
from training.executions import Execution
from training.measures import QUALITY_TYPES, is_hard
from training.signals import Tiredness, tiredness
from training.units import DAY, monday_of, weekday
from training.workouts import Workout, WorkoutType

EASY_DAYS = 2
LIGHT_DOSE = 2 / 3
WEEK_CUT, STRONG_CUT = 0.85, 0.70
WINDOW = 7
STRONG_SEVERITY = 2
FITNESS_CUT = 0.015
DRIFT_DAYS = 21
ASK = "How are sleep, heat, food and health at the moment? Any of them can make running feel hard."
LASTING = "If it stays like this for two weeks, let a doctor have a look."


def adapt_fatigue(draft: Draft, change: Fatigue) -> Adaptation | NoChange:
    """Ease the next days by how strong the signs in the last runs and the words are."""
    found = tiredness(
        draft.done,
        {w.id: w for w in draft.plan.workouts},
        draft.today,
        soreness=change.soreness,
        fatigue=change.fatigue,
    )
    slow = missed_targets(draft.plan, draft.done, draft.today)
    if found.severity < STRONG_SEVERITY and len(slow) >= MISSED_TIMES:
        return _slower_paces(draft, slow[-1])
    drifted = drifting_long_runs(draft.plan, draft.done, draft.today)
    if found.severity == 0 and len(drifted) >= DRIFT_TIMES:
        return _plain_long_runs(draft, drifted[-1])
    if found.severity == 0:
        return NoChange(
            "Your runs of the last week look as planned, so the plan stays. Feeling tired now and "
            "then is part of training; keep easy days easy and sleep well.",
            advice=(ASK,),
        )
    if draft.notes.get(monday_of(draft.today)) == "fatigue":
        return NoChange(
            "This week is eased already; give it a few days to work.", advice=(ASK, LASTING)
        )
    if found.severity == 1:
        return _ease_next_hard(draft, found)
    return _ease_week(draft, found)


def _slower_paces(draft: Draft, trigger: Execution) -> Adaptation | NoChange:
    """Lower fitness a little where sessions are too fast for the runner now."""
    draft.lower_fitness(1 - FITNESS_CUT)
    why = Reason(
        rule="3.6-missed-targets",
        summary="Your paces get a little slower; the amount of running stays.",
        reason=f"{MISSED_TIMES} sessions in four weeks were over 3 % slower than planned and felt "
        "harder. Training at what you can run now works better than chasing the watch.",
        advice=(ASK,),
    )
    return settle(draft, why, is_small=True, trigger=trigger.id)


def _plain_long_runs(draft: Draft, trigger: Execution) -> Adaptation | NoChange:
    """Keep the coming long runs as long as they are now, without faster parts."""
    longest = draft.history.longest_before(draft.today)
    last = draft.today + DRIFT_DAYS * DAY

    def plain(workout: Workout) -> Workout:
        if workout.type is not WorkoutType.LONG:
            return workout
        return shortened(eased(workout, draft.kit), draft.kit, longest)

    draft.change(plain, draft.today, last)
    why = Reason(
        rule="3.5-drift",
        summary="The long runs of the next three weeks stay as long as they are now, all easy.",
        reason="In your last long runs the heart rate rose at the same pace, so endurance is still "
        "catching up.",
        unchanged="The coming long runs are easy and no longer than now already. Run them 3 to 5 % "
        "slower, and drink enough.",
        advice=("Run them 3 to 5 % slower than before; heat and thirst raise the drift too.",),
    )
    return settle(draft, why, is_small=True, trigger=trigger.id)


def _ease_next_hard(draft: Draft, found: Tiredness) -> Adaptation | NoChange:
    last = draft.today + (WINDOW - 1) * DAY
    hard = next((w for w in draft.open_runs(draft.today, last) if is_hard(w)), None)
    if hard is None:
        return NoChange(
            "The coming days are easy already, which is what you need now.", advice=(ASK,)
        )
    draft.put(eased(hard, draft.kit))
    draft.mark("fatigue", hard.scheduled_date, hard.scheduled_date)
    draft.mark("fatigue", draft.today, draft.today)
    why = Reason(
        rule="3.4-single-sign",
        summary=f"{weekday(hard.scheduled_date)}'s {hard.name} becomes easy running.",
        reason=f"Signs of tiredness: {_words(found)}. One easier day costs nothing.",
        advice=(ASK,),
    )
    return settle(draft, why, is_small=True, trigger=found.trigger)


def _ease_week(draft: Draft, found: Tiredness) -> Adaptation | NoChange:
    strong = found.severity == 3
    today, last = draft.today, draft.today + (WINDOW - 1) * DAY
    factor = STRONG_CUT if strong else WEEK_CUT
    easy_until = last if strong else today + (EASY_DAYS - 1) * DAY
    session = next(
        (w for w in draft.open_runs(easy_until + DAY, last) if w.type in QUALITY_TYPES), None
    )
    draft.change(lambda w: eased(w, draft.kit), today, easy_until)
    if session is not None:
        draft.put(lighter(session, draft.kit, LIGHT_DOSE))
    draft.change(lambda w: shortened(w, draft.kit, factor * w.planned_km), today, last)
    draft.mark("fatigue", today, last)
    how = "no quality for a week" if strong else "two easy days, and the next session lighter"
    why = Reason(
        rule="3.4-often" if strong else "3.4-strong-sign",
        summary=f"{1 - factor:.0%} less running for seven days, {how}.",
        reason=f"Signs of tiredness: {_words(found)}. Backing off now keeps the training that you "
        "have done.",
        unchanged="The coming days are easy already, which is what you need now.",
        advice=(ASK, LASTING) if strong else (ASK,),
    )
    return settle(draft, why, is_small=True, trigger=found.trigger)


def _words(found: Tiredness) -> str:
    return ", ".join(signal.what for signal in found.signals)
