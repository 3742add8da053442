"""What the model is told of the runner, and the evidence that its reply may rest on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from storage.agenda import AgendaDay, Overview, find_agenda, find_overview
from storage.database import Session
from storage.profiles import Profile
from storage.proposals import Proposal
from storage.subscriptions import top_prompt
from training.paces import training_paces
from training.units import KM_PER_MILE, monday_of, render_pace, weekday
from training.workouts import PaceRange

AGENDA_DAYS = 14


def build_context(
    session: Session, profile: Profile, today: dt.date, proposals: Sequence[Proposal]
) -> dict[str, Any]:
    """Return the prompt's context: only the fields that the tools need, and no plan unless it is
    the runner's to use."""
    prompt = top_prompt(profile.subscription)
    overview = None if prompt is None else find_overview(session, profile.id, today, count=0)
    hold = profile.safety_hold
    return {
        "today": today.isoformat(),
        "weekday": weekday(today),
        "time_zone": profile.preferences.time_zone,
        "top_prompt": prompt,
        "runner": {
            "name": profile.name,
            "level": profile.experience_level.value,
            "units": profile.preferences.units,
            "injury_flags": list(profile.injury_flags),
            "available_days": list(
                dict.fromkeys(block.day.value for block in profile.weekly_availability)
            ),
        },
        "plan": None if overview is None else _plan(session, profile, overview, today),
        "proposal": None if prompt is None else _waiting(proposals),
        "safety": None if hold is None else asdict(hold) | {"since": hold.since.isoformat()},
    }


def _waiting(proposals: Sequence[Proposal]) -> dict[str, Any] | None:
    """Return what this message may have answered; options: all of them where there are several."""
    if not proposals:
        return None
    first = {"proposal_id": proposals[0].id, "change_summary": proposals[0].change_summary}
    if len(proposals) == 1:
        return first
    return {**first, "options": [proposal.change_summary for proposal in proposals]}


def _plan(session: Session, profile: Profile, overview: Overview, today: dt.date) -> dict[str, Any]:
    hold = profile.safety_hold
    on_hold = hold is not None and hold.pauses == "plan"
    first = monday_of(today)
    days = find_agenda(
        session, profile.id, overview.plan_id, first, first + dt.timedelta(days=AGENDA_DAYS - 1)
    )
    return {
        "goal_distance": overview.goal_distance.value,
        "goal_date": overview.goal_date.isoformat(),
        "goal_weekday": weekday(overview.goal_date),
        "weeks_to_race": max(0, (overview.goal_date - today).days // 7),
        "phase": overview.phase.value,
        "version": overview.version,
        "weekly_focus": overview.weekly_focus,
        "days": [_day(day, on_hold=on_hold) for day in days],
        "paces": render_paces(overview.fitness, profile.preferences.units),
    }


def _day(day: AgendaDay, *, on_hold: bool) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "weekday": weekday(day.date),
        "type": day.type,
        "name": day.name,
        "effort": day.effort,
        "workout_id": day.workout_id,
        "status": "on hold" if on_hold and day.status == "planned" else day.status,
    }


def render_paces(fitness: float, units: str) -> dict[str, str]:
    """Return the training paces as text in the runner's units."""
    paces = training_paces(fitness)
    factor = KM_PER_MILE if units == "mi" else 1.0

    def text(pace: PaceRange) -> str:
        return (
            f"{render_pace(pace.fast_s_per_km * factor)}-{render_pace(pace.slow_s_per_km * factor)}"
        )

    return {
        "easy": text(paces.easy),
        "marathon": text(paces.marathon),
        "threshold": text(paces.threshold),
        "interval": text(paces.interval),
        "unit": units,
    }
