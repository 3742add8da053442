"""Pain and injury: easy or rest at once, a flag that bars intensity, and the way back."""

from dataclasses import replace

from training.absence import layoff_factor, usual_week
from training.changes import Adaptation, NoChange, Pain
from training.cutting import eased, relabelled, shortened
from training.drafts import Draft, Reason, settle
from training.errors import ChangeRefused
from training.plans import Hold
from training.replanning import rebuilt
from training.returning import needs_stages, put_stages
from training.sessions import rest_day
from training.tables import INJURY_VOLUME
from training.units import DAY, day_text, monday_of

FLAG_FROM, STOP_FROM = 3, 5
WHOLE_MINUTE_KM = 0.1  # a run is no new longest by less
STOP_SIGNS = ("limp", "sharp", "swelling", "night", "rest", "rising")
BONE_SIGNS = ("limp", "night", "rest")
REST_DAYS = 3
PAIN_FREE_DAYS, HALF_DOSE_DAYS = 7, 14
ASSESS = "Please have it looked at by a doctor or physio before running on it."
BONE = (
    "Pain at night or at rest, or a limp, should be seen by a doctor within days; please don't "
    "run or jump until then."
)
ALTERNATIVES = "Cycling, swimming or deep-water running are fine where they don't hurt."


def adapt_pain(draft: Draft, change: Pain) -> Adaptation | NoChange:
    """Answer pain by its level and signs, or bring training back when it is cleared.

    0-2 without signs: watch. 3-4: easy only, at most 75 % of the volume. 5 and more, or signs:
    three days of rest first. The injury flag stays until the runner says it is over.
    Raises ChangeRefused where a level is missing.
    """
    if change.cleared:
        return _cleared(draft, change)
    signs = tuple(sign for sign in change.signs if sign in STOP_SIGNS)
    if change.level is None and not signs and not change.noted:
        raise ChangeRefused(
            "How strong is the pain, from 0 (none) to 10?",
            code="no_level",
            unlocked_by="a number from 0 to 10",
        )
    level = change.level or 0
    if level < FLAG_FROM and not signs and not change.noted:
        return _watched(draft)
    return _flagged(draft, change, stop=level >= STOP_FROM or bool(signs), signs=signs)


def _watched(draft: Draft) -> Adaptation | NoChange:
    """Keep this week's runs as long as the runner is used to; light pain bars nothing else."""
    longest = draft.history.longest_before(draft.today) + WHOLE_MINUTE_KM
    sunday = monday_of(draft.today) + 6 * DAY
    draft.change(lambda w: shortened(w, draft.kit, longest), draft.today, sunday)
    fine = (
        "Light pain that goes away as you warm up is fine to run with. Keep an eye on it, and no "
        "longer long run than you are used to this week."
    )
    why = Reason(
        rule="3.3-light-pain",
        summary="This week's long run is no longer than you are used to.",
        reason=fine,
        unchanged=fine,
        advice=("If it rises during a run or is there the next morning, stop and tell me.",),
    )
    return settle(draft, why, is_small=True)


def _flagged(
    draft: Draft, change: Pain, *, stop: bool, signs: tuple[str, ...]
) -> Adaptation | NoChange:
    part = change.body_part or "pain"
    flags = draft.runner.injury_flags
    if part not in flags:
        flags = (*flags, part)
    before = draft.inputs.pre_flag_weekly_km or usual_week(draft, draft.today)
    first_flag = draft.inputs.pre_flag_weekly_km is None
    draft.inputs = replace(draft.inputs, injury_flags=flags, pre_flag_weekly_km=before)
    if stop:
        back = draft.today + REST_DAYS * DAY
        draft.hold(Hold("injury", draft.today, no_run_before=back))
        draft.change(lambda w: relabelled(rest_day(), w), draft.today, back - DAY)
    share = INJURY_VOLUME if first_flag else 1.0
    draft.change(lambda w: eased(w, draft.kit, share), draft.today)
    draft.mark("injury", draft.today, draft.plan.goal_date)
    advice = [ALTERNATIVES]
    if stop:
        advice.insert(0, BONE if any(sign in BONE_SIGNS for sign in signs) else ASSESS)
    rest = f"No running for {REST_DAYS} days, then easy" if stop else "Easy"
    why = Reason(
        rule="3.3-stop" if stop else "3.3-moderate-pain",
        summary=f"{rest} running only, at three quarters of your usual volume or less, "
        f"while your {part} needs care."
        if change.body_part
        else f"{rest} running only, at three quarters of your usual volume or less.",
        reason="An injury or pain that strong needs rest from load; easy running that "
        "doesn't raise it is the most it should get.",
        unchanged="Your plan is easy already and stays so until you are free of pain.",
        advice=tuple(advice),
    )
    return settle(draft, why, is_small=True, injury_flags=flags)


