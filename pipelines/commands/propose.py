"""`gongfu propose`: which reader a file wants, and a first card for it, with a preview of what it would read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped, SourceRefused, shortened
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.readers import Reading

_PREVIEW = 12


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write source.yaml beside the file, unless there is one.")
@click.option("--rows", default=_PREVIEW, show_default=True, help="Figures to show of each table.")
def propose(file: Path, write: bool, rows: int) -> None:
    """Look at FILE and propose its source.yaml: the reader, the layout of its tables, and what is left to ask."""
    from pipelines.proposing.looking import look, unit_in_name_contradicts

    project = current()
    try:
        reader, found, reading = look(project, file)
    except SourceRefused as refused:
        raise BuildStopped(str(refused.problems[0]), zh=refused.problems[0].in_chinese) from None
    fields = [proposal.fields for proposal in found if proposal.fields]
    card = _card(file, reader, fields)
    click.echo(card)
    for number, proposal in enumerate(found, 1):
        for question in proposal.questions:
            click.secho(say(f"? table {number}: {question.en}", f"? 表{number}：{question.zh}"), fg="yellow")
        for note in proposal.notes:
            click.echo(say(f"  table {number}: {note.en}", f"  表{number}：{note.zh}"))
    if reading is not None:
        if unit := unit_in_name_contradicts(file, reading):
            en = f"? the file's name says {unit}, the table another unit: which holds?"
            click.secho(say(en, f"? 文件名写的是{unit}，表中是另一单位：以何者为准？"), fg="yellow")
        _show(reading, rows)
    if write:
        beside = file.parent / "source.yaml"
        if beside.exists():
            raise BuildStopped(f"{beside} is there already; it was not changed", zh=f"{beside}已存在，未作改动")
        beside.write_text(card, encoding="utf-8")
        click.echo(
            say(
                f"written: {beside}; fill in what is empty or ?, then run `gongfu build`",
                f"已写入{beside}；请填好空白与问号处，再运行`gongfu build`",
            )
        )


def _card(file: Path, reader: str, tables: list[dict[str, Any]]) -> str:
    """A source.yaml in which the description is still to be written."""
    import datetime
    import hashlib

    import yaml

    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    described = {
        "source_id": file.resolve().parent.name, "title": "", "title_en": "", "publisher": "", "publisher_en": "",
        "published_on": "", "retrieved_on": datetime.datetime.now(tz=datetime.UTC).date(), "licence": "",
        "reader": reader, "files": [{"path": file.name, "sha256": sha256}],
    }  # fmt: skip
    text = yaml.safe_dump(described, allow_unicode=True, sort_keys=False)
    if tables:
        text += "layout:\n" + ("  tables:\n" if reader == "yearbook_sheet" else "")
        for table in tables:
            lines = [f"{key}: {_in_one_line(value)}" for key, value in table.items()]
            if reader == "yearbook_sheet":
                text += "    - " + "\n      ".join(lines) + "\n"
            else:
                text += "".join(f"  {line}\n" for line in lines)
    return text


def _in_one_line(value: object) -> str:
    import yaml

    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
    return text.strip().removesuffix("...").strip()


def _show(reading: Reading, rows: int) -> None:
    from rich.console import Console
    from rich.table import Table

    count, first = len(reading.figures), min(rows, len(reading.figures))
    table = Table(title=say(f"{count} figures; the first {first}", f"数字{count}个；前{first}个"))
    names = ("cell", "label", "breakdown", "place", "period", "value", "unit")
    heads = ("单元格", "名目", "分组", "地区", "时期", "数值", "单位")
    for name, head in zip(names, heads, strict=True):
        table.add_column(say(name, head), justify="right" if name == "value" else "left")
    for row in reading.figures.select(names).head(rows).rows():
        table.add_row(*(shortened(str(cell)) for cell in row))
    Console().print(table)
    for problem in reading.problems[:rows]:
        click.secho(f"! {say(problem.message_en, problem.message_zh)}", fg="red")
