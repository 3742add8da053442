"""Illness: the neck check, then a return as slow as the illness was long."""

from training.absence import SHORT_GAP, layoff_factor
from training.changes import Adaptation, Illness, NoChange, Symptoms
from training.cutting import eased, relabelled, shortened
from training.drafts import Draft, Reason, settle
from training.measures import QUALITY_TYPES, block_minutes, is_hard
from training.plans import Hold
from training.sessions import rest_day
from training.units import DAY, day_text, days_text
from training.workouts import Workout

COLD_MINUTES = 35  # easy runs with a cold: at most 30-40 min
COLD_DAYS = 3
REST_DAYS_WHILE_ILL = 2
HALF_DAYS, HALF = 3, 0.5
MOST_QUALITY_FREE_DAYS = 7
DOCTOR = (
    "See a doctor before any run if there was chest pain, a racing heart, breathlessness or "
    "faintness.",
)


def adapt_illness(draft: Draft, change: Illness) -> Adaptation | NoChange:
    """Rest, or run short and easy, by where the illness sits; then no quality for a while."""
    if change.symptoms is Symptoms.ABOVE_NECK:
        return _cold(draft, change)
    return _rest_then_return(draft, change)


def _cold(draft: Draft, change: Illness) -> Adaptation | NoChange:
    days = 1 if change.over else COLD_DAYS
    last = draft.today + (days - 1) * DAY

    def easy(workout: Workout) -> Workout:
        gentle = eased(workout, draft.kit) if _is_fast(workout) else workout
        return shortened(gentle, draft.kit, COLD_MINUTES * draft.kit.easy_km_per_minute)

    draft.change(easy, draft.today, last)
    _note(draft, days)
    draft.hold(Hold("illness", draft.today, nothing_fast_before=last + DAY))
    why = Reason(
        rule="3.2-above-neck",
        summary=f"Easy running of at most {COLD_MINUTES} minutes for {days_text(days)}, "
        "nothing fast.",
        reason="With a light cold, easy running is fine if it feels fine; hard running is not.",
        unchanged="Your next runs are easy and short already. Stop if you feel worse.",
        advice=("Stop and rest if it gets worse, or goes to the chest.",),
    )
    return settle(draft, why, is_small=True)


def _rest_then_return(draft: Draft, change: Illness) -> Adaptation | NoChange:
    today = draft.today
    resting = 1 if change.over else REST_DAYS_WHILE_ILL
    returning = all(
        draft.notes[m] == "illness" for m in draft.notes if today - 7 * DAY < m <= today
    )
    free_days = min(change.days_ill, MOST_QUALITY_FREE_DAYS)
    back = today + resting * DAY
    quality_from = back + free_days * DAY
    draft.hold(Hold("illness", today, no_run_before=back, nothing_fast_before=quality_from))
    draft.change(lambda w: relabelled(rest_day(), w), today, back - DAY)
    draft.change(lambda w: eased(w, draft.kit), back, quality_from - DAY)
    if not returning:
        draft.change(
            lambda w: shortened(w, draft.kit, HALF * w.planned_km),
            back,
            back + (HALF_DAYS - 1) * DAY,
        )
        if change.over and change.days_ill >= SHORT_GAP:
            draft.lower_fitness(layoff_factor(change.days_ill))
    _note(draft, resting + free_days)
    why = Reason(
        rule="3.2-fever" if change.symptoms is Symptoms.FEVER else "3.2-below-neck",
        summary=f"Rest for {days_text(resting)}, then easy running at half the length, "
        f"and nothing fast before {day_text(quality_from)}.",
        reason="With fever, or illness below the neck, running strains the heart and delays "
        "getting well. Fitness waits for you.",
        unchanged="The coming days are rest already. Get well first, and tell me when you are.",
        advice=DOCTOR if change.over else (*DOCTOR, "Tell me when you have been well for a day."),
    )
    return settle(draft, why, is_small=True)


def _is_fast(workout: Workout) -> bool:
    return workout.type in QUALITY_TYPES or is_hard(workout) or block_minutes(workout) > 0


def _note(draft: Draft, days: int) -> None:
    draft.mark("illness", draft.today, draft.today + (days - 1) * DAY)
