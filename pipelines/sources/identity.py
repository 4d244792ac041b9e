"""The name of a printed figure: its source, and where in the source's files it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from pipelines.sources.card import Source


def figure_id(source_id: str, locator: str) -> str:
    """The id of the figure that stands at a locator of a source; a locator that is a whole id already stays so."""
    return locator if locator.startswith(f"{source_id}:") else f"{source_id}:{locator}"


def with_identity(figures: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Add `source_id`, `locator` and `figure_id`.

    Args:
        figures: with `file`, `line`, `sheet`, `cell` as text, and `value_start`, `value_end` as integers or null.
        source: whose figures they are.

    Returns:
        The locator is `char:12-16` in a text, `Sheet1!B12` in a sheet, `file.csv:12:3` in a grid of text, else
        `file.csv:12:value`.
    """
    import polars as pl

    file_name = pl.col("file").str.split("/").list.last()
    # a sheet of the source's first file is named alone, one of a further file as Excel does: [book.xlsx]Sheet1!B12
    first_name = source.files[0].path.name if source.files else ""
    in_book = pl.when(file_name == first_name).then(pl.lit("")).otherwise(pl.format("[{}]", file_name))
    locator = (
        pl.when(pl.col("value_start").is_not_null() & pl.col("value_end").is_not_null())
        .then(pl.format("char:{}-{}", pl.col("value_start"), pl.col("value_end")))
        .when(pl.col("sheet") != "")
        .then(pl.format("{}{}!{}", in_book, pl.col("sheet"), pl.col("cell")))
        .when(pl.col("cell") != "")
        .then(pl.format("{}:{}", file_name, pl.col("cell")))
        .otherwise(pl.format("{}:{}:value", file_name, pl.col("line")))
    )
    return figures.with_columns(pl.lit(source.source_id).alias("source_id"), locator.alias("locator")).with_columns(
        pl.format("{}:{}", pl.col("source_id"), pl.col("locator")).alias("figure_id")
    )
