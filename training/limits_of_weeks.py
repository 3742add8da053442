"""Limits on weeks: order, volumes, growth, cutbacks, intensity, taper, injury."""

from itertools import pairwise

from training.checking import Found, at_most, none_of
from training.history import History, reference_week
from training.ledger import RELIEF_NOTES
from training.measures import (
    QUALITY_TYPES,
    block_minutes,
    days_from,
    hard_minutes,
    intensity_mix,
    is_event,
    is_hard,
    is_race,
    is_run,
    stride_count,
    week_minutes,
)
from training.phases import taper_start
from training.plans import Phase, Plan, PlanKind, Week
from training.receipts import Check
from training.runners import Runner
from training.scheduling import available_minutes
from training.tables import (
    CUTBACK_DEPTH,
    EVE_MINUTES,
    FIRST_WEEK_GROWTH,
    HARD_DAYS,
    HISTORY_PEAK,
    INJURY_VOLUME,
    JUMP,
    LAST_DAYS_MINUTES,
    LAST_TAPER_SHARE,
    LEAST_TAPER_SHARE,
    LEAST_WEEK_KM,
    LOW_SHARE_MEAN,
    OTHER_RUN_SMALL_WEEK_KM,
    QUALITY,
    REST_DAYS,
    SMALL_WEEK_KM,
    TWO_WEEK_JUMP,
    UNLOADING,
    USEFUL_RUN_MINUTES,
    VOLUME_KM,
    growth_cap_km,
    loading_weeks,
)
from training.tables import (
    low_share as least_low_share,
)
from training.units import DAY, monday_of
from training.workouts import Workout, WorkoutType

SHORT_PLAN_WEEKS = 5
UNEVEN_NOTES = (
    "return",
    "illness",
    "missed",
    "missed_cutback",
)  # runs were taken out
NEW_LONGEST_KM = 0.1  # whole minutes round a run by as much
LATE_PEAK_ROOM = 0.93
FULL_SHARE = 0.95
RACE_WEEK_DAYS = 6


def judged(history: History) -> list[Week]:
    """Return the weeks that still hold an open run."""
    return [week for week in history.plan.weeks if history.open_in(week)]


def is_partial_first(history: History, week: Week) -> bool:
    """Whether the week is a first one that began after Monday."""
    start = history.plan.start_date
    return week.week_start_date < start < week.week_start_date + 7 * DAY


def volumes(history: History) -> list[tuple[float, str | None]]:
    """Return each week's (km, note), three weeks of history before the first.

    A first week that began late counts as the week before the plan.
    """
    before = reference_week(history.plan)
    own = [
        (before if is_partial_first(history, week) else history.km_in(week), week.note)
        for week in history.plan.weeks
    ]
    return [(before, None)] * 3 + own


def every_day_once(history: History) -> Check:
    """Check that each date from start to race has exactly one entry, in contiguous weeks."""
    plan = history.plan
    dates = [w.scheduled_date for w in plan.workouts]
    mondays = [week.week_start_date for week in plan.weeks]
    wrong = []
    if dates != list(days_from(plan.start_date, plan.goal_date)):
        wrong.append("dates missing, doubled or outside")
    if any(b - a != 7 * DAY for a, b in pairwise(mondays)) or any(m.weekday() for m in mondays):
        wrong.append("weeks that are not contiguous Mondays")
    if any(
        monday_of(w.scheduled_date) != week.week_start_date
        for week in plan.weeks
        for w in week.workouts
    ):
        wrong.append("a day in another week")
    if [w.scheduled_date for w in plan.workouts if is_race(w)] != [plan.goal_date]:
        wrong.append("no race on race day")
    if len({w.id for w in plan.workouts}) != len(dates):
        wrong.append("an id used twice")
    return none_of("1", "every day has one entry", wrong)


def phases_in_order(history: History) -> Check:
    """Check that base, build, peak and taper come in order, the taper where it belongs."""
    plan = history.plan
    order = list(Phase)
    coming = [week for week in plan.weeks if week.week_start_date >= history.today]
    found = [order.index(week.phase) for week in coming]
    wrong = []
    if found != sorted(found):
        wrong.append("phases out of order")
    level = plan.inputs.experience_level
    start = taper_start(plan.goal_distance, level, plan.start_date, plan.goal_date)
    if any((week.phase is Phase.TAPER) != (week.week_start_date >= start) for week in coming):
        wrong.append(f"the taper does not start on {start.isoformat()}")
    return none_of("3", "phases in order, ending in the taper", wrong)


