"""Which figures there are: by code, place, period, source and the day on which they were known.

An answer gives each figure whole: the value with the interval that its print allows, its unit, its vintage, its source,
and what contradicts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.asking.audience import may_see_figure, may_see_figures, may_see_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from decimal import Decimal

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse

Vintages = Literal["current", "all"]


@dataclass(frozen=True)
class Wanted:
    """Which figures are asked for; what is left empty restricts nothing.

    Attributes:
        indicators, ref_areas, freqs, time_bases, sources: codes, any of them.
        breakdowns: whole breakdowns as the figures carry them (`residence=rural`); `""` is the total.
        parts: single `key=value` pairs, all of which a figure's breakdown must hold.
        base_periods: what a change is measured from; `""` is none.
        since, until: figures whose period begins no earlier, and ends no later; see `pipelines.asking.periods`.
        as_of: only what was known on that day.
        seen_after: only what the warehouse first saw later than this.
        vintages: the print that stands (stood, with `as_of`), or every print.
        figure_ids: these figures alone.
        audience: who asks; to the public there are no internal sources: no figure of theirs, none that displaces
            another, nothing that one says against another.
    """

    indicators: tuple[str, ...] = ()
    ref_areas: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    freqs: tuple[str, ...] = ()
    time_bases: tuple[str, ...] = ()
    base_periods: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    seen_after: datetime | None = None
    vintages: Vintages = "current"
    figure_ids: tuple[str, ...] = ()
    audience: Audience = "public"


@dataclass(frozen=True)
class Observation:
    """One figure of one source.

    Attributes:
        value: in the base unit `unit_measure`; `low` and `high` bound what its print allows, None where it is open.
        unit_mult, decimals: as printed (万 is 4); the print's last digit is 10 ** (unit_mult - decimals).
        published_on: as the card says it, of any precision; None where it is not known.
        known_from: the day from which the figure counts as known.
        confidence: of its source, as on its card: A the official table or text itself, B a reprint, C a news report.
        period_is_stated: False where the print names no period and one was assumed.
        is_current: whether it is the print that stands; with `as_of`, that stood on that day.
        contradicted_by: relations of the audit that it takes part in and that do not hold.
        doubted_by: rules of plausibility that it breaks.
    """

    figure_id: str
    source_id: str
    locator: str
    indicator: str
    ref_area: str
    freq: str
    time_period: str
    period_start: date
    period_end: date
    time_basis: str
    base_period: str | None
    breakdown: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    unit_measure: str
    unit_mult: int
    decimals: int
    qualifier: str
    obs_status: str
    conf_status: str
    stage: str | None
    published_on: str | None
    known_from: date
    confidence: str | None
    period_is_stated: bool
    first_seen_at: datetime
    is_current: bool
    contradicted_by: tuple[str, ...]
    doubted_by: tuple[str, ...]


@dataclass(frozen=True)
class SeriesKey:
    """What a series is about, and how far it goes.

    Attributes:
        first_period, last_period: time periods of its earliest and latest figure.
        figures: how many.
    """

    indicator: str
    ref_area: str
    freq: str
    breakdown: str
    time_basis: str
    unit_measure: str
    first_period: str
    last_period: str
    figures: int


@dataclass(frozen=True)
class Available:
    """What values the dimensions of some figures have: what an availability constraint says.

    Attributes:
        first_day, last_day: that their periods span; None where there is no figure.
        figures, series: how many.
    """

    freq: tuple[str, ...]
    ref_area: tuple[str, ...]
    indicator: tuple[str, ...]
    breakdown: tuple[str, ...]
    time_basis: tuple[str, ...]
    base_period: tuple[str, ...]
    source_id: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    figures: int
    series: int


#: The figures that are asked for, under the name `wanted`.
_WANTED = f"""
    with wanted as (
        select * from {{relation}}
        where (len($indicators) = 0 or list_contains($indicators, indicator))
            and (len($ref_areas) = 0 or list_contains($ref_areas, ref_area))
            and (len($breakdowns) = 0 or list_contains($breakdowns, breakdown))
            and list_has_all(string_split(breakdown, ';'), $parts)
            and (len($freqs) = 0 or list_contains($freqs, freq))
            and (len($time_bases) = 0 or list_contains($time_bases, time_basis))
            and (len($base_periods) = 0 or list_contains($base_periods, coalesce(base_period, '')))
            and (len($sources) = 0 or list_contains($sources, source_id))
            and ($seen_after is null or first_seen_at > $seen_after::timestamptz)
            and (len($figure_ids) = 0 or list_contains($figure_ids, figure_id))
            and {may_see_source("source_id")}
            and ($since is null or period_start >= cast($since as date))
            and ($until is null or period_end <= cast($until as date))
    )
