"""`gongfu unmapped`: printed labels without a code, what they may mean, and the choice written down."""

from __future__ import annotations

import click

from pipelines.project import current


@click.command()
@click.option("--choose", "chosen", nargs=2, metavar="LABEL INDICATOR", help="Write this into the crosswalk.")
@click.option("--breakdown", default="", help="With --choose: the words printed beside the label.")
@click.option("--code", default=None, help="With --choose: what these words mean, as key=value;…")
@click.option("--rows", default=50, show_default=True, help="Show at most so many labels; 0 for all.")
def unmapped(chosen: tuple[str, str] | None, breakdown: str, code: str | None, rows: int) -> None:
    """List the printed labels without a code, most frequent first, with indicators of the same unit and size."""
    from pipelines.asking.warehouse import published
    from pipelines.proposing import mapping

    with published(current()) as warehouse:
        if chosen:
            line = mapping.choose(warehouse, *chosen, breakdown, code)
            click.echo(f"written into dbt_project/seeds/reference/crosswalk.csv: {line}")
            click.echo("run `gongfu build` to use it")
            return
        found = mapping.unmapped(warehouse)
    if not found:
        click.echo("every printed label has a code")
    for each in found[: rows or None]:
        words = f"{each.label} · {each.breakdown}" if each.breakdown else each.label
        unit = each.unit if each.unit_measure else f"{each.unit or 'no unit'}, an unknown unit"
        click.echo(f"{each.figures:>6}  {words}  ({unit}; {each.sources})")
        for suggestion in each.suggestions:
            click.echo(f"        {suggestion.score:>3}  {suggestion.indicator}  {suggestion.name}")
        if not each.suggestions:
            click.echo("             no indicator of this unit and size has a name like it")
    if rows and len(found) > rows:
        click.echo(f"… and {len(found) - rows} more (--rows 0)")
