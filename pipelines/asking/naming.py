"""Words to one figure: an id, or an indicator, a place and a period, as codes or as names in Chinese or English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.asking.audience import may_see_source
from pipelines.asking.warehouse import Ambiguous, UnknownName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse

SHOWN_CANDIDATES = 8
_KINDS = {"indicator": "指标", "place": "地区", "period": "时期"}
#: Which names a word may be, and how exactly; the first group that knows the word decides.
_INDICATORS = (
    "select indicator, name_zh, name_en from reference.indicators where lower(indicator) = $word",
    """
    select indicator, name_zh, name_en from reference.indicators
    where lower(name_zh) = $word or lower(name_en) = $word
    """,
    """
    select distinct indicators.indicator, indicators.name_zh, indicators.name_en
    from reference.crosswalk
    inner join reference.indicators on crosswalk.indicator = indicators.indicator
    where lower(crosswalk.label) = $word
    """,
    """
    select indicators.indicator, name_zh, name_en
    from reference.indicators
    left join facts.observations on indicators.indicator = observations.indicator
    where
        contains(lower(name_zh), $word) or contains(lower(name_en), $word)
        or contains(lower(indicators.indicator), $word)
    group by indicators.indicator, name_zh, name_en
    order by count(observations.indicator) desc, length(name_zh), indicators.indicator
    """,
)
_AREAS = (
    "select ref_area, name_zh, name_en from reference.latest_areas where lower(ref_area) = $word",
    """
    select distinct areas.ref_area, areas.name_zh, areas.name_en
    from reference.latest_areas as areas
    left join reference.area_names as names on areas.ref_area = names.ref_area
    where lower(areas.name_zh) = $word or lower(areas.name_en) = $word or lower(names.place_printed) = $word
    """,
    """
    select ref_area, name_zh, name_en from reference.latest_areas
    where starts_with(lower(name_zh), $word) or starts_with(lower(name_en), $word)
    order by length(name_zh), ref_area
    """,
)
_PERIODS = (
    """
    select distinct time_period, '' as name_zh, '' as name_en from facts.observations where lower(time_period) = $word
    """,
    """
    select distinct time_period, '' as name_zh, '' as name_en from staging.stg_periods
    where lower(period_printed) in ($word, $word || '年') and time_period is not null
    """,
)
_FIGURES = """
    select observations.figure_id, observations.breakdown, observations.time_basis, observations.obs_value
    from facts.observations_as_of(date '9999-12-31', audience := $audience) as observations
    where indicator = $indicator and ref_area = $ref_area and time_period = $time_period
        and ($breakdown is null or breakdown = $breakdown)
    order by breakdown, time_basis, figure_id
"""

#: A figure's id today; else the one that it had in an earlier edition of its file, or while its source had another id.
_BY_ID = f"""
    with named as (
        select 1 as choice, figure_id, source_id from landing.printed_figures where figure_id = $word
        union all
        select 2, figure_id, source_id from landing.printed_figures where list_contains(former_figure_ids, $word)
        union all
        select 3, printed.figure_id, printed.source_id
        from reference.sources
        inner join landing.printed_figures as printed
            on printed.source_id = sources.source_id
            and list_contains(
                list_transform(
                    sources.formerly, lambda old: old || substr(printed.figure_id, length(printed.source_id) + 1)
                ),
                $word
            )
    )
    select figure_id from named where {may_see_source("source_id")} order by choice, figure_id limit 1
"""
_OF_SOURCE = f"""
    select min(figure_id) from landing.printed_figures
    where source_id = split_part($word, ':', 1) and {may_see_source("source_id")} having count(*) > 0
"""
_MOVED = f"""
    select figure_id from landing.printed_figures
    where list_contains(former_figure_ids, $word) and figure_id <> $word and {may_see_source("source_id")}
    order by figure_id
"""
_PERIODS_THERE = f"""
    select distinct time_period from facts.observations
    where indicator = $i and ref_area = $a and {may_see_source("source_id")} order by 1
