"""The REPL's slash commands: read from a line, run on a conversation."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from assistant.conversations import Conversation
from assistant.errors import AssistantError
from assistant.saving import save_session
from assistant.views import (
    one_line,
    render_changes_log,
    render_day,
    render_help,
    render_plan,
    render_runs,
    render_week,
)
from storage.adaptations import find_changes
from storage.agenda import find_agenda, find_overview
from storage.errors import UserNotFound
from storage.executions import find_executions
from storage.plans import find_plan
from storage.profiles import Profile, list_users, load_profile
from storage.subscriptions import top_prompt
from training.units import monday_of

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
LATELY = dt.timedelta(days=28)
UNDO = "undo that"
NO_PLAN = "there is no plan yet: say a distance and a race day to make one"


class CommandRefused(AssistantError):
    """A command that can't be run as it was written."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line's command: its name and what follows it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A command that there is. takes: what has to follow it, or None for nothing."""

    takes: str | None
    does: str

    def usage(self, name: str) -> str:
        """Return how it is written."""
        return f"/{name}" if self.takes is None else f"/{name} {self.takes}"


KINDS = {
    "as": Kind("USER", "talk as that runner, in a new conversation"),
    "today": Kind("DATE", "talk on that day, such as 2026-02-10; `now` goes back to the clock"),
    "plan": Kind(None, "the weeks to the race"),
    "week": Kind(None, "this week's days"),
    "log": Kind(None, "what changed the plan, and the runs logged lately"),
    "undo": Kind(None, f'say "{UNDO}"'),
    "tools": Kind("on|off", "show each tool call: name, arguments, result"),
    "save": Kind("FILE", "write the session so far as a scenario"),
    "save!": Kind("FILE", "the same, over a file that is there already"),
    "help": Kind(None, "this list"),
    "quit": Kind(None, "leave"),
}


def parse_command(line: str) -> Command:
    """Return the command of a line that starts with a slash. Raises CommandRefused."""
    name, _, argument = line.strip()[1:].partition(" ")
    argument = argument.strip()
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(k.usage(n) for n, k in KINDS.items())
        raise CommandRefused(f"there is no command {f'/{name}'!r}; there are {known}")
    if kind.takes is None and argument:
        raise CommandRefused(f"/{name} takes nothing after it, not {argument!r}")
    if kind.takes is not None and not argument:
        raise CommandRefused(f"/{name} needs {kind.takes}: {kind.usage(name)}")
    return Command(name, argument)


def run_command(conversation: Conversation, command: Command) -> RenderableType:
    """Run a command other than /undo and /quit, and return what it shows.

    Raises CommandRefused, UserNotFound, StoreUnavailable.
    """
    match command.name:
        case "as":
            return _become(conversation, command.argument)
        case "today":
            return _pin(conversation, command.argument)
        case "plan":
            return _with_plan(conversation, _plan)
        case "week":
            return _with_plan(conversation, _week)
        case "log":
            return _with_plan(conversation, _log, _runs)
        case "tools":
            return _show_tools(conversation, command.argument)
        case "save" | "save!":
            return _save(conversation, command)
        case _:
            return render_help({kind.usage(name): kind.does for name, kind in KINDS.items()})


def parse_day(text: str) -> dt.date:
    """Return the date of a text such as 2026-02-10. Raises CommandRefused."""
    accepted = f"a day looks like 2026-02-10, from {FIRST_DAY} to {LAST_DAY}"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise CommandRefused(f"{text!r} is no day: {accepted}")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise CommandRefused(f"there is no day {text!r}: {accepted}") from None
    return check_day(day)


def check_day(day: dt.date) -> dt.date:
    """Return the day where the calendar around it can be shown. Raises CommandRefused."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CommandRefused(f"{day} is too far away: from {FIRST_DAY} to {LAST_DAY} can be talked")
    return day


def describe(conversation: Conversation) -> str:
    """Return who talks, on which day, and whether the plan is theirs to use."""
    profile = conversation.profile()
    prompt = top_prompt(profile.subscription) or "no plan in the subscription"
    name = one_line(profile.name)
    runner = profile.id if name in ("", profile.id) else f"{profile.id} ({name})"
    return f"{runner} on {render_day(conversation.today())}: {prompt}"


def known_users(conversation: Conversation) -> tuple[str, ...]:
    """Return the runners that there are."""
    with conversation.database.read() as session:
        return list_users(session)


def become(conversation: Conversation, user_id: str) -> None:
    """Talk as that runner. Raises CommandRefused naming the runners that there are."""
    try:
        conversation.become(user_id)
    except UserNotFound:
        users = known_users(conversation)
        named = ", ".join(users[:20]) + (", ..." if len(users) > 20 else "")
        accepted = f"there are {named}" if users else "`runplan demo` loads the demo runners"
        raise CommandRefused(f"there is no runner {user_id!r}; {accepted}") from None


def _become(conversation: Conversation, user_id: str) -> RenderableType:
    become(conversation, user_id)
    return Text(describe(conversation))


def _pin(conversation: Conversation, text: str) -> RenderableType:
    conversation.coach.today = None if text == "now" else parse_day(text)
    return Text(describe(conversation))


def _show_tools(conversation: Conversation, word: str) -> RenderableType:
    if word not in ("on", "off"):
        raise CommandRefused(f"/tools is on or off, not {word!r}")
    conversation.shows_tools = word == "on"
    return Text(f"tool calls are {'shown' if conversation.shows_tools else 'hidden'}")


def _save(conversation: Conversation, command: Command) -> RenderableType:
    overwrite = command.name == "save!"
    return Text(save_session(conversation.turns, command.argument, overwrite=overwrite))


View = Callable[[Conversation, Profile, dt.date], RenderableType]


def _with_plan(conversation: Conversation, *views: View) -> RenderableType:
    """Show what belongs to the plan, where it is the runner's to use."""
    with conversation.database.read() as session:
        profile = load_profile(session, conversation.user_id)
    if top_prompt(profile.subscription) is None:
        return Text(f"the subscription of {profile.id} holds no plan, so there is none to show")
    today = conversation.today()
    return Group(*(view(conversation, profile, today) for view in views))


def _plan(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    with conversation.database.read() as session:
        plan = find_plan(session, profile.id)
        if plan is None:
            return Text(NO_PLAN)
        done = find_executions(session, profile.id, monday_of(plan.start_date), today)
    return render_plan(plan, done, today, profile.preferences.units)


def _week(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    first = monday_of(today)
    with conversation.database.read() as session:
        overview = find_overview(session, profile.id, today)
        if overview is None:
            return Text(NO_PLAN)
        days = find_agenda(
            session, profile.id, overview.plan_id, first, first + dt.timedelta(days=6)
        )
    return render_week(days, today)


def _log(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    with conversation.database.read() as session:
        overview = find_overview(session, profile.id, today)
        if overview is None:
            return Text(NO_PLAN)
        changes = find_changes(session, profile.id, overview.plan_id)
    return render_changes_log(changes)


def _runs(conversation: Conversation, profile: Profile, today: dt.date) -> RenderableType:
    with conversation.database.read() as session:
        runs = find_executions(session, profile.id, today - LATELY, today)
    return render_runs(runs, profile.preferences.units)
