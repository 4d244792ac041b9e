"""Observations as SDMX wants them: codes, the number as printed, and the printed words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source
from pipelines.asking.keys import any_of
from pipelines.asking.warehouse import Unanswered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    import pandas as pd
    import polars as pl

    from pipelines.asking.keys import Key
    from pipelines.asking.warehouse import Warehouse

_CORRECTED = """
    select 1 from reference.corrections as corrections
    where corrections.figure_id = observations.figure_id and corrections.status <> 'withdrawn'
        and corrections.action in ('override', 'scale')
"""
_WANTED = f"""
    (len($sources) = 0 or list_contains($sources, observations.source_id))
    and (len($indicators) = 0 or list_contains($indicators, observations.indicator))
    and {may_see_source("observations.source_id")}
"""
_OBSERVATIONS = """
    select
        observations.freq as "FREQ", observations.ref_area as "REF_AREA", observations.indicator as "INDICATOR",
        observations.breakdown as "BREAKDOWN", observations.time_basis as "TIME_BASIS",
        coalesce(observations.base_period, '') as "BASE_PERIOD", observations.source_id as "SOURCE_ID",
        observations.locator as "LOCATOR", observations.time_period as "TIME_PERIOD",
        cast(observations.period_start as varchar) as "PERIOD_START",
        cast(observations.period_end as varchar) as "PERIOD_END",
        printed.value_printed as "OBS_VALUE", observations.unit_measure as "UNIT_MEASURE",
        cast(observations.unit_mult as varchar) as "UNIT_MULT", cast(observations.decimals as varchar) as "DECIMALS",
        observations.qualifier as "QUALIFIER", observations.obs_status as "OBS_STATUS",
        observations.conf_status as "CONF_STATUS", coalesce(observations.published_on, '') as "PUBLISHED_ON",
        printed.label as "LABEL", printed.breakdown_printed as "BREAKDOWN_PRINTED",
        printed.place_printed as "PLACE_PRINTED", printed.period_printed as "PERIOD_PRINTED",
        printed.qualifier_printed as "QUALIFIER_PRINTED", coded.unit_words as "UNIT_PRINTED"
    from facts.observations as observations
    inner join landing.printed_figures as printed on observations.figure_id = printed.figure_id
    inner join staging.stg_coded_figures as coded on observations.figure_id = coded.figure_id
    where {wanted} and not exists ({corrected})
"""
_IN_ORDER_OF_FILES = " order by observations.source_id, printed.line, observations.locator"
_CHOSEN = """
    select {columns} from ({printed}) where {chosen}
    order by
        "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "SOURCE_ID", "LOCATOR", "TIME_PERIOD"
"""
_LEFT_OUT = """
    select count(*) as figures from facts.observations as observations where {wanted} and exists ({corrected})
"""


def prints_in_series(
    warehouse: Warehouse,
    columns: Sequence[str],
    keys: Iterable[Key],
    *,
    since: date | None = None,
    until: date | None = None,
    seen_after: datetime | None = None,
) -> Iterator[pl.DataFrame]:
    """As `as_printed`, in the order of the key; in frames of some of them, fetched little by little.

    Args:
        warehouse: which to ask.
        columns: names of the columns of the answer.
        keys: of these columns; a print is one observation of one series.
        since, until: prints whose period begins no earlier, and ends no later.
        seen_after: only what the warehouse first saw later than this.
    """
    values: dict[str, object] = {"sources": [], "indicators": [], "audience": "public"}
    chosen = [any_of(keys, values) or "true"]
    wanted = _WANTED
    if since is not None:
        chosen.append('"PERIOD_START" >= cast(cast($since as date) as varchar)')
        values["since"] = since
    if until is not None:
        chosen.append('"PERIOD_END" <= cast(cast($until as date) as varchar)')
        values["until"] = until
    if seen_after is not None:
        wanted += " and observations.first_seen_at > $seen_after::timestamptz"
        values["seen_after"] = seen_after
    question = _CHOSEN.format(
        columns=", ".join(f'"{name}"' for name in columns),
        printed=_OBSERVATIONS.format(wanted=wanted, corrected=_CORRECTED),
        chosen=" and ".join(chosen),
    )
    return warehouse.batches(question, **values)


def as_printed(
    warehouse: Warehouse, sources: Collection[str] = (), indicators: Collection[str] = ()
) -> tuple[pd.DataFrame, int]:
    """Observations of public sources, every vintage: `OBS_VALUE` times ten to the power of `UNIT_MULT` is the value.

    Args:
        warehouse: which to ask.
        sources, indicators: only these, where any are named.

    Returns:
        One row per observation, all columns but `OBS_VALUE` text; and how many are left out because a ledger corrects
        them: what they print is not what they say.

    Raises:
        Unanswered: there is none.
    """
    which = {"sources": list(sources), "indicators": list(indicators), "audience": "public"}
    question = _OBSERVATIONS.format(wanted=_WANTED, corrected=_CORRECTED) + _IN_ORDER_OF_FILES
    frame = warehouse.frame(question, **which)
    if frame.empty:
        raise Unanswered(
            "no observation is of these sources and indicators; nothing was written",
            zh="没有符合这些来源与指标的数字；未写入文件",
        )
    left_out = warehouse.one(_LEFT_OUT.format(wanted=_WANTED, corrected=_CORRECTED), **which)
    return frame, int(left_out["figures"]) if left_out else 0
