"""The runner's days: single dates off, or another week for a time or for good."""

from dataclasses import replace

from training.absence import drop_days
from training.changes import Adaptation, Availability, NoChange
from training.cutting import relabelled, shortened
from training.drafts import Draft, Reason, settle
from training.errors import ChangeRefused
from training.measures import is_race, is_run
from training.replanning import longest_run_km, rebuilt, volumes_by_monday
from training.scheduling import available_minutes
from training.sessions import rest_day
from training.tables import SPIKE
from training.units import day_text
from training.workouts import Workout

FEWEST_DAYS = 2


def adapt_availability(draft: Draft, change: Availability) -> Adaptation | NoChange:
    """Fit the plan to the days that the runner has.

    Fewer days: the long run and the main session stay, volume falls. More days: easy runs, within
    the growth limits. Raises ChangeRefused for fewer than two days a week.
    """
    if not change.blocks:
        days = tuple(
            day
            for day in change.days_off
            if (workout := draft.days.get(day)) is not None and not is_race(workout)
        )
        return drop_days(draft, days)
    limits = available_minutes(change.blocks)
    if len(limits) < FEWEST_DAYS:
        raise ChangeRefused(
            "A plan needs at least two days a week to run on.",
            code="too_few_days",
            unlocked_by="a second day; 20 minutes are enough",
        )
    return _for_a_while(draft, change) if change.until else _for_good(draft, change)


def _for_good(draft: Draft, change: Availability) -> Adaptation | NoChange:
    old = available_minutes(draft.inputs.availability)
    new = available_minutes(change.blocks)
    if old == new:
        return NoChange("Your plan is on those days already.")
    runner = replace(draft.runner, availability=change.blocks)
    draft.inputs = replace(draft.inputs, availability=change.blocks)
    _leave_other_days(draft, change)
    fewer = len(new) <= len(old) or any(new.get(d, 0) < minutes for d, minutes in old.items())
    weeks = rebuilt(
        draft,
        runner,
        draft.inputs,
        ceilings=volumes_by_monday(draft.plan.weeks) if fewer else None,
        run_cap_km=SPIKE * longest_run_km(draft.plan.weeks),
    )
    draft.runner = runner
    why = Reason(
        rule="3.8-availability",
        summary=f"Your plan now uses {_names(new)}.",
        reason="The long run and the main session come first; easy runs fill the other days."
        if not fewer
        else "With less time the long run and the main session stay, and the volume falls.",
    )
    return settle(draft, why, weeks=weeks)


def _for_a_while(draft: Draft, change: Availability) -> Adaptation | NoChange:
    """Drop what does not fit until a date, and leave the weeks after it as they are."""
    _leave_other_days(draft, change)
    why = Reason(
        rule="3.8-availability-until",
        summary=f"Until {day_text(change.until or draft.plan.goal_date)}, runs are on "
        f"{_names(available_minutes(change.blocks))} only.",
        reason="What doesn't fit is dropped, not moved: a lighter stretch does no harm.",
        unchanged="The runs until then fit your days already.",
    )
    return settle(draft, why)


def _leave_other_days(draft: Draft, change: Availability) -> None:
    limits = available_minutes(change.blocks)
    end = draft.plan.goal_date if change.until is None else change.until
    last = min(end, draft.plan.goal_date)
    gone = set(change.days_off)

    def fitted(workout: Workout) -> Workout:
        limit = limits.get(workout.scheduled_date.weekday(), 0.0)
        if workout.scheduled_date in gone or limit == 0.0:
            return relabelled(rest_day(), workout)
        cut = workout
        while is_run(cut) and cut.planned_minutes > limit:
            km = min(0.97 * cut.planned_km, (limit - 1) * draft.kit.easy_km_per_minute)
            cut = shortened(cut, draft.kit, km)
        return cut

    before = dict(draft.days)
    draft.change(fitted, draft.today, last)
    for day, workout in draft.days.items():
        if workout != before[day]:
            draft.mark_missed(day)
    for day in gone:
        workout_off = draft.days.get(day)
        if workout_off is not None and is_run(workout_off) and draft.history.is_open(workout_off):
            draft.put(relabelled(rest_day(), workout_off))


def _names(limits: dict[int, float]) -> str:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return ", ".join(names[day] for day in sorted(limits))
