"""`gongfu audit`: what the published figures say about each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say, spoken
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.asking.findings import Relation

_STYLES = {"fail": "red", "warn": "yellow", "pass": "green", "not_evaluable": "bright_black"}
_IN_CHINESE = {"fail": "不符", "warn": "存疑或修订", "pass": "相符", "not_evaluable": "缺项无法核算"}


@click.command(cls=Command)
@click.option("--all", "everything", is_flag=True, help="Also the relations that hold or cannot be evaluated.")
@click.option("--outcome", type=click.Choice(list(_STYLES)), multiple=True, help="Only these outcomes.")
@click.option("--kind", multiple=True, help="Only these kinds of relation, such as ratio or same_figure.")
@click.option("--source", multiple=True, help="Only relations about figures of these sources.")
def audit(everything: bool, outcome: tuple[str, ...], kind: tuple[str, ...], source: tuple[str, ...]) -> None:
    """Print the audit's findings: where published figures disagree, with their arithmetic."""
    from pipelines.asking.findings import outcomes_by_kind, relations
    from pipelines.asking.warehouse import published

    with_revisions = everything or bool(outcome or kind or source)
    wanted = list(outcome) or (list(_STYLES) if everything else ["fail", "warn"])
    with published(current()) as warehouse:
        counted = outcomes_by_kind(warehouse, audience="internal")
        found = relations(
            warehouse,
            outcomes=wanted,
            kinds=kind,
            sources=source,
            with_revisions=with_revisions,
            audience="internal",
        )
    for each in found:
        _print(each)
    revised = sum(each.relations for each in counted if (each.kind, each.outcome) == ("same_figure", "warn"))
    if revised and not with_revisions:
        click.echo(
            say(
                f"{revised} figures were revised by a later publication: `gongfu audit --kind same_figure` lists them",
                f"{revised}个数字被后来的出版物修订：`gongfu audit --kind same_figure`列出全部",
            )
        )
    total = sum(each.relations for each in counted)
    sums = {name: sum(each.relations for each in counted if each.outcome == name) for name in _STYLES}
    held = " · ".join(
        say(f"{count} {name.replace('_', ' ')}", f"{_IN_CHINESE[name]}{count}") for name, count in sums.items()
    )
    click.echo(say(f"{total} relations: {held}", f"共{total}个关系：{held}"))


def _print(relation: Relation) -> None:
    click.secho(
        f"{say(relation.outcome.upper(), _IN_CHINESE[relation.outcome])}  {relation.kind}",
        fg=_STYLES[relation.outcome],
        bold=True,
        nl=False,
    )
    click.secho(f"  {relation.relation_id}", dim=True)
    if spoken() != "en":
        click.echo(f"  {relation.finding_zh}")
    if spoken() != "zh":
        click.echo(f"  {relation.finding_en}")
    click.echo(f"  = {relation.arithmetic_en if spoken() == 'en' else relation.arithmetic_zh}")
    if relation.acknowledged_en:
        click.echo(say(f"  acknowledged: {relation.acknowledged_en}", f"  已知：{relation.acknowledged_zh or ''}"))
    click.echo("")
