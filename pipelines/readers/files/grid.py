"""The form that every file of rows and columns takes: grids of printed text, addressed as a person would.

Files come from outside, so sizes are bounded before anything is unpacked (`BYTES_AT_MOST`, `CELLS_AT_MOST`, and
`pipelines.readers.files.workbook` for what a workbook unpacks to).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.problems import Problem, SourceRefused, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources.card import Source

BYTES_AT_MOST = 64 * 1024 * 1024
CELLS_AT_MOST = 4_000_000

_COLUMN = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True)
class Grid:
    """One sheet, table or text file: rows of cells, every cell as text.

    Attributes:
        sheet: name of the sheet; None for a text file.
        rows: cells as printed, blanks "". A number of a workbook is what its format shows of it; of format General its
            decimal text of at most 15 significant digits (a whole number has no point: 2019). Rows differ in length.
        merged: merged ranges as (first row, first column, last row, last column), counted from 1, ends included.
        lines: of a text file, the line on which each row begins.
        ends_open: a text file whose last line has no line end, so that its last cell may be cut short.
        uncomputed: cells (row, column) that hold a formula without a stored value; their text is the formula, `=…`.
        linked: cells (row, column) whose stored value was computed from another workbook.
        stored: cells (row, column) that show another print than the number stored in them, with that number.
        concealed: cells (row, column) that the page does not show (a hidden row or column, struck out, a format
            that shows nothing), with their text; in `rows` they are "".
        is_hidden: a sheet that the workbook does not show.
    """

    sheet: str | None
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    lines: tuple[int, ...] = ()
    ends_open: bool = False
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    linked: frozenset[tuple[int, int]] = frozenset()
    stored: Mapping[tuple[int, int], str] = field(default_factory=dict)
    concealed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def kind(self) -> Literal["csv", "sheet"]:
        """Whether addresses are `line:column` or those of a sheet."""
        return "csv" if self.sheet is None else "sheet"

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of cells of the longest row."""
        return max((len(row) for row in self.rows), default=0)

    def text(self, row: int, column: int) -> str:
        """The cell's text; row and column count from 1, and "" lies outside."""
        if row < 1 or column < 1 or row > len(self.rows):
            return ""
        cells = self.rows[row - 1]
        return cells[column - 1] if column <= len(cells) else ""

    def line(self, row: int) -> int:
        """The line of the file on which a row stands; of a sheet, the row itself."""
        return self.lines[row - 1] if self.lines and 1 <= row <= len(self.lines) else row

    def address(self, row: int, column: int) -> str:
        """Where a cell stands: `B12` in a sheet, `12:2` (line:column) in a text file."""
        if self.kind == "csv":
            return f"{self.line(row)}:{column}"
        return f"{column_letters(column)}{row}"


class GridFile:
    """The file that is being cut into grids; makes its refusals."""

    def __init__(self, project: Project, source: Source, path: Path) -> None:
        self.source_id = source.source_id
        self.path = path
        self.name = project.relative(path)

    def problem(self, rule: str, en: str, zh: str, line: int | None = None, column: str | None = None) -> Problem:
        """One reason against the file, or against one place of it."""
        return Problem(self.source_id, self.name, rule, en, zh, line=line, column=column)

    def refusal(self, rule: str, en: str, zh: str, line: int | None = None) -> SourceRefused:
        """One reason against the whole file, to be raised."""
        return SourceRefused([self.problem(rule, en, zh, line)])

    def cut_off(self, how: str) -> SourceRefused:
        """The file ends in the middle."""
        return self.refusal(
            "cut_off",
            f"the file is cut off or damaged ({how}); fetch it again, or save it anew where a program still opens it",
            "文件不完整，请重新获取；若仍能打开，请另存后再用",
        )

    def too_many_cells(self, where: str) -> SourceRefused:
        """A sheet or text that is no statistical table any more."""
        limit = CELLS_AT_MOST // 1_000_000
        en = f"{where} spans over {limit} million cells; split it, or delete what stands far off the table"
        return self.refusal("sheet_too_large", en, f"{where}超过 {limit} 百万个单元格，请拆分")


def column_letters(column: int) -> str:
    """A, B, … Z, AA, … of a column counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """1 for A, 27 for AA; a number stays what it is."""
    if letters.isdigit() and 0 < int(letters) <= 16_384:
        return int(letters)
    if not _COLUMN.fullmatch(letters):
        raise ValueError(f"{shortened(letters)} is no column; write it as A or as 1")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
