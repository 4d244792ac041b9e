"""What the codes of a warehouse mean: indicators, places, units, sources, breakdowns; and indicators by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source
from pipelines.asking.warehouse import UnknownName

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class Indicator:
    """An indicator of the catalogue, and what the warehouse holds of it.

    Attributes:
        definition_source: what standard or publication defines it.
        plausible_low, plausible_high: values outside are refused; base unit.
        of_indicator: of a change, the level that changes.
        places, sources, figures: places with a figure, sources that print one, and figures, every vintage; of
            sources that whoever asks may see.
        first_year, last_year: of the figures' periods; None where there is no figure.
    """

    indicator: str
    domain: str
    measure: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    definition_source: str | None
    unit_measure: str
    unit_zh: str
    unit_en: str
    direction: str | None
    is_additive: bool | None
    plausible_low: Decimal | None
    plausible_high: Decimal | None
    time_basis: str | None
    of_indicator: str | None
    practice: int | None
    places: int
    sources: int
    figures: int
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class Area:
    """A place in one of its territories.

    Attributes:
        valid_from, valid_to: the days between which the code means this territory; `valid_to` is exclusive.
    """

    ref_area: str
    name_zh: str
    name_en: str
    area_level: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    succeeded_by: str | None
    change_note: str | None


@dataclass(frozen=True)
class Unit:
    """A base unit, and what the quantity is called."""

    unit_measure: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class BreakdownCode:
    """A value of a dimension that figures are broken down by; in a breakdown it stands as `dimension=code`."""

    dimension: str
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Practice:
    """One of the ten practices of the demonstration zone that indicators are grouped by."""

    practice: int
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Source:
    """A publication, as its card describes it, and what was taken from it.

    Attributes:
        published_on: of the precision that `published_on_precision` says; None where it is not known.
        access: `public`, or `internal`: in no export.
        known_from: the day from which its figures count as known.
        sha256: of its files, apart by blanks.
        formerly: ids that it had before.
        figures: accepted ones.
        first_period, last_period: days that the figures' periods span.
    """

    source_id: str
    title_zh: str
    title_en: str
    publisher_zh: str
    publisher_en: str
    published_on: str | None
    published_on_precision: str
    known_from: date
    retrieved_on: date
    address: str | None
    licence: str
    access: str
    confidence: str | None
    reader: str
    stage: str | None
    note: str | None
    sha256: str
    formerly: tuple[str, ...]
    figures: int
    first_period: date | None
    last_period: date | None


_INDICATORS = f"""
    with held as (
        select
            indicator, count(distinct ref_area) as places, count(distinct source_id) as sources, count(*) as figures,
            min(year(period_start)) as first_year, max(year(period_end)) as last_year
        from facts.observations
        where {may_see_source("source_id")}
        group by indicator
    )
    select
        indicators.indicator, domain, measure, indicators.name_zh, indicators.name_en, definition_zh, definition_en,
        definition_source, indicators.unit_measure, units.name_zh as unit_zh, units.name_en as unit_en, direction,
        is_additive, plausible_low, plausible_high, time_basis, of_indicator, practice,
        coalesce(places, 0) as places, coalesce(sources, 0) as sources, coalesce(figures, 0) as figures,
        first_year, last_year
    from reference.indicators
    inner join reference.units on indicators.unit_measure = units.unit_measure
    left join held on indicators.indicator = held.indicator
    where len($indicators) = 0 or list_contains($indicators, indicators.indicator)
    order by indicators.domain, indicators.indicator
"""
#: What words are looked for in, and how near each kind of name is: names, labels as printed, definitions.
_NAMES = f"""
    select indicator, 1 as distance, lower(indicator) as name from reference.indicators
    union all select indicator, 1, lower(name_zh) from reference.indicators
    union all select indicator, 1, lower(name_en) from reference.indicators
    union all select distinct indicator, 2, lower(label) from reference.crosswalk where {may_see_source("source_id")}
    union all select indicator, 3, lower(definition_zh) from reference.indicators
    union all select indicator, 3, lower(definition_en) from reference.indicators
"""
_AREAS = """
    select ref_area, name_zh, name_en, area_level, parent, valid_from, valid_to, succeeded_by, change_note
    from reference.areas
    where len($ref_areas) = 0 or list_contains($ref_areas, ref_area)
    order by ref_area, valid_from nulls first
"""
_SOURCES = f"""
    select
        sources.source_id, title_zh, title_en, publisher_zh, publisher_en, sources.published_on,
        published_on_precision, sources.known_from, retrieved_on, address, licence, access, sources.confidence, reader,
        sources.stage, note, sha256, coalesce(formerly, []) as formerly, count(observations.figure_id) as figures,
        min(period_start) as first_period, max(period_end) as last_period
    from reference.sources
    left join facts.observations on sources.source_id = observations.source_id
    where (len($sources) = 0 or list_contains($sources, sources.source_id)) and {may_see_source("sources.source_id")}
    group by all
    order by sources.source_id
