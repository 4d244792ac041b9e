"""`gongfu transcribe`: the figures of a file that may not be handed on, as a figures table with the cell of each."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands.language import Command
from pipelines.problems import BuildStopped
from pipelines.project import current


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--card", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="How to read FILE.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Where the figures table goes; else it is printed."
)
@click.option("--check", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A figures table to check.")
def transcribe(file: Path, card: Path | None, output: Path | None, check: Path | None) -> None:
    """Write the figures of FILE as a figures table, or --check what a better reader reads otherwise now."""
    from pipelines.proposing import transcribing

    project = current()
    if check:
        found = transcribing.differing(project, check, file, card)
        for one in found:
            click.echo(
                f"{one.cell}: typed {' | '.join(one.typed) or 'nothing'}; read {' | '.join(one.read or ('nothing',))}"
            )
        if found:
            raise BuildStopped(f"{len(found)} figures are read otherwise now")
        click.echo("every figure reads as it was transcribed")
        return
    text, count = transcribing.transcribed(project, file, card)
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise BuildStopped(f"{output} is there already; it was not changed")
    output.write_text(text, encoding="utf-8")
    click.echo(f"{count} figures written: {output}")
