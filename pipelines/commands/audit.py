"""`gongfu audit`: what the published figures say about each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.asking.findings import Relation

_STYLES = {"fail": "red", "warn": "yellow", "pass": "green", "not_evaluable": "bright_black"}


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also the relations that hold or cannot be evaluated.")
@click.option("--outcome", type=click.Choice(list(_STYLES)), multiple=True, help="Only these outcomes.")
@click.option("--kind", multiple=True, help="Only these kinds of relation, such as ratio or same_figure.")
@click.option("--source", multiple=True, help="Only relations about figures of these sources.")
@click.option("--language", type=click.Choice(["both", "zh", "en"]), default="both", show_default=True)
def audit(
    everything: bool, outcome: tuple[str, ...], kind: tuple[str, ...], source: tuple[str, ...], language: str
) -> None:
    """Print the audit's findings: where published figures disagree, with their arithmetic."""
    from pipelines.asking.findings import outcomes_by_kind, relations
    from pipelines.asking.warehouse import published

    with_revisions = everything or bool(outcome or kind or source)
    wanted = list(outcome) or (list(_STYLES) if everything else ["fail", "warn"])
    with published(current()) as warehouse:
        counted = outcomes_by_kind(warehouse)
        found = relations(warehouse, outcomes=wanted, kinds=kind, sources=source, with_revisions=with_revisions)
    for each in found:
        _print(each, language)
    revised = sum(each.relations for each in counted if (each.kind, each.outcome) == ("same_figure", "warn"))
    if revised and not with_revisions:
        click.echo(
            f"{revised} figures were revised by a later publication: `gongfu audit --kind same_figure` lists them"
        )
    total = sum(each.relations for each in counted)
    held = " · ".join(
        f"{sum(each.relations for each in counted if each.outcome == name)} {name.replace('_', ' ')}"
        for name in _STYLES
    )
    click.echo(f"{total} relations: {held}")


def _print(relation: Relation, language: str) -> None:
    click.secho(f"{relation.outcome.upper()}  {relation.kind}", fg=_STYLES[relation.outcome], bold=True, nl=False)
    click.secho(f"  {relation.relation_id}", dim=True)
    if language != "en":
        click.echo(f"  {relation.finding_zh}")
    if language != "zh":
        click.echo(f"  {relation.finding_en}")
    click.echo(f"  = {relation.arithmetic_zh}")
    if relation.acknowledged_en:
        reason = relation.acknowledged_zh if language == "zh" else relation.acknowledged_en
        click.echo(f"  acknowledged: {reason}")
    click.echo("")