def sums_agree(history: History) -> Check:
    """Check that each week's volume and intensity are those of its workouts."""
    wrong = []
    for week in history.plan.weeks:
        if week.week_start_date + 6 * DAY < history.today:
            continue
        if abs(week.target_volume_km - week.planned_km) > 0.1:
            wrong.append(f"volume of {week.week_start_date}")
        mix = intensity_mix(week.workouts, history.plan.goal_distance)
        target = week.target_intensity_mix
        if abs(mix.low - target.low) > 5 or target.low + target.moderate + target.high != 100:
            wrong.append(f"intensity of {week.week_start_date}")
    return none_of("4", "weekly targets are the sums of their workouts", wrong)


def first_week(history: History) -> Check:
    """Check the first week against the mean of the last four weeks, or the level's start."""
    week = history.plan.weeks[0]
    found: list[Found] = []
    if history.today <= history.plan.start_date:
        allowed = FIRST_WEEK_GROWTH * reference_week(history.plan) * len(week.workouts) / 7
        found.append((week.planned_km, allowed, "first week"))
    return at_most("5", "first week at most 110 % of the last weeks", found)


def growth(history: History) -> Check:
    """Check weekly growth over the highest of the last three weeks."""
    level = history.plan.inputs.experience_level
    loads = volumes(history)
    found = [
        (loads[i + 3][0], growth_cap_km(level, max(km for km, _ in loads[i : i + 3])), _name(week))
        for i, week in enumerate(history.plan.weeks)
        if history.open_in(week) and week.note != "return" and not is_partial_first(history, week)
    ]
    return at_most("6", "growth over the highest of the last 3 weeks", found)


def jump(history: History) -> Check:
    """Check, from 30 km on, the step over the week before and over two weeks."""
    loads = volumes(history)
    found = []
    for i, week in enumerate(history.plan.weeks):
        if not history.open_in(week) or week.note == "return" or is_partial_first(history, week):
            continue
        (two_back, note_two), (before, note) = loads[i + 1], loads[i + 2]
        if note in RELIEF_NOTES or before < SMALL_WEEK_KM or loads[i + 3][0] < SMALL_WEEK_KM:
            continue
        found.append((loads[i + 3][0], JUMP * before, _name(week)))
        if note_two not in RELIEF_NOTES and two_back >= SMALL_WEEK_KM:
            found.append((loads[i + 3][0], TWO_WEEK_JUMP * two_back, _name(week)))
    return at_most("7", "at most 20 % over the week before, 30 % over two", found)


def loading(history: History, runner: Runner) -> Check:
    """Check that an easier week follows at most three (or two) loading ones."""
    plan = history.plan
    limit = loading_weeks(
        plan.goal_distance, plan.inputs.experience_level, plan.inputs.age, runner.injury_history
    )
    found: list[Found] = []
    if len(plan.weeks) > SHORT_PLAN_WEEKS:
        loads = volumes(history)
        count = 0
        for i, week in enumerate(plan.weeks):
            dropped = loads[i + 3][0] <= UNLOADING * loads[i + 2][0] * 1.01 + 1e-9
            count = 0 if dropped else count + 1
            last = i + 1 < len(plan.weeks) and plan.weeks[i + 1].phase is Phase.TAPER
            if history.open_in(week) and week.phase is not Phase.TAPER and week.note != "return":
                found.append((count, limit + last, _name(week)))
    return at_most("8", "loading weeks in a row", found, "weeks", slack=0)


def cutback_depth(history: History) -> Check:
    """Check that planned cutbacks go down by 15 to 25 %."""
    wrong = []
    plan = history.plan
    for before, week in pairwise(plan.weeks):
        whole = history.today <= before.week_start_date and before.note is None
        if week.note != "cutback" or not whole or is_partial_first(history, before):
            continue
        if before.planned_km < OTHER_RUN_SMALL_WEEK_KM:
            continue  # whole minutes and shortest runs leave no such precision
        depth = 1 - week.planned_km / max(before.planned_km, 0.1)
        low, high = CUTBACK_DEPTH
        if plan.version == 1 and not low - 0.015 <= depth <= high + 0.015:
            wrong.append(f"{depth:.0%} in {_name(week)}")
    return none_of("9", "cutbacks of 15 to 25 %", wrong)


