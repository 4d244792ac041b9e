"""`gongfu disclosure check`: what a table gives away of single firms."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands.language import Command, Group
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
        raise BuildStopped(f'there is no register "{register_id}" · 没有该登记册', exit_code=2) from None
    verdict = check_table(file, rules)
    keys = verdict.tables.keys
    for cell in verdict.shown_but_primary:
        click.echo(f"shown, but breaks a rule · 应保密而公布: {', '.join(keys[cell])}")
    for cell in verdict.inside:
        click.echo(f"held back, but can be reckoned too closely · 可被推算: {', '.join(keys[cell])}")
    status = counted(verdict.proposal)
    click.echo(
        f"{len(keys)} cells · proposal: show {status['F']}, hold back {status['C']} for a rule and {status['D']} with them · 建议公布 {status['F']}、主要保密 {status['C']}、次要保密 {status['D']}"  # noqa: E501
    )
    for cell, held in enumerate(verdict.proposal.status):
        if held != "F":
            click.echo(f"  {held} {', '.join(keys[cell])}")
    if verdict.shown_but_primary or verdict.inside:
        count = len(verdict.shown_but_primary) + len(verdict.inside)
        raise BuildStopped(f"{file.name}: {count} cells give somebody away · {count} 个单元格泄露个体信息")
