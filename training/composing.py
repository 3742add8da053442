"""One week: its volume turned into runs on days, inside every cap that holds for them."""

import datetime as dt
import math
from collections.abc import Mapping

from training import texts
from training.cutting import filled
from training.frames import Brief, Frame, new_id, week_days
from training.kits import Kit
from training.ledger import Ledger
from training.library import LEAST_SESSION_MINUTES, long_block, quality, sharpening
from training.measures import (
    block_minutes,
    hard_minutes,
    intensity_mix,
    is_race,
    week_km,
)
from training.plans import Phase, Week
from training.scheduling import Pattern
from training.sessions import easy_run, event_day, long_run, race_day, rest_day
from training.tables import (
    CAREFUL_AGE,
    EVE_MINUTES,
    HARD_LONG_MINUTES,
    JUST_HARD_MINUTES,
    LAST_DAYS_MINUTES,
    LAST_HARD_DAYS_OUT,
    LONG_KM,
    LONG_MINUTES,
    LONG_RUN_DAYS_OUT,
    LONGEST_RUN_DAYS_OUT,
    MIX,
    OTHER_RUN_SHARE,
    OTHER_RUN_SMALL_WEEK_KM,
    QUALITY,
    SHORTEST_RUN_MINUTES,
    USEFUL_RUN_MINUTES,
    long_share,
    low_share,
)
from training.units import DAY, WEEK, monday_of
from training.workouts import Marker, Segment, Workout

SHARPENING_DAYS_OUT = 3.5
LONG_SHARE_ROOM = 0.015  # the share aimed at stays this far under its cap
BASIS_ROOM = 0.97  # doses are cut to the volume that the week really reaches, within 3 %
CUTBACK_QUALITY, HALF_DOSE = 2 / 3, 0.5
QUALITY_RISE, ONE_SESSION_MINUTES = 1.2, 24.0  # a rise worth holding the long run for; the most
NEW_LONGEST_KM = 0.05
LONG_NEAR_RACE = 0.95  # of the longest run so far
LONGEST_EASY_MINUTES = 90
SPIKE_ROOM = 0.99  # the long run grows a little less than it may: one short of it cuts no others
STRIDES, STRIDES_FROM_MINUTES = 6, 30
FIRST_SESSION_SHARE = 0.65  # of the week's quality minutes where two sessions share them


def compose_week(frame: Frame, brief: Brief, ledger: Ledger) -> Week:
    """Fill one week at or under its volume, measured against the ledger."""
    runs = _runs(frame, brief, ledger)
    events = {event.day: event for event in frame.events}
    workouts = []
    for day in week_days(frame, brief.outline.monday):
        if day == frame.goal_date:
            workout = race_day(frame.distance)
        elif day in events:
            workout = event_day(events[day].km, events[day].is_trial)
        else:
            workout = runs.get(day) or rest_day()
        known = frame.known_ids.get(day)
        identity = known or new_id("wk", frame.plan_id, day, frame.version)
        workouts.append(workout.standing(identity, day))
    return finished_week(frame, brief, tuple(workouts))


def finished_week(frame: Frame, brief: Brief, workouts: tuple[Workout, ...]) -> Week:
    """Return the week's value with its totals."""
    phase, monday = brief.outline.phase, brief.outline.monday
    note = brief.note or _note_of(workouts)
    return Week(
        id=new_id("week", frame.plan_id, monday, frame.version),
        week_start_date=monday,
        phase=phase,
        target_volume_km=round(week_km(workouts), 2),
        target_intensity_mix=intensity_mix(workouts, frame.distance),
        focus_summary=texts.focus(frame.distance.value, phase.value, note),
        workouts=workouts,
        note=note,
    )


def _note_of(workouts: tuple[Workout, ...]) -> str | None:
    if any(is_race(w) for w in workouts):
        return "race"
    return "tune_up" if any(w.marker is Marker.TUNE_UP for w in workouts) else None


def _runs(frame: Frame, brief: Brief, ledger: Ledger) -> dict[dt.date, Workout]:
    kit, pattern = frame.kit, frame.pattern
    days = [
        day
        for day in week_days(frame, brief.outline.monday)
        if frame.run_from <= day != frame.goal_date
        and pattern.holds(day)
        and day not in frame.days_off
    ]
    days = _worth_running(days, brief.target_km, kit, pattern)
    if not days:
        return {}
    long_day = _long_day(frame, brief, days)
    if long_day is None or len(days) == 1:
        return _without_long(frame, brief, ledger, days)
    if brief.note is None and ledger.may_raise_quality(brief.outline.phase):
        held = _balanced(frame, brief, ledger, days, long_day, ledger.longest_before(long_day))
        if _quality_minutes(frame, held) >= QUALITY_RISE * ledger.quality_minutes + 1:
            return held
    return _balanced(frame, brief, ledger, days, long_day, math.inf)


