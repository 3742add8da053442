"""A race on the way to the goal, at the runner's word."""

from training import texts
from training.changes import Adaptation, NoChange, TuneUpRace
from training.drafts import Draft, Reason, settle
from training.errors import ChangeRefused
from training.events import Event, events_of, place, unfit
from training.measures import is_race
from training.runners import Distance
from training.tables import TUNE_UP_EASY_DAYS_BEFORE, tune_up_easy_days_after
from training.units import day_text, days_text


def adapt_tune_up(draft: Draft, change: TuneUpRace) -> Adaptation | NoChange:
    """Put a race into the plan in place of that week's hardest session.

    Raises ChangeRefused for a race that is too near to the goal or to another one, in base or
    taper, as long as the goal, or on a day that can't change.
    """
    event = Event(change.day, change.distance.km)
    known = events_of(draft.days.values())
    if event in known:
        return NoChange(f"That race is in your plan already: {day_text(change.day)}.")
    _refuse(draft, change, event, known)
    place(draft.days, draft.kit, event)
    draft.mark("tune_up", change.day, change.day)
    name = texts.DISTANCE_NAMES[change.distance.value]
    why = Reason(
        rule="2.10-tune-up",
        summary=f"Your {name} race on {day_text(change.day)} takes the place of that week's "
        f"hardest session, with {days_text(TUNE_UP_EASY_DAYS_BEFORE)} of easy running before it "
        f"and {days_text(tune_up_easy_days_after(event.km))} after it.",
        reason="A race is the hardest session of its week, and its result sets your paces anew.",
        advice=("Tell me your time afterwards, so that your paces follow it.",),
    )
    return settle(draft, why)


def _refuse(draft: Draft, change: TuneUpRace, event: Event, known: tuple[Event, ...]) -> None:
    plan, entry = draft.plan, draft.days.get(change.day)
    if entry is None or is_race(entry) or not draft.history.is_open(entry):
        raise ChangeRefused(
            f"{day_text(change.day)} is not a day of your plan that can still change.",
            code="outside_plan",
            unlocked_by="a day between today and race day",
        )
    if change.distance.km > plan.goal_distance.km or change.distance is Distance.MARATHON:
        raise ChangeRefused(
            "A race on the way is no longer than the goal itself, and no marathon.",
            code="too_long",
            unlocked_by="a shorter race, or a new goal",
        )
    week = plan.week_of(change.day)
    reason = unfit(event, known, week.phase if week else None, plan.goal_date, plan.goal_distance)
    if reason is not None:
        raise ChangeRefused(
            f"That race doesn't fit: {reason}.",
            code="limit",
            unlocked_by="another day, or running it as an easy run",
        )
    if draft.runner.injury_flags:
        raise ChangeRefused(
            "While an injury is noted there is no racing.",
            code="injury",
            unlocked_by="tell me when you have been free of pain",
        )
