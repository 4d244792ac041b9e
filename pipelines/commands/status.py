"""`gongfu status`: what is published, from what, when, and how its checks stand."""

from __future__ import annotations

import click

from pipelines.commands.build import left_out
from pipelines.commands.language import Command, say
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
            zh = f"{project.published.name}由另一形式的gongfu生成；请运行gongfu build"
            raise BuildStopped(of_another, zh=zh)
        raise NothingPublished
    now = of_project(project)
    changed = [
        name
        for name, before, after in (
            ("raw/", published.raw, now.raw),
            (say("seeds", "代码表"), published.seeds, now.seeds),
            (say("models or code", "模型或程序"), published.code, now.code),
        )
        if before != after
    ]
    path, maker = project.relative(project.published), published.gongfu
    _line(
        "version",
        "版次",
        published.version,
        say(f"  ({path}, made by gongfu {maker})", f"  （{path}，由gongfu {maker}生成）"),
    )
    _line("finished", "完成", f"{published.finished_at:%Y-%m-%d %H:%M:%S %Z}")
    _line("sources", "来源", str(published.sources))
    with opened(project) as warehouse:
        sources = first_reasons(warehouse, audience="internal")
    for each in sources:
        kept = each.last_good_version_is_used
        used = say("its last good version is used", "沿用其上一个合格版本") if kept else left_out()
        en = f"HELD BACK  {each.source_id} ({used}): {each.place}: {each.message_en}"
        click.echo(say(en, f"暂扣  {each.source_id}（{used}）：{each.in_chinese}"))
    _line(
        "figures",
        "数字",
        say(
            f"{published.accepted} accepted · {published.quarantined} quarantined · {published.unmapped} unmapped",
            f"采用{published.accepted} · 隔离{published.quarantined} · 无代码{published.unmapped}",
        ),
    )
    _line(
        "checks",
        "检查",
        say(
            f"{published.passed} passed · {published.warned} warned · {published.failed} failed",
            f"通过{published.passed} · 警告{published.warned} · 未过{published.failed}",
        ),
    )
    names = ", ".join(changed)
    stale = say(f"no: {names} changed since; run gongfu build", f"否：此后{names}有变动；请运行gongfu build")
    _line("current", "最新", stale if changed else say("yes", "是"))


def _line(en: str, zh: str, *said: str) -> None:
    click.echo(say(f"{en:<11}", f"{zh}  ") + "".join(said))
