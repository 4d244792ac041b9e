"""A workbook that can be sent on: titled sheets with frozen heads, filters and widths, and nothing that executes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.asking.written import plain
from pipelines.problems import BuildStopped
from pipelines.serving.delimited import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS_AT_MOST = 1_048_500
#: A cell holds no more; what is longer ends with an ellipsis.
_LETTERS_AT_MOST = 32_767
#: Characters that XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST = 48
_NARROWEST = 6
#: The number of this paper in a workbook.
_A4 = 9
_MARGIN_INCHES = 0.4
_LINE_HEIGHT = 16
#: More columns than these cannot be read on one page's width; they go over several.
_COLUMNS_ON_A_PAGE = 20
#: Rows whose cells say how wide a column is; those after them are of the same kind.
_ROWS_MEASURED = 300


class Number(NamedTuple):
    """A number and the format in which its print shows it."""

    value: Decimal
    decimals: int


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes:
        name: on its tab.
        title: its first line.
        notes: lines beneath the title.
        heads: of the columns, with their units.
        rows: text, numbers, dates, `Number`, or None.
        frozen: columns that stay in sight.
        on_paper: so many columns are printed, the rest is for looking up on the screen; all where none is said.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]
    frozen: int = 0
    on_paper: int | None = None


def write_workbook(path: Path, sheets: Sequence[Sheet], *, is_small: bool = False) -> int:
    """Write the sheets; the number of rows of the first.

    Args:
        path: the file to write.
        sheets: from the left.
        is_small: all of it may be held in memory, which is quicker; else a row is let go when it is written.

    Raises:
        BuildStopped: more rows than a sheet holds.
    """
    import xlsxwriter

    try:
        with xlsxwriter.Workbook(path, {"in_memory" if is_small else "constant_memory": True}) as book:
            styles = _Styles(book)
            written = [_write(book.add_worksheet(sheet.name), sheet, styles) for sheet in sheets]
    except BuildStopped:
        path.unlink(missing_ok=True)
        raise
    return written[0]


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": "#5A6673"})
        self.head = book.add_format(
            {
                "bold": True,
                "bg_color": "#E3EAF1",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "bottom": 1,
                "bottom_color": "#8A97A5",
            }
        )
        self._book = book
        self._numbers: dict[int, Format] = {}

    def number(self, places: int) -> Format:
        """Thousands apart, and so many decimals."""
        if places not in self._numbers:
            shown = f"#,##0.{'0' * places}" if places else "#,##0"
            self._numbers[places] = self._book.add_format({"num_format": shown})
        return self._numbers[places]


def _write(on: Worksheet, sheet: Sheet, styles: _Styles) -> int:
    rows = iter(sheet.rows)
    measured = list(islice(rows, _ROWS_MEASURED))
    top = 1 + len(sheet.notes)
    last = len(sheet.heads) - 1
    for index, head in enumerate(sheet.heads):
        widths = [_width(line) for line in head.splitlines()] + [_width(row[index]) for row in measured]
        on.set_column(index, index, min(_WIDEST, max(_NARROWEST, *widths) + 2))
    on.freeze_panes(top + 1, sheet.frozen)
    on.repeat_rows(top)
    on.set_landscape()
    on.set_paper(_A4)
    on.set_margins(left=_MARGIN_INCHES, right=_MARGIN_INCHES)
    on.set_footer("&C&P / &N")
    if (sheet.on_paper or len(sheet.heads)) <= _COLUMNS_ON_A_PAGE:
        on.fit_to_pages(1, 0)
    on.write_string(0, 0, _text(sheet.title), styles.title)
    for index, note in enumerate(sheet.notes):
        on.write_string(1 + index, 0, _text(note), styles.note)
    on.set_row(top, _LINE_HEIGHT * max(len(head.splitlines()) for head in sheet.heads) + 4)
    for index, head in enumerate(sheet.heads):
        on.write_string(top, index, _text(head), styles.head)
    written = 0
    for part in (measured, rows):
        for row in part:
            if written == ROWS_AT_MOST:
                raise BuildStopped(
                    f"a sheet holds {ROWS_AT_MOST} rows, and there are more: export to a .csv",
                    exit_code=2,
                    zh=f"一张工作表只容{ROWS_AT_MOST}行，行数超出：请导出为.csv",
                )
            written += 1
            for index, value in enumerate(row):
                _write_cell(on, top + written, index, value, styles)
    bottom = top + max(written, 1)
    if sheet.on_paper:
        on.print_area(0, 0, bottom, sheet.on_paper - 1)
    on.autofilter(top, 0, bottom, last)
    return written


def _write_cell(on: Worksheet, row: int, column: int, value: Any, styles: _Styles) -> None:  # noqa: ANN401 - of a row
    """Numbers stay numbers while a double holds them exactly; all else is text."""
    if value is None:
        return
    if isinstance(value, bool):
        on.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        on.write_number(row, column, value)
    elif isinstance(value, Number | Decimal):
        exact = value.value if isinstance(value, Number) else value
        double = float(exact)
        if format(double, ".15g") != plain(exact) and Decimal(repr(double)) != exact:
            on.write_string(row, column, plain(exact))
        else:
            on.write_number(row, column, double, styles.number(_places(value)))
    else:
        on.write_string(row, column, _text(value if isinstance(value, str) else _listed(value)))


def _places(value: Number | Decimal) -> int:
    """How many decimals are shown: those of the print, or those that a computed number has."""
    if isinstance(value, Number):
        return max(0, value.decimals)
    return len(plain(value).partition(".")[2])


def _text(text: str) -> str:
    """A text that a cell can hold, and that nothing executes."""
    kept = _CONTROL.sub("�", str(harmless(text)))
    return kept if len(kept) <= _LETTERS_AT_MOST else f"{kept[: _LETTERS_AT_MOST - 1]}…"


def _listed(value: object) -> str:
    return "; ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)


def _width(value: object) -> int:
    """How many columns of a fixed font a value takes; Chinese takes two each."""
    if isinstance(value, Number | Decimal):
        exact = value.value if isinstance(value, Number) else value
        return len(f"{exact:,.{_places(value)}f}")
    text = "" if value is None else str(value)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
