"""`gongfu unmapped`: printed labels without a code, what they may mean, and the choice written down."""

from __future__ import annotations

import click

from pipelines.commands.language import Command, say
from pipelines.project import current


@click.command(cls=Command)
@click.option(
    "--choose", "chosen", nargs=2, metavar="LABEL INDICATOR", help="Write this for the source that prints it."
)
@click.option("--breakdown", default="", help="With --choose: the words printed beside the label.")
@click.option("--code", default=None, help="With --choose: what these words mean, as key=value;…")
@click.option("--source", "source_id", default=None, help="With --choose: the source it holds for; '*' for every one.")
@click.option("--unit", "unit", nargs=2, metavar="WORDS MEASURE[:POWER]", help="Add a unit word: 亿元 yuan:8.")
@click.option("--place", "place", nargs=2, metavar="NAME CODE", help="Add a name of a place: 甬 330200.")
@click.option("--rows", default=50, show_default=True, help="Show at most so many labels; 0 for all.")
def unmapped(
    chosen: tuple[str, str] | None,
    breakdown: str,
    code: str | None,
    source_id: str | None,
    unit: tuple[str, str] | None,
    place: tuple[str, str] | None,
    rows: int,
) -> None:
    """List the printed labels without a code, most frequent first, with indicators of the same unit and size."""
    from pipelines.asking.warehouse import published
    from pipelines.proposing import adding, mapping

    with published(current()) as warehouse:
        if unit or place:
            added = [adding.add_unit(warehouse, *unit)] if unit else []
            added += [adding.add_place(warehouse, *place)] if place else []
            for line in added:
                click.echo(say(f"written: {line}", f"已写入：{line}"))
            click.echo(say("run `gongfu build` to use it", "运行`gongfu build`后生效"))
            return
        if chosen:
            line = mapping.choose(warehouse, *chosen, breakdown, code, source_id)
            seed = "dbt_project/seeds/reference/crosswalk.csv"
            click.echo(say(f"written into {seed}: {line}", f"已写入{seed}：{line}"))
            click.echo(say("run `gongfu build` to use it", "运行`gongfu build`后生效"))
            return
        found = mapping.unmapped(warehouse)
    if not found:
        click.echo(say("every printed label has a code", "所印名目均有代码"))
    for each in found[: rows or None]:
        words = f"{each.label} · {each.breakdown}" if each.breakdown else each.label
        unknown = say(f"{each.unit or 'no unit'}, an unknown unit", f"{each.unit or '无单位'}，单位不识")
        printed = each.unit if each.unit_measure else unknown
        click.echo(f"{each.figures:>6}  {words}  ({printed}; {each.sources})")
        for suggestion in each.suggestions:
            click.echo(f"        {suggestion.score:>3}  {suggestion.indicator}  {suggestion.name}")
        if not each.suggestions:
            nothing = say("no indicator of this unit and size has a name like it", "没有单位、量级相符而名称相近的指标")
            click.echo(f"             {nothing}")
    if rows and len(found) > rows:
        more = len(found) - rows
        click.echo(say(f"… and {more} more (--rows 0)", f"……另有{more}个（--rows 0）"))
