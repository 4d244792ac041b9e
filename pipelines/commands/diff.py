"""`gongfu diff`: figures added, gone and revised between two published builds."""

from __future__ import annotations

import click

from pipelines.commands.sql import print_csv, print_table
from pipelines.problems import BuildStopped
from pipelines.project import current


@click.command()
@click.argument("before")
@click.argument("after", default="current")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@click.option("--rows", default=20, show_default=True, help="Show at most so many rows of a table; 0 for all.")
def diff(before: str, after: str, form: str, rows: int) -> None:
    """Show the figures added, gone and revised from BEFORE to AFTER (versions; AFTER is `current` if left out)."""
    from pipelines.asking.difference import difference

    project = current()
    if not project.published.is_file():
        raise BuildStopped("nothing is published yet; run `make warehouse` (or `gongfu build`)", exit_code=5)
    found = difference(project, before, after)
    if form == "csv":
        print_csv(found.columns, found.rows)
        return
    click.echo("figures  " + " · ".join(f"{count} {change}" for change, count in found.counts.items()))
    click.echo("sources  " + " · ".join(f"{count} {change}" for change, count in found.sources.items()))
    if found.rows:
        shown = found.columns[:12]
        print_table(shown, [row[:12] for row in found.rows], rows)
