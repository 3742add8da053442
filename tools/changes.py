"""A decided change of the plan: carried out, or put to the runner as a proposal."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from storage.adaptations import impacted, log_change
from storage.errors import VersionConflict
from storage.ids import new_id
from storage.plans import save_changed_plan
from storage.profiles import save_profile
from storage.proposals import Proposal, accept_open, save_proposals
from tools.context import Context
from tools.errors import OnHold
from tools.results import DatedWorkout, Number, ReceiptResult, Result
from training.changes import Adaptation, NoChange, WorkoutChange
from training.plans import Plan

_CHANGES = TypeAdapter(tuple[WorkoutChange, ...])
_CONFLICT = "the plan changed since this was proposed, so it was not applied; ask for it again"


class WorkoutChangeResult(Result):
    """One workout before and after."""

    workout_id: str
    before: DatedWorkout | None
    after: DatedWorkout | None


class DeltaResult(Result):
    """The seed's delta: km, and minutes at moderate or high intensity."""

    volume_change: Number
    intensity_change: Number


class OptionResult(Result):
    """One of several ways to make a change, a proposal of its own; option: its number, from 1."""

    option: int
    proposal_id: str
    change_summary: str
    reason: str
    rule: str
    impacted_workouts: tuple[str, ...]
    changes: tuple[WorkoutChangeResult, ...]
    delta: DeltaResult
    receipt: ReceiptResult
    advice: tuple[str, ...]


class ChangeResult(Result):
    """What changed and why; or what would, as a proposal; or why nothing does.

    applied: whether the stored plan is now this one. proposal_id: set while the runner's yes is
    awaited. Neither: no rule asked for a change. options: where the runner can choose, every way,
    the usual one first, which is the one that the other fields tell of; else empty.
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
    options: tuple[OptionResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """An adaptation that is not carried out yet, and the arguments that lead to it again."""

    adaptation: Adaptation
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal to be stored. arguments: of the call that carries it out. shown: what the runner
    sees of it, its summary included."""

    proposal_id: str
    arguments: dict[str, Any]
    changes: tuple[WorkoutChange, ...]
    shown: dict[str, Any]


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

    The row names the turn that asked for the change, not the one that said yes to it.
    Raises VersionConflict where the plan changed meanwhile.
    """
    asked = context.confirmed
    inverse = save_changed_plan(
        context.session, context.user_id, plan, adaptation.plan, now=context.now
    )
    log_change(
        context.session,
        context.user_id,
        adaptation,
        inverse,
        kind=kind,
        turn_id=context.turn_id if asked is None else asked.turn_id,
        now=context.now,
        undoes=undoes,
    )
    keep_flags(context, adaptation)
    return _result(adaptation, applied=True)


def propose(context: Context, plan: Plan, ways: Sequence[Way], *, tool: str) -> ChangeResult:
    """Put a change to the runner, in one way or in several, the usual one first.

    plan: the one in force, at the version that the yes has to find. Nothing else changes.
    """
    options = tuple(_option(number, way) for number, way in enumerate(ways, 1))
    shown = {"option", "change_summary", "reason", "rule", "changes", "delta"}
    offers = [
        Offer(
            option.proposal_id,
            way.arguments,
            way.adaptation.changes,
            option.model_dump(mode="json", include=shown),
        )
        for option, way in zip(options, ways, strict=True)
    ]
    keep_offers(context, plan, offers, tool=tool)
    first = _result(
        ways[0].adaptation,
        applied=False,
        proposal_id=options[0].proposal_id,
        version=plan.version,
    )
    return first.model_copy(update={"options": options if len(options) > 1 else ()})


def _option(number: int, way: Way) -> OptionResult:
    told = _result(way.adaptation, applied=False, proposal_id=new_id("prop"))
    kept = told.model_dump(include=set(OptionResult.model_fields))
    return OptionResult.model_validate({**kept, "option": number})


def keep_offers(context: Context, plan: Plan, offers: Sequence[Offer], *, tool: str) -> None:
    """Store what waits for the runner's yes, in place of all that waited before.

    plan: the one in force, at the version that the yes has to find.
    """
    proposals = [
        Proposal(
            id=offer.proposal_id,
            turn_id=context.turn_id,
            conversation_id=context.conversation_id,
            tool=tool,
            arguments=offer.arguments,
            plan_id=plan.id,
            plan_version=plan.version,
            change_summary=offer.shown["change_summary"],
            diff_sha256=diff_sha256(offer.changes),
            result=offer.shown,
        )
        for offer in offers
    ]
    save_proposals(context.session, context.user_id, proposals, now=context.now)


def confirm(context: Context, plan: Plan, changes: tuple[WorkoutChange, ...]) -> None:
    """Accept the confirmed proposal, if this is exactly the change that was shown.

    The other ways that were offered with it are closed.
    Raises VersionConflict where the plan, or the diff that it leads to, is another one by now.
    """
    proposal = context.confirmed
    if proposal is None:
        return
    same_plan = (proposal.plan_id, proposal.plan_version) == (plan.id, plan.version)
    if not same_plan or proposal.diff_sha256 != diff_sha256(changes):
        raise VersionConflict(_CONFLICT)
    accept_open(context.session, context.user_id, proposal.id)


def chosen_way(
    context: Context, plan: Plan, confirmed: Proposal, ways: Sequence[Adaptation]
) -> Adaptation:
    """Return and accept the way whose diff is the one that was shown.

    Raises VersionConflict where none of them leads there any more.
    """
    for way in ways:
        if diff_sha256(way.changes) == confirmed.diff_sha256:
            confirm(context, plan, way.changes)
            return way
    raise VersionConflict(_CONFLICT)


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
