"""A figure over the editions of its source: the same where it is what it was, in whatever cell it stands.

A sheet that is issued again with a row more moves every cell below it. What a figure is (table, label, breakdown,
place, period, unit, as printed) does not move; where several figures of a source are the same in that, their order
tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.receiving.columns import IDENTITY, PRINTED_FIGURE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import polars as pl

    from pipelines.problems import Problem
    from pipelines.sources.ledger import Entry

#: By what a ledger's entry calls it (`pipelines.sources.ledger.IDENTITY`).
_COLUMN_OF = {column.read: column.name for column in PRINTED_FIGURE}
_SEEN = (*IDENTITY, "value_printed")


def with_first_sight(figures: pl.DataFrame, earlier: Sequence[pl.DataFrame], now: datetime) -> pl.DataFrame:
    """Add `first_seen_at`: when this figure with this value first landed here, kept over readings, editions and ids.

    Args:
        figures: with the columns of `landing.printed_figures`, but for those of `columns.FROM_EARLIER`.
        earlier: earlier editions of the same source, with that column.
        now: for what none of them has.
    """
    import polars as pl

    stamped = figures.with_columns(pl.lit(now).alias("now"))
    if not earlier:
        return stamped.rename({"now": "first_seen_at"})
    known = (
        pl.concat([_counted(each, _SEEN).select(*_SEEN, "nth", "first_seen_at") for each in earlier])
        .group_by(*_SEEN, "nth")
        .agg(pl.col("first_seen_at").min())
    )
    return (
        _counted(stamped, _SEEN)
        .join(known, on=[*_SEEN, "nth"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.coalesce("first_seen_at", "now").alias("first_seen_at"))
        .drop("now", "nth")
    )


def with_former_ids(figures: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add `former_figure_ids`: the ids that this figure had in earlier editions, whatever its value was there.

    So a citation of a cell is followed to the cell in which its figure stands now.
    """
    import polars as pl

    if not earlier:
        return figures.with_columns(pl.lit([], dtype=pl.List(pl.String)).alias("former_figure_ids"))
    known = (
        pl.concat(
            [
                _counted(each, IDENTITY).select(
                    *IDENTITY, "nth", pl.concat_list("former_figure_ids", "figure_id").alias("former_figure_ids")
                )
                for each in earlier
            ]
        )
        .explode("former_figure_ids")
        .group_by(*IDENTITY, "nth")
        .agg(pl.col("former_figure_ids").unique().sort())
    )
    return (
        _counted(figures, IDENTITY)
        .join(known, on=[*IDENTITY, "nth"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            pl.col("former_figure_ids")
            .fill_null([])
            .list.set_difference(pl.concat_list("figure_id"))
            .list.sort()
            .alias("former_figure_ids")
        )
        .drop("nth")
    )


def figures_meant(
    entries: Sequence[Entry], figures: pl.DataFrame, earlier: Sequence[pl.DataFrame]
) -> tuple[list[str], list[Problem]]:
    """The figure that each entry of a ledger means in this edition, and what is wrong with the others.

    An entry that names a figure by what it is follows it to any cell. One that names a cell in which another value
    stands now is refused, and told where the figure for which it was written stands.

    Returns:
        One id for each entry (empty where it means none), and the problems.
    """
    import polars as pl

    ids: list[str] = []
    problems: list[Problem] = []
    for entry in entries:
        named = entry.correction.figure
        if isinstance(named, str):
            found = figures.filter(pl.col("figure_id") == named)
        else:
            found = figures.filter(*(pl.col(_COLUMN_OF[name]).fill_null("") == named[name] for name in named))
        ids.append(found.item(0, "figure_id") if len(found) else named if isinstance(named, str) else "")
        if entry.correction.status != "withdrawn":
            problems += _unexpected(entry, found, figures, earlier)
    return ids, problems


def _unexpected(
    entry: Entry, found: pl.DataFrame, figures: pl.DataFrame, earlier: Sequence[pl.DataFrame]
) -> list[Problem]:
    correction = entry.correction
    words = {"figure": correction.figure_words, "expect": correction.expect}
    if len(found) > 1:
        return [entry.broken("figure_several", correction.figure_words, count=len(found), **words)]
    moved = _moved(entry, figures, earlier)
    if not len(found):
        return [entry.broken("figure_absent", correction.figure_words, moved=moved, **words)]
    printed = found.item(0, "value_printed")
    if printed != correction.expect:
        return [entry.broken("expectation", printed, printed=printed, moved=moved, **words)]
    return []


def _moved(entry: Entry, figures: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> str:
    """Where the figure that stood in the entry's cell in an earlier edition stands now; empty where nobody knows."""
    import polars as pl

    for edition in earlier:
        before = _counted(edition, IDENTITY).filter(
            pl.col("figure_id") == entry.correction.figure, pl.col("value_printed") == entry.correction.expect
        )
        now = _counted(figures, IDENTITY).join(before, on=[*IDENTITY, "nth"], how="semi", nulls_equal=True)
        if len(now) == 1 and now.item(0, "figure_id") != entry.correction.figure:
            return f" (figure: {now.item(0, 'figure_id')})"
    return ""


def _counted(figures: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """With `nth`, the place of each figure among those of the edition that are the same in these columns."""
    import polars as pl

    in_order = figures.sort("file", "line", maintain_order=True)
    return in_order.with_columns(pl.int_range(pl.len()).over(columns).alias("nth"))
