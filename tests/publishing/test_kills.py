"""A build that is killed at any step; the steps are counted, so that a kill comes where it is meant to."""

from __future__ import annotations

import random
import signal
from typing import TYPE_CHECKING

import pytest

from pipelines.project import Project
from pipelines.publishing.store import KEPT_VERSIONS, versions
from tests.publishing.tables import publish, python, whole_version

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 45
MOST_STEPS = 20  # of one build on the disk: a kill that is drawn later never comes

FATAL_STEP = """
import os, signal, sys, pathlib
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import write
project, step, fatal = Project(pathlib.Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
CHANGES = ("open", "os.link", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.mkdir", "shutil.copyfile")
calls = 0

def before_each_change_of_the_disk(event, arguments):
    global calls
    if event in CHANGES and str(project.root) in str(arguments[0]):
        calls += 1
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
"""
BUILDER = (
    FATAL_STEP
    + """
number = int(step)
sys.addaudithook(before_each_change_of_the_disk)
with build_lock(project, "a build to be killed"):
    version = write(store.begin(project, keep_from_published=number % 2 == 0), number)
    store.publish(project, version)
print("done", calls)
"""
)
STOPS_AT = (
    FATAL_STEP
    + """
version = write(store.begin(project, keep_from_published=False), 3)
sys.addaudithook(before_each_change_of_the_disk)
store.publish(project, version) if step == "publish" else store.rollback(project, None)
print("done")
"""
)
KILLED_WHILE_WRITING = """
import os, signal, sys, pathlib, duckdb
from pipelines.project import Project
from pipelines.publishing import store
project, fatal = Project(pathlib.Path(sys.argv[1])), int(sys.argv[2])

def row(number: int) -> int:
    if number >= fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return number

with duckdb.connect(str(store.begin(project, keep_from_published=True)), config={"threads": 1}) as connection:
    connection.create_function("row_of", row, ["bigint"], "bigint")
    connection.execute("pragma wal_autocheckpoint = '16KB'")
    for _ in range(100):
        connection.execute("insert into figures select 9, row_of(i), i, hash(i) from range(10_000) r(i)")
        fatal -= 10_000
"""


def kept_files_are_whole(project: Project) -> None:
    for path in project.versions.glob("*.duckdb"):
        assert whole_version(path) == path.stem


def test_builds_killed_at_drawn_steps_one_after_another_leave_the_old_or_the_new_build_and_the_next_one_works(
    project: Project,
) -> None:
    draw = random.Random(20261123)
    publish(project, 1)
    last, kills, killed_while_new = 1, 0, 0
    while kills < KILLS:
        with python(BUILDER, project.root, last + 1, draw.randint(1, MOST_STEPS)) as builder:
            said, errors = builder.communicate()
        assert said or builder.returncode == -signal.SIGKILL, errors
        found = int(whole_version(project.published).removeprefix("v"))
        assert found in ((last + 1,) if said else (last, last + 1))
        kills += not said
        killed_while_new += not said and found > last
        last = found
        kept_files_are_whole(project)
    assert killed_while_new >= 3
    assert publish(project, last + 1) == whole_version(project.published)
    assert [each.version for each in versions(project) if each.is_current] == [f"v{last + 1:05d}"]
    assert len(versions(project)) <= KEPT_VERSIONS


@pytest.mark.parametrize("fatal", [0, 9_999, 123_456, 654_321])
def test_a_build_killed_while_the_database_writes_leaves_the_old_build_and_the_next_one_works(
    project: Project, fatal: int
) -> None:
    publish(project, 1)
    with python(KILLED_WHILE_WRITING, project.root, fatal) as builder:
        _, errors = builder.communicate()
    assert builder.returncode == -signal.SIGKILL, errors
    assert project.building.exists()
    assert whole_version(project.published) == "v00001"
    assert publish(project, 2) == whole_version(project.published)


@pytest.mark.parametrize(("step", "new"), [("publish", "v00003"), ("rollback", "v00001")])
def test_a_kill_before_each_single_step_leaves_the_old_or_the_new_build(tmp_path: Path, step: str, new: str) -> None:
    outcomes = []
    for fatal in range(1, 60):
        project = Project(tmp_path / str(fatal))
        publish(project, 1)
        publish(project, 2)
        with python(STOPS_AT, project.root, step, fatal) as builder:
            said, errors = builder.communicate()
        outcomes.append(whole_version(project.published))
        kept_files_are_whole(project)
        assert publish(project, 4) == whole_version(project.published)
        if said:
            break
        assert builder.returncode == -signal.SIGKILL, errors
    assert said, "there are more steps than were tried"
    swapped = outcomes.index(new)
    assert swapped > 1
    assert outcomes == ["v00002"] * swapped + [new] * (len(outcomes) - swapped)
