"""Bytes to printed figures: one reader per shape of file, never one per source.

A reader takes a source and one of its files and gives a frame of printed figures, everything as printed and
each with its place in the file (`pipelines.receiving.door` says which columns), and the problems of
rows that it could not cut into cells.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers.accounts import LeftOut
    from pipelines.sources.card import Source

READERS = {
    "bulletin": "pipelines.readers.shapes.bulletin",
    "bureau_export": "pipelines.readers.shapes.bureau_export",
    "figures_table": "pipelines.readers.shapes.figures_table",
    "panel_table": "pipelines.readers.shapes.panel_table",
    "query_api": "pipelines.readers.shapes.query_api",
    "sdmx_csv": "pipelines.readers.shapes.sdmx_csv",
    "series_export": "pipelines.readers.shapes.series_export",
    "tidy_table": "pipelines.readers.shapes.tidy_table",
    "yearbook_sheet": "pipelines.readers.shapes.yearbook_sheet",
}


class Reading(NamedTuple):
    """What a reader found: printed figures as text with their places, and problems of single rows.

    Attributes:
        numbers: how many cells of the file hold a digit.
        refused: how many of these a problem names.
        left_out: the others that became no figure, with the reason.
    """

    figures: pl.DataFrame
    problems: list[Problem]
    numbers: int = 0
    refused: int = 0
    left_out: list[LeftOut] = []  # noqa: RUF012 - a named tuple takes it as the default of a field


class Reader(Protocol):
    """The one function of a reader module."""

    def __call__(self, project: Project, source: Source, path: Path) -> Reading:
        """Read one file.

        Raises:
            SourceRefused: where the file as a whole cannot be read.
        """


def reader_named(name: str) -> Reader | None:
    """The reader of that name, loaded when asked for; None where there is none."""
    if name not in READERS:
        return None
    return cast("Reader", import_module(READERS[name]).read)
