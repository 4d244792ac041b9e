"""The steps of a publish in their order: what a power cut would undo must not have its name yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publishing import store
from tests.publishing.tables import publish, whole_version, write

if TYPE_CHECKING:
    import pytest

    from pipelines.project import Project


def test_a_build_lies_on_the_disk_before_it_takes_the_published_name_and_the_name_after(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, 1)
    version = write(store.begin(project, keep_from_published=False), 2)
    project.versions.mkdir(exist_ok=True)
    named = {path.stat().st_ino: path.name for path in (project.building, project.versions, project.warehouse)}
    steps = []
    sync, replace = os.fsync, Path.replace

    def told_sync(handle: int) -> None:
        steps.append(f"synced {named[os.fstat(handle).st_ino]}")
        sync(handle)

    def told_replace(origin: Path, target: Path) -> Path:
        steps.append(f"renamed to {target.name}")
        return replace(origin, target)

    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(Path, "replace", told_replace)
    store.publish(project, version)
    assert steps == ["synced gongfu.duckdb", "synced versions", "renamed to gongfu.duckdb", "synced warehouse"]


def test_a_build_that_is_replaced_stays_the_same_file_though_half_of_one_bears_its_name(project: Project) -> None:
    publish(project, 1)
    project.versions.mkdir(exist_ok=True)
    kept = project.versions / "v00001.duckdb"
    kept.write_bytes(b"half of a copy")
    was = project.published.stat().st_ino
    publish(project, 2)
    assert kept.stat().st_ino == was
    assert whole_version(kept) == "v00001"
