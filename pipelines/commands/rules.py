"""`gongfu rules`: whether a rule can be right, and what another one would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, Group
from pipelines.problems import BuildStopped
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.records.rules.check import CheckedRule

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group(cls=Group)
def rules() -> None:
    """Rules by which counties evaluate firms: check one, compare two."""


@rules.command(cls=Command)
@_FILE
def check(file: Path) -> None:
    """Whether FILE is a rule that can be right: faults with their lines, then its gaps and what it leaves unsaid."""
    checked = _loaded(file)
    for fault in checked.faults:
        click.echo(f"{file}:{fault.line}: {fault.message} · {fault.message_zh}", err=True)
    for note in checked.notes:
        click.echo(f"{file}:{note.line}: note: {note.message} · {note.message_zh}")
    if checked.faults:
        raise BuildStopped(f"{file.name}: {len(checked.faults)} faults; the rule is not evaluated · 规则有误，不予采用")
    rule = checked.rule
    click.echo(
        f"{rule.rule} (version {checked.version}): {len(rule.schemes)} schemes, {len(checked.notes)} notes; it can be evaluated · 可以采用"  # noqa: E501
    )


@rules.command(cls=Command)
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--period", type=int, help="year to evaluate; the last that both rules are for, unless given")
def diff(before: Path, after: Path, period: int | None) -> None:
    """What changes from rule BEFORE to rule AFTER, and how many firms of the register move between which grades."""
    from pipelines.records.difference import changed_words, moves

    old, new = _loaded(before), _loaded(after)
    for checked, file in ((old, before), (new, after)):
        if checked.faults:
            raise BuildStopped(f"{file.name}, line {checked.faults[0].line}: {checked.faults[0].message}")
    words = list(changed_words(old.rule, new.rule))
    click.echo(f"{len(words)} words differ · {len(words)} 处不同")
    for place, was, becomes in words:
        click.echo(f"  {place}: {was} → {becomes}")
    table = moves(current(), old, new, period)
    if table is None:
        click.echo("no records to evaluate; `make records` makes synthetic ones · 没有登记记录")
        return
    total = sum(count for _, _, count in table)
    moved = sum(count for was, becomes, count in table if was != becomes)
    click.echo(f"{moved} of {total} firms move · {total} 家企业中 {moved} 家变动")
    for was, becomes, count in table:
        if was != becomes:
            click.echo(f"  {was} → {becomes}: {count}")


def _loaded(file: Path) -> CheckedRule:
    from pipelines.records.documents import Unreadable
    from pipelines.records.rules.check import load

    try:
        return load(file)
    except Unreadable as error:
        for fault in error.faults:
            click.echo(f"{file}:{fault.line}: {fault.message} · {fault.message_zh}", err=True)
        raise BuildStopped(
            f"{file.name}: not a rule that can be read ({len(error.faults)} faults) · 无法读取"
        ) from None
