"""Data messages as SDMX-CSV 1.0 and 2.0, a batch of observations at a time."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pipelines.serving.delimited import FORMULA_STARTS
from pipelines.serving.sdmx.flows import AGENCY, VERSION
from pipelines.serving.sdmx.formats import CSV_1

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from pipelines.serving.sdmx.flows import Flow, Item
    from pipelines.serving.sdmx.request import DataQuery

#: How SDMX-CSV 2.0 writes a dimension without a value.
_MISSING = "#N/A"
_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"


def csv_message(query: DataQuery, batches: Iterable[pl.DataFrame], form: str) -> Iterator[bytes]:
    """The head and the rows of each batch, in one of the two forms.

    Args:
        query: what was asked for.
        batches: what it gave, series by series, in the order of the dataflow's components.
        form: `formats.CSV_1` or `formats.CSV_2`.
    """
    shown = _shown(query)
    head = ",".join((*_before(query.flow, form), *(item.id for item in query.flow.items[:shown]))) + "\n"
    cells = _cells(query.flow, form, shown)
    for frame in _frames(query, batches):
        yield (head + frame.select(cells).write_csv(include_header=False)).encode()
        head = ""


def _before(flow: Flow, form: str) -> dict[str, str]:
    """Columns that say the same of every row."""
    reference = f"{AGENCY}:{flow.id}({VERSION})"
    if form == CSV_1:
        return {"DATAFLOW": reference}
    return {"STRUCTURE": "dataflow", "STRUCTURE_ID": reference, "ACTION": "I"}


@cache
def _cells(flow: Flow, form: str, shown: int) -> list[pl.Expr]:
    """All columns of a row, of the dataflow's components so many as are shown."""
    import polars as pl

    before = [pl.lit(value).alias(name) for name, value in _before(flow, form).items()]
    cells = [_cell(item, form, is_key=item.id in flow.keys, is_value=item is flow.value) for item in flow.items[:shown]]
    return before + cells


def _frames(query: DataQuery, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The batches as frames; where keys alone are asked for, each once."""
    if query.detail not in {"serieskeysonly", "nodata"}:
        yield from batches
        return
    last: tuple[str, ...] = ()
    for batch in batches:
        keys = batch.select(query.flow.keys).unique(maintain_order=True)
        yield keys.slice(keys.row(0) == last)  # a series may have begun in the batch before
        last = keys.row(-1)


def _shown(query: DataQuery) -> int:
    """How many of the components an answer shows."""
    keys = len(query.flow.keys)
    return {"full": len(query.flow.items), "dataonly": keys + 2}.get(query.detail, keys)


def _cell(item: Item, form: str, *, is_key: bool, is_value: bool) -> pl.Expr:
    """A column as it is written: no free text of it is taken for a formula by a spreadsheet."""
    import polars as pl

    column = pl.col(item.id)
    if item.kind == "string" and not item.codelist and not is_value:
        column = pl.when(column.str.contains(_FORMULA)).then(pl.lit("'") + column).otherwise(column)
    if is_key and form != CSV_1:
        column = pl.when(column == "").then(pl.lit(_MISSING)).otherwise(column)
    return column.alias(item.id)
