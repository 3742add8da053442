"""The limits that a plan is held against: one check a rule, with what was found and allowed.

What is past or logged cannot be changed, so it counts as history and is not judged itself.
"""

import datetime as dt
from collections.abc import Sequence

from training import limits_of_runs as runs
from training import limits_of_weeks as weeks
from training.executions import Execution
from training.history import History, history_of
from training.plans import Plan
from training.receipts import Receipt
from training.runners import Runner


def check_plan(
    plan: Plan,
    runner: Runner,
    today: dt.date,
    done: Sequence[Execution] = (),
    *,
    gap_from: dt.date | None = None,
) -> Receipt:
    """Hold a plan against every limit, with logged runs in place of the planned past.

    gap_from: nothing unlogged since that day was run.
    """
    return check_history(history_of(plan, today, done, gap_from=gap_from), runner)


def check_history(history: History, runner: Runner) -> Receipt:
    """Hold a plan, seen from a day, against every limit."""
    return Receipt(
        (
            weeks.every_day_once(history),
            weeks.phases_in_order(history),
            weeks.sums_agree(history),
            weeks.first_week(history),
            weeks.growth(history),
            weeks.jump(history),
            weeks.loading(history, runner),
            weeks.cutback_depth(history),
            weeks.peak(history),
            runs.spike(history),
            runs.long_share(history),
            runs.long_caps(history),
            runs.other_runs(history),
            runs.one_long(history),
            runs.hard_spacing(history),
            weeks.hard_days(history),
            weeks.quality_sessions(history),
            weeks.one_thing_at_a_time(history),
            weeks.rest_days(history),
            weeks.low_share(history),
            weeks.low_share_mean(history),
            runs.session_caps(history),
            runs.complete(history),
            runs.parts(history),
            runs.pace_order(history),
            runs.availability(history, runner),
            weeks.taper(history),
            weeks.race_touch(history, runner),
            runs.before_race(history),
            runs.longest_run(history),
            runs.held(history),
            runs.events(history),
            weeks.injury(history, runner),
        )
    )
