"""Figures series by series as text in the base unit: what the standard of exchange, SDMX, says of each.

Which print stands and what contradicts it is a long question, and what stands today is asked for again and again. A
process that stays has it answered once for each build (`set_out`), and chooses from that answer from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source
from pipelines.asking.keys import any_of
from pipelines.asking.observations import AGAINST, RELATIONS, Vintages
from pipelines.asking.warehouse import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    import polars as pl

    from pipelines.asking.keys import Key
    from pipelines.asking.warehouse import Warehouse

#: Of more prints than these nothing is held: whoever asks first after a publish would wait for seconds.
HELD_AT_MOST = 200_000
_PLAIN = "rtrim(rtrim(cast(known.{} as varchar), '0'), '.')"
#: What is said of a figure, by the name that the standard's messages give it; no breakdown and no base period are "".
_SAID = {
    "FREQ": "known.freq",
    "REF_AREA": "known.ref_area",
    "INDICATOR": "known.indicator",
    "BREAKDOWN": "known.breakdown",
    "TIME_BASIS": "known.time_basis",
    "BASE_PERIOD": "coalesce(known.base_period, '')",
    "TIME_PERIOD": "known.time_period",
    "OBS_VALUE": _PLAIN.format("obs_value"),
    "OBS_VALUE_LOW": _PLAIN.format("obs_value_low"),
    "OBS_VALUE_HIGH": _PLAIN.format("obs_value_high"),
    "UNIT_MEASURE": "known.unit_measure",
    "PRINT_MULT": "cast(known.unit_mult as varchar)",
    "DECIMALS": "cast(known.decimals as varchar)",
    "QUALIFIER": "known.qualifier",
    "OBS_STATUS": "known.obs_status",
    "CONF_STATUS": "known.conf_status",
    "STAGE": "known.stage",
    "PERIOD_START": "cast(known.period_start as varchar)",
    "PERIOD_END": "cast(known.period_end as varchar)",
    "PERIOD_IS_STATED": "cast(known.period_is_stated as varchar)",
    "PUBLISHED_ON": "known.published_on",
    "KNOWN_FROM": "cast(known.known_from as varchar)",
    "CONFIDENCE": "known.confidence",
    "SOURCE_ID": "known.source_id",
    "FIGURE_ID": "known.figure_id",
    "CONTRADICTED_BY": "array_to_string(contradicted.relations, ' ')",
    "DOUBTED_BY": "array_to_string(doubted.rules, ' ')",
}
COLUMNS = tuple(_SAID)
KEY = COLUMNS[:6]
_SAID_OF_EACH = ", ".join(f'{said} as "{name}"' for name, said in _SAID.items())
_FIGURES = f"""
    with {AGAINST}
    select
        {_SAID_OF_EACH},
        known.period_start as begins, known.period_end as ends, known.is_current,
        known.first_seen_at at time zone 'UTC' as first_seen, known.published_on is not null as is_dated
    from {{relation}} as known
    left join contradicted on known.figure_id = contradicted.figure_id
    left join doubted on known.figure_id = doubted.figure_id
    where {may_see_source("known.source_id")}
"""
_ALL = ", ".join(f'"{name}"' for name in COLUMNS)
_OF_SERIES = ", ".join(f'"{name}"' for name in KEY)
_IN_ORDER = f' order by {_OF_SERIES}, begins, ends, is_dated, "KNOWN_FROM", "FIGURE_ID"'
_ENDS = f"""
    qualify
        dense_rank() over (partition by {_OF_SERIES} order by begins, ends) <= $first
        or dense_rank() over (partition by {_OF_SERIES} order by begins desc, ends desc) <= $last
"""


@dataclass(frozen=True)
class WantedSeries:
    """Which figures are wanted; what is left empty restricts nothing.

    Attributes:
        keys: of columns of `KEY`.
        since, until: figures whose period begins no earlier, and ends no later.
        seen_after: only what the warehouse first saw later than this.
        as_of: only what was known on that day.
        vintages: the print that stands (stood, with `as_of`), or every print.
        first, last: of each series only so many of its earliest periods, its latest, or both.
    """

    keys: tuple[Key, ...] = ()
    since: date | None = None
    until: date | None = None
    seen_after: datetime | None = None
    as_of: date | None = None
    vintages: Vintages = "current"
    first: int | None = None
    last: int | None = None


def set_out(warehouse: Warehouse) -> pl.DataFrame | None:
    """Every print of public sources in the order of `in_series`, to be held in memory: some 220 bytes each.

    None where there is no print.
    """
    import polars as pl

    question = _FIGURES.format(relation=RELATIONS["all"]) + _IN_ORDER
    found = list(warehouse.batches(question, as_of=None, audience="public"))
    return pl.concat(found) if found else None


def in_series(warehouse: Warehouse, wanted: WantedSeries, held: pl.DataFrame | None = None) -> Iterator[pl.DataFrame]:
    """Figures of public sources in the order of their key, each series by time; text columns named as `COLUMNS`.

    Args:
        warehouse: which to ask.
        wanted: which figures.
        held: what `set_out` gave of this warehouse, where it is held: what can be chosen from it is.

    Returns:
        Frames of some of them, none empty, fetched little by little.
    """
    if held is not None and wanted.as_of is None and not (wanted.first or wanted.last):
        return _chosen(held, wanted)
    values: dict[str, object] = {"as_of": wanted.as_of, "audience": "public"}
    conditions = " and ".join(_conditions(wanted, values)) or "true"
    question = f"select {_ALL} from ({_FIGURES.format(relation=RELATIONS['all'])}) where {conditions}"
    if wanted.first or wanted.last:
        question += _ENDS
        values |= {"first": wanted.first, "last": wanted.last}
    return warehouse.batches(question + _IN_ORDER, **values)


def _chosen(held: pl.DataFrame, wanted: WantedSeries) -> Iterator[pl.DataFrame]:
    import polars as pl

    chosen = [] if wanted.vintages == "all" else [pl.col("is_current")]
    if wanted.since is not None:
        chosen.append(pl.col("begins") >= wanted.since)
    if wanted.until is not None:
        chosen.append(pl.col("ends") <= wanted.until)
    if wanted.seen_after is not None:
        chosen.append(pl.col("first_seen") > _in_utc(wanted.seen_after))
    if wanted.keys and all(wanted.keys):
        chosen.append(pl.any_horizontal(_is_of_key(key) for key in wanted.keys))
    found = held.lazy().filter(*chosen).select(COLUMNS).collect()
    yield from (frame for frame in found.iter_slices(BATCH) if len(frame))


def _is_of_key(key: Key) -> pl.Expr:
    import polars as pl

    return pl.all_horizontal(
        pl.col(name) == values[0] if len(values) == 1 else pl.col(name).is_in(values) for name, values in key.items()
    )


def _in_utc(moment: datetime) -> datetime:
    """A moment as a time of day in UTC, which is how `first_seen` is held."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _conditions(wanted: WantedSeries, values: dict[str, object]) -> list[str]:
    """What a figure has to be; the values go into `values`."""
    found = [] if wanted.vintages == "all" else ["is_current"]
    if wanted.since is not None:
        found.append("begins >= cast($since as date)")
        values["since"] = wanted.since
    if wanted.until is not None:
        found.append("ends <= cast($until as date)")
        values["until"] = wanted.until
    if wanted.seen_after is not None:
        found.append("first_seen > cast($seen_after as timestamp)")
        values["seen_after"] = _in_utc(wanted.seen_after)
    if chosen := any_of(wanted.keys, values):
        found.append(chosen)
    return found
