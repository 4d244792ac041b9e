"""Observations as columns of text in the order of their dataflow's components, series by series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking.exchange import prints_in_series
from pipelines.asking.observations import Wanted
from pipelines.asking.series import WantedSeries, in_series
from pipelines.serving.sdmx.flows import NOT_APPLICABLE, OBSERVATIONS, breakdown_code, breakdown_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import polars as pl

    from pipelines.asking.following import Edition
    from pipelines.serving.sdmx.request import DataQuery

#: A row: the text of each component, None where it has no value.
Row = tuple[str | None, ...]


def batches_of(edition: Edition, query: DataQuery) -> Iterator[pl.DataFrame]:
    """What a query asks for, fetched little by little; no batch is empty."""
    keys = query.keys or (query.chosen,)
    if query.flow is OBSERVATIONS:
        names = [each.id for each in OBSERVATIONS.items]
        return prints_in_series(
            edition.warehouse, names, keys, since=query.since, until=query.until, seen_after=query.seen_after
        )
    wanted = WantedSeries(
        keys=tuple(_as_held(key) for key in keys),
        since=query.since,
        until=query.until,
        seen_after=query.seen_after,
        as_of=query.as_of,
        vintages="all" if query.with_history else "current",
        first=query.first,
        last=query.last,
    )
    return with_codes(in_series(edition.warehouse, wanted, edition.held))


def with_codes(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Columns of `pipelines.asking.series` as components of `GONGFU:CURRENT`, with its codes for what is nothing."""
    coded: dict[str, Callable[[str], str]] = {
        "BREAKDOWN": breakdown_code,
        "BASE_PERIOD": lambda period: period or NOT_APPLICABLE,
    }
    for batch in batches:
        yield batch.with_columns(_coded(batch[name], code) for name, code in coded.items())


def rows_of(batches: Iterable[pl.DataFrame]) -> Iterator[Row]:
    """The rows of batches, each as text by text."""
    for batch in batches:
        yield from batch.iter_rows()


def wanted_of(query: DataQuery) -> Wanted:
    """The figures that a query of `GONGFU:CURRENT` asks for."""
    chosen = _as_held(query.chosen)
    return Wanted(
        indicators=chosen.get("INDICATOR", ()),
        ref_areas=chosen.get("REF_AREA", ()),
        breakdowns=chosen.get("BREAKDOWN", ()),
        freqs=chosen.get("FREQ", ()),
        time_bases=chosen.get("TIME_BASIS", ()),
        base_periods=chosen.get("BASE_PERIOD", ()),
        since=query.since,
        until=query.until,
        as_of=query.as_of,
        seen_after=query.seen_after,
        vintages="all" if query.with_history else "current",
    )


def _as_held(key: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """A key of `GONGFU:CURRENT` in the words of the warehouse."""
    words: dict[str, Callable[[str], str]] = {
        "BREAKDOWN": breakdown_of,
        "BASE_PERIOD": lambda code: "" if code == NOT_APPLICABLE else code,
    }
    return {name: tuple(map(words.get(name, str), values)) for name, values in key.items()}


def _coded(column: pl.Series, code: Callable[[str], str]) -> pl.Series:
    import polars as pl

    codes: dict[str, str] = {}
    found = []
    for word in column:
        known = codes.get(word)
        if known is None:
            known = codes[word] = code(word)
        found.append(known)
    return pl.Series(column.name, found)
