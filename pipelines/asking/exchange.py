"""Observations as SDMX wants them: codes, the number as printed, and the printed words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source
from pipelines.asking.warehouse import Unanswered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date, datetime

    import pandas as pd

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
    select * from ({printed})
    where (len($freq) = 0 or list_contains($freq, "FREQ"))
        and (len($ref_area) = 0 or list_contains($ref_area, "REF_AREA"))
        and (len($indicator) = 0 or list_contains($indicator, "INDICATOR"))
        and (len($breakdown) = 0 or list_contains($breakdown, "BREAKDOWN"))
        and (len($time_basis) = 0 or list_contains($time_basis, "TIME_BASIS"))
        and (len($base_period) = 0 or list_contains($base_period, "BASE_PERIOD"))
        and (len($source_id) = 0 or list_contains($source_id, "SOURCE_ID"))
        and (len($locator) = 0 or list_contains($locator, "LOCATOR"))
        and ($since is null or "PERIOD_START" >= cast($since as varchar))
        and ($until is null or "PERIOD_END" <= cast($until as varchar))
    order by
        "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "SOURCE_ID", "LOCATOR", "TIME_PERIOD"
"""
#: Dimensions by which prints can be chosen; a print is one observation of one series.
CHOSEN_BY = (
    "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "SOURCE_ID", "LOCATOR",
)  # fmt: skip
_LEFT_OUT = """
    select count(*) as figures from facts.observations as observations where {wanted} and exists ({corrected})
"""


def stream_as_printed(
    warehouse: Warehouse,
    chosen: Mapping[str, Collection[str]],
    *,
    since: date | None = None,
    until: date | None = None,
    seen_after: datetime | None = None,
) -> tuple[list[str], Iterator[tuple[str, ...]]]:
    """As `as_printed`, in the order of the key and fetched little by little.

    Args:
        warehouse: which to ask.
        chosen: values of dimensions of `CHOSEN_BY`, any of them; a dimension that is not named restricts nothing.
        since, until: prints whose period begins no earlier, and ends no later.
        seen_after: only what the warehouse first saw later than this.

    Returns:
        The names of the columns, and a row per print.
    """
    wanted = _WANTED + " and ($seen_after is null or observations.first_seen_at > $seen_after::timestamptz)"
    question = _CHOSEN.format(printed=_OBSERVATIONS.format(wanted=wanted, corrected=_CORRECTED))
    values = {name.lower(): list(chosen.get(name, ())) for name in CHOSEN_BY}
    days = {"since": since, "until": until, "seen_after": seen_after}
    return warehouse.table(question, sources=[], indicators=[], audience="public", **days, **values)


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
