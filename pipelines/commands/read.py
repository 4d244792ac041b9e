"""`gongfu read`: a bulletin, a work report or a practice article as figures, each with its characters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped, SourceRefused, shortened, visible

if TYPE_CHECKING:
    from pipelines.readers.prose.figure import Row

_SHOWN = (
    "char_start",
    "quote",
    "value",
    "unit",
    "qualifier",
    "kind",
    "place",
    "period",
    "subject",
    "breakdown",
    "status",
)

_HEADS = ("起始字符", "原文", "数值", "单位", "限定", "类型", "地区", "时期", "主题", "分组", "状态")


@click.command(cls=Command)
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the document with its figures highlighted, as one HTML file.",
)
@click.option(
    "--published",
    default="",
    metavar="DATE",
    help="When it was published, where it does not say: 2023, 2023-03 or 2023-03-10.",
)
@click.option(
    "--threshold", default=0.6, show_default=True, help="Confidence (0 to 1) below which a figure is for review."
)
def read(document: Path, form: str, page: Path | None, published: str, threshold: float) -> None:
    """Read DOCUMENT (text, Markdown, HTML, DOCX or PDF) and print its figures, refusals and numbers left alone."""
    from pipelines.readers.prose.bulletin import figures_of
    from pipelines.readers.prose.documents import received
    from pipelines.readers.prose.output import write_csv

    try:
        text = received(document)
    except SourceRefused as refused:
        problem = refused.problems[0]
        raise BuildStopped(str(problem), zh=f"{problem.file}：{problem.message_zh}") from None
    for table in text.tables:
        click.echo(
            say(
                f"{table.where}: a table with {table.numbers} numbers, passed over; give it to a reader of sheets",
                f"{table.where}：表格中有 {table.numbers} 个数字，未读；请用表格读取方式另作来源",
            ),
            err=True,
        )
    rows = figures_of(text.reading(), published, threshold)
    if page is not None:
        from pipelines.readers.prose.page import page_of

        page.write_text(page_of(document.name, text, rows), encoding="utf-8")
        click.echo(say(f"written: {page}", f"已写入：{page}"), err=True)
    if form == "csv":
        write_csv(rows, sys.stdout)
    else:
        _show(rows)


def _show(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    from pipelines.readers.prose.output import cell

    table = Table(box=None, header_style="bold")
    for name, head in zip(_SHOWN, _HEADS, strict=True):
        table.add_column(say(name, head), overflow="fold")
    for row in rows:
        if row.status != "left_out":
            table.add_row(*(visible(shortened(cell(getattr(row, name)), 40)) for name in _SHOWN))
    Console().print(table)
    counts = {
        status: sum(row.status == status for row in rows) for status in ("figure", "review", "refused", "left_out")
    }
    names = say("figures,for review,refused,left out", "个数字,个待核,个拒收,个不是数据").split(",")
    click.echo(", ".join(f"{count} {name}" for count, name in zip(counts.values(), names, strict=True)))
