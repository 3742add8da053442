"""The coaches' REPL: at a terminal a session with colours, else one message a line."""

import contextlib
import datetime as dt
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, RenderableType

from assistant.coach import Coach
from assistant.conversations import Conversation, ToolsShown
from assistant.errors import AssistantError
from assistant.events import Calling, Finished
from assistant.model import ChatModel
from assistant.outputs import use_safe_output
from assistant.slash_commands import (
    become,
    check_day,
    describe_model,
    parse_command,
    run_command,
    said_by,
)
from assistant.views import compact_json, fold_call, fold_result, plain_text, reply_notes
from storage.database import Database
from storage.errors import StorageError
from storage.ids import new_id
from tools.toolbox import ToolResult

PIPE_WIDTH = 500  # wide enough for one row a line


@dataclass(frozen=True, slots=True)
class ReplOptions:
    """How the REPL starts. today: None leaves the coach's own day; models: for `/model`."""

    user_id: str
    today: dt.date | None
    json: bool
    conversation_id: str | None = None
    models: Callable[[str], ChatModel] | None = None


async def run_repl(coach: Coach, database: Database, options: ReplOptions) -> int:
    """Talk until the input ends and return the exit code: 1 where a piped message failed."""
    conversation = Conversation(
        coach,
        database,
        options.user_id,
        options.conversation_id or new_id("conv"),
        models=options.models,
    )
    try:
        start(conversation, options)
    except (AssistantError, StorageError) as error:
        _say(sys.stderr, str(error))
        return 1
    if sys.stdin is None or sys.stdout is None:
        return 0  # closed by the caller: nothing to read, or nobody to answer
    use_safe_output(utf8=options.json)
    if sys.stdin.isatty() and sys.stdout.isatty() and not options.json:
        from assistant.terminal import run_terminal

        return await run_terminal(conversation, describe_model(coach.model))
    _say(sys.stderr, describe_model(coach.model))
    with _default_interrupt():
        return await run_pipe(
            conversation, sys.stdin.buffer, sys.stdout, sys.stderr, as_json=options.json
        )


def start(conversation: Conversation, options: ReplOptions) -> None:
    """Check the runner and pin the day. Raises CommandRefused, StoreUnavailable."""
    conversation_id = conversation.conversation_id
    become(conversation, options.user_id)
    conversation.conversation_id = conversation_id
    if options.today is not None:
        conversation.coach.today = options.today
    if conversation.coach.today is not None:
        check_day(conversation.coach.today)


async def run_pipe(
    conversation: Conversation,
    lines: Iterable[bytes],
    out: TextIO,
    err: TextIO,
    *,
    as_json: bool = False,
) -> int:
    """Answer each line; a failed one is a line on `err`, and makes the exit code 1 at the end.

    as_json: print one reply object a message, and nothing else on `out`.
    """
    code = 0
    pipe = Pipe(conversation, out, err, as_json)
    try:
        for number, line in enumerate(lines, 1):
            try:
                if not await pipe.take(_decode(line, number)):
                    break
            except (AssistantError, StorageError) as error:
                code = 1
                _say(err, str(error))
    except BrokenPipeError:
        _discard_output()
    return code


@dataclass(frozen=True, slots=True)
class Pipe:
    """Where a line's answer goes when nobody sits at a terminal."""

    conversation: Conversation
    out: TextIO
    err: TextIO
    as_json: bool

    async def take(self, line: str) -> bool:
        """Answer one line; return whether to go on."""
        if not line:
            return True
        if not line.startswith("/"):
            await self._answer(line)
            return True
        command = parse_command(line)
        if command.name == "quit":
            return False
        said = said_by(command)
        if said is not None:
            await self._answer(said)
        else:
            shown = await run_command(self.conversation, command)
            _show(self.err if self.as_json else self.out, shown)
        return True

    async def _answer(self, text: str) -> None:
        async for event in self.conversation.send(text):
            match event:
                case Finished(response) if self.as_json:
                    _say(self.out, compact_json(response))
                case Finished(response):
                    _say(self.out, plain_text(response["reply"]))
                    for note in reply_notes(response):
                        _say(self.out, f"  {note}")
                case Calling(call) if self._tools == "on":
                    _say(self.out, f"> {call.name} {plain_text(call.arguments)}")
                case ToolResult() if self._tools == "on":
                    _say(self.out, f"< {compact_json(event.value)}")
                case ToolResult() if self._tools == "folded":
                    ended = fold_result(event.value)
                    line = fold_call(event.call.name, event.call.arguments)
                    _say(self.out, f"{line} -> {ended}" if ended else line)

    @property
    def _tools(self) -> ToolsShown:
        return "off" if self.as_json else self.conversation.tools


class UnreadableLine(AssistantError):
    """A line that is no text."""


def _decode(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8").strip().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadableLine(
            f"line {number} is not UTF-8 (byte {error.start + 1}): send text in UTF-8"
        ) from None


def _say(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _show(stream: TextIO, shown: RenderableType) -> None:
    console = Console(
        file=stream, width=PIPE_WIDTH, color_system=None, force_terminal=False, legacy_windows=False
    )
    with console.capture() as captured:
        console.print(shown, soft_wrap=False)
    _say(stream, "\n".join(line.rstrip() for line in captured.get().splitlines()))


@contextlib.contextmanager
def _default_interrupt() -> Iterator[None]:
    """Let Ctrl-C end a piped session at once, as it ends any filter."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _discard_output() -> None:
    """Keep the interpreter from flushing into the closed pipe on its way out."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
