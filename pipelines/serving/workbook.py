"""A workbook that can be sent on: titled sheets with frozen heads, filters and widths, and nothing that executes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pipelines.asking.written import plain
from pipelines.problems import BuildStopped
from pipelines.serving.delimited import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell

#: A sheet that is only written; the stubs of openpyxl know it in part.
_OnSheet: TypeAlias = Any
ROWS_AT_MOST = 1_048_500
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


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> int:
    """Write the sheets; the number of rows of the first.

    Raises:
        BuildStopped: more rows than a sheet holds.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    written = [_write(book.create_sheet(sheet.name), sheet) for sheet in sheets]
    book.save(path)
    return written[0]


def _write(on: _OnSheet, sheet: Sheet) -> int:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    rows = iter(sheet.rows)
    measured = list(islice(rows, _ROWS_MEASURED))
    top = 1 + len(sheet.notes) + 1
    for index, head in enumerate(sheet.heads):
        widths = [_width(line) for line in head.splitlines()] + [_width(row[index]) for row in measured]
        letter = get_column_letter(index + 1)
        on.column_dimensions[letter].width = min(_WIDEST, max(_NARROWEST, *widths) + 2)
    on.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{top + 1}"
    on.row_dimensions[top].height = _LINE_HEIGHT * max(len(head.splitlines()) for head in sheet.heads) + 4
    on.print_title_rows = f"{top}:{top}"
    on.page_setup.orientation = "landscape"
    on.page_setup.fitToHeight = 0
    on_paper = sheet.on_paper or len(sheet.heads)
    on.page_setup.paperSize = _A4
    on.page_margins.left = on.page_margins.right = _MARGIN_INCHES
    on.oddFooter.center.text = "&P / &N"
    on.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=on_paper <= _COLUMNS_ON_A_PAGE)
    on.append([_title(on, sheet.title)])
    for note in sheet.notes:
        on.append([_note(on, note)])
    on.append([_head(on, head) for head in sheet.heads])
    written = 0
    for part in (measured, rows):
        for row in part:
            if written == ROWS_AT_MOST:
                raise BuildStopped(
                    f"a sheet holds {ROWS_AT_MOST} rows, and there are more: export to a .csv",
                    exit_code=2,
                    zh=f"一张工作表只容{ROWS_AT_MOST}行，行数超出：请导出为.csv",
                )
            on.append([_cell(on, value) for value in row])
            written += 1
    if sheet.on_paper:
        on.print_area = f"A1:{get_column_letter(sheet.on_paper)}{top + max(written, 1)}"
    on.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.heads))}{top + max(written, 1)}"
    return written


def _title(on: _OnSheet, text: str) -> Cell:
    from openpyxl.styles import Font

    cell = _text(on, text)
    cell.font = Font(bold=True, size=14)
    return cell


def _note(on: _OnSheet, text: str) -> Cell:
    from openpyxl.styles import Font

    cell = _text(on, text)
    cell.font = Font(color="5A6673")
    return cell


def _head(on: _OnSheet, text: str) -> Cell:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = _text(on, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="E3EAF1")
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    cell.border = Border(bottom=Side(style="thin", color="8A97A5"))
    return cell


def _cell(on: _OnSheet, value: Any) -> Any:  # noqa: ANN401 - what a row holds
    """Numbers stay numbers while a double holds them exactly; all else is text."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, Number | Decimal):
        return _plain_text(on, value if isinstance(value, str) else _listed(value))
    exact = value.value if isinstance(value, Number) else value
    double = float(exact)
    if format(double, ".15g") != plain(exact) and Decimal(repr(double)) != exact:
        return _text(on, plain(exact))
    cell = WriteOnlyCell(on, double)
    places = _places(value)
    cell.number_format = f"#,##0.{'0' * places}" if places else "#,##0"
    return cell


def _plain_text(on: _OnSheet, text: str) -> Any:  # noqa: ANN401 - what openpyxl takes as a cell
    """A text as it is where openpyxl takes it for one, which costs half; a cell that says so where it would not."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    as_it_is = text[:1] not in {"=", "#"} and harmless(text) == text and not ILLEGAL_CHARACTERS_RE.search(text)
    return text if as_it_is else _text(on, text)


def _places(value: Number | Decimal) -> int:
    """How many decimals are shown: those of the print, or those that a computed number has."""
    if isinstance(value, Number):
        return max(0, value.decimals)
    return len(plain(value).partition(".")[2])


def _text(on: _OnSheet, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(on, ILLEGAL_CHARACTERS_RE.sub("�", str(harmless(text))))
    cell.data_type = "s"
    return cell


def _listed(value: object) -> str:
    return "; ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)


def _width(value: object) -> int:
    """How many columns of a fixed font a value takes; Chinese takes two each."""
    if isinstance(value, Number | Decimal):
        exact = value.value if isinstance(value, Number) else value
        return len(f"{exact:,.{_places(value)}f}")
    text = "" if value is None else str(value)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
