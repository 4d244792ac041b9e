"""The published file and the few before it: beside, check, swap.

Whatever moment the process is killed at, `warehouse/gongfu.duckdb` is the old build or the new one, whole: it only
ever changes by one rename on one file system. A reader that holds the old file open goes on reading it.
"""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.engine.database import holder, reading, settle
from pipelines.problems import BuildStopped
from pipelines.publishing.disk import clear_disk_errors
from pipelines.publishing.lock import build_lock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pipelines.project import Project

KEPT_VERSIONS = 5

_NOTES = logging.getLogger(__name__)


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
            _copy(project.published, project.building)
    return project.building


def publish(project: Project, version: str) -> Path:
    """Put the built file in the published one's place, in one rename; the one that it replaces becomes a version.

    The quality report is kept under the new version's name, for whoever comes back to it.

    Raises:
        BuildStopped: nothing was built, the built file is still open, somebody writes into the published one, or the
            disk would not take it; the published file is as it was.
    """
    with clear_disk_errors(project.warehouse):
        _settle(project.building)
        _keep_report(project, version)
        replaced = _swap(project, project.building)
        _prune(project, replaced)
    return project.published


def versions(project: Project) -> list[Version]:
    """The published build and the earlier ones that are kept, newest first.

    A file that is no warehouse is passed over with a note.
    """
    published = _named_inside(project.published)
    found = []
    if published:
        found.append(Version(published[0], project.published, _size(project.published), published[1], is_current=True))
    for path in _kept(project):
        own = _named_inside(path)
        if own is None:
            _NOTES.warning("%s is passed over: it is no whole gongfu warehouse", project.relative(path))
        elif own != published:
            found.append(Version(own[0], path, _size(path), own[1], is_current=False))
    return sorted(found, key=lambda version: version.version, reverse=True)


def rollback(project: Project, version: str | None) -> Version:
    """Publish an earlier build again, with its quality report; the one that it replaces is kept.

    Args:
        project: whose warehouse.
        version: which; None for the newest one older than the published.

    Raises:
        BuildStopped: there is no such version, or the published file cannot be replaced now.
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
            en = f"no {version or 'earlier version'} to go back to; kept are: {names}"
            raise BuildStopped(en, 2, zh=f"没有可退回的{version or '较早版次'}；现存：{names}")
        with clear_disk_errors(project.warehouse):
            if not back.is_current:
                _swap(project, back.path)
            _bring_report_back(project, back.version)
    return replace(back, path=project.published, is_current=True)


def _settle(path: Path) -> None:
    """Everything into the one file, nobody left in it, and the file onto the disk, read-only."""
    import duckdb

    if not path.exists():
        raise BuildStopped(
            f"nothing was built: {path} is not there; build again", zh=f"未构建：{path}不存在；请重新构建"
        )
    try:
        settle(path)
    except duckdb.Error as error:
        who = holder(error)
        if who is None:
            raise
        raise _still_open(path, who) from error
    if _wal(path).exists():
        raise _still_open(path, "some process")
    path.chmod(0o444)
    _sync(path)


def _still_open(path: Path, who: str) -> BuildStopped:
    en = f"the built file {path} is still open in {who}; close it and build again"
    return BuildStopped(en, zh=f"构建出的文件{path}仍被{who}打开；请关闭后重新构建")


def _swap(project: Project, file: Path) -> Path | None:
    """`file` becomes the published one; gives the name under which the one that it replaces is kept.

    So the published file and the kept ones are never the same bytes under two names: who damages one damages one.
    """
    _discard_stray_writes(project)
    project.versions.mkdir(parents=True, exist_ok=True)
    replaced = _named_inside(project.published)
    kept = project.versions / f"{replaced[0]}.duckdb" if replaced else None
    if kept:
        _link(project, project.published, kept)
    _sync(project.versions)
    file.replace(project.published)
    _sync(project.warehouse)
    return kept


def _keep_report(project: Project, version: str) -> None:
    """A copy of the quality report as it stands, for `version`."""
    if project.quality_report.is_dir():
        _copy_folder(project, project.quality_report, report_of(project, version))


def _bring_report_back(project: Project, version: str) -> None:
    """The quality report of `version` in the place of the one that stands; none is left that is about another build."""
    kept = report_of(project, version)
    if kept.is_dir():
        _copy_folder(project, kept, project.quality_report)
    else:
        shutil.rmtree(project.quality_report, ignore_errors=True)


def report_of(project: Project, version: str) -> Path:
    """The folder in which the quality report of a published build is kept, where it is."""
    return project.versions / f"{version}.report"


def _copy_folder(project: Project, origin: Path, target: Path) -> None:
    """Whole before it has its name; what stood there goes."""
    beside, outdated = project.workshop / "report.new", project.workshop / "report.old"
    for folder in (beside, outdated):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(origin, beside)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(outdated)
    beside.rename(target)
    shutil.rmtree(outdated, ignore_errors=True)


def _discard_stray_writes(project: Project) -> None:
    """Remove what somebody wrote into the published file, past its read-only mode, and did not live to finish.

    DuckDB replays a write-ahead log into whatever database lies beside it under that name: left there, it would add
    the stray rows of the old build to the new one, without a word.

    Raises:
        BuildStopped: who wrote it is still at it.
    """
    import duckdb

    wal = _wal(project.published)
    if not wal.exists():
        return
    try:
        with reading(project.published):
            pass
    except duckdb.Error as error:
        who = holder(error)
        if who is not None:
            en = f"{project.published} is being written into by {who}; close it and try again"
            raise BuildStopped(en, zh=f"{who}正在写入{project.published}；请关闭后再试") from error
    wal.unlink(missing_ok=True)
    _NOTES.warning("%s is removed: somebody wrote into the published warehouse", project.relative(wal))


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _named_inside(path: Path) -> tuple[str, datetime] | None:
    """Version and end of the build as the file tells them, or None where it is no whole warehouse.

    Only these two columns, so that files of a gongfu that recorded more or less can be gone back to.
    """
    import duckdb

    if not path.is_file():
        return None
    try:
        with reading(path) as connection:
            row = connection.execute("select version, finished_at from quality.build").fetchone()
    except duckdb.Error:
        return None
    return (row[0], row[1]) if row else None


def _link(project: Project, origin: Path, name: Path) -> None:
    """Another name for the same bytes; a copy where the file system has no hard links."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(origin)
    except OSError:
        beside = project.workshop / "copy"
        _copy(origin, beside)
        beside.chmod(0o444)
        _sync(beside)
        beside.replace(name)


def _copy(origin: Path, target: Path) -> None:
    """All of the bytes, or no file: half of one would keep a full disk full."""
    try:
        shutil.copyfile(origin, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """A file's bytes, or a folder's names, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept(project: Project) -> list[Path]:
    return sorted(project.versions.glob("*.duckdb")) if project.versions.is_dir() else []


def _size(path: Path) -> int:
    return path.stat().st_size


def _prune(project: Project, replaced: Path | None) -> None:
    """Let go of the oldest; never of what was just `replaced`, which a clock set back can make look like one."""
    others = [path for path in _kept(project) if path != replaced]
    spare = KEPT_VERSIONS - (2 if replaced else 1)
    for path in others[: max(0, len(others) - spare)]:
        path.unlink()
    published = _named_inside(project.published)
    named = {path.stem for path in _kept(project)} | ({published[0]} if published else set())
    for report in project.versions.glob("*.report"):
        if report.stem not in named:
            shutil.rmtree(report)
