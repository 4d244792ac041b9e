"""`gongfu disclosure check`: what a table gives away of single firms."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands.language import Command, Group, say
from pipelines.problems import BuildStopped


@click.group(cls=Group)
def disclosure() -> None:
    """Disclosure control: what a table gives away of single firms."""


@disclosure.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--register", "register_id", default="land_productivity", show_default=True, help="whose rules hold")
def check(file: Path, register_id: str) -> None:
    """Whether FILE (CSV) shows a cell that it should not, or holds one back that can be reckoned from the rest.

    Columns: one a dimension (a total is _T), value, and where known firms, largest, second, conf_status. It ends with 1
    where something is given away, and prints which cells to hold back instead.
    """
    from pipelines.records.disclosure.brought import check as check_table
    from pipelines.records.disclosure.protect import counted
    from pipelines.records.registers import register

    try:
        rules = register(register_id).disclosure
    except KeyError:
        en = f'there is no register "{register_id}" · 没有该登记册'
        raise BuildStopped(en, exit_code=2, zh=f"没有登记册“{register_id}”") from None
    verdict = check_table(file, rules)
    keys = verdict.tables.keys
    for cell in verdict.shown_but_primary:
        click.echo(f"{say('shown, but breaks a rule · 应保密而公布', '应保密而公布')}: {', '.join(keys[cell])}")
    for cell in verdict.inside:
        en = "held back, but can be reckoned too closely · 可被推算"
        click.echo(f"{say(en, '可被推算')}: {', '.join(keys[cell])}")
    status = counted(verdict.proposal)
    shown, for_a_rule, with_them = status["F"], status["C"], status["D"]
    en = f"proposal: show {shown}, hold back {for_a_rule} for a rule and {with_them} with them"
    zh = f"建议公布 {shown}、主要保密 {for_a_rule}、次要保密 {with_them}"
    click.echo(say(f"{len(keys)} cells · {en} · {zh}", f"{len(keys)}个单元格 · {zh}"))
    for cell, held in enumerate(verdict.proposal.status):
        if held != "F":
            click.echo(f"  {held} {', '.join(keys[cell])}")
    if verdict.shown_but_primary or verdict.inside:
        count = len(verdict.shown_but_primary) + len(verdict.inside)
        en = f"{file.name}: {count} cells give somebody away · {count} 个单元格泄露个体信息"
        raise BuildStopped(en, zh=f"{file.name}：{count}个单元格泄露个体信息")
