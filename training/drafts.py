"""A plan being changed: open days replaced, then held to the limits and compared with the old."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from training.building import current_phase
from training.changes import Adaptation, Delta, NoChange, WorkoutChange
from training.cutting import repaced, shortened
from training.errors import ChangeRefused, LimitBroken
from training.executions import Execution
from training.fitness import LOWEST_FITNESS
from training.history import History, history_of
from training.kits import Kit, kit_for
from training.limits import check_history
from training.measures import hard_minutes, is_run, week_km
from training.plans import Fitness, Hold, PersonalizationInputs, Plan, Week
from training.restraining import restrained, reweighed
from training.runners import Runner
from training.units import day_text, monday_of
from training.workouts import Workout

MENDING_TRIES = 3
LARGE_CHANGE = 0.10  # of a week's volume: more is proposed first
MISSED_NOTES = {None: "missed", "cutback": "missed_cutback"}


@dataclass(slots=True)
class Draft:
    """The plan's open days, to be replaced one by one.

    gap_from: nothing unlogged since that day was run.
    """

    plan: Plan
    runner: Runner
    done: Sequence[Execution]
    today: dt.date
    history: History
    kit: Kit
    inputs: PersonalizationInputs
    days: dict[dt.date, Workout]
    notes: dict[dt.date, str | None]
    gap_from: dt.date | None = None

    def open_runs(self, first: dt.date | None = None, last: dt.date | None = None) -> list[Workout]:
        """Return the open runs between two dates, in order."""
        return [
            w
            for w in self.days.values()
            if is_run(w)
            and self.history.is_open(w)
            and (first is None or w.scheduled_date >= first)
            and (last is None or w.scheduled_date <= last)
        ]

    def put(self, workout: Workout) -> None:
        """Put a workout on its date."""
        self.days[workout.scheduled_date] = workout

    def change(
        self, make: Callable[[Workout], Workout], first: dt.date, last: dt.date | None = None
    ) -> None:
        """Replace each open run between two dates."""
        for workout in self.open_runs(first, last):
            self.put(make(workout))

    def refit(self, fitness: Fitness) -> None:
        """Train at another fitness: every coming run gets its paces, and none gets longer."""
        rises = fitness.value > self.inputs.baseline_fitness.value
        self.inputs = replace(self.inputs, baseline_fitness=fitness)
        self.kit = kit_for(fitness, self.plan.goal_distance, self.runner)
        for workout in self.open_runs(self.today):
            again = repaced(workout, self.kit)
            self.put(shortened(again, self.kit, workout.planned_km) if rises else again)

    def lower_fitness(self, factor: float) -> None:
        """Train at a share of the fitness so far."""
        old = self.inputs.baseline_fitness
        value = round(max(LOWEST_FITNESS, factor * old.value), 1)
        self.refit(Fitness(value, old.source, old.confidence, as_of=self.today))

    def hold(self, hold: Hold) -> None:
        """Bar running or quality for a time, on top of what is barred already."""
        former = self.inputs.hold
        on = former is not None and self.today < former.ends
        joined = former.joined(hold) if former is not None and on else hold
        self.inputs = replace(self.inputs, hold=joined)

    def mark(self, note: str, first: dt.date, last: dt.date) -> None:
        """Give the weeks between two dates a note; cutbacks and race weeks keep theirs."""
        for monday in self.notes:
            if monday_of(first) <= monday <= last and self.notes[monday] not in ("race", note):
                self.notes[monday] = note

    def mark_missed(self, day: dt.date) -> None:
        """Note that runs were taken out of the day's week; a lighter week stays one."""
        monday = monday_of(day)
        note = self.notes[monday]
        self.notes[monday] = MISSED_NOTES.get(note, note)

    def weeks(self) -> tuple[Week, ...]:
        """Return the weeks as drafted; those untouched stay the same objects."""
        weeks = []
        for week in self.plan.weeks:
            workouts = tuple(self.days[w.scheduled_date] for w in week.workouts)
            note = self.notes[week.week_start_date]
            if workouts != week.workouts or note != week.note:
                week = reweighed(self.plan, week, workouts, note)
            weeks.append(week)
        return tuple(weeks)


