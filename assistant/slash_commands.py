"""The REPL's slash commands: read from a line, run on a conversation."""

import datetime as dt
import re
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from assistant.bootstrap import EMBEDDED_NAME
from assistant.conversations import Conversation
from assistant.errors import AssistantError
from assistant.model import ChatModel
from assistant.plan_views import (
    diff_of,
    view_log,
    view_plan,
    view_runs,
    view_versions,
    view_week,
    why_of,
    with_plan,
)
from assistant.replaying import replay_file
from assistant.saving import save_session
from assistant.views import one_line, render_day, render_help
from storage.errors import UserNotFound
from storage.profiles import list_users
from storage.subscriptions import top_prompt

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
UNDO = "undo that"
EMBEDDED_LINE = "no endpoint set: the embedded model answers; it is rules, not a language model"
TOOLS_SHOWN = {"on": "shown whole", "folded": "shown on a line each", "off": "hidden"}
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CommandRefused(AssistantError):
    """A command that can't be run as it was written."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line's command: its name and what follows it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A command that there is. takes: what follows it, or None for nothing.

    In brackets it may be left out.
    """

    takes: str | None
    does: str

    @property
    def needs(self) -> bool:
        """Whether something has to follow."""
        return self.takes is not None and not self.takes.startswith("[")

    def usage(self, name: str) -> str:
        """Return how it is written."""
        return f"/{name}" if self.takes is None else f"/{name} {self.takes}"


KINDS = {
    "as": Kind("USER", "talk as that runner, in a new conversation"),
    "today": Kind("DATE", "talk on that day, such as 2026-02-10; `now` goes back to the clock"),
    "plan": Kind(None, "the weeks to the race"),
    "week": Kind(None, "this week's days"),
    "why": Kind("DAY", "why a day's workout is there: thu, tomorrow or 2026-02-12"),
    "what-if": Kind("WHAT", 'ask what would change, such as "I skip Sunday"; nothing does'),
    "log": Kind(None, "what changed the plan, and the runs logged lately"),
    "versions": Kind(None, "the plan's versions"),
    "diff": Kind("[VERSION]", "what a version changed; the last one by default"),
    "undo": Kind(None, f'say "{UNDO}"'),
    "tools": Kind("on|folded|off", "show each tool call whole, on a line, or not"),
    "model": Kind("[NAME]", "let another model answer: `embedded`, or a name at the endpoint"),
    "save": Kind("FILE", "write the session so far as a scenario"),
    "save!": Kind("FILE", "the same, over a file that is there already"),
    "replay": Kind("FILE", "play a scenario file on fresh runners"),
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
    if kind.needs and not argument:
        raise CommandRefused(f"/{name} needs {kind.takes}: {kind.usage(name)}")
    return Command(name, argument)


def said_by(command: Command) -> str | None:
    """Return the message that a command stands for, or None where it stands for none."""
    match command.name:
        case "undo":
            return UNDO
        case "what-if":
            return f"What if {command.argument.rstrip('?. ')}?"
        case _:
            return None


async def run_command(conversation: Conversation, command: Command) -> RenderableType:
    """Run a command that is no message and not /quit, and return what it shows.

    Raises CommandRefused, SettingsInvalid, UserNotFound, WorkoutNotFound, StoreUnavailable.
    """
    match command.name:
        case "as":
            return _become(conversation, command.argument)
        case "today":
            return _pin(conversation, command.argument)
        case "plan":
            return with_plan(conversation, view_plan)
        case "week":
            return with_plan(conversation, view_week)
        case "log":
            return with_plan(conversation, view_log, view_runs)
        case "versions":
            return with_plan(conversation, view_versions)
        case "diff":
            return with_plan(conversation, diff_of(_version(command.argument)))
        case "why":
            day = parse_day_word(command.argument, conversation.today())
            return with_plan(conversation, why_of(day))
        case "tools":
            return _show_tools(conversation, command.argument)
        case "model":
            return await _use_model(conversation, command.argument)
        case "replay":
            return await replay_file(command.argument, conversation.coach.model)
        case "save" | "save!":
            return _save(conversation, command)
        case _:
            return render_help({kind.usage(name): kind.does for name, kind in KINDS.items()})


def parse_day_word(text: str, today: dt.date) -> dt.date:
    """Return the day of a date, a weekday (in the week from today) or a word such as tomorrow.

    Raises CommandRefused.
    """
    word = text.lower()
    if word in _NEAR:
        return today + dt.timedelta(days=_NEAR[word])
    if len(word) >= 3 and word.isalpha():
        for position, name in enumerate(_WEEKDAYS):
            if name.startswith(word):
                return today + dt.timedelta(days=(position - today.weekday()) % 7)
        raise CommandRefused(f"{text!r} is no day: say thu, tomorrow or 2026-02-12")
    return parse_day(text)


def describe_model(model: ChatModel) -> str:
    """Return which model answers."""
    names: tuple[str, ...] = getattr(model, "models", ())
    if names[:1] == (EMBEDDED_NAME,):
        return EMBEDDED_LINE
    if not names:
        return f"{type(model).__name__} answers"
    fallback = f" (else {', '.join(names[1:])})" if names[1:] else ""
    return f"{names[0]} answers{fallback}"


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
    match word:
        case "on" | "folded" | "off":
            conversation.tools = word
        case _:
            raise CommandRefused(f"/tools is on, folded or off, not {word!r}")
    return Text(f"tool calls are {TOOLS_SHOWN[word]}")


async def _use_model(conversation: Conversation, name: str) -> RenderableType:
    model = await conversation.use_model(name) if name else conversation.coach.model
    return Text(describe_model(model))


def _version(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
        raise CommandRefused(f"{text!r} is no version: one is a number, as /versions lists them")
    return int(text)


def _save(conversation: Conversation, command: Command) -> RenderableType:
    overwrite = command.name == "save!"
    return Text(save_session(conversation.turns, command.argument, overwrite=overwrite))
