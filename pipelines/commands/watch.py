"""`gongfu watch`: builds whatever changes, in a process that stays loaded, and says what each build changed.

Only raw/ is built anew by what is loaded. Code, models and reference data are read once by whoever needs them; where
one of their files changes, the process begins itself again.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from pipelines.commands.build import tell_held_back
from pipelines.commands.diff import show
from pipelines.commands.language import Command, say, speaker
from pipelines.problems import BuildStopped, visible
from pipelines.project import Project, current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.quality.gate import Gate

#: Of each build at most so many of the figures that it changed are shown; they stay on one screen.
_SHOWN = 10
#: A change is waited for until nothing more was saved for so long, and at most so long, in milliseconds.
_QUIET, _AT_MOST = 100, 1600
#: The first look comes after this, in milliseconds: from then on no change escapes.
_SETTLED = 200


@click.command(cls=Command)
def watch() -> None:
    """Build on every change under raw/, the reference data and the code, and say what it changed; Ctrl-C ends it."""
    from pipelines.fingerprint import touched

    for each in (signal.SIGINT, signal.SIGTERM):  # a shell that starts it in the background had them ignored
        signal.signal(each, signal.default_int_handler)
    project = current()
    loaded_from = touched(project)
    click.echo(say("Loading the pipeline …", "正在载入流程……"))
    from pipelines.building.build import is_current
    from pipelines.quality.gate import Gate

    with closing(Gate()) as gate:
        try:
            _load()
            for saved_at in _changes(project):
                if touched(project) != loaded_from:
                    break
                if is_current(project) is None:
                    _build(project, gate, saved_at)
                click.echo(say("\nWatching for changes; Ctrl-C ends it.", "\n等待改动；按Ctrl-C结束。"))
            else:
                return
        except KeyboardInterrupt:  # between two waits; while it waits, the wait itself ends
            return
    click.echo(say("Code or reference data changed: beginning again.", "程序或代码表有改动：重新载入。"))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pipelines", *sys.argv[1:]])  # noqa: S606 - this very command


def _load() -> None:
    """Whatever a build of changed figures imports."""
    import dagster_dbt  # noqa: F401
    import pandera.polars  # noqa: F401

    import pipelines.commands.running
    import pipelines.definitions
    import pipelines.quality.report  # noqa: F401


def _changes(project: Project) -> Iterator[float]:
    """Once at the beginning, then each time when something was saved: when that was seen, on the monotonic clock.

    What is saved while its reader is busy is told afterwards. Ends where it is interrupted.
    """
    from watchfiles import watch

    from pipelines.fingerprint import places

    is_first = True
    seen = watch(
        *places(project),
        step=_QUIET,
        debounce=_AT_MOST,
        rust_timeout=_SETTLED,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    for changed in seen:
        if changed or is_first:
            is_first = False
            yield time.monotonic()


def _build(project: Project, gate: Gate, saved_at: float) -> None:
    """One build; what stops it is said, and the watch goes on."""
    from pipelines.asking import builds
    from pipelines.asking.difference import difference
    from pipelines.commands.running import run_build
    from pipelines.orchestration.progress import OnTerminal

    before = builds.read(project.published)
    click.echo(f"\n{time.strftime('%H:%M:%S')}")
    try:
        run_build(project, OnTerminal(click.echo, speaker()), waits=True, gate=gate)
        record = builds.read(project.published)
        if record is None or record == before:
            return
        took = time.monotonic() - saved_at
        if before is not None:
            show(difference(project, before.version, "current"), _SHOWN)
        click.echo(
            say(
                f"published {record.version}, {took:.1f} s after the change: {record.accepted} figures · "
                f"{record.quarantined} quarantined · {record.unmapped} unmapped; checks: {record.passed} passed · "
                f"{record.warned} warned",
                f"已发布{record.version}，距改动{took:.1f}秒：采用{record.accepted} · 隔离{record.quarantined} · "
                f"无代码{record.unmapped}；检查：通过{record.passed} · 警告{record.warned}",
            )
        )
        tell_held_back(project)
    except BuildStopped as stopped:
        click.echo(f"gongfu: {visible(say(str(stopped), stopped.zh))}", err=True)