def draft_of(
    plan: Plan,
    runner: Runner,
    done: Sequence[Execution],
    today: dt.date,
    *,
    gap_from: dt.date | None = None,
) -> Draft:
    """Open a plan for changes."""
    return Draft(
        plan=plan,
        runner=runner,
        done=done,
        today=today,
        history=history_of(plan, today, done, gap_from=gap_from),
        kit=kit_for(plan.inputs.baseline_fitness, plan.goal_distance, runner),
        inputs=plan.inputs,
        days=dict(plan.by_day),
        notes={week.week_start_date: week.note for week in plan.weeks},
        gap_from=gap_from,
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a plan changes, in words: the rule's id, what changes, and why."""

    rule: str
    summary: str
    reason: str
    unchanged: str = "Your plan already fits; nothing needs to change."
    advice: tuple[str, ...] = ()


def settle(
    draft: Draft,
    why: Reason,
    *,
    weeks: tuple[Week, ...] | None = None,
    header: Callable[[Plan], Plan] | None = None,
    is_small: bool = False,
    needs_yes: bool = False,
    injury_flags: tuple[str, ...] | None = None,
    trigger: str | None = None,
    refuse: bool = False,
) -> Adaptation | NoChange:
    """Turn a draft into an adaptation: inside the limits, compared with the old plan.

    weeks: rebuilt weeks in place of the draft's own. header: changes of the goal. is_small: safety
    or a single day, applied at once. refuse: a broken limit refuses the change instead of being
    mended by taking away.
    Raises ChangeRefused (with `refuse`), LimitBroken never knowingly.
    """
    runner = draft.runner
    if injury_flags is not None:
        runner = replace(runner, injury_flags=injury_flags)
    plan = replace(
        draft.plan,
        version=draft.plan.version + 1,
        inputs=draft.inputs,
        weeks=draft.weeks() if weeks is None else weeks,
    )
    if header is not None:
        plan = header(plan)
    plan = replace(plan, phase=current_phase(plan.weeks, draft.today))
    drafted = plan

    def seen(candidate: Plan) -> History:
        return history_of(candidate, draft.today, draft.done, gap_from=draft.gap_from)

    history = seen(plan)
    receipt = check_history(history, runner)
    for _ in range(MENDING_TRIES):
        if receipt.passed or refuse:
            break
        history = seen(restrained(history, runner))
        plan, receipt = history.plan, check_history(history, runner)
    if not receipt.passed:
        failures = "; ".join(f"{c.rule} {c.limit}: {c.found}" for c in receipt.failures)
        if refuse:
            raise ChangeRefused(
                f"That would break a limit that keeps you safe: {failures}.", code="limit"
            )
        raise LimitBroken(failures)
    changes = differences(draft.plan, plan)
    same_header = (plan.goal_date, plan.goal_distance, plan.inputs) == (
        draft.plan.goal_date,
        draft.plan.goal_distance,
        draft.plan.inputs,
    )
    if not changes and same_header:
        return NoChange(why.unchanged, injury_flags=injury_flags, advice=why.advice)
    return Adaptation(
        plan=plan,
        rule=why.rule,
        summary=why.summary,
        reason=why.reason + _side_effects(draft.plan, drafted, plan),
        changes=changes,
        delta=delta_of(changes, draft.plan, plan),
        receipt=receipt,
        needs_yes=needs_yes or (not is_small and largest_change(draft.plan, plan) > LARGE_CHANGE),
        injury_flags=injury_flags,
        trigger=trigger,
        advice=why.advice,
    )


def _side_effects(old: Plan, drafted: Plan, new: Plan) -> str:
    """Name the runs that the limits changed although the rule itself left them alone."""
    former = {w.id: w for w in old.workouts}
    wanted = {w.id: w for w in drafted.workouts}
    mended = [
        w for w in new.workouts if w != wanted.get(w.id) and wanted.get(w.id) == former.get(w.id)
    ]
    if not mended:
        return ""
    named = "; ".join(
        f"{day_text(w.scheduled_date)}: {former[w.id].name} becomes {w.name}" for w in mended[:2]
    )
    more = f", and {len(mended) - 2} more" if len(mended) > 2 else ""
    return (
        " What you have run until now, and this change, also bring down other runs, so that "
        f"nothing grows too fast or stands out too far ({named}{more})."
    )


def differences(old: Plan, new: Plan) -> tuple[WorkoutChange, ...]:
    """Return each entry that differs, by id, in the new plan's order; dropped entries last."""
    before = {w.id: w for w in old.workouts}
    after = {w.id: w for w in new.workouts}
    changed = [
        WorkoutChange(before.get(key), workout)
        for key, workout in after.items()
        if before.get(key) != workout
    ]
    dropped = [WorkoutChange(w, None) for key, w in before.items() if key not in after]
    return (*changed, *dropped)


def delta_of(changes: Sequence[WorkoutChange], old: Plan, new: Plan) -> Delta:
    """Return new minus old: km, and minutes at moderate and high intensity."""
    km = minutes = 0.0
    for change in changes:
        if change.after is not None:
            km += change.after.planned_km
            minutes += hard_minutes(change.after, new.goal_distance)
        if change.before is not None:
            km -= change.before.planned_km
            minutes -= hard_minutes(change.before, old.goal_distance)
    return Delta(round(km, 1), round(minutes, 1))


def largest_change(old: Plan, new: Plan) -> float:
    """Return the largest change of a week's volume, as a share of what it was."""
    before = {week.week_start_date: week_km(week.workouts) for week in old.weeks}
    after = {week.week_start_date: week_km(week.workouts) for week in new.weeks}
    return max(
        (
            abs(after.get(monday, 0.0) - before.get(monday, 0.0))
            / max(before.get(monday, 0.0), 1.0)
            for monday in before.keys() | after.keys()
        ),
        default=0.0,
    )
