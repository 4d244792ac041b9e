"""`gongfu build`: the job that the Dagster UI runs, in this process, with its progress on the terminal."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say, speaker
from pipelines.problems import BuildStopped
from pipelines.project import Project, current
from pipelines.publishing.disk import clear_disk_errors

if TYPE_CHECKING:
    from pipelines.asking.builds import BuildRecord

#: Exit code of a build that is published, though without the newest version of some source.
HELD_BACK = 6
#: So many reasons are named for a source that is held back; the others are counted.
SHOWN_REASONS = 3

QUERIES = (
    "from marts.mart_practice_overview",
    "from marts.mart_income_gap where ref_area = '330000' order by time_period",
    "from quality.quarantine",
)


@click.command(cls=Command)
@click.option("--full", is_flag=True, help="Read and make everything again, whatever changed.")
@click.option("--dry-run", is_flag=True, help="Publish nothing; show what a publish would change.")
@click.option("--rows", default=20, show_default=True, help="Of a dry run, show at most so many figures; 0 for all.")
def build(full: bool, dry_run: bool, rows: int) -> None:
    """Read what changed under raw/, rebuild what it reaches, check it, publish it."""
    project = current()
    if dry_run:
        _rehearse(project, full=full, rows=rows)
        return
    if not full:
        from pipelines.building.build import is_current

        record = is_current(project)
        if record is not None:
            path = project.relative(project.published)
            click.echo(
                say(
                    f"Nothing changed since {record.version}: {path} is current.",
                    f"自{record.version}以来无变动：{path}已是最新。",
                )
            )
            _end_with(project)
            return
    began = time.monotonic()
    with clear_disk_errors(project.warehouse):
        _run_job(project, full=full)
    from pipelines.asking import builds

    published = builds.read(project.published)
    if published is None:
        raise BuildStopped(
            "the run ended, yet nothing is published; see the run in the UI (make ui)",
            zh="运行已结束，却未发布；请在界面中查看该次运行（make ui）",
        )
    _summarise(project, published, time.monotonic() - began)
    _end_with(project)


def _rehearse(project: Project, *, full: bool, rows: int) -> None:
    from pipelines.building.rehearsal import rehearse
    from pipelines.commands.diff import show
    from pipelines.orchestration.progress import OnTerminal

    with clear_disk_errors(project.warehouse):
        found = rehearse(project, full=full, listeners=(OnTerminal(click.echo, speaker()),))
    click.echo(say("\nThis would be changed; nothing is published:", "\n将有以下变化；未发布："))
    if found.difference is None and found.reason_to_stop is None:
        click.echo(say("everything is new: nothing is published yet", "全部为新：尚未发布任何数据"))
    if found.difference is not None:
        show(found.difference, rows)
    for each in found.held_back:
        problem = each.problems[0]
        used = say("its last good version would stay", "将沿用其上一个合格版本") if each.kept else left_out()
        click.echo(
            say(
                f"held back  {each.source_id} ({used}): {problem}",
                f"暂扣  {each.source_id}（{used}）：{problem.in_chinese}",
            )
        )
    if found.reason_to_stop is not None:
        reason = found.reason_to_stop
        raise BuildStopped(f"nothing would be published: {reason.en}", zh=f"将不予发布：{reason.zh}")
    if found.held_back:
        click.get_current_context().exit(HELD_BACK)


def _run_job(project: Project, *, full: bool) -> None:
    from pipelines.publishing.lock import build_lock

    with build_lock(project, "gongfu build"):
        pass  # said at once and in one line, before Dagster loads; the run itself takes the lock again
    click.echo(say("Loading the pipeline …", "正在载入流程……"))
    from pipelines.commands.running import run_build
    from pipelines.orchestration.progress import OnTerminal

    run_build(project, OnTerminal(click.echo, speaker()), full=full)


def _summarise(project: Project, record: BuildRecord, seconds: float) -> None:
    where = project.relative(project.published)
    size = project.published.stat().st_size / 1e6
    held, held_zh = "", ""
    if record.held_back:
        held = f"\n  held back    {record.held_back:>6}   of them, named below"
        held_zh = f"\n  暂扣   {record.held_back:>6}   见下"
    english = f"""
共富 gongfu: published {record.version} in {seconds:.0f} s

  sources      {record.sources:>6}   of them read anew: {record.sources_read}{held}
  figures      {record.accepted:>6}   accepted · {record.quarantined} quarantined · {record.unmapped} unmapped
  models       {record.models:>6}   of them built anew: {record.models_built}
  checks       {record.passed:>6}   passed · {record.warned} warned · {record.failed} failed
  warehouse    {where} ({size:.0f} MB)

