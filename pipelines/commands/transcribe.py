"""`gongfu transcribe`: the figures of a file that may not be handed on, as a figures table with the cell of each."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands.language import Command, say
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
            typed, now = " | ".join(one.typed), " | ".join(one.read or ())
            click.echo(
                say(
                    f"{one.cell}: typed {typed or 'nothing'}; read {now or 'nothing'}",
                    f"{one.cell}：转抄为{typed or '无'}；现读为{now or '无'}",
                )
            )
        if found:
            count = len(found)
            raise BuildStopped(f"{count} figures are read otherwise now", zh=f"有{count}个数字现在读得不同")
        click.echo(say("every figure reads as it was transcribed", "各数字与转抄的一致"))
        return
    text, count, put_aside = transcribing.transcribed(project, file, card)
    if put_aside:
        aside, first = len(put_aside), put_aside[0]
        click.echo(
            say(f"{aside} put aside, the first: {first}", f"{aside}项未转抄，首项：{first.in_chinese}"), err=True
        )
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise BuildStopped(f"{output} is there already; it was not changed", zh=f"{output}已存在，未作改动")
    output.write_text(text, encoding="utf-8")
    click.echo(say(f"{count} figures written: {output}", f"已写入{count}个数字：{output}"))
