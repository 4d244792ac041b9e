"""A disk that is full, and a folder that cannot be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.problems import BuildStopped
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.disk import clear_disk_errors, raise_if_disk_refused
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import publish, python, whole_version, write

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534

BIGGER_THAN_ALLOWED = """
import resource, sys, pathlib
from pipelines.problems import BuildStopped
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.disk import clear_disk_errors, raise_if_disk_refused
from tests.publishing.tables import write
project = Project(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    building = store.begin(project, keep_from_published=sys.argv[3] == "copy")
    with clear_disk_errors(project.workshop):
        write(building, 2, rows=2_000_000)
except BuildStopped as stopped:
    print(stopped.exit_code, stopped)
"""

AS_NOBODY = """
import os, sys, pathlib
import duckdb, json, socket, shutil
from pipelines.problems import BuildStopped
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import whole_version
project = Project(pathlib.Path(sys.argv[1]))
whole_version(project.published)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
steps = {
    "lock": lambda: build_lock(project, "gongfu build").__enter__(),
    "begin": lambda: store.begin(project, keep_from_published=True),
    "publish": lambda: store.publish(project, "v00002"),
    "rollback": lambda: store.rollback(project, None),
}
try:
    steps[sys.argv[2]]()
except BuildStopped as stopped:
    print(stopped.exit_code, stopped)
try:
    duckdb.connect(str(project.published)).execute("drop table figures")
except duckdb.IOException as refused:
    print("refused", refused)
print("reads", whole_version(project.published))
"""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system needs the right to mount")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="gongfu-"))
    folder.chmod(0o755)
    yield folder
    for each in folder.rglob("*"):
        if each.is_dir():
            each.chmod(0o755)
    shutil.rmtree(folder)


def stopped_on_full_disk(stopped: pytest.ExceptionInfo[BuildStopped], folder: Path) -> bool:
    said = str(stopped.value)
    return (
        stopped.value.exit_code == 4
        and str(folder) in said
        and "disk is full" in said
        and "free some space" in said
        and "\n" not in said
    )


def test_a_disk_that_fills_up_while_building_is_said_in_one_line_and_the_published_build_stays(
    tiny_disk: Path,
) -> None:
    project = Project(tiny_disk)
    publish(project, 1)
    before = project.published.read_bytes()
    building = store.begin(project, keep_from_published=False)
    with pytest.raises(BuildStopped) as stopped, clear_disk_errors(project.workshop):
        write(building, 2, rows=2_000_000)
    assert stopped_on_full_disk(stopped, project.workshop)
    assert project.published.read_bytes() == before
    assert publish(project, 3) == whole_version(project.published)


def test_a_copy_that_does_not_fit_leaves_nothing_behind_that_fills_the_disk(tiny_disk: Path) -> None:
    project = Project(tiny_disk)
    publish(project, 1)
    ballast = tiny_disk / "ballast"
    free = shutil.disk_usage(tiny_disk).free
    ballast.write_bytes(b"\0" * (free - 100_000))
    with pytest.raises(BuildStopped) as stopped:
        store.begin(project, keep_from_published=True)
    assert stopped_on_full_disk(stopped, project.workshop)
    assert shutil.disk_usage(tiny_disk).free >= 90_000
    assert whole_version(project.published) == "v00001"


def test_a_disk_that_is_full_when_the_lock_is_signed_or_the_build_settled_is_said_in_one_line(tiny_disk: Path) -> None:
    project = Project(tiny_disk)
    publish(project, 1)
    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    import duckdb

    connection = duckdb.connect(str(building), config={"checkpoint_threshold": "1TB"})
    connection.execute("pragma disable_checkpoint_on_shutdown")
    connection.execute("create table more as select i, hash(i) h from range(100_000) r(i)")
    connection.close()
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"\0" * shutil.disk_usage(tiny_disk).free)
    with pytest.raises(BuildStopped) as stopped:
        store.publish(project, "v00002")
    assert stopped_on_full_disk(stopped, project.warehouse)
    assert whole_version(project.published) == "v00001"
    with pytest.raises(BuildStopped) as stopped, build_lock(project, "gongfu build"):
        pytest.fail("the lock cannot be signed")
    assert stopped_on_full_disk(stopped, project.workshop)
    ballast.unlink()
    assert publish(project, 3) == whole_version(project.published)


@pytest.mark.parametrize(("limit", "how"), [(400_000, "copy"), (3_000_000, "write")])
def test_a_limit_on_the_size_of_files_is_said_in_one_line_and_the_published_build_stays(
    project: Project, limit: int, how: str
) -> None:
    publish(project, 1)
    if how == "copy":
        store.publish(project, write(store.begin(project, keep_from_published=False), 1, rows=200_000))
    before = project.published.read_bytes()
    with python(BIGGER_THAN_ALLOWED, project.root, limit, how) as builder:
        said, errors = builder.communicate()
    assert said.startswith(f"4 {project.workshop}: "), said + errors
    assert "a file that large" in said
    assert said.count("\n") == 1
    assert project.published.read_bytes() == before


@pytest.mark.parametrize("step", ["lock", "begin", "publish", "rollback"])
def test_a_folder_that_cannot_be_written_is_said_in_one_line_and_the_published_build_still_reads(
    open_folder: Path, step: str
) -> None:
    project = Project(open_folder)
    publish(project, 1)
    publish(project, 2)
    if step == "publish":
        write(store.begin(project, keep_from_published=False), 3)
    before = project.published.read_bytes()
    for folder in (project.workshop, project.versions, project.warehouse):
        folder.chmod(0o555)
    with python(AS_NOBODY, project.root, step) as other:
        said, errors = other.communicate()
    lines = said.splitlines()
    assert len(lines) == 3, said + errors
    assert lines[0].startswith(f"4 {project.warehouse}")
    assert "cannot be written" in lines[0]
    assert lines[1].startswith("refused"), "the published file can be written by accident"
    assert lines[2] == "reads v00002"
    assert project.published.read_bytes() == before


def test_a_read_only_disk_is_named_as_such(tiny_disk: Path) -> None:
    project = Project(tiny_disk)
    publish(project, 1)
    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    for step in (
        lambda: store.publish(project, "v00002"),
        lambda: store.begin(project, keep_from_published=False),
        lambda: store.rollback(project, None),
    ):
        with pytest.raises(BuildStopped, match="read-only") as stopped:
            step()
        assert stopped.value.exit_code == 4
    assert whole_version(project.published) == "v00001"


FULL = "No space left on device"


@pytest.mark.parametrize(
    "message",
    [
        f"IO Error: Could not write file: {FULL}",
        f"Runtime Error in model observations (models/facts/observations.sql) IO Error: Could not write: {FULL}",
        f"Database Error in test unique (models/a.yml) TransactionContext Error: Failed to commit: {FULL}",
    ],
)
def test_what_dbt_says_of_a_full_disk_is_told_apart(tmp_path: Path, message: str) -> None:
    with pytest.raises(BuildStopped, match="the disk is full") as stopped:
        raise_if_disk_refused(tmp_path, message)
    assert stopped.value.exit_code == 4


@pytest.mark.parametrize(
    "message",
    [
        f"Runtime Error in model m (m.sql) Conversion Error: Could not convert string '{FULL}' to INT32",
        f"Runtime Error in model m (m.sql) Conversion Error: Could not convert string 'IO Error: {FULL}' to INT32",
        "Got 3 results, configured to fail if != 0: raw/disk_survey: Permission denied",
    ],
)
def test_words_of_the_data_that_sound_like_a_disk_are_no_refusal_of_the_disk(tmp_path: Path, message: str) -> None:
    raise_if_disk_refused(tmp_path, message)
    with pytest.raises(duckdb.ConversionException), clear_disk_errors(tmp_path), duckdb.connect() as connection:
        connection.execute("select ?::integer", [message])


def test_a_full_disk_under_dagsters_own_store_is_told_by_its_number(tiny_disk: Path) -> None:
    connection = sqlite3.connect(tiny_disk / "runs.db")
    connection.execute("create table runs (body)")
    with pytest.raises(BuildStopped, match="the disk is full") as stopped, clear_disk_errors(tiny_disk):
        connection.execute("insert into runs select zeroblob(20000000)")
    assert stopped.value.exit_code == 4
