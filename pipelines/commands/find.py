"""`gongfu find`: indicators by words in Chinese or English, with what the warehouse holds of them."""

from __future__ import annotations

import click

from pipelines.commands.language import Command, say
from pipelines.commands.sql import print_table
from pipelines.project import current


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True)
@click.option("--rows", default=30, show_default=True, help="Show at most so many indicators; 0 for all.")
def find(words: tuple[str, ...], rows: int) -> None:
    """List the indicators that WORDS mean, in Chinese, English or pinyin: 收入, "disposable income", shouru."""
    from pipelines.asking.catalogue import find as find_indicators
    from pipelines.asking.warehouse import UnknownName, published

    text = " ".join(words)
    with published(current()) as warehouse:
        found = find_indicators(warehouse, text, audience="internal")
    if not found:
        raise UnknownName("indicator", text, f'no indicator has "{text}" in it', zh=f"没有指标含“{text}”")
    heads = say("indicator name unit places years figures sources", "指标 名称 单位 地区数 年份 数字数 来源数").split()
    print_table(
        heads,
        [
            (
                each.indicator,
                say(each.name_en, each.name_zh),
                say(each.unit_en, each.unit_zh),
                each.places,
                _years(each.first_year, each.last_year),
                each.figures,
                each.sources,
            )
            for each in found
        ],
        rows,
    )


def _years(first: int | None, last: int | None) -> str:
    if first is None:
        return "–"
    return str(first) if first == last else f"{first}–{last}"
