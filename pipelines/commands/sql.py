"""`gongfu sql`: one read-only query on the published warehouse, as a table or as CSV."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from pipelines.engine.database import reading
from pipelines.exporting import plain_decimal, write_csv
from pipelines.problems import BuildStopped
from pipelines.project import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@click.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@click.option("--rows", default=100, show_default=True, help="Print at most so many rows of a table; 0 for all.")
def sql(query: str, as_csv: bool, rows: int) -> None:
    """Run one read-only QUERY on the published warehouse.

    The schemas are landing, reference, facts, marts and quality.
    """
    names, found = _fetch(query)
    if as_csv:
        print_csv(names, found)
    else:
        print_table(names, found, rows)


def _fetch(query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    import duckdb

    project = current()
    if not project.published.is_file():
        raise BuildStopped("nothing is published yet; run `make warehouse` (or `gongfu build`)", exit_code=5)
    try:
        with reading(project.published, closed=True) as connection:
            cursor = connection.execute(query)
            return [column[0] for column in cursor.description or []], cursor.fetchall()
    except duckdb.Error as error:
        raise BuildStopped(f"the query could not run: {str(error).splitlines()[0]}", exit_code=2) from None


def print_csv(names: Sequence[str], found: Iterable[tuple[Any, ...]]) -> None:
    """Write rows to standard output as CSV that no spreadsheet executes."""
    write_csv(sys.stdout, names, found)


def print_table(names: Sequence[str], found: Sequence[tuple[Any, ...]], at_most: int) -> None:
    """Write rows to standard output as a table, `at_most` of them; all where it is 0."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = found[:at_most] if at_most else found
    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], (int, float)) or hasattr(row[index], "as_tuple") for row in shown)
        table.add_column(escape(name), justify="right" if numeric else "left", overflow="fold")
    for row in shown:
        table.add_row(*(escape(_text(value)) for value in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(80, *(_width(names, shown))) if shown else 200)
    console.print(table)
    more = f" of {len(found)}" if len(shown) < len(found) else ""
    console.print(f"({len(shown)}{more} rows)", style="dim", highlight=False)


def _width(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    from rich.cells import cell_len

    widths = [max(cell_len(name), *(cell_len(_text(row[i])) for row in rows)) for i, name in enumerate(names)]
    return [sum(widths) + 2 * len(widths) + 2]


def _text(value: object) -> str:
    """A value for people: decimals without the zeros that only fill the column's scale."""
    if value is None:
        return ""
    return plain_decimal(value) if hasattr(value, "as_tuple") else str(value)
