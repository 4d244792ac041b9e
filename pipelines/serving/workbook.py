"""A table as a workbook that no spreadsheet executes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.asking.written import plain
from pipelines.problems import BuildStopped
from pipelines.serving.delimited import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

XLSX_ROWS_AT_MOST = 1_048_575


def write_workbook(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write names and rows as one sheet; the number of rows.

    Raises:
        BuildStopped: more rows than a sheet holds.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([harmless(name) for name in names])
    written = 0
    for row in rows:
        if written == XLSX_ROWS_AT_MOST:
            raise BuildStopped(f"a sheet holds {XLSX_ROWS_AT_MOST} rows, and there are more: export csv", exit_code=2)
        sheet.append([_cell(value) for value in row])
        written += 1
    book.save(path)
    return written


def _cell(value: Any) -> Any:  # noqa: ANN401 - any DuckDB value
    """A value of a cell: numbers stay numbers while a double holds them exactly; text is harmless."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if format(number, ".15g") == plain(value) else plain(value)
    return value if isinstance(value, (int, float, bool)) or value is None else harmless(str(value))
