"""Taking a change back: the former days return where they still can."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from training.building import current_phase
from training.changes import Adaptation
from training.drafts import delta_of, differences
from training.errors import ChangeRefused
from training.executions import Execution
from training.history import history_of
from training.limits import check_plan
from training.measures import is_race
from training.plans import Hold, Plan, Week
from training.restraining import restrained, reweighed
from training.runners import Runner
from training.workouts import Workout


def revert(
    plan: Plan, former: Plan, runner: Runner, done: Sequence[Execution], today: dt.date
) -> Adaptation:
    """Bring the former plan's days back where they are still open, as a new version.

    What is past or logged stays; the goal comes back with them.
    Raises ChangeRefused where nothing can come back, or where it would break a limit.
    """
    history = history_of(plan, today, done)
    if former.goal_date <= today:
        raise ChangeRefused(
            "The former race day has passed, so that plan can't come back.", code="past"
        )
    days = _merged(plan, former, history.is_open)
    weeks = tuple(_week(plan, former, week, days) for week in former.weeks)
    back = replace(
        former,
        version=plan.version + 1,
        weeks=weeks,
        phase=current_phase(weeks, today),
        inputs=replace(
            former.inputs,
            injury_flags=plan.inputs.injury_flags,
            pre_flag_weekly_km=plan.inputs.pre_flag_weekly_km,
            hold=_hold_after(plan, former, runner, today),
        ),
    )
    summary = "The latest change is taken back; what you have run since stays."
    receipt = check_plan(back, runner, today, done)
    if any(check.rule == "28" for check in receipt.failures):
        part = runner.injury_flags[0]
        raise ChangeRefused(
            f"While your {part} is noted as injured, the faster and longer runs can't come back.",
            code="injury",
            unlocked_by=f"tell me when the {_short(part)} has been pain-free",
        )
    if not receipt.passed:
        mended = restrained(back, runner, today, done)
        receipt = check_plan(mended, runner, today, done)
        if not receipt.passed or not _is_cut_only(back, mended):
            names = "; ".join(check.limit for check in receipt.failures) or "the limits"
            raise ChangeRefused(
                f"That plan doesn't fit what you have run since: {names}.", code="limit"
            )
        back = mended
        summary = (
            "The latest change is taken back, but some runs stay shorter than they were: what you "
            "have run since asks for it."
        )
    changes = differences(plan, back)
    if not changes and back.goal_date == plan.goal_date and back.inputs == plan.inputs:
        raise ChangeRefused(
            "There is nothing left to take back: those days are past or logged.", code="past"
        )
    return Adaptation(
        plan=back,
        rule="undo",
        summary=summary,
        reason="You asked for it, and the former plan still holds its limits.",
        changes=changes,
        delta=delta_of(changes, plan, back),
        receipt=receipt,
    )


def _hold_after(plan: Plan, former: Plan, runner: Runner, today: dt.date) -> Hold | None:
    """Return the hold that stays: a report is a slip on its own day, and after that it stands."""
    hold = plan.inputs.hold
    slip = hold is not None and hold.since == today and not runner.injury_flags
    return former.inputs.hold if hold is None or slip or today >= hold.ends else hold


def _is_cut_only(before: Plan, after: Plan) -> bool:
    return all(
        a.planned_km <= b.planned_km + 0.05
        for a, b in zip(after.workouts, before.workouts, strict=True)
    )


def _merged(plan: Plan, former: Plan, is_open: object) -> dict[dt.date, Workout]:
    """Return each date's entry: the former one where it may still change, else what is there.

    An id that a closed day holds cannot stand on another day too; such days stay as they are.
    """
    assert callable(is_open)
    now = {w.scheduled_date: w for w in plan.workouts}
    then = {w.scheduled_date: w for w in former.workouts}
    days = {
        day: workout if day not in now or is_open(now[day]) or is_race(workout) else now[day]
        for day, workout in then.items()
    }
    while True:
        holders: dict[str, list[dt.date]] = {}
        for day, workout in days.items():
            holders.setdefault(workout.id, []).append(day)
        doubled = [d for held in holders.values() if len(held) > 1 for d in held]
        back = [d for d in doubled if d in now and days[d] != now[d]]
        if not back:
            return days
        for day in back:
            days[day] = now[day]


def _week(plan: Plan, former: Plan, week: Week, days: dict[dt.date, Workout]) -> Week:
    workouts = tuple(days[w.scheduled_date] for w in week.workouts)
    if workouts == week.workouts:
        return week
    current = plan.week_of(week.week_start_date)
    same = current is not None and workouts == current.workouts
    return current if same and current else reweighed(former, week, workouts, week.note)


def _short(part: str) -> str:
    return part.removeprefix("left ").removeprefix("right ")
