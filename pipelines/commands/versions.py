"""`gongfu versions` and `gongfu rollback`: earlier published builds, and the way back to one."""

from __future__ import annotations

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped
from pipelines.project import current


@click.command(cls=Command)
def versions() -> None:
    """List the published builds that are kept, newest first."""
    from pipelines.publishing import store

    kept = store.versions(current())
    if not kept:
        raise BuildStopped(
            "nothing is published yet; run `make warehouse` (or `gongfu build`)",
            exit_code=5,
            zh="尚未发布任何数据；请运行`make warehouse`（或`gongfu build`）",
        )
    for version in kept:
        mark = say("published", "现用") if version.is_current else ""
        click.echo(f"{version.version}  {version.size / 1e6:6.1f} MB  {mark}".rstrip())


@click.command(cls=Command)
@click.argument("version", required=False)
def rollback(version: str | None) -> None:
    """Publish an earlier build again: VERSION, or the one before the current."""
    from pipelines.publishing import store

    back = store.rollback(current(), version)
    click.echo(
        say(
            f"published {back.version} again; `gongfu build` would build from what is there now",
            f"已重新发布{back.version}；`gongfu build`将按现有内容构建",
        )
    )