def _by_stages(draft: Draft, days_out: int) -> Adaptation | NoChange:
    """Bring running back by stages of walking and running, and the plan after them."""
    draft.runner = replace(draft.runner, injury_flags=())
    draft.lower_fitness(layoff_factor(days_out))
    last = put_stages(draft)
    draft.mark("return", draft.today, last)
    quality_from = last + DAY
    draft.hold(
        Hold(
            "injury",
            draft.today,
            nothing_fast_before=quality_from,
            half_dose_before=quality_from + HALF_DOSE_DAYS * DAY,
        )
    )
    weeks = rebuilt(draft, draft.runner, draft.inputs, after=last)
    why = Reason(
        rule="3.3-stages",
        summary=f"Back by stages: walking and running in turn every other day until "
        f"{day_text(last)}, each stage twice, and then easy running.",
        reason="After weeks without running, or an injury of a bone, tissue has to get used to "
        "impact again before volume comes back.",
        advice=(
            "Begin when half an hour of brisk walking is free of pain.",
            "Go on to the next stage only without pain or swelling; if it hurts, stop and tell me.",
        ),
    )
    return settle(draft, why, weeks=weeks, injury_flags=())


def remaining_flags(flags: tuple[str, ...], body_part: str | None) -> tuple[str, ...]:
    """Return the flags left when one part is over; all go where no part was named."""
    if body_part is None:
        return ()
    part = body_part.casefold()
    return tuple(f for f in flags if part not in f.casefold() and f.casefold() not in part)


def _cleared(draft: Draft, change: Pain) -> Adaptation | NoChange:
    flags = draft.runner.injury_flags
    if not flags and not draft.inputs.injury_flags:
        return NoChange("Good to hear. No injury is noted, so the plan stays as it is.")
    left = remaining_flags(flags, change.body_part)
    if left == flags:
        return NoChange(
            f"Good to hear. Still noted: {', '.join(flags)}; which one is over?",
            injury_flags=flags,
        )
    if left:
        draft.inputs = replace(draft.inputs, injury_flags=left)
        why = Reason(
            rule="3.3-cleared",
            summary=f"Noted as over. Still there: {', '.join(left)}, so running stays easy.",
            reason="While one injury is there, nothing fast comes back.",
            unchanged=f"Noted as over. Still there: {', '.join(left)}, so running stays easy.",
        )
        return settle(draft, why, is_small=True, injury_flags=left)
    quality_from = draft.today + PAIN_FREE_DAYS * DAY
    back = Hold(
        "injury",
        draft.today,
        nothing_fast_before=quality_from,
        half_dose_before=quality_from + HALF_DOSE_DAYS * DAY,
    )
    draft.inputs = replace(draft.inputs, injury_flags=(), pre_flag_weekly_km=None)
    draft.hold(back)
    for monday, note in draft.notes.items():
        if note == "injury" and monday > draft.today:
            draft.notes[monday] = None
    if needs_stages(flags, change.days_out):
        return _by_stages(draft, change.days_out)
    weeks = rebuilt(draft, replace(draft.runner, injury_flags=()), draft.inputs)
    why = Reason(
        rule="3.3-cleared",
        summary=f"Welcome back: easy running first, and faster running at half the amount from "
        f"{day_text(quality_from)} if you stay free of pain.",
        reason="Seven days without pain come before anything fast, and volume grows from what you "
        "run now, not from what was planned.",
        advice=("If it comes back, stop and tell me at once.",),
    )
    return settle(draft, why, weeks=weeks, injury_flags=())