"""


def indicators(warehouse: Warehouse, *codes: str, audience: Audience = "public") -> list[Indicator]:
    """The indicators of these codes, or all, by domain and code.

    Raises:
        UnknownName: one of the codes is none.
    """
    found = warehouse.all(Indicator, _INDICATORS, indicators=list(codes), audience=audience)
    known = {each.indicator for each in found}
    for code in codes:
        if code not in known:
            message = f"no indicator is called {code}; `gongfu find` looks for one by words"
            raise UnknownName("indicator", code, message, zh=f"没有代码为{code}的指标；可用`gongfu find`按词查找")
    return found


def find(warehouse: Warehouse, words: str, audience: Audience = "public") -> list[Indicator]:
    """Indicators by words in Chinese or English, the nearest first.

    Every word must occur: in the code, a name, a printed label or the definition. Chinese may also be written in pinyin
    (`shouru`, `srsp`: whole syllables or their first letters) where the names hold no such word.

    Args:
        warehouse: which to ask.
        words: apart by blanks.
        audience: who asks; the public is told neither labels nor numbers of internal sources.
    """
    wanted = words.lower().split()
    if not wanted:
        return []
    names: dict[str, list[tuple[int, str]]] = {}
    for row in warehouse.rows(_NAMES, audience=audience):
        names.setdefault(row["indicator"], []).append((row["distance"], row["name"]))
    near = _near(names, wanted) or _near(_in_pinyin(names), wanted)
    if not near:
        return []
    found = indicators(warehouse, *near, audience=audience)
    return sorted(found, key=lambda each: (near[each.indicator], -each.figures, each.indicator))


def areas(warehouse: Warehouse, *codes: str) -> list[Area]:
    """Places by code, each of its territories in the order of time; all where none is named."""
    return warehouse.all(Area, _AREAS, ref_areas=list(codes))


def area_names(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    """Of each place its latest name, in Chinese and English."""
    rows = warehouse.rows("select ref_area, name_zh, name_en from reference.latest_areas")
    return {row["ref_area"]: (row["name_zh"], row["name_en"]) for row in rows}


def units(warehouse: Warehouse) -> list[Unit]:
    """All base units."""
    return warehouse.all(Unit, "select unit_measure, name_zh, name_en from reference.units order by unit_measure")


def breakdown_codes(warehouse: Warehouse) -> list[BreakdownCode]:
    """All values of all dimensions that figures are broken down by."""
    question = "select dimension, code, name_zh, name_en from reference.breakdown_codes order by dimension, code"
    return warehouse.all(BreakdownCode, question)


def practices(warehouse: Warehouse) -> list[Practice]:
    """The practices, in their order."""
    return warehouse.all(Practice, "select practice, name_zh, name_en from reference.practices order by practice")


def sources(warehouse: Warehouse, *ids: str, audience: Audience = "public") -> list[Source]:
    """The publications of these ids, or all, by id; the public is given the public ones.

    Raises:
        UnknownName: one of the ids is none, or is not theirs to see.
    """
    found = warehouse.all(Source, _SOURCES, sources=list(ids), audience=audience)
    known = {each.source_id for each in found}
    for each in ids:
        if each not in known:
            message = f"no source is called {each}; see reference.sources"
            raise UnknownName("source", each, message, zh=f"没有来源{each}；见reference.sources")
    return found


def _near(names: dict[str, list[tuple[int, str]]], wanted: list[str]) -> dict[str, int]:
    """Indicators in whose names every word occurs, with how near the farthest comes: 0 where it is a whole name."""
    near = {}
    for indicator, its_names in names.items():
        distances = [
            min((0 if name == word else kind for kind, name in its_names if word in name), default=None)
            for word in wanted
        ]
        found = [each for each in distances if each is not None]
        if len(found) == len(wanted):
            near[indicator] = max(found)
    return near


def _in_pinyin(names: dict[str, list[tuple[int, str]]]) -> dict[str, list[tuple[int, str]]]:
    """The Chinese among the names in pinyin, as syllables written together and as their first letters."""
    from pypinyin import Style, lazy_pinyin

    return {
        indicator: [
            (kind, "".join(lazy_pinyin(name, style)))
            for kind, name in its_names
            if kind < 3 and not name.isascii()
            for style in (Style.NORMAL, Style.FIRST_LETTER)
        ]
        for indicator, its_names in names.items()
    }
