"""`gongfu site`: the monitor as static pages."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands.language import Command, say
from pipelines.project import current


@click.command(cls=Command)
@click.argument("folder", type=click.Path(file_okay=True, path_type=Path), required=False)
@click.option("--pages", "languages", multiple=True, help="Only pages of this language (zh, en).")
@click.option(
    "--geojson",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw maps with the shapes in this file, by the codes of its features, instead of with tiles.",
)
def site(folder: Path | None, languages: tuple[str, ...], geojson: Path | None) -> None:
    """Write the monitor as static pages into FOLDER (warehouse/site); it opens without a server or a network.

    Only pages whose figures changed are made anew; pages of what is no more are removed.
    """
    from pipelines.asking.warehouse import published
    from pipelines.serving.monitor.shapes import read_shapes
    from pipelines.serving.monitor.site import write_site
    from pipelines.serving.monitor.wording import LANGUAGES

    project = current()
    target = folder or project.warehouse / "site"
    shapes = read_shapes(geojson) if geojson else None
    with published(project) as warehouse:
        made = write_site(warehouse, target, languages or LANGUAGES, shapes)
    files, written, removed = len(made.files), len(made.written), len(made.removed)
    click.echo(
        say(
            f"{files} files in {target}: {written} written, {removed} removed",
            f"{target}共{files}个文件：写入{written}个，移除{removed}个",
        )
    )