"""
_STANDING = "facts.observations_as_of(coalesce(cast($as_of as date), date '9999-12-31'), audience := $audience)"
#: The figures of each kind of vintages that are known on `$as_of`, to `$audience`: a relation for a `from`.
RELATIONS: dict[Vintages, str] = {
    "current": f"(select *, true as is_current from {_STANDING})",
    "all": f"""(
        select known.* exclude (is_current), standing.figure_id is not null as is_current
        from facts.observations as known
        left join {_STANDING} as standing on known.figure_id = standing.figure_id
        where $as_of is null or known.known_from <= cast($as_of as date)
    )""",
}
#: The same, set down by the build for today and for whom nothing is hidden from.
_TODAY = "(select *, true as is_current from facts.current_observations where cast($as_of as date) is null)"
_HIDDEN = "select 1 as hidden from reference.sources where access = 'internal' limit 1"
#: What contradicts a figure, and what it breaks, as `contradicted` and `doubted` of a `with`; binds `$audience`.
AGAINST = f"""
    contradicted as (
        select tied.figure_id, list(distinct tied.relation_id order by tied.relation_id) as relations
        from (
            select relation_id, unnest(figure_ids) as figure_id from quality.audit
            where (outcome = 'fail' or (outcome = 'warn' and kind <> 'same_figure')) and {may_see_figures("figure_ids")}
        ) as tied
        group by tied.figure_id
    ),
    doubted as (
        select figure_id, list(distinct rule order by rule) as rules from quality.plausibility
        where {may_see_figure("compared_with")} group by figure_id
    )
"""
_FIGURES = f""",
    {AGAINST}
    select
        wanted.figure_id, wanted.source_id, wanted.locator, wanted.indicator, wanted.ref_area, wanted.freq,
        wanted.time_period, wanted.period_start, wanted.period_end, wanted.time_basis, wanted.base_period,
        wanted.breakdown, wanted.obs_value as value, wanted.obs_value_low as low, wanted.obs_value_high as high,
        wanted.unit_measure, wanted.unit_mult, wanted.decimals, wanted.qualifier, wanted.obs_status,
        wanted.conf_status, wanted.stage, wanted.published_on, wanted.known_from, wanted.confidence,
        wanted.period_is_stated,
        wanted.first_seen_at,
        wanted.is_current, coalesce(contradicted.relations, []) as contradicted_by,
        coalesce(doubted.rules, []) as doubted_by
    from wanted
    left join contradicted on wanted.figure_id = contradicted.figure_id
    left join doubted on wanted.figure_id = doubted.figure_id
"""
_OBSERVATIONS = (
    _FIGURES
    + """
    order by
        wanted.indicator, wanted.ref_area, wanted.breakdown, wanted.freq, wanted.time_basis, wanted.period_start,
        wanted.period_end, wanted.base_period, wanted.published_on is not null, wanted.known_from, wanted.figure_id
    limit $at_most offset $skipped
"""
)
_KEYS = """
    select
        indicator, ref_area, freq, breakdown, time_basis, unit_measure,
        arg_min(time_period, period_end) as first_period, arg_max(time_period, period_end) as last_period,
        count(*) as figures
    from wanted
    group by indicator, ref_area, freq, breakdown, time_basis, unit_measure
    order by indicator, ref_area, breakdown, freq, time_basis
    limit $at_most offset $skipped
"""
_AVAILABLE = """
    select
        list_sort(list(distinct freq)) as freq, list_sort(list(distinct ref_area)) as ref_area,
        list_sort(list(distinct indicator)) as indicator, list_sort(list(distinct breakdown)) as breakdown,
        list_sort(list(distinct time_basis)) as time_basis,
        list_sort(list(distinct coalesce(base_period, ''))) as base_period,
        list_sort(list(distinct source_id)) as source_id,
        min(period_start) as first_day, max(period_end) as last_day, count(*) as figures,
        count(distinct (freq, ref_area, indicator, breakdown, time_basis, coalesce(base_period, ''))) as series
    from wanted
