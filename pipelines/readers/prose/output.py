"""Rows of a reading as CSV and as a table for the terminal."""

from __future__ import annotations

import csv
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from pipelines.readers.prose.figure import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = tuple(field.name for field in fields(Row) if field.name != "printed")


def cell(value: object) -> str:
    """A field as printed in CSV: numbers plain, without exponent or needless zeros."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def write_csv(rows: Iterable[Row], stream: TextIO) -> None:
    """One row per figure, refusal or number left alone, in the order of the text."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(cell(getattr(row, name)) for name in COLUMNS)
