"""`gongfu dictionary` and `gongfu dataset`: what a warehouse holds, explained, and all of it to take away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped
from pipelines.project import current

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(cls=Command)
@click.argument("folder", type=_FOLDER, required=False)
def dictionary(folder: Path | None) -> None:
    """Write the data dictionary as static pages into FOLDER (warehouse/dictionary)."""
    from pipelines.asking.warehouse import published
    from pipelines.serving.dictionary import write_dictionary

    project = current()
    try:
        with published(project) as warehouse:
            pages = write_dictionary(warehouse, folder or project.warehouse / "dictionary")
    except OSError as error:
        raise _unwritten(error) from None
    for page in pages:
        click.echo(project.relative(page))


@click.command(cls=Command)
@click.argument("folder", type=_FOLDER, required=False)
def dataset(folder: Path | None) -> None:
    """Write the whole data set as Parquet and CSV, with its dictionary, into FOLDER (warehouse/dataset)."""
    from pipelines.asking.warehouse import published
    from pipelines.serving.dataset import write_dataset

    project = current()
    into = folder or project.warehouse / "dataset"
    try:
        with published(project) as warehouse:
            written = write_dataset(warehouse, into, date.today())
    except OSError as error:
        raise _unwritten(error) from None
    where = project.relative(into)
    click.echo(say(f"{len(written)} files in {where}", f"已写入{len(written)}个文件：{where}"))


def _unwritten(error: OSError) -> BuildStopped:
    message = f"{error.filename} could not be written: {error.strerror}"
    return BuildStopped(message, 4, zh=f"无法写入{error.filename}：{error.strerror}")