"""
_VALUES = """
    select indicator, obs_value::double as value, source_id from facts.current_observations order by figure_id
"""
_VINTAGES = """
    select prints.figure_id
    from facts.observations as prints
    inner join facts.observations as own on
        prints.indicator = own.indicator and prints.breakdown = own.breakdown and prints.ref_area = own.ref_area
        and prints.freq = own.freq and prints.time_period = own.time_period
        and prints.period_start = own.period_start and prints.period_end = own.period_end
        and prints.time_basis = own.time_basis and prints.base_period is not distinct from own.base_period
    where own.figure_id = $figure_id
    order by prints.published_on is not null, prints.known_from, prints.figure_id
"""


def observations(
    warehouse: Warehouse, wanted: Wanted, *, at_most: int | None = None, skipped: int = 0
) -> Iterator[Observation]:
    """The figures that are wanted, by indicator, place, breakdown, then time; fetched little by little.

    Args:
        warehouse: which to ask.
        wanted: which figures.
        at_most, skipped: a page of them; None for all.

    Raises:
        NotInThisFile, Unreadable: see `Warehouse`.
    """
    return warehouse.stream(
        Observation, _of(warehouse, wanted, _OBSERVATIONS), **_values(wanted), at_most=at_most, skipped=skipped
    )


def counted(warehouse: Warehouse, wanted: Wanted) -> int:
    """How many figures are wanted."""
    found = warehouse.one(_of(warehouse, wanted, "select count(*) as figures from wanted"), **_values(wanted))
    return int(found["figures"]) if found else 0


def series_keys(
    warehouse: Warehouse, wanted: Wanted, *, at_most: int | None = None, skipped: int = 0
) -> list[SeriesKey]:
    """The series that the wanted figures make: what an availability constraint or a list of contents says."""
    return warehouse.all(SeriesKey, _of(warehouse, wanted, _KEYS), **_values(wanted), at_most=at_most, skipped=skipped)


def available(warehouse: Warehouse, wanted: Wanted) -> Available | None:
    """The values that the dimensions of the wanted figures have; None where there is no figure."""
    found = warehouse.all(Available, _of(warehouse, wanted, _AVAILABLE), **_values(wanted))[0]
    return found if found.figures else None


def vintages(warehouse: Warehouse, figure_id: str, audience: Audience = "public") -> list[Observation]:
    """All prints of the figure that this one prints, as they became known; none where it was not taken."""
    prints = tuple(row["figure_id"] for row in warehouse.rows(_VINTAGES, figure_id=figure_id))
    if not prints:
        return []
    wanted = Wanted(vintages="all", figure_ids=prints, audience=audience)
    found = {each.figure_id: each for each in observations(warehouse, wanted)}
    return [found[each] for each in prints if each in found]


def current_values(warehouse: Warehouse) -> dict[str, list[tuple[float, str]]]:
    """The values to use today of each indicator, as doubles and each with its source, whatever they are about."""
    values: dict[str, list[tuple[float, str]]] = {}
    for row in warehouse.rows(_VALUES):
        values.setdefault(row["indicator"], []).append((row["value"], row["source_id"]))
    return values


def _of(warehouse: Warehouse, wanted: Wanted, question: str) -> str:
    relation = _TODAY if _is_of_today(warehouse, wanted) else RELATIONS[wanted.vintages]
    return _WANTED.format(relation=relation) + question


def _is_of_today(warehouse: Warehouse, wanted: Wanted) -> bool:
    """Whether what stands is what the build has set down already: for today, and for who asks no source is hidden."""
    if wanted.vintages != "current" or wanted.as_of is not None:
        return False
    return wanted.audience == "internal" or warehouse.one(_HIDDEN) is None


def _values(wanted: Wanted) -> dict[str, object]:
    return {
        "indicators": list(wanted.indicators),
        "ref_areas": list(wanted.ref_areas),
        "breakdowns": list(wanted.breakdowns),
        "parts": list(wanted.parts),
        "freqs": list(wanted.freqs),
        "time_bases": list(wanted.time_bases),
        "base_periods": list(wanted.base_periods),
        "sources": list(wanted.sources),
        "seen_after": wanted.seen_after,
        "since": wanted.since,
        "until": wanted.until,
        "as_of": wanted.as_of,
        "figure_ids": list(wanted.figure_ids),
        "audience": wanted.audience,
    }