def peak(history: History) -> Check:
    """Check the highest week against table and history, and that it comes late."""
    plan = history.plan
    level = plan.inputs.experience_level
    top = VOLUME_KM[plan.goal_distance][level][1]
    allowed = max(top, HISTORY_PEAK * (plan.inputs.weekly_km or 0.0))
    planned = {week.week_start_date: week.planned_km for week in plan.weeks}
    whole = [w.week_start_date for w in plan.weeks if not is_partial_first(history, w)]
    highest = max((planned[monday] for monday in whole), default=0.0)
    found: list[Found] = [(highest, allowed, "highest week")]
    late = [
        planned[week.week_start_date]
        for i, week in enumerate(plan.weeks)
        if week.phase in (Phase.BUILD, Phase.PEAK) and i >= len(plan.weeks) // 3
    ]
    if plan.version == 1 and plan.kind is PlanKind.NORMAL and late and highest >= LEAST_WEEK_KM:
        found.append((LATE_PEAK_ROOM * highest, max(late), "late build or peak"))
    return at_most("10", "highest week, and that it comes late", found)


def hard_days(history: History) -> Check:
    """Check the hard days of each week."""
    plan = history.plan
    most = HARD_DAYS[plan.inputs.experience_level]
    found = [
        (sum(is_hard(w) for w in week.workouts), most, _name(week))
        for week in judged(history)
        if any(is_hard(w) for w in history.open_in(week))
    ]
    return at_most("16", "hard days a week", found, "days", slack=0)


def quality_sessions(history: History) -> Check:
    """Check the quality sessions of each week besides the long run."""
    plan = history.plan
    found = [
        (
            sum(w.type in QUALITY_TYPES for w in week.workouts),
            QUALITY[week.phase][plan.inputs.experience_level],
            _name(week),
        )
        for week in judged(history)
        if any(w.type in QUALITY_TYPES for w in history.open_in(week))
    ]
    return at_most("2.7", "quality sessions a week", found, "sessions", slack=0)


def rest_days(history: History) -> Check:
    """Check the rest days of each whole week."""
    least = REST_DAYS[history.plan.inputs.experience_level]
    found = [
        (sum(is_run(w) or is_event(w) for w in week.workouts), 7 - least, _name(week))
        for week in judged(history)
    ]
    return at_most("17", "run days a week, leaving the rest days", found, "days", slack=0)


def one_thing_at_a_time(history: History) -> Check:
    """Check that a week with a new longest run has no more quality than the three before it."""
    plan = history.plan
    found: list[Found] = []
    minutes: list[float] = []
    for week in plan.weeks if plan.version == 1 else ():
        if is_partial_first(history, week):
            continue
        total = sum(hard_minutes(w, plan.goal_distance) for w in week.workouts)
        long = max((w for w in week.workouts if is_run(w)), key=_length_km, default=None)
        minutes.append(total)
        if long is None or len(minutes) == 1 or week.phase is Phase.TAPER:
            continue
        if long.planned_km > history.longest_before(long.scheduled_date) + NEW_LONGEST_KM:
            found.append((total, max(minutes[-4:-1]), _name(week)))
    return at_most("2.5", "quality in a week with a new longest run", found, "min", slack=0.5)


def low_share(history: History) -> Check:
    """Check that enough of each week is easy."""
    plan = history.plan
    level = plan.inputs.experience_level
    found: list[Found] = []
    for week in judged(history):
        total = week.planned_minutes
        may_change = any(hard_minutes(w, plan.goal_distance) for w in history.open_in(week))
        if week.note in UNEVEN_NOTES or not may_change:
            continue
        share = 100 * sum(hard_minutes(w, plan.goal_distance) for w in week.workouts) / total
        found.append((share, 100 * (1 - least_low_share(level, week.phase)), _name(week)))
    return at_most("18", "moderate and high minutes of a week", found, "%", slack=0.5)


