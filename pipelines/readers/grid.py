"""A file of rows and columns as one or more grids of printed text, whatever its name says that it is.

Content decides: text in UTF-8, UTF-16 or GB18030, an Excel workbook old or new, or an HTML table. Readers of single
shapes (pipelines/readers) take it from here. Files come from outside, so sizes are bounded before anything is
unpacked (`BYTES_AT_MOST`, `CELLS_AT_MOST`, and `pipelines.readers.workbook` for what a workbook unpacks to).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.problems import Problem, SourceRefused

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources import Source

BYTES_AT_MOST = 64 * 1024 * 1024
CELLS_AT_MOST = 4_000_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True)
class Grid:
    """One sheet, table or text file: rows of cells, every cell as text.

    Attributes:
        sheet: name of the sheet; None for a text file.
        rows: cells as printed, blanks "". A number of a workbook is its shortest decimal text of at most 15
            significant digits, as Excel shows it (a whole number has no point: 2019). Rows may differ in length.
        merged: merged ranges as (first row, first column, last row, last column), counted from 1, ends included.
        lines: of a text file, the line on which each row begins.
        ends_open: a text file whose last line has no line end, so that its last cell may be cut short.
        uncomputed: cells (row, column) that hold a formula without a stored value; their text is the formula, `=…`.
        linked: cells (row, column) whose stored value was computed from another workbook.
    """

    sheet: str | None
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    lines: tuple[int, ...] = ()
    ends_open: bool = False
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    linked: frozenset[tuple[int, int]] = frozenset()

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
            "cut_off", f"the file is cut off or damaged ({how}); fetch it again", "文件不完整，请重新获取"
        )

    def too_many_cells(self, where: str) -> SourceRefused:
        """A sheet or text that is no statistical table any more."""
        limit = CELLS_AT_MOST // 1_000_000
        en = f"{where} spans over {limit} million cells; split it, or delete what stands far off the table"
        return self.refusal("sheet_too_large", en, f"{where}超过 {limit} 百万个单元格，请拆分")


def read_grids(project: Project, source: Source, path: Path, *, may_be_lines: bool = False) -> list[Grid]:
    """Cut a file into grids: one per sheet of a workbook or table of an HTML page, one for a text file.

    Empty sheets give no grid. With `may_be_lines`, text without a delimiter is cut as a printed table is
    (`pipelines.readers.printed_lines`).

    Raises:
        SourceRefused: empty, cut off, too large, unpacking to too much, encrypted, or in no known form or encoding.
    """
    file = GridFile(project, source, path)
    if path.stat().st_size > BYTES_AT_MOST:
        limit = BYTES_AT_MOST // 1024 // 1024
        raise file.refusal("file_too_large", f"larger than {limit} MiB; split it", f"文件超过 {limit} MiB，请拆分")
    data = path.read_bytes()
    if not data.strip(b" \t\r\n\x00"):
        raise file.refusal("file_empty", "the file is empty; fetch it again", "文件为空，请重新获取")
    grids = [
        grid
        for grid in _grids(file, data, may_be_lines=may_be_lines)
        if any(cell.strip() for row in grid.rows for cell in row)
    ]
    if not grids:
        raise file.refusal("file_empty", "no cell holds anything; fetch the file again", "文件没有内容，请重新获取")
    return grids


def column_letters(column: int) -> str:
    """A, B, … Z, AA, … of a column counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _grids(file: GridFile, data: bytes, *, may_be_lines: bool) -> list[Grid]:
    from pipelines.readers import delimited_text, html_table, printed_lines, workbook

    if data.startswith(_ZIP):
        return workbook.xlsx_grids(file, data)
    if data.startswith(_OLE):
        return workbook.xls_grids(file, data)
    for beginning, name in _OTHER_FORMATS.items():
        if data.startswith(beginning):
            en = f"this is {name}, not a table; give the table itself as .csv, .xls or .xlsx"
            raise file.refusal("format_unknown", en, f"这是 {name} 文件，不是表格；请提供 .csv、.xls 或 .xlsx")
    text = delimited_text.decoded(file, data)
    if html_table.looks_like_html(text):
        return html_table.html_grids(file, text)
    if may_be_lines and printed_lines.looks_like_print(text):
        return [printed_lines.line_grid(file, text)]
    return [delimited_text.text_grid(file, text)]
