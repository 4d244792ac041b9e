"""Figures as rows: a list or a panel, for people or for machines, and the sheets of their sources and definitions."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pipelines.asking.names import Names, basis_in_words, power_of
from pipelines.asking.observations import Observation
from pipelines.serving.workbook import Number, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipelines.asking.catalogue import Source
    from pipelines.asking.panel import Panel, PanelColumn
    from pipelines.asking.tables import Table

_FIRST_CLAUSE = re.compile("[：；。，]")
#: Columns of the list that a program reads: a figure's fields, and what its codes mean.
LIST_COLUMNS = (
    *(field.name for field in fields(Observation)),
    "indicator_zh", "indicator_en", "area_zh", "unit_zh", "publisher_zh", "publisher_en", "licence",
)  # fmt: skip


def listed(figures: Collection[Observation], names: Names) -> Iterator[tuple[Any, ...]]:
    """The figures, a row each, in the columns `LIST_COLUMNS`; lists are written apart by blanks."""
    for each in figures:
        own = [getattr(each, field.name) for field in fields(Observation)]
        indicator, source = names.indicators[each.indicator], names.sources[each.source_id]
        yield (
            *(" ".join(value) if isinstance(value, tuple) else value for value in own),
            indicator.name_zh,
            indicator.name_en,
            names.areas.get(each.ref_area, ""),
            names.unit(each.unit_measure),
            source.publisher_zh,
            source.publisher_en,
            source.licence,
        )


def panel_table(panel: Panel, names: Names) -> tuple[list[str], Iterator[list[Any]]]:
    """The panel for a program: after place and year, of each column its value in the base unit and its flags."""
    heads = ["ref_area", "area_zh", "year"]
    for column in panel.columns:
        heads += [f"{column.code} ({column.unit_measure})", f"{column.code} flags"]

    def rows() -> Iterator[list[Any]]:
        for row in panel.rows:
            cells: list[Any] = [row.ref_area, names.areas.get(row.ref_area, ""), row.year]
            for figure in row.cells:
                cells += [figure.value, _codes(figure)] if figure else [None, None]
            yield cells

    return heads, rows()


def _codes(figure: Observation) -> str:
    """The flags of a figure in codes, apart by blanks: qualifier, status, stage, contradicted, doubted."""
    said = (
        figure.qualifier if figure.qualifier != "exact" else "",
        figure.obs_status if figure.obs_status != "A" else "",
        figure.stage or "",
        "contradicted" if figure.contradicted_by else "",
        "doubted" if figure.doubted_by else "",
        "" if figure.period_is_stated else "period_assumed",
    )
    return " ".join(each for each in said if each)


def list_sheet(figures: Sequence[Observation], names: Names, notes: tuple[str, ...]) -> Sheet:
    """The figures for people, as printed and in the base unit, each with its source."""
    heads = (
        "指标", "分组", "地区", "时期", "口径", "数值\n（所印）", "单位\n（所印）", "标记", "发布日期", "来源",
        "发布机构", "数值\n（基本单位）", "下限", "上限", "基本单位", "地区代码", "许可", "数字编号",
    )  # fmt: skip
    rows = (_printed_row(each, names) for each in figures)
    return Sheet("数据", "指标数据", notes, heads, rows, frozen=1, on_paper=heads.index("发布机构") + 1)


def _printed_row(each: Observation, names: Names) -> list[Any]:
    source = names.sources[each.source_id]
    return [
        names.indicators[each.indicator].name_zh,
        names.breakdown(each.breakdown),
        names.areas.get(each.ref_area, ""),
        each.time_period,
        basis_in_words(each.time_basis),
        in_power(each, each.unit_mult),
        names.unit(each.unit_measure, each.unit_mult),
        names.flags(each),
        each.published_on or "未注明",
        source.title_zh,
        source.publisher_zh,
        each.value,
        each.low,
        each.high,
        names.unit(each.unit_measure),
        each.ref_area,
        source.licence,
        each.figure_id,
    ]


def in_power(figure: Observation, power: int) -> Number:
    """A value in a power of ten of its unit, to the last digit of its print."""
    return Number(figure.value.scaleb(-power), figure.decimals + power - figure.unit_mult)


def panel_sheet(panel: Panel, names: Names, notes: tuple[str, ...]) -> Sheet:
    """The panel for people: each column in the unit that most of its prints use, its flags beside it."""
    of_columns = [[row.cells[index] for row in panel.rows] for index in range(len(panel.columns))]
    powers = [power_of([each for each in cells if each]) for cells in of_columns]
    flagged = [any(each and names.flags(each) for each in cells) for cells in of_columns]
    heads = ["地区", "地区代码", "年份"]
    for column, power, has_flags in zip(panel.columns, powers, flagged, strict=True):
        heads += [f"{_title(column, names)}\n（{names.unit(column.unit_measure, power)}）"]
        heads += ["标记"] if has_flags else []

    def rows() -> Iterator[list[Any]]:
        for row in panel.rows:
            cells: list[Any] = [names.areas.get(row.ref_area, ""), row.ref_area, row.year]
            for figure, power, has_flags in zip(row.cells, powers, flagged, strict=True):
                cells += [in_power(figure, power) if figure else None]
                cells += [names.flags(figure) if figure else None] if has_flags else []
            yield cells

    return Sheet("数据", "指标面板数据（地区 × 年份）", notes, heads, rows(), frozen=3)


def _title(column: PanelColumn, names: Names) -> str:
    part = names.breakdown(column.breakdown)
    basis = {"target": "目标", "cumulative_since_start": "开展以来累计"}.get(column.basis, column.basis)
    said = "，".join(each for each in (part, basis) if each)
    return names.indicators[column.indicator].name_zh + (f"（{said}）" if said else "")


def sources_sheet(sources: Sequence[Source]) -> Sheet:
    """Where the figures come from: publisher, dates, terms, and a line to cite each by."""
    heads = ("来源编号", "标题", "发布机构", "发布日期", "获取日期", "许可", "地址", "引用格式")
    rows = [
        (
            each.source_id,
            each.title_zh,
            each.publisher_zh,
            each.published_on or "未注明",
            each.retrieved_on,
            each.licence,
            each.address,
            attribution(each),
        )
        for each in sources
    ]
    return Sheet("来源", "数据来源", (), heads, rows, frozen=1)


def attribution(source: Source) -> str:
    """The line by which a source is cited."""
    day = source.published_on or f"未注明日期，{source.retrieved_on}获取"
    return f"{source.publisher_zh}：《{source.title_zh}》，{day}。"


def definitions_sheet(indicators: Collection[str], names: Names) -> Sheet:
    """What the indicators mean."""
    heads = ("指标", "代码", "基本单位", "定义", "定义来源", "英文名称", "英文定义")
    rows = [
        (
            each.name_zh,
            each.indicator,
            each.unit_zh,
            each.definition_zh,
            each.definition_source,
            each.name_en,
            each.definition_en,
        )
        for code in sorted(indicators)
        for each in (names.indicators[code],)
    ]
    return Sheet("定义", "指标定义", (), heads, rows, frozen=1)


def table_sheet(table: Table, rows: Sequence[Sequence[Any]], notes: tuple[str, ...]) -> Sheet:
    """A table for people: its columns under their names, what they mean on a sheet of their own."""
    in_order = sorted(rows, key=lambda row: [str(value) for value in row])
    heads = [f"{_FIRST_CLAUSE.split(column.meaning('zh'))[0][:24]}\n{column.name}" for column in table.columns]
    return Sheet("数据", table.full_name, (table.meaning("zh"), *notes), heads, in_order, frozen=1)


def columns_sheet(table: Table) -> Sheet:
    """What the columns of a table mean, with their units."""
    rows = [(each.name, each.meaning("zh"), each.meaning("en"), each.data_type) for each in table.columns]
    return Sheet("定义", f"{table.full_name} 各列", (table.meaning("zh"),), ("列", "含义", "英文含义", "类型"), rows)
