"""`gongfu preview`: one source as it would be coded, without a build."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say
from pipelines.problems import shortened
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.proposing.previewing import Preview
    from pipelines.readers import Reading

#: Which column of the table holds values.
_VALUE = 4


@click.command(cls=Command)
@click.argument("source_id")
@click.option("--rows", default=12, show_default=True, help="Show at most so many figures.")
def preview(source_id: str, rows: int) -> None:
    """Show SOURCE_ID as its card makes it: its numbers accounted for, its first figures coded, and what is open."""
    from pipelines.proposing import previewing

    found = previewing.preview(current(), source_id)
    _say_card(found)
    _say_numbers(found)
    _say_figures(found, rows)
    _say_open(found, rows)


def _say_card(found: Preview) -> None:
    source = found.source
    day = source.published_on or say("no date", "无日期")
    click.echo(f"{source.source_id}: {source.title} ({source.publisher}, {day})")
    layout = source.layout or "{}"
    click.echo(say(f"  reader {source.reader}; layout {layout}", f"  读取器{source.reader}；版式{layout}"))


def _say_numbers(found: Preview) -> None:
    for file, reading in zip(found.source.files, found.readings, strict=True):
        if found.source.reader == "bulletin":
            _say_prose(file.path.name, reading)
            continue
        left_out = Counter[str]()
        for one in reading.left_out:
            left_out[one.reason] += one.numbers
        beside = ", ".join(f"{reason} {count}" for reason, count in left_out.most_common()) or say("none", "无")
        taken = reading.numbers - reading.refused - sum(left_out.values())
        name, passed_over = file.path.name, sum(left_out.values())
        click.echo(
            say(
                f"  {name}: {reading.numbers} numbers = {taken} figures + {passed_over} left out",
                f"  {name}：数{reading.numbers}个 = 数字{taken} + 略去{passed_over}",
            )
        )
        click.echo(say(f"    ({beside}) + {reading.refused} refused", f"    （{beside}）+ 拒收{reading.refused}"))


def _say_prose(name: str, reading: Reading) -> None:
    figures, doubts = len(reading.figures), len(reading.problems)
    en = f"  {name}: {figures} figures, {doubts} refused or for review; `gongfu read` shows what was left alone"
    click.echo(say(en, f"  {name}：数字{figures}个，拒收或待核{doubts}个；`gongfu read`列出不是数据的数"))


def _say_figures(found: Preview, rows: int) -> None:
    from rich.console import Console
    from rich.table import Table

    count, first = len(found.coded), min(rows, len(found.coded))
    en = f"{count} figures; the first {first} as they would be coded"
    table = Table(title=say(en, f"数字{count}个；前{first}个将编码如下"))
    heads = say("locator,indicator,place,period,value,unit", "位置,指标,地区,时期,数值,单位").split(",")
    for index, name in enumerate(heads):
        table.add_column(name, justify="right" if index == _VALUE else "left")
    for one in found.coded[:rows]:
        breakdown = f" · {one['breakdown']}" if one["breakdown"] else ""
        status = f" {one['obs_status']}" if one["obs_status"] != "A" else ""
        table.add_row(
            shortened(one["locator"]),
            f"{one['indicator'] or '? ' + one['label']}{breakdown}",
            one["ref_area"] or f"? {one['place_printed']}",
            f"{one['time_period'] or '? ' + one['period_printed']}{status}",
            one["value_printed"],
            f"{one['unit_printed']} = {one['unit_measure']}" if one["unit_measure"] else f"? {one['unit_printed']}",
        )
    Console().print(table)


def _say_open(found: Preview, rows: int) -> None:
    unmapped: Counter[str] = Counter()
    for one in found.coded:
        if not one["indicator"]:
            words = one["label"] + (f" · {one['breakdown_printed']}" if one["breakdown_printed"] else "")
            unmapped[f"{say('label', '名目')} {words} ({one['unit_printed']})"] += 1
    for words, count in unmapped.most_common(rows):
        click.secho(say(f"? {words}: {count} figures", f"? {words}：数字{count}个"), fg="yellow")
    for problem in found.problems[:rows]:
        click.secho(f"! {say(str(problem), problem.in_chinese)}", fg="red")
    if len(found.problems) > rows:
        more = len(found.problems) - rows
        click.echo(say(f"  … and {more} more problems", f"  ……另有{more}个问题"))
