"""`gongfu export`: observations as SDMX-CSV, or any table as CSV or XLSX."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.problems import BuildStopped
from pipelines.project import current

OBSERVATIONS = "facts.observations"


@click.command()
@click.argument("table", default=OBSERVATIONS)
@click.option("--format", "form", type=click.Choice(["sdmx-csv", "csv", "xlsx"]), default="csv", show_default=True)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.option("--source", multiple=True, help="sdmx-csv: only observations of these sources.")
@click.option("--indicator", multiple=True, help="sdmx-csv: only these indicators.")
def export(table: str, form: str, output: Path, source: tuple[str, ...], indicator: tuple[str, ...]) -> None:
    """Write TABLE (facts.observations) into a file; nothing in it can execute in a spreadsheet."""
    from pipelines.asking.tables import rows_of, table_named
    from pipelines.asking.warehouse import published
    from pipelines.serving.delimited import write_csv_file
    from pipelines.serving.sdmx_csv import write_sdmx_csv
    from pipelines.serving.workbook import write_workbook

    if form == "sdmx-csv" and table != OBSERVATIONS:
        raise BuildStopped(f"only {OBSERVATIONS} is SDMX; export {table} as csv or xlsx", exit_code=2)
    left_out = 0
    try:
        with published(current()) as warehouse:
            if form == "sdmx-csv":
                written, left_out = write_sdmx_csv(warehouse, output, source, indicator)
            else:
                found = table_named(warehouse, table)
                write = write_workbook if form == "xlsx" else write_csv_file
                written = write(output, [column.name for column in found.columns], rows_of(warehouse, found))
    except OSError as error:
        raise BuildStopped(f"{output} could not be written: {error.strerror}", exit_code=4) from None
    click.echo(f"{written} rows in {output}")
    if left_out:
        click.echo(f"{left_out} left out: a corrections ledger says other than they print (reference.corrections)")