def _balanced(
    frame: Frame,
    brief: Brief,
    ledger: Ledger,
    days: list[dt.date],
    long_day: dt.date,
    long_cap_km: float,
) -> dict[dt.date, Workout]:
    """Fill a week whose long run keeps to its share and to a cap, doses cut to what it reaches."""
    ceiling = min(_long_cap_km(frame, brief, ledger, long_day), long_cap_km)
    share = long_share(frame.distance, len(days), brief.target_km) - LONG_SHARE_ROOM
    long_km = min(share * brief.target_km, ceiling)
    basis = brief.target_km
    for _ in range(12):
        runs = _with_long(frame, brief, ledger, days, long_day, long_km, basis)
        total = week_km(runs.values())
        allowed = long_share(frame.distance, len(runs), total) * total
        balanced = len(runs) == 1 or runs[long_day].planned_km <= allowed
        if balanced and total >= BASIS_ROOM * basis:
            return runs
        if not balanced:
            long_km = min(0.96 * long_km, 0.99 * allowed)
        basis = min(basis, total)
    return runs


def _quality_minutes(frame: Frame, runs: Mapping[dt.date, Workout]) -> float:
    return sum(hard_minutes(run, frame.distance) for run in runs.values())


def _worth_running(
    days: list[dt.date], target_km: float, kit: Kit, pattern: Pattern
) -> list[dt.date]:
    """Drop easy days while the volume would leave runs of less than twenty minutes."""
    kept = list(days)
    most = max(2, math.floor(kit.easy_minutes(target_km) / USEFUL_RUN_MINUTES))
    for weekday in (*reversed(pattern.easy), *reversed(pattern.quality)):
        if len(kept) > most:
            kept = [day for day in kept if day.weekday() != weekday]
    return kept if target_km > 0 else []


def _long_day(frame: Frame, brief: Brief, days: list[dt.date]) -> dt.date | None:
    """Return the long run's day; none near the race, or in a first week that began late."""
    whole = len(week_days(frame, brief.outline.monday)) == 7 or brief.number > 0
    day = next((d for d in days if d.weekday() == frame.pattern.long), None)
    if day is None or not whole or frame.days_out(day) < LONG_RUN_DAYS_OUT:
        return None
    return _earlier_day(frame, brief, days) or day


def _earlier_day(frame: Frame, brief: Brief, days: list[dt.date]) -> dt.date | None:
    """Return the day that may hold the longest run, in a second week that is so near to the race.

    After a first week that began late there was no long run yet, and one on the usual day would be
    held under that week's short runs.
    """
    nearest = LONGEST_RUN_DAYS_OUT[frame.distance]
    late_start = frame.start_date != monday_of(frame.start_date)
    if brief.number != 1 or not late_start or frame.days_out(days[-1]) >= nearest:
        return None
    roomy = [day for day in days if frame.days_out(day) >= nearest]
    return max(roomy, key=lambda day: (frame.pattern.minutes_on(day), day), default=None)


def _long_cap_km(frame: Frame, brief: Brief, ledger: Ledger, day: dt.date) -> float:
    kit, distance, level = frame.kit, frame.distance, frame.level
    minutes = float(LONG_MINUTES[distance][level])
    near = frame.days_out(day) < LAST_HARD_DAYS_OUT[distance] or day in frame.easy_days
    if near or day - DAY in ledger.hard:
        minutes = min(minutes, HARD_LONG_MINUTES)
    minutes = min(minutes, frame.pattern.minutes_on(day))
    caps = [
        minutes * kit.easy_km_per_minute,
        LONG_KM[distance][level],
        SPIKE_ROOM * ledger.spike_cap_km(day),
        frame.run_cap_km,
    ]
    if frame.days_out(day) < LONGEST_RUN_DAYS_OUT[distance]:
        caps.append(_longest_near_race_km(ledger, day))
    return min(caps)


def _longest_near_race_km(ledger: Ledger, day: dt.date) -> float:
    """Return how long a run near the race may be: under the longest planned, or known, so far."""
    return LONG_NEAR_RACE * (ledger.longest_planned or ledger.longest_before(day) or math.inf)


def _budget_minutes(frame: Frame, brief: Brief, week_km: float) -> float:
    """Return the minutes at moderate and high intensity that the week's mix allows."""
    phase = brief.outline.phase
    mix = MIX[frame.distance][phase].low / 100
    low = max(mix, low_share(frame.level, phase))
    return (1 - low) * frame.kit.easy_minutes(week_km) * 0.95


