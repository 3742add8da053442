"""Rows on a terminal of any width: a table where it fits, else a few lines a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2
SHORTEST_LAST = 24  # what a wrapped last column needs to be read


@dataclass(frozen=True)
class Listing:
    """Rows under their heads. heads: empty for none."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the rows as the width allows."""
        if fits(self, options.max_width):
            yield self._table()
            return
        for row in self.rows:
            yield from self._stacked(row)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, show_header=bool(self.heads), header_style="dim")
        count = len(self.heads) or max(map(len, self.rows), default=0)
        for place in range(count):
            head = self.heads[place] if self.heads else ""
            table.add_column(head, no_wrap=place < count - 1)
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table

    def _stacked(self, row: Sequence[str]) -> RenderResult:
        """Yield a row's first cell on a line and the others under it, named by their heads."""
        heads, cells, mark = list(self.heads), list(row), ""
        if heads and not heads[0]:  # a column of marks
            heads, (mark, *cells) = heads[1:], cells
        yield Text(f"{mark} {cells[0]}".strip(), "bold")
        told = [
            f"{heads[place]}: {cell}" if heads else cell
            for place, cell in enumerate(cells)
            if place and cell
        ]
        if told:
            yield Padding(Text(", ".join(told)), (0, 0, 0, 2), expand=False)


def fits(listing: Listing, width: int) -> bool:
    """Whether a table of the rows can be read at this width; its last column may wrap."""
    lines = [listing.heads, *listing.rows] if listing.heads else list(listing.rows)
    count = max(map(len, lines), default=0)
    widths = [
        max((cell_len(line[place]) for line in lines if place < len(line)), default=0)
        for place in range(count)
    ]
    if not widths:
        return True
    before = sum(widths[:-1]) + GAP * (count - 1)
    return before + min(widths[-1], SHORTEST_LAST) <= width
