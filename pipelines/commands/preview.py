"""`gongfu preview`: one source as it would be coded, without a build."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command
from pipelines.problems import shortened
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.proposing.previewing import Preview


@click.command(cls=Command)
@click.argument("source_id")
@click.option("--rows", default=12, show_default=True, help="Show at most so many figures.")
def preview(source_id: str, rows: int) -> None:
    """Show SOURCE_ID as its card makes it: its numbers accounted for, its first figures coded, and what is open."""
    from pipelines.proposing import previewing

    found = previewing.preview(current(), source_id)
    _say_card(found)
    _say_numbers(found)
    _say_figures(found, rows)
    _say_open(found, rows)


def _say_card(found: Preview) -> None:
    source = found.source
    click.echo(f"{source.source_id}: {source.title} ({source.publisher}, {source.published_on or 'no date'})")
    click.echo(f"  reader {source.reader}; layout {source.layout or '{}'}")


def _say_numbers(found: Preview) -> None:
    for file, reading in zip(found.source.files, found.readings, strict=True):
        left_out = Counter[str]()
        for one in reading.left_out:
            left_out[one.reason] += one.numbers
        beside = ", ".join(f"{reason} {count}" for reason, count in left_out.most_common()) or "none"
        taken = reading.numbers - reading.refused - sum(left_out.values())
        click.echo(
            f"  {file.path.name}: {reading.numbers} numbers = {taken} figures + {sum(left_out.values())} left out"
        )
        click.echo(f"    ({beside}) + {reading.refused} refused")


def _say_figures(found: Preview, rows: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{len(found.coded)} figures; the first {min(rows, len(found.coded))} as they would be coded")
    for name in ("locator", "indicator", "place", "period", "value", "unit"):
        table.add_column(name, justify="right" if name == "value" else "left")
    for one in found.coded[:rows]:
        breakdown = f" · {one['breakdown']}" if one["breakdown"] else ""
        status = f" {one['obs_status']}" if one["obs_status"] != "A" else ""
        table.add_row(
            shortened(one["locator"]),
            f"{one['indicator'] or '? ' + one['label']}{breakdown}",
            one["ref_area"] or f"? {one['place_printed']}",
            f"{one['time_period'] or '? ' + one['period_printed']}{status}",
            one["value_printed"],
            f"{one['unit_printed']} = {one['unit_measure']}" if one["unit_measure"] else f"? {one['unit_printed']}",
        )
    Console().print(table)


def _say_open(found: Preview, rows: int) -> None:
    unmapped: Counter[str] = Counter()
    for one in found.coded:
        words = one["label"] + (f" · {one['breakdown_printed']}" if one["breakdown_printed"] else "")
        if not one["indicator"]:
            unmapped[f"label {words} ({one['unit_printed']})"] += 1
        if not one["ref_area"]:
            may_be = f", may be {one['may_be_areas']}" if one["may_be_areas"] else ""
            unmapped[f"place {one['place_printed']}{may_be}"] += 1
        if not one["time_period"]:
            unmapped[f"period {one['period_printed']}"] += 1
        if not one["unit_measure"]:
            unmapped[f"unit {one['unit_printed'] or '(none)'}"] += 1
    for words, count in unmapped.most_common(rows):
        click.secho(f"? {words}: {count} figures", fg="yellow")
    for problem in found.problems[:rows]:
        click.secho(f"! {problem}", fg="red")
    if len(found.problems) > rows:
        click.echo(f"  … and {len(found.problems) - rows} more problems")