def _quality_days(frame: Frame, brief: Brief, ledger: Ledger, days: list[dt.date]) -> list[dt.date]:
    phase = brief.outline.phase
    count = QUALITY[phase][frame.level]
    if brief.note or (frame.runner.age or 0) >= CAREFUL_AGE:
        count = min(count, 1)
    if frame.flagged or frame.maintenance or (frame.walk_from is not None and brief.number < 8):
        count = 0
    monday = brief.outline.monday
    count -= sum(monday <= event.day < monday + WEEK for event in frame.events)
    slots = [
        day
        for weekday in frame.pattern.quality
        for day in days
        if day.weekday() == weekday
        and day >= frame.quality_from
        and day - DAY not in ledger.hard
        and day + DAY not in ledger.hard
        and day not in frame.easy_days
        and frame.days_out(day) >= LAST_HARD_DAYS_OUT[frame.distance]
    ]
    return slots[: max(0, count)]


def _with_long(
    frame: Frame,
    brief: Brief,
    ledger: Ledger,
    days: list[dt.date],
    long_day: dt.date,
    long_km: float,
    basis_km: float,
) -> dict[dt.date, Workout]:
    """Fill a week around its long run; basis_km: the volume that doses are measured by."""
    budget = _budget_minutes(frame, brief, basis_km)
    new_longest = long_km > ledger.longest_before(long_day) + NEW_LONGEST_KM
    rise = 0.0 if new_longest else ONE_SESSION_MINUTES  # one thing rises at a time
    budget = min(budget, ledger.quality_minutes + rise)
    if brief.note == "cutback" and ledger.quality:
        last = ledger.quality[-1][1]
        budget = min(budget, max(CUTBACK_QUALITY * last, min(last, LEAST_SESSION_MINUTES)))
    if long_day < frame.half_dose_until:
        budget *= HALF_DOSE
    block = _block(frame, brief, ledger, long_day, budget, basis_km)
    if frame.flagged:
        long_km = _not_just_hard(frame, long_km)
    long = long_run(frame.kit, long_km, block=block, walk_stage=_walk_stage(frame, brief))
    runs = {long_day: long}
    budget -= hard_minutes(long, frame.distance)
    left = brief.target_km - long.planned_km
    others = [day for day in days if day != long_day]
    share = 1.0 if brief.target_km < OTHER_RUN_SMALL_WEEK_KM else OTHER_RUN_SHARE
    runs |= _quality_runs(frame, brief, ledger, others, long, left, budget, basis_km)
    runs |= _easy_runs(
        frame,
        brief,
        ledger,
        [day for day in others if day not in runs],
        left - week_km(run for day, run in runs.items() if day != long_day),
        share * long.planned_km,
    )
    return runs


def _not_just_hard(frame: Frame, long_km: float) -> float:
    """Cut a flagged runner's long run that only just counts as a hard day to where it doesn't.

    With some of it faster, as without the flag, the same distance might take no longer than that.
    """
    speed = frame.kit.easy_km_per_minute
    over = long_km / speed - HARD_LONG_MINUTES
    return HARD_LONG_MINUTES * speed if 0 < over <= JUST_HARD_MINUTES else long_km


def _block(
    frame: Frame, brief: Brief, ledger: Ledger, day: dt.date, budget: float, basis_km: float
) -> Segment | None:
    if (
        frame.flagged
        or frame.maintenance
        or brief.note
        or day < max(frame.quality_from, frame.half_dose_until)
        or day - DAY in ledger.hard
        or day in frame.easy_days
        or frame.days_out(day) < LAST_HARD_DAYS_OUT[frame.distance]
    ):
        return None
    return long_block(
        frame.kit,
        brief.outline.phase,
        brief.outline.turn,
        week_km=basis_km * BASIS_ROOM,
        budget_minutes=0.6 * budget,
    )


def _quality_runs(
    frame: Frame,
    brief: Brief,
    ledger: Ledger,
    days: list[dt.date],
    long: Workout,
    left_km: float,
    budget: float,
    basis_km: float,
) -> dict[dt.date, Workout]:
    runs: dict[dt.date, Workout] = {}
    slots = _quality_days(frame, brief, ledger, days)
    if block_minutes(long) > 0:
        slots = slots[:1]
    for index, day in enumerate(slots):
        shared = FIRST_SESSION_SHARE if index + 1 < len(slots) else 1.0
        halved = brief.outline.phase is Phase.TAPER or day < frame.half_dose_until
        fits_km = min(
            OTHER_RUN_SHARE * long.planned_km,
            left_km - (len(days) - index - 1) * 2.0,
            ledger.spike_cap_km(day),
            frame.run_cap_km,
        )
        sessions = quality(
            frame.kit,
            brief.outline.phase,
            brief.outline.turn * len(slots) + index,
            week_km=basis_km * BASIS_ROOM,
            budget_minutes=budget * shared,
            dose=HALF_DOSE if halved else 1.0,
        )
        limit = frame.pattern.minutes_on(day)
        session = next(
            (s for s in sessions if s.planned_km <= fits_km and s.planned_minutes <= limit), None
        )
        if session is not None:
            even = left_km / (len(days) - len(runs))
            elsewhere = sum(
                min(even, frame.pattern.minutes_on(other) * frame.kit.easy_km_per_minute)
                for other in days
                if other != day and other not in runs
            )
            fair = min(fits_km, left_km - elsewhere)
            session = filled(session, frame.kit, fair, limit)
            runs[day] = session
            budget -= hard_minutes(session, frame.distance)
            left_km -= session.planned_km
    return runs