Try:"""
    chinese = f"""
共富 gongfu：已发布{record.version}，用时{seconds:.0f}秒

  来源   {record.sources:>6}   其中重读{record.sources_read}{held_zh}
  数字   {record.accepted:>6}   采用 · 隔离{record.quarantined} · 无代码{record.unmapped}
  模型   {record.models:>6}   其中重做{record.models_built}
  检查   {record.passed:>6}   通过 · 警告{record.warned} · 未过{record.failed}
  仓库   {where}（{size:.0f} MB）

可试："""
    click.echo(say(english, chinese))
    for query in QUERIES:
        click.echo(f'  {_as_called()} sql "{query}"')
    click.echo(f"  {_as_called()} find 收入")
    _count_numbers(project)
    _list_refusals(project)


def _end_with(project: Project) -> None:
    """Name the sources that are held back, which have an exit code of their own."""
    if tell_held_back(project):
        click.get_current_context().exit(HELD_BACK)


def tell_held_back(project: Project) -> bool:
    """Name the sources that are held back; whether there are any."""
    from pipelines.asking.held_back import held_back
    from pipelines.asking.warehouse import published

    with published(project) as warehouse:
        reasons = held_back(warehouse, audience="internal")
    if not reasons:
        return False
    of_source = {each.source_id: [one for one in reasons if one.source_id == each.source_id] for each in reasons}
    count = len(of_source)
    click.echo(
        say(f"\nHELD BACK: {count} sources; everything else is published.", f"\n暂扣{count}个来源；其余均已发布。"),
        err=True,
    )
    for source_id, why in of_source.items():
        kept = why[0].last_good_version_is_used
        used = say("its last good version stays", "沿用其上一个合格版本") if kept else left_out()
        for each in why[:SHOWN_REASONS]:
            en = f"  {source_id} ({used}): {each.place}: {each.message_en}"
            click.echo(say(en, f"  {source_id}（{used}）：{each.in_chinese}"), err=True)
        if more := len(why[SHOWN_REASONS:]):
            en = f"  {source_id}: {more} more in quality.held_back"
            click.echo(say(en, f"  {source_id}：另有{more}条，见quality.held_back"), err=True)
    return True


def left_out() -> str:
    """What became of a source that is held back and was never good."""
    return say("left out: it has no good version yet", "未收：尚无合格版本")


def _count_numbers(project: Project) -> None:
    from pipelines.asking.findings import numbers
    from pipelines.asking.warehouse import published

    with published(project) as warehouse:
        counts = numbers(warehouse)
    total, figures, refused = sum(counts.values()), counts.pop("figures", 0), counts.pop("refused", 0)
    passed_over = sum(counts.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items(), key=lambda one: -one[1]))
    click.echo(
        say(
            f"\n{total} numbers in the files = {figures} figures + {passed_over} left out + {refused} refused",
            f"\n文件中的数{total}个 = 数字{figures} + 略去{passed_over} + 拒收{refused}",
        )
    )
    click.echo(
        say(
            f"  left out: {reasons or 'none'}  (quality.skipped_cells)",
            f"  略去：{reasons or '无'}（quality.skipped_cells）",
        )
    )


def _list_refusals(project: Project, at_most: int = 10) -> None:
    from pipelines.asking.findings import refusals
    from pipelines.asking.warehouse import published

    with published(project) as warehouse:
        found = refusals(warehouse, audience="internal")
    if found:
        click.echo(
            say(
                f"\nNot taken ({len(found)}; all of them in quality.quarantine):",
                f"\n未收{len(found)}项（全部见quality.quarantine）：",
            )
        )
    for each in found[:at_most]:
        line, row = (f", line {each.line}", f"，第{each.line}行") if each.line is not None else ("", "")
        column, field = (f", column {each.column_name}", f"，{each.column_name}") if each.column_name else ("", "")
        printed = f'"{each.printed_value or ""}" ' if each.refused_at == "coding" else ""
        en = f"  {each.file}{line}{column}: {printed}{each.message_en}"
        click.echo(say(en, f"  {each.file}{row}{field}：{printed}{each.message_zh}"))
    if len(found) > at_most:
        more = len(found) - at_most
        click.echo(say(f"  … and {more} more", f"  ……另有{more}项"))


def _as_called() -> str:
    """The command as a shell finds it from here."""
    if shutil.which("gongfu"):
        return "gongfu"
    beside = Path(sys.executable).with_name("gongfu")
    try:
        return str(beside.relative_to(Path.cwd()))
    except ValueError:
        return str(beside)