"""


class Named(NamedTuple):
    """A code, and its names in Chinese and English (empty for a period)."""

    code: str
    name_zh: str
    name_en: str


def figure_named(warehouse: Warehouse, words: Sequence[str], audience: Audience = "public") -> str:
    """The id of the one figure that the words mean.

    Args:
        warehouse: which to ask.
        words: a figure's id, today's or a former one; or indicator, place and period, apart or in one text, and a
            breakdown (`key=value;…`) if wanted. Of a figure with breakdowns the total is meant where none is named,
            of a figure and its target the figure.
        audience: who asks; to the public an internal figure is none.

    Raises:
        UnknownName: the words mean no figure, or one of them nothing.
        Ambiguous: they mean several; the message lists the candidates.
    """
    text = " ".join(words).strip()
    if found := _rows(warehouse, _BY_ID, word=text, audience=audience):
        return str(found[0][0])
    parts = list(words) if len(words) > 1 else _parts(text)
    breakdowns = [part for part in parts if "=" in part]
    parts = [part for part in parts if "=" not in part]
    if len(parts) < 3:
        of_source = _rows(warehouse, _OF_SOURCE, word=text, audience=audience)
        one = of_source[0][0] if of_source else "zj_bulletin_2022:figures.csv:2:value"
        raise UnknownName(
            "figure",
            text,
            f'no figure is called "{text}"; give a figure_id ({one}), or indicator, place and period ("gdp 浙江 2022")',
            zh=f"没有名为“{text}”的数字；请给出figure_id（{one}），或指标、地区与时期（地区生产总值 浙江 2022）",
        )
    period = _one(warehouse, "period", _PERIODS, parts[-1])
    indicator, area = _indicator_and_area(warehouse, parts[:-1])
    found = _rows(
        warehouse,
        _FIGURES,
        indicator=indicator.code,
        ref_area=area.code,
        time_period=period.code,
        breakdown=breakdowns[0] if breakdowns else None,
        audience=audience,
    )
    if not found:
        raise _no_figure(warehouse, indicator, area, period, audience)
    return _chosen(found, is_breakdown_named=bool(breakdowns))


def _parts(text: str) -> list[str]:
    separator = r"\s*[,，;|/、]\s*(?![^=]*=)" if re.search(r"[,，|/、]", text) else r"\s+"
    return [part for part in re.split(separator, text) if part]


def _indicator_and_area(warehouse: Warehouse, parts: list[str]) -> tuple[Named, Named]:
    """English names hold blanks, so every cut between the two is tried, and either order."""
    attempts = []
    for cut in range(1, len(parts)):
        left, right = " ".join(parts[:cut]), " ".join(parts[cut:])
        attempts += [(left, right), (right, left)]
    known = [
        (indicators, areas, words)
        for words in attempts
        if (indicators := _candidates(warehouse, _INDICATORS, words[0]))
        and (areas := _candidates(warehouse, _AREAS, words[1]))
    ]
    for indicators, areas, _ in known:
        if len(indicators) == len(areas) == 1:
            return indicators[0], areas[0]
    if known:
        indicators, areas, words = known[0]
        if len(indicators) > 1:
            raise _several("indicator", words[0], indicators)
        raise _several("place", words[1], areas)
    for words in attempts:
        if _candidates(warehouse, _INDICATORS, words[0]):
            message = f'no place is called "{words[1]}"; see reference.area_names'
            raise UnknownName("place", words[1], message, zh=f"没有名为“{words[1]}”的地区；见reference.area_names")
        if areas := _candidates(warehouse, _AREAS, words[1]):
            message = f'no indicator is called "{words[0]}"; `gongfu find` looks for one'
            zh = f"没有名为“{words[0]}”的指标；可用`gongfu find`查找"
            raise UnknownName("indicator", words[0], message, zh=zh)
    text = " ".join(parts)
    message = f'neither an indicator nor a place is known in "{text}"'
    raise UnknownName("indicator", text, message, zh=f"“{text}”中既无已知指标，也无已知地区")


def _one(warehouse: Warehouse, kind: str, queries: tuple[str, ...], word: str) -> Named:
    found = _candidates(warehouse, queries, word)
    if not found:
        message = f'no figure is about a {kind} "{word}"; write it as 2022, 2022-S1, 2022-Q3 or 2022-09'
        zh = f"没有{_KINDS[kind]}为“{word}”的数字；请写作2022、2022-S1、2022-Q3或2022-09"
        raise UnknownName(kind, word, message, zh=zh)
    if len(found) > 1:
        raise _several(kind, word, found)
    return found[0]


def _candidates(warehouse: Warehouse, queries: tuple[str, ...], word: str) -> list[Named]:
    for query in queries:
        if found := _rows(warehouse, query, word=word.strip().lower()):
            return [Named(str(code), str(zh), str(en)) for code, zh, en in found]
    return []


def _several(kind: str, word: str, found: list[Named]) -> Ambiguous:
    shown = "; ".join(" ".join(name for name in each if name) for each in found[:SHOWN_CANDIDATES])
    more = f"; and {len(found) - SHOWN_CANDIDATES} more" if len(found) > SHOWN_CANDIDATES else ""
    codes = tuple(each.code for each in found)
    zh = f"“{word}”可能是{len(found)}个{_KINDS[kind]}，请指明一个：{shown}{'……' if more else ''}"
    return Ambiguous(codes, f'"{word}" may be {len(found)} of kind {kind}, name one: {shown}{more}', zh=zh)


def _no_figure(warehouse: Warehouse, indicator: Named, area: Named, period: Named, audience: Audience) -> UnknownName:
    periods = _rows(warehouse, _PERIODS_THERE, i=indicator.code, a=area.code, audience=audience)
    there = [str(each[0]) for each in periods]
    meant = (indicator.code, area.code, period.code)
    message = f"no figure of {meant[0]} in {meant[1]} for {meant[2]}; periods there are: {', '.join(there) or 'none'}"
    zh = f"{area.name_zh}没有{period.code}的{indicator.name_zh}；已有时期：{'、'.join(there) or '无'}"
    return UnknownName("figure", " ".join(meant), message, zh=zh)


def _chosen(found: list[tuple[Any, ...]], *, is_breakdown_named: bool) -> str:
    totals = [each for each in found if each[1] == ""] if not is_breakdown_named else []
    meant = totals or found
    meant = [each for each in meant if each[2] != "target"] or meant
    if len(meant) == 1:
        return str(meant[0][0])
    shown = "; ".join(f"{each[0]} ({each[1] or 'total'}, {each[2]})" for each in meant[:SHOWN_CANDIDATES])
    ids = tuple(str(each[0]) for each in meant)
    message = f"{len(meant)} figures are meant; name one by its id or add its breakdown: {shown}"
    raise Ambiguous(ids, message, zh=f"符合的数字有{len(meant)}个，请给出编号或分组：{shown}")


def _rows(warehouse: Warehouse, query: str, **values: object) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in warehouse.rows(query, **values)]


def moved_to(warehouse: Warehouse, words: Sequence[str], audience: Audience = "public") -> list[str]:
    """Where the figures stand now that had this id in earlier editions of their file.

    The id may well name another figure today: whoever cites it has to say which edition is meant.
    """
    return [str(row[0]) for row in _rows(warehouse, _MOVED, word=" ".join(words).strip(), audience=audience)]
