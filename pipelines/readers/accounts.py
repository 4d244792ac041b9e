"""Every number of a file accounted for: it is a figure, it is left out for a reason of a closed list, or it is refused.

Readers say what they leave out (`leave_out`) and what they refuse (`refuse`); `close` holds that against the numbers
that `pipelines.readers.counting` finds. What nobody speaks of makes the file refused: a reader that drops a column
cannot do so in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.problems import SourceRefused, shortened
from pipelines.readers.counting import numbers_in
from pipelines.readers.files.grid import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.readers.counting import Cell
    from pipelines.readers.files.grid import Grid, GridFile

#: Why a number is no figure; the seed skip_reasons has the words for each.
REASONS = frozenset(
    (
        "head",
        "name",
        "note",
        "rank",
        "hidden",
        "skipped_row",
        "skipped_column",
        "outside_layout",
        "other_sheet",
        "no_data",
        "no_figure",
        "table_in_text",
    )
)


class LeftOut(NamedTuple):
    """Numbers of a file that became no figure for one reason: their ranges (`A3:A9,C1` or `3:1-9:1`) and how many."""

    file: str
    sheet: str
    reason: str
    cells: str
    numbers: int


@dataclass
class Accounts:
    """What becomes of the numbers of one file.

    Attributes:
        numbers: the cells that hold a digit.
        left_out: cells with the reason why they are no figure.
        refused: cells that are named in a problem.
        figures: cells that became figures.
    """

    grids: Sequence[Grid] = ()
    numbers: set[Cell] = field(default_factory=set)
    left_out: dict[Cell, str] = field(default_factory=dict)
    refused: set[Cell] = field(default_factory=set)
    figures: set[Cell] = field(default_factory=set)

    @classmethod
    def of(cls, grids: Sequence[Grid]) -> Accounts:
        """Accounts of the grids of a file; what the page does not show is left out at once."""
        accounts = cls(grids, numbers_in(grids))
        for grid in grids:
            accounts.leave_out("hidden", ((grid.sheet or "", *place) for place in grid.concealed))
        return accounts

    def leave_out(self, reason: str, cells: Iterable[Cell]) -> None:
        """Say why cells are no figures; the first reason given stays."""
        for cell in cells:
            if cell in self.numbers:
                self.left_out.setdefault(cell, reason)

    def leave_out_sheet(self, grid: Grid, reason: str) -> None:
        """Say why nothing of a sheet is taken."""
        self.leave_out(reason, {cell for cell in self.numbers if cell[0] == (grid.sheet or "")})

    def leave_out_rows(self, grid: Grid, reason: str, but: set[int]) -> None:
        """Say why nothing is taken of a sheet's rows, some of them apart."""
        sheet = grid.sheet or ""
        self.leave_out(reason, {cell for cell in self.numbers if cell[0] == sheet and cell[1] not in but})

    def refuse(self, cells: Iterable[Cell]) -> None:
        """Say that cells are named in a problem."""
        self.refused.update(cell for cell in cells if cell in self.numbers)

    def close(self, file: GridFile, addresses: Iterable[tuple[str, str]]) -> None:
        """Hold what was said against the numbers of the file.

        Args:
            file: the file, for its refusal.
            addresses: sheet and address of each figure that was read.

        Raises:
            SourceRefused: numbers that are neither figures nor left out nor refused.
        """
        places = {(grid.sheet or "", grid.address(row, column)): (grid.sheet or "", row, column)
                  for grid in self.grids for row, column in self._places(grid)}  # fmt: skip
        self.figures = {places[address] for address in addresses if address in places}
        self.refused -= self.figures
        for cell in self.figures | self.refused:
            self.left_out.pop(cell, None)
        missed = sorted(self.numbers - self.figures - self.refused - self.left_out.keys())
        if missed:
            sheet, row, column = missed[0]
            grid = next(grid for grid in self.grids if (grid.sheet or "") == sheet)
            where = (f"{sheet}!" if sheet else "") + grid.address(row, column)
            en = (
                f"{len(missed)} of {len(self.numbers)} numbers are in no table that was read, the first at {where}: "
                f"{shortened(grid.text(row, column), 40)}; lay them out or skip them in the card"
            )
            zh = f"{len(self.numbers)} 个数字中有 {len(missed)} 个不在所读的表中（首个 {where}），请列出或跳过"
            raise SourceRefused([file.problem("numbers_unaccounted", en, zh, grid.line(row))])

    def _places(self, grid: Grid) -> Iterable[tuple[int, int]]:
        sheet = grid.sheet or ""
        return ((row, column) for name, row, column in self.numbers if name == sheet)

    def summary(self, file_name: str) -> list[LeftOut]:
        """What was left out, by sheet and reason, as ranges."""
        by_reason: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for (sheet, row, column), reason in self.left_out.items():
            by_reason.setdefault((sheet, reason), []).append((row, column))
        grids = {grid.sheet or "": grid for grid in self.grids}
        return [
            LeftOut(file_name, sheet, reason, _ranges(cells, grids[sheet]), len(cells))
            for (sheet, reason), cells in sorted(by_reason.items())
        ]


def _ranges(cells: list[tuple[int, int]], grid: Grid) -> str:
    """Cells as rectangles: runs down a column, joined where neighbours run alike."""
    runs: dict[tuple[int, int], list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        by_column.setdefault(column, []).append(row)
    for column, rows in sorted(by_column.items()):
        first = last = rows[0]
        for row in [*rows[1:], 0]:
            if row == last + 1:
                last = row
                continue
            runs.setdefault((first, last), []).append(column)
            first = last = row
    texts = []
    for (first, last), columns in sorted(runs.items()):
        left = right = columns[0]
        for column in [*columns[1:], 0]:
            if column == right + 1:
                right = column
                continue
            texts.append(_range(grid, first, left, last, right))
            left = right = column
    return ",".join(texts)


def _range(grid: Grid, top: int, left: int, bottom: int, right: int) -> str:
    if grid.kind == "csv":
        begin, end = f"{grid.line(top)}:{left}", f"{grid.line(bottom)}:{right}"
        return begin if begin == end else f"{begin}-{end}"
    begin, end = f"{column_letters(left)}{top}", f"{column_letters(right)}{bottom}"
    return begin if begin == end else f"{begin}:{end}"
