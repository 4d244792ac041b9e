"""`gongfu status`: what is published, from what, when, and how its checks stand."""

from __future__ import annotations

import click

from pipelines.commands.build import LEFT_OUT
from pipelines.commands.language import Command
from pipelines.problems import BuildStopped
from pipelines.project import current


@click.command(cls=Command)
def status() -> None:
    """What is published, from what, when, and how its checks stand."""
    from pipelines.asking import builds
    from pipelines.asking.held_back import first_reasons
    from pipelines.asking.warehouse import NothingPublished
    from pipelines.asking.warehouse import published as opened
    from pipelines.fingerprint import of_project

    project = current()
    published = builds.read(project.published)
    if published is None:
        if of_another := builds.other_form(project.published):
            raise BuildStopped(of_another)
        raise NothingPublished
    now = of_project(project)
    changed = [
        name
        for name, before, after in (
            ("raw/", published.raw, now.raw),
            ("seeds", published.seeds, now.seeds),
            ("models or code", published.code, now.code),
        )
        if before != after
    ]
    click.echo(
        f"version    {published.version}  ({project.relative(project.published)}, made by gongfu {published.gongfu})"
    )
    click.echo(f"finished   {published.finished_at:%Y-%m-%d %H:%M:%S %Z}")
    click.echo(f"sources    {published.sources}")
    with opened(project) as warehouse:
        sources = first_reasons(warehouse, audience="internal")
    for each in sources:
        used = "its last good version is used" if each.last_good_version_is_used else LEFT_OUT
        click.echo(f"HELD BACK  {each.source_id} ({used}): {each.place}: {each.message_en}")
    counts = f"{published.accepted} accepted · {published.quarantined} quarantined · {published.unmapped} unmapped"
    click.echo(f"figures    {counts}")
    click.echo(f"checks     {published.passed} passed · {published.warned} warned · {published.failed} failed")
    click.echo(
        f"current    {'yes' if not changed else 'no: ' + ', '.join(changed) + ' changed since; run gongfu build'}"
    )
