"""The REPL at a terminal: a prompt, replies as they come, and Ctrl-C that stops a reply alone."""

import asyncio
import contextlib
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator

import anyio
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console, RenderableType
from rich.status import Status
from rich.text import Text

from assistant.conversations import Conversation
from assistant.display import Display
from assistant.errors import AssistantError
from assistant.outputs import spinner_of
from assistant.slash_commands import (
    KINDS,
    Command,
    describe,
    known_users,
    parse_command,
    run_command,
    said_by,
)
from assistant.views import one_line
from storage.errors import StorageError

WORDS = {
    "tools": ("on", "folded", "off"),
    "model": ("embedded",),
    "today": ("now",),
    "why": ("today", "tomorrow", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}


async def run_terminal(conversation: Conversation, model_line: str) -> int:
    """Talk with whoever sits there until they leave; the exit code is 0."""
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_dumb_terminal:  # for which rich takes 80 columns
        console.width = shutil.get_terminal_size().columns
    conversation.tools = "folded"
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(),
        completer=CommandCompleter(lambda: known_users(conversation)),
        complete_while_typing=False,
        multiline=True,
        key_bindings=line_keys(),
        prompt_continuation="... ",
        output=PlainTextOutput(sys.stdout) if console.is_dumb_terminal else None,
    )
    console.print(Text(model_line, "dim"))
    console.print(Text(f"{describe(conversation)} (/help lists commands)", "dim"))
    while True:
        try:
            with patch_stdout(raw=True):
                line = await session.prompt_async(f"{one_line(conversation.user_id)}> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
        if not await take(conversation, console, line.strip()):
            return 0


async def take(conversation: Conversation, console: Console, line: str) -> bool:
    """Answer one line; return whether to go on."""
    try:
        if line and not line.startswith("/"):
            await answer(conversation, console, line)
        elif line:
            command = parse_command(line)
            if command.name == "quit":
                return False
            said = said_by(command)
            if said is not None:
                await answer(conversation, console, said)
            else:
                console.print(await _shown(conversation, console, command))
    except (AssistantError, StorageError) as error:
        console.print(Text(one_line(str(error)), "red"))
    return True


async def _shown(conversation: Conversation, console: Console, command: Command) -> RenderableType:
    """Return what a command shows; Ctrl-C stops one that takes long."""
    shown: RenderableType = Text("(stopped)", "dim")
    with anyio.CancelScope() as scope, _interrupt(scope.cancel), _spinner(console):
        shown = await run_command(conversation, command)
    return shown


def _spinner(console: Console) -> Status:
    return console.status("", spinner=spinner_of(console))


async def answer(conversation: Conversation, console: Console, text: str) -> None:
    """Show a reply as it comes; Ctrl-C stops it."""
    with Display(console, tools=conversation.tools) as display:
        with anyio.CancelScope() as scope, _interrupt(scope.cancel):
            async for event in conversation.send(text):
                display.show(event)  # does not wait: a stop reaches the coach, never falls between
        if scope.cancelled_caught:
            display.stopped()


@contextlib.contextmanager
def _interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C call `stop` meanwhile, instead of ending the program."""
    loop = asyncio.get_running_loop()
    before = signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(stop))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def line_keys() -> KeyBindings:
    """Return the keys of several lines: Alt-Enter, or Enter after a backslash, begins another."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.text_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


class CommandCompleter(Completer):
    """Completes the slash commands, and what may follow them: runners, files, words."""

    def __init__(self, users: Callable[[], Iterable[str]]) -> None:
        self.users = users
        self.files = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """Yield what the text before the cursor may become."""
        typed = document.text_before_cursor
        if not typed.startswith("/"):
            return
        name, space, begun = typed[1:].partition(" ")
        if space and name in ("save", "save!", "replay"):
            yield from self.files.get_completions(Document(begun), event)
            return
        for word in self._following(name) if space else KINDS:
            if word.startswith(begun if space else name):
                yield Completion(word, start_position=-len(begun if space else name))

    def _following(self, name: str) -> Iterable[str]:
        with contextlib.suppress(StorageError):
            if name == "as":
                return self.users()
        return WORDS.get(name, ())
