"""One reply on a terminal: a spinner, text as it comes, withdrawn where it has to be."""

import re
from math import ceil
from types import TracebackType
from typing import Self

from rich.cells import cell_len
from rich.console import Console, OverflowMethod
from rich.control import Control
from rich.segment import ControlCode, ControlType
from rich.text import Text

from assistant.conversations import ToolsShown
from assistant.diffs import diff_lines, styled
from assistant.events import Calling, Event, Finished, Replied, Restarted, TextDelta
from assistant.outputs import speaks_unicode, spinner_of
from assistant.replies import has_effect
from assistant.views import (
    compact_json,
    fold_call,
    fold_result,
    one_line,
    plain_text,
    reply_notes,
)
from tools.toolbox import ToolResult

WITHDRAWN = "(taken back; asking once more)"
_PIECE = re.compile(r"\n|[^\S\n]+|\S+")


class Display:
    """Shows the events of one turn. Text is printed as text, never as markup."""

    def __init__(self, console: Console, *, tools: ToolsShown) -> None:
        self.console = console
        self.tools = tools
        self.status = console.status("", spinner=spinner_of(console))
        self.said = ""  # of the answer that is being shown
        self.lines = ""  # the same, as it is broken into lines
        self.done: list[str] = []

    def __enter__(self) -> Self:
        self.status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_line()

    def show(self, event: Event) -> None:
        """Show what happened."""
        match event:
            case TextDelta(text):
                self._write(plain_text(text))
            case Restarted():
                self._withdraw()
                self._line(WITHDRAWN)
                self.status.start()
            case Calling(call):
                if self.said or self.tools != "off":
                    self._end_line()
                if self.tools == "on":
                    self._line(f"> {one_line(call.name)} {one_line(call.arguments)}")
                self.status.start()
            case ToolResult():
                self._keep(event)
            case Replied(text):
                self._settle(plain_text(text))
            case Finished(response):
                self._end_line()
                for note in reply_notes(response, diff_lines):
                    self.console.print(styled(f"  {note}"), soft_wrap=True)

    def stopped(self) -> None:
        """Say that the reply was stopped, and what was done before that."""
        self._end_line()
        done = f"; done already: {', '.join(self.done)}" if self.done else ""
        self._line(f"(stopped{done})")

    def _keep(self, result: ToolResult) -> None:
        if has_effect(result.call.name, result.value):
            self.done.append(result.call.name)
        if self.tools == "off":
            return
        self.status.stop()
        if self.tools == "on":
            self._line(f"< {compact_json(result.value)}")
        else:
            self._fold(result)
        self.status.start()

    def _fold(self, result: ToolResult) -> None:
        """Show a call and how it ended on one line, cut where the terminal ends."""
        ended = fold_result(result.value)
        line = fold_call(result.call.name, result.call.arguments)
        text = Text(f"{line} -> {ended}" if ended else line, "dim")
        overflow: OverflowMethod = "ellipsis" if speaks_unicode(self.console) else "crop"
        self.console.print(text, no_wrap=True, overflow=overflow, crop=True)

    def _settle(self, reply: str) -> None:
        """Bring the text on the screen to the reply that is stored."""
        shown = self.said.strip()
        if not reply.startswith(shown):
            self._withdraw()
            shown = ""
        if rest := reply[len(shown) :]:
            self._write(rest)

    def _write(self, text: str) -> None:
        self.status.stop()
        column = cell_len(self.lines.rpartition("\n")[2])
        broken = break_lines(text, column, self.console.width)
        self.console.out(broken, end="", highlight=False)
        self.said += text
        self.lines += broken

    @property
    def _can_wipe(self) -> bool:
        return self.console.is_terminal and not self.console.is_dumb_terminal

    def _line(self, text: str) -> None:
        self.console.print(Text(text, "dim"), soft_wrap=True)

    def _end_line(self) -> None:
        self.status.stop()
        if self.lines and not self.lines.endswith("\n"):
            self.console.print()
        self.said = self.lines = ""

    def _withdraw(self) -> None:
        """Wipe the answer off the screen; one that scrolled away ends where it is."""
        self.status.stop()
        width = self.console.width
        rows = sum(max(1, ceil(cell_len(line) / width)) for line in self.lines.split("\n"))
        if not self._can_wipe or rows > self.console.height:
            self._end_line()
        elif self.lines:
            wipe: list[ControlCode] = [(ControlType.ERASE_IN_LINE, 2)]
            up: list[ControlCode] = [(ControlType.CURSOR_UP, 1), *wipe]
            self.console.control(Control(ControlType.CARRIAGE_RETURN, *wipe, *(up * (rows - 1))))
        self.said = self.lines = ""


def break_lines(text: str, column: int, width: int) -> str:
    """Return the text with line breaks between words where a line would be over the width.

    column: where on its line the text begins.
    """
    broken = ""
    for piece in _PIECE.findall(text):
        size = cell_len(piece)
        if piece == "\n":
            column = 0
        elif piece.isspace() and column + size >= width:
            piece, column = "\n", 0
        elif column and column + size > width:
            piece, column = f"\n{piece}", size
        else:
            column += size
        broken += piece
    return broken
