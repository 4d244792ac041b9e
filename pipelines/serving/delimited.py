"""Rows as CSV that no spreadsheet executes."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.asking.written import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

#: A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(stream: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:  # noqa: ANN401 - any text stream
    """Write names and rows; the number of rows."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in names])
    written = 0
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        written += 1
    return written


def write_csv_file(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """As `write_csv`, into a file that a spreadsheet takes for the UTF-8 that it is."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        return write_csv(stream, names, rows)


def harmless(value: object) -> object:
    """A cell that no spreadsheet executes: text that would be taken for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return plain(value) if isinstance(value, Decimal) else value
