"""A build that is killed at any moment."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from pipelines.project import Project
from pipelines.publishing.store import KEPT_VERSIONS, versions
from tests.publishing.tables import publish, python, ready, whole_version

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 45

BUILDER = """
import sys, pathlib
from itertools import count
from pipelines.project import Project
from pipelines.publishing import store
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import write
project = Project(pathlib.Path(sys.argv[1]))
first = int(sys.stdin.readline())
with build_lock(project, "a build to be killed"):
    for number in count(first):
        version = write(store.begin(project, keep_from_published=number % 2 == 0), number)
        if number == first:
            print("building", flush=True)
        store.publish(project, version)
"""

STOPS_AT = """
import os, signal, sys, pathlib
from pipelines.project import Project
from pipelines.publishing import store
from tests.publishing.tables import write
project, step, fatal = Project(pathlib.Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
version = write(store.begin(project, keep_from_published=False), 3)
calls = 0

def before_each_change_of_the_disk(event, arguments):
    global calls
    if event in ("os.link", "os.rename", "os.remove", "os.chmod", "os.mkdir", "shutil.copyfile"):
        calls += 1
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(before_each_change_of_the_disk)
store.publish(project, version) if step == "publish" else store.rollback(project, None)
print("done")
"""


def kept_files_are_whole(project: Project) -> None:
    for path in project.versions.glob("*.duckdb"):
        assert whole_version(path) == path.stem


def test_a_build_killed_at_random_moments_leaves_the_old_or_the_new_build_and_the_next_one_works(
    project: Project,
) -> None:
    moments = random.Random(20261123)
    publish(project, 1)
    last, killed_while_new = 1, 0
    waiting = [python(BUILDER, project.root, stdin=-1) for _ in range(2)]  # the next one starts up meanwhile
    for _ in range(KILLS):
        with waiting.pop(0) as builder:
            waiting.append(python(BUILDER, project.root, stdin=-1))
            assert builder.stdin is not None
            builder.stdin.write(f"{last + 1}\n")
            builder.stdin.flush()
            ready(builder)
            time.sleep(moments.uniform(0, 0.08))
            builder.send_signal(signal.SIGKILL)
        assert builder.returncode == -signal.SIGKILL, "the builder ended by itself"
        found = int(whole_version(project.published).removeprefix("v"))
        assert found >= last, "an older build came back"
        killed_while_new += found > last
        last = found
        kept_files_are_whole(project)
    for builder in waiting:
        with builder:
            builder.kill()
    assert killed_while_new >= KILLS // 4, "the kills came before any publish: they say little"
    assert publish(project, last + 1) == whole_version(project.published)
    assert [each.version for each in versions(project) if each.is_current] == [f"v{last + 1:05d}"]
    assert len(versions(project)) <= KEPT_VERSIONS


@pytest.mark.parametrize(("step", "new"), [("publish", "v00003"), ("rollback", "v00001")])
def test_a_kill_before_each_single_step_leaves_the_old_or_the_new_build(tmp_path: Path, step: str, new: str) -> None:
    outcomes = []
    for fatal in range(1, 30):
        project = Project(tmp_path / str(fatal))
        publish(project, 1)
        publish(project, 2)
        with python(STOPS_AT, project.root, step, fatal) as builder:
            said, errors = builder.communicate(timeout=30)
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
