"""Whether a file is prose, and what the reader of prose makes of it before there is a card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.problems import SourceRefused
from pipelines.readers.prose.documents import received
from pipelines.readers.shapes import bulletin
from pipelines.sources.card import undescribed

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading

_NUMBER = re.compile(r"\d[\d.,]*")
_STOP = re.compile("[，。；]")
#: What cuts the cells of a table, and clauses too; a comma before three digits may part thousands.
_CUT = re.compile(r"\t|\||;|,(?!\d{3}(?!\d))")
_NUMBER_ALONE = re.compile(r'[\s"]*[-+]?\d[\d.,]*%?[\s"]*')
_TABLE = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def is_prose(file: Path) -> bool:
    """Whether most numbers of a file stand in sentences."""
    try:
        document = received(file)
    except SourceRefused:
        return False
    in_sentences = beside = 0
    for text, _ in document.pieces:
        for line in text.splitlines():
            numbers = len(_NUMBER.findall(line))
            if _STOP.search(line) and not any(_NUMBER_ALONE.fullmatch(cell) for cell in _CUT.split(line)):
                in_sentences += numbers
            else:
                beside += numbers
    beside += sum(len(_NUMBER.findall(_TAG.sub(" ", table))) for table in _TABLE.findall(document.text))
    return in_sentences > beside


def read_prose(project: Project, file: Path) -> Reading:
    """What the reader of prose makes of a document, each figure with its characters as its cell."""
    return with_cells(bulletin.read(project, undescribed(file, {}), file))


def with_cells(reading: Reading) -> Reading:
    """Figures with `sheet` and `cell`, as those of a grid have: of a text the characters, of a typed table the line."""
    import polars as pl

    figures = reading.figures
    if "cell" in figures.columns:
        return reading
    characters = pl.format("char:{}-{}", "value_start", "value_end")
    cell = pl.when(pl.col("value_start") != "").then(characters).otherwise(pl.format("{}", "line"))
    return reading._replace(figures=figures.with_columns(cell.alias("cell"), sheet=pl.lit("")))
