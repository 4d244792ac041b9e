"""`gongfu audit`: what the published figures say about each other."""

from __future__ import annotations

from typing import Any

import click

from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.project import current

_STYLES = {"fail": "red", "warn": "yellow", "pass": "green", "not_evaluable": "bright_black"}


_REVISED = "select count(*) from quality.audit where kind = 'same_figure' and outcome = 'warn'"


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
    project = current()
    if not project.published.is_file():
        raise BuildStopped("nothing is published yet; run `make warehouse` (or `gongfu build`)", exit_code=5)
    with_revisions = everything or bool(outcome or kind or source)
    wanted = list(outcome) or (list(_STYLES) if everything else ["fail", "warn"])
    with reading(project.published) as connection:
        counts = dict(connection.execute("select outcome, count(*) from quality.audit group by outcome").fetchall())
        rows = connection.execute(
            """
            select outcome, kind, relation_id, finding_zh, finding_en, arithmetic_zh, acknowledged_zh, acknowledged_en
            from quality.audit
            where list_contains($outcomes, outcome)
                and ($with_revisions or kind <> 'same_figure' or outcome <> 'warn')
                and (len($kinds) = 0 or list_contains($kinds, kind))
                and (len($sources) = 0 or exists (
                    select 1 from (select unnest(figure_ids) as figure_id) as tied
                    where list_contains($sources, split_part(tied.figure_id, ':', 1))
                ))
            order by list_position(['fail', 'warn', 'not_evaluable', 'pass'], outcome), kind, relation_id
            """,
            {"outcomes": wanted, "kinds": list(kind), "sources": list(source), "with_revisions": with_revisions},
        ).fetchall()
        (revised,) = connection.execute(_REVISED).fetchone() or (0,)
    for row in rows:
        _print(row, language)
    if revised and not with_revisions:
        click.echo(
            f"{revised} figures were revised by a later publication: `gongfu audit --kind same_figure` lists them"
        )
    total = sum(counts.values())
    held = " · ".join(f"{counts.get(name, 0)} {name.replace('_', ' ')}" for name in _STYLES)
    click.echo(f"{total} relations: {held}")


def _print(row: tuple[Any, ...], language: str) -> None:
    outcome, kind, relation_id, finding_zh, finding_en, arithmetic_zh, acknowledged_zh, acknowledged_en = row
    click.secho(f"{outcome.upper()}  {kind}", fg=_STYLES[outcome], bold=True, nl=False)
    click.secho(f"  {relation_id}", dim=True)
    if language != "en":
        click.echo(f"  {finding_zh}")
    if language != "zh":
        click.echo(f"  {finding_en}")
    click.echo(f"  = {arithmetic_zh}")
    if acknowledged_en:
        click.echo(f"  acknowledged: {acknowledged_zh if language == 'zh' else acknowledged_en}")
    click.echo("")
