"""A decided change of the plan: carried out, or put to the runner as a proposal."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from storage.adaptations import impacted, log_change
from storage.errors import VersionConflict
from storage.ids import new_id
from storage.plans import save_changed_plan
from storage.profiles import save_profile
from storage.proposals import Proposal, close_open, save_proposal
from tools.context import Context
from tools.errors import OnHold
from tools.results import DatedWorkout, Number, ReceiptResult, Result
from training.changes import Adaptation, NoChange, WorkoutChange
from training.plans import Plan

_CHANGES = TypeAdapter(tuple[WorkoutChange, ...])


class WorkoutChangeResult(Result):
    """One workout before and after."""

    workout_id: str
    before: DatedWorkout | None
    after: DatedWorkout | None


class DeltaResult(Result):
    """The seed's delta: km, and minutes at moderate or high intensity."""

    volume_change: Number
    intensity_change: Number


class ChangeResult(Result):
    """What changed and why; or what would, as a proposal; or why nothing does.

    applied: whether the stored plan is now this one. proposal_id: set while the runner's yes is
    awaited. Neither: no rule asked for a change.
    """

    applied: bool
    proposal_id: str | None
    change_summary: str
    reason: str
    rule: str | None
    impacted_workouts: tuple[str, ...]
    changes: tuple[WorkoutChangeResult, ...]
    delta: DeltaResult
    receipt: ReceiptResult | None
    version: int
    advice: tuple[str, ...]


def refuse_growth_on_hold(context: Context, adaptation: Adaptation) -> None:
    """Raise OnHold where a safety hold is on and the change would add load."""
    hold = context.profile.safety_hold
    grows = adaptation.delta.volume_change > 0 or adaptation.delta.intensity_change > 0
    if hold is not None and grows:
        raise OnHold(f"a safety hold is on since {hold.since}, so nothing grows: {hold.ends_when}")


def refuse_on_hold(context: Context) -> None:
    """Raise OnHold where a safety hold pauses the whole plan."""
    hold = context.profile.safety_hold
    if hold is not None and hold.pauses == "plan":
        raise OnHold(f"training is on hold since {hold.since}: {hold.ends_when}")


def carry_out(
    context: Context,
    plan: Plan,
    adaptation: Adaptation,
    *,
    kind: str,
    undoes: str | None = None,
) -> ChangeResult:
    """Store the changed plan, its log row and the runner's flags together.

    Raises VersionConflict where the plan changed meanwhile.
    """
    inverse = save_changed_plan(
        context.session, context.user_id, plan, adaptation.plan, now=context.now
    )
    log_change(
        context.session,
        context.user_id,
        adaptation,
        inverse,
        kind=kind,
        turn_id=context.turn_id,
        now=context.now,
        undoes=undoes,
    )
    keep_flags(context, adaptation)
    return _result(adaptation, applied=True)


def propose(
    context: Context, plan: Plan, adaptation: Adaptation, *, tool: str, arguments: dict[str, Any]
) -> ChangeResult:
    """Put the change to the runner, for this version of the plan; nothing else changes."""
    proposal_id = new_id("prop")
    result = _result(adaptation, applied=False, proposal_id=proposal_id, version=plan.version)
    shown = result.model_dump(mode="json", include={"change_summary", "reason", "changes"})
    keep_proposal(
        context, plan, proposal_id, (tool, arguments), changes=adaptation.changes, shown=shown
    )
    return result


def keep_proposal(
    context: Context,
    plan: Plan,
    proposal_id: str,
    call: tuple[str, dict[str, Any]],
    *,
    changes: tuple[WorkoutChange, ...],
    shown: dict[str, Any],
) -> None:
    """Store what waits for the runner's yes.

    plan: the one in force, at the version that the yes has to find. call: the tool and its
    arguments that carry the change out. shown: what the runner sees of it, its summary included.
    """
    tool, arguments = call
    save_proposal(
        context.session,
        context.user_id,
        Proposal(
            id=proposal_id,
            turn_id=context.turn_id,
            conversation_id=context.conversation_id,
            tool=tool,
            arguments=arguments,
            plan_id=plan.id,
            plan_version=plan.version,
            change_summary=shown["change_summary"],
            diff_sha256=diff_sha256(changes),
            result=shown,
        ),
        now=context.now,
    )


def confirm(context: Context, plan: Plan, changes: tuple[WorkoutChange, ...]) -> None:
    """Close the confirmed proposal, if this is exactly the change that was shown.

    Raises VersionConflict where the plan, or the diff that it leads to, is another one by now.
    """
    proposal = context.confirmed
    if proposal is None:
        return
    same_plan = (proposal.plan_id, proposal.plan_version) == (plan.id, plan.version)
    if not same_plan or proposal.diff_sha256 != diff_sha256(changes):
        raise VersionConflict(
            "the plan changed since this was proposed, so it was not applied; ask for it again"
        )
    close_open(context.session, context.user_id, status="accepted")


def keep_flags(context: Context, outcome: Adaptation | NoChange) -> None:
    """Store the runner's injury flags where the change set or cleared one."""
    if outcome.injury_flags is not None and outcome.injury_flags != context.profile.injury_flags:
        profile = replace(context.profile, injury_flags=outcome.injury_flags)
        save_profile(context.session, profile, now=context.now)


def unchanged(plan: Plan, outcome: NoChange) -> ChangeResult:
    """Return the result of a change that no rule asks for."""
    return ChangeResult(
        applied=False,
        proposal_id=None,
        change_summary="No change",
        reason=outcome.reason,
        rule=None,
        impacted_workouts=(),
        changes=(),
        delta=DeltaResult(volume_change=0, intensity_change=0),
        receipt=None,
        version=plan.version,
        advice=outcome.advice,
    )


def diff_sha256(changes: tuple[WorkoutChange, ...]) -> str:
    """Return the hash that ties a yes to the very diff that was shown."""
    values = _CHANGES.dump_python(changes, mode="json")
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _result(
    adaptation: Adaptation,
    *,
    applied: bool,
    proposal_id: str | None = None,
    version: int | None = None,
) -> ChangeResult:
    return ChangeResult(
        applied=applied,
        proposal_id=proposal_id,
        change_summary=adaptation.summary,
        reason=adaptation.reason,
        rule=adaptation.rule,
        impacted_workouts=impacted(adaptation),
        changes=tuple(
            WorkoutChangeResult(
                workout_id=entry.id,
                before=DatedWorkout.of(change.before),
                after=DatedWorkout.of(change.after),
            )
            for change in adaptation.changes
            if (entry := change.after or change.before) is not None
        ),
        delta=DeltaResult(
            volume_change=round(adaptation.delta.volume_change, 1),
            intensity_change=round(adaptation.delta.intensity_change, 1),
        ),
        receipt=ReceiptResult.of(adaptation.receipt),
        version=adaptation.plan.version if version is None else version,
        advice=adaptation.advice,
    )
