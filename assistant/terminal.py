"""The REPL at a terminal: a prompt, replies as they come, and Ctrl-C that stops a reply alone."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterable, Iterator

import anyio
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.text import Text

from assistant.conversations import Conversation
from assistant.display import Display
from assistant.errors import AssistantError
from assistant.slash_commands import (
    KINDS,
    UNDO,
    describe,
    known_users,
    parse_command,
    run_command,
)
from assistant.views import one_line
from storage.errors import StorageError


async def run_terminal(conversation: Conversation, model_line: str) -> int:
    """Talk with whoever sits there until they leave; the exit code is 0."""
    console = Console(highlight=False, markup=False, emoji=False)
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(),
        completer=CommandCompleter(lambda: known_users(conversation)),
        complete_while_typing=False,
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
            if command.name == "undo":
                await answer(conversation, console, UNDO)
            else:
                console.print(run_command(conversation, command))
    except (AssistantError, StorageError) as error:
        console.print(Text(one_line(str(error)), "red"))
    return True


async def answer(conversation: Conversation, console: Console, text: str) -> None:
    """Show a reply as it comes; Ctrl-C stops it."""
    with Display(console, shows_tools=conversation.shows_tools) as display:
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


class CommandCompleter(Completer):
    """Completes the slash commands, and what may follow /as and /tools."""

    def __init__(self, users: Callable[[], Iterable[str]]) -> None:
        self.users = users

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """Yield what the text before the cursor may become."""
        typed = document.text_before_cursor
        if not typed.startswith("/"):
            return
        name, space, begun = typed[1:].partition(" ")
        for word in self._following(name) if space else KINDS:
            if word.startswith(begun if space else name):
                yield Completion(word, start_position=-len(begun if space else name))

    def _following(self, name: str) -> Iterable[str]:
        with contextlib.suppress(StorageError):
            if name == "as":
                return self.users()
        return ("on", "off") if name == "tools" else ()
