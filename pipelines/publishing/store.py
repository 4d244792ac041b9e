"""The published file and the few before it: beside, check, swap.

Whatever moment the process is killed at, `warehouse/gongfu.duckdb` is the old build or the new one, whole: it only
ever changes by one rename on one file system. A reader that holds the old file open goes on reading it.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped
from pipelines.publishing.disk import clear_disk_errors
from pipelines.publishing.lock import build_lock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pipelines.project import Project

KEPT_VERSIONS = 5


@dataclass(frozen=True)
class Version:
    """A published build that is kept.

    Attributes:
        version: its name, out of the file itself.
        path: where it lies.
        size: bytes.
        finished_at: when it was built.
        is_current: it is the published one.
    """

    version: str
    path: Path
    size: int
    finished_at: datetime
    is_current: bool


def begin(project: Project, *, keep_from_published: bool) -> Path:
    """Make ready the file to build: clear what an interrupted build left, copy the published file if asked.

    Returns:
        Its path; the file is there only if it was copied.
    """
    with clear_disk_errors(project.workshop):
        project.workshop.mkdir(parents=True, exist_ok=True)
        for leftover in project.workshop.iterdir():
            if leftover.name != "lock":
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        if keep_from_published:
            shutil.copyfile(project.published, project.building)
    return project.building


def publish(project: Project, version: str) -> Path:
    """Put the built file in the published one's place, in one rename, and keep it among the versions.

    Raises:
        BuildStopped: the disk would not take it; the published file is as it was.
    """
    with clear_disk_errors(project.warehouse):
        _settle(project.building)
        project.versions.mkdir(parents=True, exist_ok=True)
        kept = project.versions / f"{version}.duckdb"
        project.building.chmod(0o444)
        _link(project.building, kept)
        _sync(project.versions)
        project.building.replace(project.published)
        _sync(project.warehouse)
        _prune(project)
    return project.published


def versions(project: Project) -> list[Version]:
    """The published builds that are kept, newest first; a file that is no warehouse is passed over."""
    from pipelines import record

    current = record.read(project.published)
    found = []
    for path in _kept(project):
        own = record.read(path)
        if own is not None:
            is_current = current is not None and own.version == current.version
            found.append(Version(own.version, path, path.stat().st_size, own.finished_at, is_current))
    return sorted(found, key=lambda version: version.version, reverse=True)


def rollback(project: Project, version: str | None) -> Version:
    """Publish an earlier build again.

    Args:
        project: whose warehouse.
        version: which; None for the newest one older than the published.

    Raises:
        BuildStopped: there is no such version.
    """
    with build_lock(project, "gongfu rollback"):
        known = versions(project)
        current = next((each.version for each in known if each.is_current), None)
        if version is None:
            back = next((each for each in known if current is None or each.version < current), None)
        else:
            back = next((each for each in known if each.version == version), None)
        if back is None:
            names = ", ".join(each.version for each in known) or "none"
            raise BuildStopped(f"no {version or 'earlier version'} to go back to; kept are: {names}", 2)
        with clear_disk_errors(project.warehouse):
            beside = project.workshop / "rollback.duckdb"
            beside.unlink(missing_ok=True)
            _link(back.path, beside)
            beside.replace(project.published)
            _sync(project.warehouse)
    return back


def _settle(path: Path) -> None:
    """Everything into the one file, and the file onto the disk."""
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("checkpoint")
    if path.with_name(f"{path.name}.wal").exists():
        raise BuildStopped("the built file is still open somewhere; close it and build again")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _link(origin: Path, name: Path) -> None:
    """Another name for the same bytes; a copy where the file system has no hard links."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(origin)
    except OSError:
        shutil.copyfile(origin, name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept(project: Project) -> list[Path]:
    return sorted(project.versions.glob("*.duckdb")) if project.versions.is_dir() else []


def _prune(project: Project) -> None:
    for path in _kept(project)[:-KEPT_VERSIONS]:
        path.unlink()
