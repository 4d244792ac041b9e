"""`gongfu diff`: figures added, gone, recoded and revised between two published builds."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say
from pipelines.commands.sql import print_csv, print_table
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.asking.difference import Difference

#: Columns of a table on the terminal; the ids of the figures stand in the CSV.
_SHOWN = 12
_IN_CHINESE = {
    "added": "新增",
    "gone": "消失",
    "revised": "修订",
    "recoded": "改码",
    "changed": "内容变动",
    "renamed": "改名",
}
_HEADS = {
    "change": "变化", "indicator": "指标", "breakdown": "分组", "ref_area": "地区", "time_period": "时期",
    "time_basis": "口径", "base_period": "基期", "value_before": "前值", "value_after": "后值", "unit_measure": "单位",
    "source_before": "前来源", "source_after": "后来源",
}  # fmt: skip


@click.command(cls=Command)
@click.argument("before")
@click.argument("after", default="current")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@click.option("--rows", default=20, show_default=True, help="Show at most so many rows of a table; 0 for all.")
def diff(before: str, after: str, form: str, rows: int) -> None:
    """Show the figures added, gone, recoded and revised from BEFORE to AFTER.

    Both are versions as `gongfu versions` lists them; without AFTER it is what is published now.
    """
    from pipelines.asking.difference import Change, difference

    found = difference(current(), before, after)
    if form == "csv":
        print_csv([field.name for field in fields(Change)], [astuple(each) for each in found.changes])
        return
    show(found, rows)


def show(found: Difference, rows: int) -> None:
    """Counts, and a table of at most so many figures; 0 for all."""
    from pipelines.asking.difference import Change

    columns = [field.name for field in fields(Change)]
    changes = [astuple(each) for each in found.changes]
    click.echo(say("figures", "数字") + "  " + _counted(found.counts))
    click.echo(say("sources", "来源") + "  " + _counted(found.sources))
    if changes:
        heads = [say(name, _HEADS[name]) for name in columns[:_SHOWN]]
        print_table(heads, [(say(kind, _IN_CHINESE[kind]), *rest[: _SHOWN - 1]) for kind, *rest in changes], rows)


def _counted(counts: dict[str, int]) -> str:
    return " · ".join(say(f"{count} {change}", f"{_IN_CHINESE[change]}{count}") for change, count in counts.items())
