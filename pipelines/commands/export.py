"""`gongfu export`: figures or any table as a workbook, CSV, Parquet or SDMX-CSV, by the ending of the file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped
from pipelines.project import current

OBSERVATIONS = "facts.observations"


@click.command(cls=Command)
@click.argument("table", default=OBSERVATIONS)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write; its ending is its form: .xlsx, .csv, .parquet or .sdmx.csv.",
)
@click.option("--wide", is_flag=True, help="A panel: a row for each place and year, a column for each indicator.")
@click.option("--indicator", multiple=True, help="Only figures of these indicators.")
@click.option("--place", multiple=True, help="Only figures of these places (codes).")
@click.option("--source", multiple=True, help="Only figures of these sources.")
@click.option("--since", metavar="PERIOD", help="Only figures of periods from this one on, such as 2015 or 2015-Q2.")
@click.option("--until", metavar="PERIOD", help="Only figures of periods up to this one.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="What was known on a day.")
@click.option("--vintages", is_flag=True, help="Every print of a figure, not only the one that stands.")
def export(  # noqa: PLR0913, PLR0917 - one parameter an option
    table: str,
    output: Path,
    wide: bool,
    indicator: tuple[str, ...],
    place: tuple[str, ...],
    source: tuple[str, ...],
    since: str | None,
    until: str | None,
    as_of: datetime | None,
    vintages: bool,
) -> None:
    """Write figures, or TABLE whole, into a file; nothing in it can execute in a spreadsheet.

    Beside a file that is no workbook lies FILE.sources.csv: publishers, dates and terms of what it holds.
    """
    from pipelines.asking.observations import Wanted
    from pipelines.asking.periods import days_of
    from pipelines.asking.warehouse import published
    from pipelines.serving import files

    wanted = Wanted(
        indicators=indicator,
        ref_areas=place,
        sources=source,
        since=days_of(since)[0] if since else None,
        until=days_of(until)[1] if until else None,
        as_of=as_of.date() if as_of else None,
        vintages="all" if vintages else "current",
    )
    _refuse_unfit(table, is_restricted=wide or wanted != Wanted())
    try:
        with published(current()) as warehouse:
            if table == OBSERVATIONS:
                written = files.write_figures(warehouse, output, wanted, wide=wide, today=date.today())
            else:
                written = files.write_table(warehouse, output, table, today=date.today())
    except OSError as error:
        message = f"{output} could not be written: {error.strerror}"
        raise BuildStopped(message, 4, zh=f"无法写入{output}：{error.strerror}") from None
    click.echo(say(f"{written.rows} rows in {output}", f"已写入{written.rows}行：{output}"))
    if written.corrected:
        click.echo(
            say(
                f"{written.corrected} left out: a ledger says other than they print (reference.corrections)",
                f"略去{written.corrected}个：更正台账与所印不同（reference.corrections）",
            )
        )
    if written.left_out:
        click.echo(
            say(
                f"{written.left_out} figures of half-years, quarters, months or days left out: a panel is yearly",
                f"略去{written.left_out}个半年、季、月、日的数字：面板只含年度数",
            )
        )
    if written.internal:
        click.echo(
            say(
                f"{written.internal} rows left out: they stand on sources for internal use",
                f"略去{written.internal}行：来自限内部使用的来源",
            )
        )


def _refuse_unfit(table: str, *, is_restricted: bool) -> None:
    if table != OBSERVATIONS and is_restricted:
        raise BuildStopped(
            f"only figures can be chosen or made a panel; {table} is exported whole",
            2,
            zh=f"只有数字可以筛选或成面板；{table}只能整表导出",
        )
