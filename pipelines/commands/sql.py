"""`gongfu sql`: one read-only query on the published warehouse, as a table or as CSV."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.asking.written import plain
from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped, visible
from pipelines.project import current
from pipelines.serving.delimited import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.asking.guard import Answer


@click.command(cls=Command)
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@click.option("--rows", default=100, show_default=True, help="Print at most so many rows of a table; 0 for all.")
@click.option(
    "--with",
    "mine",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="A CSV (UTF-8) that QUERY may read too, as the table of its name.",
)
def sql(query: str, as_csv: bool, rows: int, mine: Path | None) -> None:
    """Run one statement that reads, QUERY, on the published warehouse.

    The schemas are landing, reference, facts, marts and quality. SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE,
    SUMMARIZE and SHOW are taken; nothing is written and no other file is opened. A query may run for 60 seconds, take
    2 GB of memory and give 1 000 000 rows; `gongfu export` takes whole tables.
    """
    answer = _ask(query, mine)
    if as_csv:
        print_csv(answer.columns, answer.rows)
    else:
        print_table(answer.columns, answer.rows, rows)


def _ask(query: str, mine: Path | None) -> Answer:
    from pipelines.asking import guard
    from pipelines.asking.warehouse import path_of

    try:
        return guard.ask(path_of(current()), query, csv=mine)
    except guard.QueryRefused as refused:
        raise BuildStopped(f"the query could not run: {refused}", 2, zh=f"查询未能执行：{refused.zh}") from None


def print_csv(names: Sequence[str], found: Iterable[tuple[Any, ...]]) -> None:
    """Write rows to standard output as CSV that no spreadsheet executes; on a terminal with controls as signs."""
    if not sys.stdout.isatty():
        write_csv(sys.stdout, names, found)
        return
    text = io.StringIO()
    write_csv(text, names, found)
    click.echo(visible(text.getvalue()), nl=False)


def print_table(names: Sequence[str], found: Sequence[tuple[Any, ...]], at_most: int) -> None:
    """Write rows to standard output as a table, `at_most` of them; all where it is 0."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = found[:at_most] if at_most else found
    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], (int, float, Decimal)) for row in shown)
        table.add_column(escape(visible(name)), justify="right" if numeric else "left", overflow="fold")
    for row in shown:
        table.add_row(*(escape(_text(value)) for value in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(80, *(_width(names, shown))) if shown else 200)
    console.print(table)
    more = f" of {len(found)}" if len(shown) < len(found) else ""
    of_all = f"，共{len(found)}行" if len(shown) < len(found) else ""
    console.print(say(f"({len(shown)}{more} rows)", f"（{len(shown)}行{of_all}）"), style="dim", highlight=False)


def _width(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    from rich.cells import cell_len

    widths = [max(cell_len(name), *(cell_len(_text(row[i])) for row in rows)) for i, name in enumerate(names)]
    return [sum(widths) + 2 * len(widths) + 2]


def _text(value: object) -> str:
    """A value for people: decimals without the zeros that only fill the column's scale."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else visible(str(value))
