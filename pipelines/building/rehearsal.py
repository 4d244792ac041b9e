"""What a publish would change, without one: the build made beside and held against the published file."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.difference import between
from pipelines.building import blame
from pipelines.building.build import Build
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.lock import build_lock
from pipelines.rules import Words

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.difference import Difference
    from pipelines.building.build import Listener
    from pipelines.receiving.holding import HeldBack


class _Aside(Project):
    """The project with a store of readings of its own: what a rehearsal reads, no build has read."""

    @property
    def landing(self) -> Path:
        return self.warehouse / ".rehearsed"


@dataclass(frozen=True)
class Rehearsal:
    """What a publish would do.

    Attributes:
        difference: to the published file; None where nothing is published yet, or where dbt did not make all tables.
        held_back: sources whose newest version would not be published.
        reason_to_stop: why nothing would be published, or None.
    """

    difference: Difference | None
    held_back: list[HeldBack]
    reason_to_stop: Words | None


def rehearse(project: Project, *, full: bool, listeners: tuple[Listener, ...] = ()) -> Rehearsal:
    """Make the build beside the published file, compare the two, and leave nothing of it.

    Args:
        project: whose raw/ and dbt project.
        full: everything is read and made again.
        listeners: told how far it is.

    Raises:
        BuildStopped: another build is running, or a source that has not changed cannot be read any more.
    """
    with build_lock(project, "gongfu build --dry-run"):
        aside = _Aside(project.root)
        shutil.rmtree(aside.landing, ignore_errors=True)
        if project.landing.is_dir():
            shutil.copytree(project.landing, aside.landing)
        try:
            build = Build.begin(aside, full=full, listeners=listeners)
            for _ in build.land():
                pass
            build.transform()
            build.evaluate()
            failed = blame.failed_in_dbt(build.outcome)
            first = f"{failed[0].check}: {failed[0].example}" if failed else ""
            reason = build.reason_to_stop() or (Words(first, first) if first else None)
            comparable = project.published.is_file() and not failed
            difference = between(project.published, project.building) if comparable else None
            return Rehearsal(difference, list(build.held_back.values()), reason)
        finally:
            shutil.rmtree(aside.landing, ignore_errors=True)
            store.begin(project, keep_from_published=False)
