"""How far a warehouse reaches: what came of each source, which practices have figures, where series jump."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_figure, may_see_source

if TYPE_CHECKING:
    from datetime import date

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class SourceState:
    """What came of one source.

    Attributes:
        accepted, quarantined, unmapped: its figures taken, its rows and files refused, its figures without a code.
        held_back: its newest version is not in the file.
        covers_to: the last day that its figures tell of.
        freshness: whether a newer edition is due; `age_days` since it was copied.
    """

    source_id: str
    title_zh: str
    title_en: str
    published_on: str
    accepted: int
    quarantined: int
    unmapped: int
    held_back: bool
    covers_to: date | None
    freshness: str
    age_days: int | None


@dataclass(frozen=True)
class PracticeCoverage:
    """How many figures of one kind of measure a practice has, over all places and years."""

    practice: int
    name_zh: str
    name_en: str
    measure: str
    figures: int


@dataclass(frozen=True)
class JumpPoint:
    """A figure of a series that jumps; `is_jump` where it does.

    Attributes:
        series: names the series; its points follow each other.
        value: in the base unit, as a double to be drawn.
    """

    series: str
    title: str
    subtitle: str
    time_period: str
    value: float
    is_jump: bool


_SOURCES = f"""
    with accepted as (
        select source_id, count(*) as figures, max(period_end) as covers_to from facts.observations group by source_id
    ),
    refused as (
        select source_id, count(*) as refused, bool_or(refused_at = 'source') as held_back
        from quality.quarantine group by source_id
    ),
    unmapped as (select source_id, sum(figures)::bigint as unmapped from quality.unmapped_labels group by source_id)
    select
        coalesce(sources.source_id, refused.source_id) as source_id,
        coalesce(sources.title_zh, '（来源说明未通过）') as title_zh,
        coalesce(sources.title_en, '(card refused)') as title_en,
        coalesce(sources.published_on, '') as published_on,
        coalesce(accepted.figures, 0) as accepted, coalesce(refused.refused, 0) as quarantined,
        coalesce(unmapped.unmapped, 0) as unmapped, coalesce(refused.held_back, false) as held_back,
        accepted.covers_to, coalesce(freshness.freshness, '') as freshness, freshness.age_days
    from reference.sources as sources
    full join refused on sources.source_id = refused.source_id
    left join accepted on sources.source_id = accepted.source_id
    left join unmapped on sources.source_id = unmapped.source_id
    left join quality.freshness as freshness on sources.source_id = freshness.source_id
    where {may_see_source("coalesce(sources.source_id, refused.source_id)")}
    order by quarantined desc, unmapped desc, accepted desc, 1
"""
_PRACTICES = f"""
    select
        practices.practice, practices.name_zh, practices.name_en,
        coalesce(indicators.measure, 'level') as measure, count(observations.figure_id) as figures
    from reference.practices
    cross join (select distinct measure from reference.indicators) as measures
    left join reference.indicators
        on practices.practice = indicators.practice and measures.measure = indicators.measure
    left join facts.observations
        on indicators.indicator = observations.indicator and {may_see_source("observations.source_id")}
    group by all order by practice, measure
"""
_JUMPS = f"""
    with biggest as (
        select *, row_number() over (
            order by abs(found - (expected_low + expected_high) / 2) / nullif(expected_high - expected_low, 0) desc
        ) as place
        from quality.plausibility
        where rule = 'continuity' and {may_see_source("source_id")} and {may_see_figure("compared_with")}
    ),
    series as (
        select distinct on (indicator, breakdown, ref_area) *
        from biggest order by indicator, breakdown, ref_area, place
    )
    select
        series.indicator || '|' || series.breakdown || '|' || series.ref_area as series,
        indicators.name_zh as title,
        coalesce(areas.name_zh, series.ref_area) || ' ' || series.breakdown || ' · ' || units.name_zh as subtitle,
        observations.time_period, observations.obs_value::double as value,
        observations.figure_id in (select figure_id from quality.plausibility where rule = 'continuity') as is_jump
    from (select * from series order by place limit $at_most) as series
    inner join facts.observations
        on series.indicator = observations.indicator and series.breakdown = observations.breakdown
        and series.ref_area = observations.ref_area and observations.is_current and observations.time_basis <> 'target'
        and length(observations.time_period) = length(series.time_period)
    inner join reference.indicators on series.indicator = indicators.indicator
    inner join reference.units on indicators.unit_measure = units.unit_measure
    left join reference.latest_areas as areas on series.ref_area = areas.ref_area
    where {may_see_source("observations.source_id")}
    order by series.place, observations.time_period
"""


def states_of_sources(warehouse: Warehouse, audience: Audience = "public") -> list[SourceState]:
    """What came of each source, those with losses first; also of folders whose card could not be read."""
    return warehouse.all(SourceState, _SOURCES, audience=audience)


def by_practice(warehouse: Warehouse, audience: Audience = "public") -> list[PracticeCoverage]:
    """Figures of each practice by kind of measure; 0 where there is none."""
    return warehouse.all(PracticeCoverage, _PRACTICES, audience=audience)


def jumps(warehouse: Warehouse, at_most: int, audience: Audience = "public") -> list[JumpPoint]:
    """The whole series of those with the biggest jumps, so many of them."""
    return warehouse.all(JumpPoint, _JUMPS, at_most=at_most, audience=audience)
