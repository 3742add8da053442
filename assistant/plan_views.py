"""What the REPL shows of a runner's plan, where it is the runner's to use."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.conversations import Conversation
from assistant.diffs import render_diff
from assistant.errors import AssistantError
from assistant.views import (
    render_changes_log,
    render_plan,
    render_runs,
    render_versions,
    render_week,
)
from assistant.whys import show_why
from storage.adaptations import LoggedChange, find_changes
from storage.agenda import Overview, find_agenda, find_overview
from storage.executions import find_executions
from storage.plans import find_plan
from storage.profiles import Profile, load_profile
from storage.subscriptions import top_prompt
from storage.turns import Asked, find_asked
from training.units import monday_of

LATELY = dt.timedelta(days=28)
NO_PLAN = "there is no plan yet: say a distance and a race day to make one"
View = Callable[[Conversation, Profile, dt.date], RenderableType]


class NotThere(AssistantError):
    """A version that the plan does not have."""


def with_plan(conversation: Conversation, *views: View) -> RenderableType:
    """Show what belongs to the plan, where it is the runner's to use."""
    with conversation.database.read() as session:
        profile = load_profile(session, conversation.user_id)
    if top_prompt(profile.subscription) is None:
        return Text(f"the subscription of {profile.id} holds no plan, so there is none to show")
    today = conversation.today()
    return Group(*(view(conversation, profile, today) for view in views))


def view_plan(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    """Return the weeks to the race."""
    with conversation.database.read() as session:
        plan = find_plan(session, profile.id)
        if plan is None:
            return Text(NO_PLAN)
        done = find_executions(session, profile.id, monday_of(plan.start_date), today)
    return render_plan(plan, done, today, profile.preferences.units)


def view_week(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    """Return this week's days."""
    first = monday_of(today)
    with conversation.database.read() as session:
        overview = find_overview(session, profile.id, today)
        if overview is None:
            return Text(NO_PLAN)
        days = find_agenda(
            session, profile.id, overview.plan_id, first, first + dt.timedelta(days=6)
        )
    return render_week(days, today)


def view_log(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    """Return what changed the plan, with the reasons."""
    found = _changes(conversation, profile, today)
    return Text(NO_PLAN) if found is None else render_changes_log(found[1])


def view_versions(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    """Return the plan's versions, the present one marked."""
    found = _changes(conversation, profile, today)
    return Text(NO_PLAN) if found is None else render_versions(found[0].version, found[1])


def view_runs(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    """Return the runs logged lately."""
    with conversation.database.read() as session:
        runs = find_executions(session, profile.id, today - LATELY, today)
    return render_runs(runs, profile.preferences.units)


def diff_of(version: int | None) -> View:
    """Return the view of what a version changed, the last one by default."""

    def view(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
        found = _changes(conversation, profile, today)
        if found is None:
            return Text(NO_PLAN)
        changes = found[1]
        if not changes:
            return Text("the plan was never changed")
        if version is None:
            return render_diff(changes[-1])
        for change in changes:
            if change.plan_version == version:
                return render_diff(change)
        there = ", ".join(str(change.plan_version) for change in changes)
        raise NotThere(f"no change led to version {version}; changes led to {there}")

    return view


def why_of(day: dt.date) -> View:
    """Return the view of why a day's workout is so."""

    def view(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
        return show_why(
            conversation.database, profile.id, day, today=today, now=conversation.coach.clock()
        )

    return view


def _changes(
    conversation: Conversation, profile: Profile, today: dt.date
) -> tuple[Overview, tuple[LoggedChange, ...]] | None:
    with conversation.database.read() as session:
        overview = find_overview(session, profile.id, today)
        if overview is None:
            return None
        changes = find_changes(session, profile.id, overview.plan_id)
        asked = find_asked(session, profile.id, [c.turn_id for c in changes if c.turn_id])
    return overview, tuple(_on_its_day(change, asked) for change in changes)


def _on_its_day(change: LoggedChange, asked: Mapping[str, Asked]) -> LoggedChange:
    """Return the change with the day that it was asked for on, which the clock's may not be."""
    said = asked.get(change.turn_id or "")
    if said is None:
        return change
    return replace(change, created_at=dt.datetime.combine(said.today, dt.time(), tzinfo=dt.UTC))
