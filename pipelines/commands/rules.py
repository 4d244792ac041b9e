"""`gongfu rules`: whether a rule can be right, and what another one would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, Group, say
from pipelines.problems import BuildStopped
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.records.documents import Fault
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
        click.echo(f"{file}:{fault.line}: {_said(fault)}", err=True)
    for note in checked.notes:
        click.echo(f"{file}:{note.line}: {say('note', '注意')}: {_said(note)}")
    if checked.faults:
        count = len(checked.faults)
        en = f"{file.name}: {count} faults; the rule is not evaluated · 规则有误，不予采用"
        raise BuildStopped(en, zh=f"{file.name}：{count}处错误；规则有误，不予采用")
    rule = checked.rule
    schemes, notes = len(rule.schemes), len(checked.notes)
    counted = f"{rule.rule} (version {checked.version}): {schemes} schemes, {notes} notes"
    in_chinese = f"{rule.rule}（版本{checked.version}）：方案{schemes}，注意{notes}；可以采用"
    click.echo(say(f"{counted}; it can be evaluated · 可以采用", in_chinese))


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
            fault = checked.faults[0]
            zh = f"{file.name}，第{fault.line}行：{fault.message_zh}"
            raise BuildStopped(f"{file.name}, line {fault.line}: {fault.message}", zh=zh)
    words = list(changed_words(old.rule, new.rule))
    click.echo(say(f"{len(words)} words differ · {len(words)} 处不同", f"{len(words)}处不同"))
    for place, was, becomes in words:
        click.echo(f"  {place}: {was} → {becomes}")
    table = moves(current(), old, new, period)
    if table is None:
        en = "no records to evaluate; `make records` makes synthetic ones · 没有登记记录"
        click.echo(say(en, "没有登记记录；`make records`可生成合成记录"))
        return
    total = sum(count for _, _, count in table)
    moved = sum(count for was, becomes, count in table if was != becomes)
    click.echo(say(f"{moved} of {total} firms move · {total} 家企业中 {moved} 家变动", f"{total}家企业中{moved}家变动"))
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
            click.echo(f"{file}:{fault.line}: {_said(fault)}", err=True)
        count = len(error.faults)
        en = f"{file.name}: not a rule that can be read ({count} faults) · 无法读取"
        raise BuildStopped(en, zh=f"{file.name}：无法读取（{count}处错误）") from None


def _said(fault: Fault) -> str:
    return say(f"{fault.message} · {fault.message_zh}", fault.message_zh)
