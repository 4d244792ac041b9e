"""`gongfu trace`: the whole way of one figure, from the file that it is printed in to the tables that hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipelines.asking.written import interval, plain
from pipelines.commands.language import Command, say
from pipelines.problems import shortened
from pipelines.project import current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.asking.way import Way

#: How an end of an interval follows from the print, in English and Chinese.
_ENDS = {
    "half_step": ("half a step", "半个末位"),
    "about": ("about", "约"),
    "value": ("the value", "该值"),
    "open": ("open", "不限"),
    "next_step": ("the next step", "下一位"),
}
#: Names of the lines, in Chinese.
_NAMES = {
    "file": "文件", "sha256": "sha256", "title": "标题", "publisher": "发布机构", "published": "发布",
    "licence": "许可", "address": "地址", "note": "备注", "where": "位置", "period": "时期", "label": "名目",
    "place": "地区", "unit": "单位", "corrected": "更正", "refused": "拒收", "value": "数值", "qualifier": "限定",
    "status": "状态",
}  # fmt: skip
_LINE_CHARACTERS = 150


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True)
def trace(words: tuple[str, ...]) -> None:
    """Show the way of one figure: file, print, each step, other vintages, tables that hold it.

    WORDS is a figure_id, or indicator, place and period, by code or by name: "gdp 330000 2022", 地区生产总值 浙江 2022,
    "Gross regional product, Zhejiang, 2022"; add a breakdown as industry=tertiary.
    """
    from pipelines.asking.naming import figure_named, moved_to
    from pipelines.asking.warehouse import published
    from pipelines.asking.way import way_of

    with published(current()) as warehouse:
        figure = figure_named(warehouse, words, "internal")
        way, moved = way_of(warehouse, figure, "internal"), moved_to(warehouse, words, "internal")
    for line in _screen(way):
        click.echo(line)
    if moved:
        named, now = " ".join(words), ", ".join(moved)
        click.echo(
            say(
                f"\nIn an earlier edition of the file {named} named what is now {now}.",
                f"\n在该文件的较早版本中，{named}所指的是现在的{now}。",
            )
        )


def _screen(way: Way) -> Iterator[str]:
    yield from _heading(way)
    yield from ("", say("Source", "来源"))
    yield from _source(way)
    yield from ("", say("Print", "原印"))
    yield from _print(way)
    yield from ("", say("Steps", "步骤"))
    yield from _steps(way)
    if way.vintages:
        count = len(way.vintages)
        yield from ("", say(f"Vintages ({count}; * is the current one)", f"各版次（{count}；*为现用的一版）"))
        yield from _vintages(way)
    yield from ("", say("Tables", "所在的表"))
    yield from _tables(way)


def _heading(way: Way) -> Iterator[str]:
    yield str(way.printed["figure_id"])
    seen, names = way.observation, way.names
    if seen is None:
        why = "; ".join(each.rule for each in way.refusals) or say("no code for its label", "其名目尚无代码")
        yield say(f"not taken: {why}", f"未收：{why}")
        return
    what = f"{names['indicator_zh']} {names['indicator_en']}"
    part = f" [{seen.breakdown}]" if seen.breakdown else ""
    yield f"{what}{part} · {names['area_zh']} {names['area_en']} · {seen.time_period} · {seen.time_basis}"
    yield f"{plain(seen.value)} {seen.unit_measure}, {interval(seen.low, seen.high, seen.qualifier)}"


def _source(way: Way) -> Iterator[str]:
    source, printed = way.source, way.printed
    yield _row("file", printed["file"])
    if way.raw_sha256 is None:
        yield _row("sha256", say("the file is not there any more", "文件已不在"))
    else:
        known = way.raw_sha256 in str(source.sha256).split()
        said = say("as received", "与收到时一致") if known else say("NOT what the card says", "与说明文件不符")
        yield _row("sha256", f"{way.raw_sha256} ({said})")
    yield _row("title", f"{source.title_zh} · {source.title_en}")
    yield _row("publisher", f"{source.publisher_zh} · {source.publisher_en}")
    published = source.published_on or say("unknown", "未注明")
    precise = f"{published} ({source.published_on_precision})"
    known_from = source.known_from
    yield _row(
        "published", say(f"{precise}; counts as known from {known_from}", f"{precise}；自{known_from}起视为已知")
    )
    yield _row("licence", source.licence)
    for name in ("address", "note"):
        if getattr(source, name):
            yield _row(name, shortened(getattr(source, name), _LINE_CHARACTERS))


def _print(way: Way) -> Iterator[str]:
    printed = way.printed
    place = " ".join(
        str(text)
        for text in (
            _at("line", "行", printed["line"]),
            _at("sheet", "工作表", printed["sheet"]),
            _at("cell", "单元格", printed["cell"]),
            _between("characters", "字符", printed["char_start"], printed["char_end"]),
            _between("unit", "单位", printed["unit_char_start"], printed["unit_char_end"]),
            _at("chapter", "章", printed["chapter"]),
            _at("table", "表", printed["table_name"]),
        )
        if text
    )
    yield _row("where", place)
    width = max((len(each.place) for each in way.neighbours), default=0)
    for each in way.neighbours:
        mark = ">" if each.is_own else " "
        yield f"{mark} {each.place:>{width}}  {shortened(each.text, _LINE_CHARACTERS)}"


def _at(en: str, zh: str, what: object) -> str:
    return f"{say(en, zh)} {what}" if what else ""


def _between(en: str, zh: str, start: int | None, end: int | None) -> str:
    return "" if start is None else say(f"{en} {start} to {end}", f"{zh} {start}至{end}")


def _steps(way: Way) -> Iterator[str]:
    printed, coded = way.printed, way.coded
    label = " · ".join(text for text in (printed["label"], printed["breakdown_printed"]) if text)
    if coded is None:
        yield _row("period", f"{printed['period_printed']} → {say('no rule reads these words', '没有规则识得这些字')}")
        return
    yield _row("label", f"{label} → {_label_code(way)}")
    area = way.names.get("area_zh")
    stretch = _stretch(way.names)
    place = f"{coded['ref_area']} {area}{stretch}" if area else say("no place of that time", "当时无此地区")
    yield _row("place", f"{printed['place_printed']} → {place}")
    base = f", {say('base', '基期')} {coded['base_period']}" if coded["base_period"] else ""
    days = say(f"{coded['period_start']} to {coded['period_end']}", f"{coded['period_start']}至{coded['period_end']}")
    period = f"{coded['time_period']} ({coded['freq']}, {days}), {coded['time_basis']}{base}"
    yield _row("period", f"{printed['period_printed']} → {period}")
    yield _row("unit", f"{coded['unit_words'] or say('(none)', '（无）')} → {_unit_code(coded)}")
    yield from _value_steps(way, coded)
    for row in way.corrections:
        by = row["value"] or (plain(row["factor"]) if row["factor"] is not None else "")
        yield _row(
            "corrected",
            f"{' '.join(text for text in (row['action'], by) if text)} ({row['status']}): {row['reason']} "
            f"({row['who']}, {row['entered_on']}; {row['file']}, {say('entry', '条目')} {row['entry']})",
        )
    if not way.corrections:
        yield _row("corrected", say("no", "无"))
    for refusal in way.refusals:
        both = f"{refusal.message_en} · {refusal.message_zh}"
        yield _row("refused", f"{refusal.rule}: {say(both, refusal.message_zh)}")


def _value_steps(way: Way, coded: dict[str, Any]) -> Iterator[str]:
    if way.valued is None:
        return
    factor = f" × {plain(coded['factor'])}" if coded["factor"] not in (None, 1) else ""
    yield _row("value", f"{way.printed['value_printed']} × 10^{coded['unit_mult']}{factor} = {_as_valued(way)}")
    allowed = interval(way.valued["obs_value_low"], way.valued["obs_value_high"], coded["qualifier"])
    rules = ""
    if coded["low_rule"]:
        below, above = say(*_ENDS[coded["low_rule"]]), say(*_ENDS[coded["high_rule"]])
        rules = say(f"below: {below}, above: {above}", f"下限：{below}，上限：{above}")
    printed = way.printed["qualifier_printed"] or say("(none)", "（无）")
    yield _row("qualifier", f"{printed} → {coded['qualifier']} ({rules}) → {allowed}")
    status = way.observation.obs_status if way.observation else way.valued["obs_status"]
    stage = way.observation.stage if way.observation else None
    yield _row("status", f"{status}, {say('stage', '阶段')} {stage}" if stage else status)


def _as_valued(way: Way) -> str:
    """The value in the base unit, and where it was corrected, that it is no longer what is printed."""
    if way.valued is None or way.coded is None:
        return ""
    value = f"{plain(way.valued['obs_value'])} {way.coded['unit_measure']}"
    done = [row["action"] for row in way.corrections if row["status"] != "withdrawn"]
    corrected = say("(after the correction)", "（更正后）")
    return f"{value} {corrected}" if done and done[0] in {"override", "scale"} else value


def _label_code(way: Way) -> str:
    if way.coded is None or way.coded["indicator"] is None:
        return say("no row of reference.crosswalk knows this label", "reference.crosswalk中没有此名目")
    part = f" [{way.coded['breakdown']}]" if way.coded["breakdown"] else ""
    row = way.crosswalk or {}
    source = row.get("source_id")
    every = say("for every source", "适用于全部来源")
    of = every if source == "*" else say(f"for {source} alone", f"只适用于{source}")
    note = f"; {row['note']}" if row.get("note") else ""
    return f"{way.coded['indicator']}{part} ({say('crosswalk', '对照表')}, {of}{note})"


def _unit_code(coded: dict[str, Any]) -> str:
    if coded["unit_measure"] is None:
        return say("unknown", "不识")
    factor = f" × {plain(coded['factor'])}" if coded["factor"] != 1 else ""
    return f"{coded['unit_measure']} × 10^{coded['unit_mult']}{factor}"


def _stretch(names: dict[str, Any]) -> str:
    if names.get("valid_from") is None and names.get("valid_to") is None:
        return ""
    since, until = names["valid_from"], names["valid_to"]
    return say(
        f" (this territory from {since or 'the beginning'} to {until or 'today'})",
        f"（此区域范围自{since or '最初'}至{until or '今'}）",
    )


def _vintages(way: Way) -> Iterator[str]:
    for each in way.vintages:
        mark = "*" if each.is_current else " "
        own = say("  ← this print", "  ← 本条") if each.figure_id == way.printed["figure_id"] else ""
        stage = f"  {each.stage}" if each.stage else ""
        published = each.published_on or say("undated", "未注明")
        yield f"{mark} {published:<10}  {plain(each.value)}  {each.qualifier}{stage}  {each.figure_id}{own}"


def _tables(way: Way) -> Iterator[str]:
    chain = ["landing.printed_figures"]
    chain += ["staging.stg_coded_figures"] if way.coded else []
    chain += ["staging.stg_valued_figures"] if way.valued else []
    chain += ["facts.observations"] if way.observation else ["quality.quarantine" if way.refusals else ""]
    yield "  " + " → ".join(table for table in chain if table)
    for each in way.held:
        column = "" if each.column == "figure_id" else f" ({each.column})"
        yield f"  → {each.table}{column}"


def _row(name: str, text: object) -> str:
    return say(f"  {name:<10} {text}", f"  {_NAMES[name]}  {text}")
