"""The way back to running after weeks out with an injury: walk and run by stages, then as usual."""

import datetime as dt
import math

from training.cutting import relabelled
from training.drafts import Draft
from training.kits import Kit
from training.measures import is_race
from training.scheduling import available_minutes, default_availability
from training.sessions import easy_run, rest_day, walk_run
from training.tables import SHORTEST_RUN_MINUTES
from training.units import DAY
from training.workouts import Workout, WorkoutType

FROM_DAYS_OUT = 14
EACH_STAGE = 2  # times, before the next one
DAYS_APART = 2  # a day of rest between
BONE_WORDS = ("bone", "stress fracture", "stress reaction")
# Minutes of running and of walking, and km in all (a trial's protocol, BMC Trials 2023).
STAGES = ((3, 2, 1.6), (3, 2, 2.4), (4, 2, 2.4), (4, 2, 3.2), (4, 1, 3.2), (0, 0, 3.2))


def needs_stages(flags: tuple[str, ...], days_out: int) -> bool:
    """Whether the way back goes by stages: after two weeks out, or after an injury of a bone."""
    bone = any(word in flag.casefold() for flag in flags for word in BONE_WORDS)
    return bone or days_out >= FROM_DAYS_OUT


def put_stages(draft: Draft) -> dt.date:
    """Put the stages on the runner's days from tomorrow on, rest between; return the last day."""
    blocks = draft.inputs.availability or default_availability(
        draft.plan.goal_distance, draft.runner
    )
    minutes = available_minutes(blocks)
    stages = [stage for stage in STAGES for _ in range(EACH_STAGE)]
    next_day = draft.today + DAY
    last = draft.today
    for day in [day for day in draft.days if day >= draft.today]:
        entry = draft.days[day]
        if not stages or is_race(entry):
            break
        if not draft.history.is_open(entry):
            continue
        run = None
        if day >= next_day and minutes.get(day.weekday(), 0.0) >= SHORTEST_RUN_MINUTES:
            run = stage_run(draft.kit, *stages[0])
        if run is not None and run.planned_minutes <= minutes[day.weekday()]:
            stages.pop(0)
            next_day = day + DAYS_APART * DAY
            last = day
            draft.put(relabelled(run, entry))
        else:
            draft.put(relabelled(rest_day(), entry))
    return last


def stage_run(kit: Kit, run: int, walk: int, km: float) -> Workout:
    """Return one stage's run-walk, or its easy run where nothing is walked."""
    minutes = max(SHORTEST_RUN_MINUTES, math.ceil(kit.easy_minutes(km)))
    if not walk:
        return easy_run(kit, minutes)
    return walk_run(kit, minutes, WorkoutType.EASY, (run, walk))