def low_share_mean(history: History) -> Check:
    """Check that on average enough of the plan is easy."""
    plan = history.plan
    total = week_minutes(plan.workouts)
    dosed = [w for w in plan.workouts if hard_minutes(w, plan.goal_distance) > 0]
    hard = sum(hard_minutes(w, plan.goal_distance) for w in dosed)
    found: list[Found] = []
    if any(history.is_open(w) for w in dosed):
        found.append((100 * hard / total, 100 * (1 - LOW_SHARE_MEAN), "whole plan"))
    return at_most("18-mean", "moderate and high minutes of the plan", found, "%", slack=0.5)


def taper(history: History) -> Check:
    """Check that the taper goes down, and the last week lies between 30 % and its cap."""
    plan = history.plan
    earlier = [
        history.km_in(week) for week in plan.weeks[:-1] if not is_partial_first(history, week)
    ]
    found: list[Found] = []
    top = max(earlier, default=reference_week(plan))
    for before, week in pairwise(plan.weeks):
        late_start = is_partial_first(history, before)
        if week.phase is not Phase.TAPER or before.note is not None or late_start:
            continue
        if history.open_in(week):
            allowed = max(before.planned_km, history.km_in(before))
            found.append((history.km_in(week), allowed, _name(week)))
    last = plan.weeks[-1]
    if history.open_in(last):
        cap = LAST_TAPER_SHARE[plan.goal_distance] * top
        found.append((history.km_in(last), cap, "last week"))
    days = [w for w in last.workouts if is_run(w)]
    whole = len(last.workouts) > RACE_WEEK_DAYS and len(days) > 2
    if plan.version == 1 and whole and plan.kind is PlanKind.NORMAL and not _is_full(plan):
        found.append((LEAST_TAPER_SHARE * top, last.planned_km, "least of last week"))
    return at_most("25", "taper volumes", found)


def race_touch(history: History, runner: Runner) -> Check:
    """Check that the taper keeps a touch of race pace, where a run day allows it."""
    plan = history.plan
    taper = [w for week in plan.weeks if week.phase is Phase.TAPER for w in week.workouts]
    last = [w for w in taper if 2 <= (plan.goal_date - w.scheduled_date).days <= 6]
    runs = [w for w in last if w.type is WorkoutType.EASY and w.marker is None]
    runs = [w for w in runs if w.planned_minutes >= USEFUL_RUN_MINUTES]
    missing = (
        plan.version == 1
        and plan.kind is not PlanKind.MAINTENANCE
        and bool(runs)
        and not runner.injury_flags
        and not any(block_minutes(w) > 0 or w.type in QUALITY_TYPES for w in taper)
    )
    return none_of("25-touch", "race pace in the taper", ["no race pace"] if missing else [])


def injury(history: History, runner: Runner) -> Check:
    """Check that nothing is intense and volume is down while an injury flag is on."""
    plan = history.plan
    if not runner.injury_flags:
        return none_of("28", "no intensity with an injury flag", [], "no flag")
    wrong = []
    for week in judged(history):
        for workout in history.open_in(week):
            fast = block_minutes(workout) > 0 or stride_count(workout) > 0
            if workout.type in QUALITY_TYPES or fast:
                wrong.append(f"{workout.name} on {workout.scheduled_date}")
        before = plan.inputs.pre_flag_weekly_km
        open_km = sum(w.planned_km for w in history.open_in(week))
        allowed = INJURY_VOLUME * (before or 0.0)
        if before is not None and open_km > max(1.005 * allowed, allowed + 0.1):
            wrong.append(f"{open_km:.1f} km in {_name(week)}, {INJURY_VOLUME * before:.1f} allowed")
    return none_of("28", "no intensity with an injury flag", wrong)


def _length_km(workout: Workout) -> float:
    return workout.planned_km


def _name(week: Week) -> str:
    return f"week of {week.week_start_date.isoformat()}"


def _is_full(plan: Plan) -> bool:
    """Whether the last week's runs are about as long as their blocks and the last days allow."""
    blocks = available_minutes(plan.inputs.availability)
    runs = [w for w in plan.weeks[-1].workouts if is_run(w)]
    room = 0.0
    for run in runs:
        is_eve = run.scheduled_date == plan.goal_date - DAY
        most = EVE_MINUTES if is_eve else LAST_DAYS_MINUTES
        room += min(most, blocks.get(run.scheduled_date.weekday(), most))
    return week_minutes(runs) >= FULL_SHARE * room
