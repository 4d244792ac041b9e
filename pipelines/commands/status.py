"""`gongfu status`: what is published, from what, when, and how its checks stand."""

from __future__ import annotations

import click

from pipelines.problems import BuildStopped
from pipelines.project import current


@click.command()
def status() -> None:
    """What is published, from what, when, and how its checks stand."""
    from pipelines.asking import builds
    from pipelines.asking.held_back import held_back
    from pipelines.fingerprint import of_project

    project = current()
    published = builds.read(project.published)
    if published is None:
        raise BuildStopped("nothing is published yet; run `make warehouse` (or `gongfu build`)", exit_code=5)
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
    click.echo(f"version    {published.version}  ({project.relative(project.published)})")
    click.echo(f"finished   {published.finished_at:%Y-%m-%d %H:%M:%S %Z}")
    click.echo(f"sources    {published.sources}")
    for each in held_back(project.published):
        used = "its last good version is used" if each.is_used else "left out: it has no good version yet"
        click.echo(f"HELD BACK  {each.source_id} ({used}): {each.reasons[0]}")
    counts = f"{published.accepted} accepted · {published.quarantined} quarantined · {published.unmapped} unmapped"
    click.echo(f"figures    {counts}")
    click.echo(f"checks     {published.passed} passed · {published.warned} warned · {published.failed} failed")
    click.echo(
        f"current    {'yes' if not changed else 'no: ' + ', '.join(changed) + ' changed since; run gongfu build'}"
    )