def _easy_runs(
    frame: Frame,
    brief: Brief,
    ledger: Ledger,
    days: list[dt.date],
    left_km: float,
    cap_km: float,
) -> dict[dt.date, Workout]:
    """Share the km that are left evenly, days with the least room first."""
    kit = frame.kit

    def room(day: dt.date) -> float:
        out = frame.days_out(day)
        easy = LAST_DAYS_MINUTES if out <= LONG_RUN_DAYS_OUT else LONGEST_EASY_MINUTES
        minutes = min(EVE_MINUTES if out == 1 else easy, frame.pattern.minutes_on(day))
        caps = [cap_km, minutes * kit.easy_km_per_minute, ledger.spike_cap_km(day)]
        if frame.days_out(day) < LONGEST_RUN_DAYS_OUT[frame.distance]:
            caps.append(_longest_near_race_km(ledger, day))
        return min(*caps, frame.run_cap_km)

    rooms = {day: room(day) for day in days}
    runs: dict[dt.date, Workout] = {}
    sharp = _sharpening_day(frame, brief, days)
    with_strides = _strides_day(frame, brief, days)
    week_minutes = kit.easy_minutes(min(brief.target_km, sum(rooms.values())))
    for index, day in enumerate(sorted(days, key=lambda d: (rooms[d], d))):
        most = min(rooms[day], left_km / (len(days) - index))
        run = _easy_run(
            frame,
            brief,
            day,
            most,
            strides=day == with_strides,
            sharp_in_minutes=week_minutes if day == sharp else 0.0,
        )
        if run is not None:
            runs[day] = run
            left_km -= run.planned_km
    return runs


def _easy_run(
    frame: Frame,
    brief: Brief,
    day: dt.date,
    most_km: float,
    *,
    strides: bool,
    sharp_in_minutes: float,
) -> Workout | None:
    """Return an easy run of at most some km; extras are fast, so they take a minute or two off."""
    kit = frame.kit
    minutes = math.floor(kit.easy_minutes(most_km) + 1e-6)
    after_long = (day - DAY).weekday() == frame.pattern.long
    while minutes >= SHORTEST_RUN_MINUTES:
        sharpened = sharpening(kit, minutes, sharp_in_minutes)
        run = easy_run(
            kit,
            minutes,
            recovery=after_long and sharpened is None,
            sharpening=sharpened,
            stride_count=STRIDES if strides and minutes >= STRIDES_FROM_MINUTES else 0,
            walk_stage=_walk_stage(frame, brief),
        )
        if run.planned_km <= most_km + 0.01:
            return run
        minutes -= 1
    return None


def _without_long(
    frame: Frame, brief: Brief, ledger: Ledger, days: list[dt.date]
) -> dict[dt.date, Workout]:
    """Fill a short first week or the race week: easy runs, and a session where one still fits."""
    runs: dict[dt.date, Workout] = {}
    return runs | _easy_runs(frame, brief, ledger, days, brief.target_km, math.inf)


def _sharpening_day(frame: Frame, brief: Brief, days: list[dt.date]) -> dt.date | None:
    """Return the easy day nearest to three or four days before the race, if one is near it."""
    if brief.outline.phase is not Phase.TAPER or frame.flagged:
        return None
    near = [d for d in days if 2 <= frame.days_out(d) <= LONG_RUN_DAYS_OUT]
    held = [day for day in near if day >= frame.quality_from]
    return min(held, key=lambda day: abs(frame.days_out(day) - SHARPENING_DAYS_OUT), default=None)


def _strides_day(frame: Frame, brief: Brief, days: list[dt.date]) -> dt.date | None:
    if frame.flagged or frame.walk_from is not None or brief.note or frame.maintenance:
        return None
    after_long = (frame.pattern.long + 1) % 7
    usable = [d for d in days if d.weekday() != after_long and d >= frame.quality_from]
    return usable[-1] if usable else None


def _walk_stage(frame: Frame, brief: Brief) -> int | None:
    if frame.walk_from is None or brief.number + frame.walk_from >= 8:
        return None
    return brief.number + frame.walk_from
