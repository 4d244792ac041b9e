"""Observations as rows of text, in the order of their dataflow's components, series by series."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.asking.exchange import stream_as_printed
from pipelines.asking.observations import Observation, Wanted, by_series
from pipelines.asking.written import plain
from pipelines.serving.sdmx.flows import CURRENT, NOT_APPLICABLE, OBSERVATIONS, breakdown_code, breakdown_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.asking.warehouse import Warehouse
    from pipelines.serving.sdmx.request import DataQuery

#: A row: the text of each component, None where it has no value.
Row = tuple[str | None, ...]


def rows_of(warehouse: Warehouse, query: DataQuery) -> Iterator[Row]:
    """What a query asks for, fetched little by little; a dimension without a value is an empty text."""
    rows = _rows(warehouse, query)
    if not query.keys:
        return rows
    keys = [_positions(query, key) for key in query.keys]
    return (row for row in rows if any(all(row[at] in values for at, values in key) for key in keys))


def _positions(query: DataQuery, key: Mapping[str, tuple[str, ...]]) -> list[tuple[int, frozenset[str | None]]]:
    """What a key chooses, by the place of each dimension in a row."""
    return [(query.flow.keys.index(name), frozenset(values)) for name, values in key.items()]


def _rows(warehouse: Warehouse, query: DataQuery) -> Iterator[Row]:
    if query.flow is CURRENT:
        found = by_series(warehouse, wanted_of(query), first=query.first, last=query.last)
        return (row_of(each) for each in found)
    names, prints = stream_as_printed(
        warehouse, query.chosen, since=query.since, until=query.until, seen_after=query.seen_after
    )
    order = [names.index(each.id) for each in OBSERVATIONS.items]
    keys = len(OBSERVATIONS.keys) + 1
    return (
        tuple(row[place] if row[place] is not None or at < keys else None for at, place in enumerate(order))
        for row in prints
    )


def wanted_of(query: DataQuery) -> Wanted:
    """The figures that a query of `GONGFU:CURRENT` asks for."""
    chosen = query.chosen
    return Wanted(
        indicators=chosen.get("INDICATOR", ()),
        ref_areas=chosen.get("REF_AREA", ()),
        breakdowns=tuple(breakdown_of(each) for each in chosen.get("BREAKDOWN", ())),
        freqs=chosen.get("FREQ", ()),
        time_bases=chosen.get("TIME_BASIS", ()),
        base_periods=tuple("" if each == NOT_APPLICABLE else each for each in chosen.get("BASE_PERIOD", ())),
        since=query.since,
        until=query.until,
        as_of=query.as_of,
        seen_after=query.seen_after,
        vintages="all" if query.with_history else "current",
    )


def row_of(figure: Observation) -> Row:
    """A figure in the components of `GONGFU:CURRENT`."""
    return (
        figure.freq,
        figure.ref_area,
        figure.indicator,
        breakdown_code(figure.breakdown),
        figure.time_basis,
        figure.base_period or NOT_APPLICABLE,
        figure.time_period,
        plain(figure.value),
        _plain(figure.low),
        _plain(figure.high),
        figure.unit_measure,
        str(figure.unit_mult),
        str(figure.decimals),
        figure.qualifier,
        figure.obs_status,
        figure.conf_status,
        figure.stage,
        figure.period_start.isoformat(),
        figure.period_end.isoformat(),
        "true" if figure.period_is_stated else "false",
        figure.published_on,
        figure.known_from.isoformat(),
        figure.confidence,
        figure.source_id,
        figure.figure_id,
        " ".join(figure.contradicted_by) or None,
        " ".join(figure.doubted_by) or None,
    )


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
