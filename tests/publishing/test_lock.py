"""Two builds never run at once."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import BuildStopped
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import python

if TYPE_CHECKING:
    from pipelines.project import Project

HOLDER = """
import subprocess, sys, pathlib
from pipelines.project import Project
from pipelines.publishing.lock import build_lock
with build_lock(Project(pathlib.Path(sys.argv[1])), "gongfu build --full"):
    helper = subprocess.Popen(["cat"], stdout=subprocess.DEVNULL)  # ends with the standard input that both share
    print(helper.pid, flush=True)
    helper.wait()
"""


def test_the_second_build_is_told_who_holds_the_lock(project: Project) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    with python(HOLDER, project.root) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(BuildStopped) as stopped, build_lock(project, "gongfu build"):
            pytest.fail("two builds at once")
        holder.kill()
    assert stopped.value.exit_code == 3
    said = re.fullmatch(
        r"another build is running: process (\d+) on (\S+) since (\S+) \(gongfu build --full\); "
        r"wait for it, or stop it",
        str(stopped.value),
    )
    assert said is not None, str(stopped.value)
    assert said[1] == str(holder.pid)
    assert said[2] == socket.gethostname()
    assert began <= datetime.fromisoformat(said[3]) <= datetime.now(UTC)


def test_a_killed_holder_leaves_no_lock_behind_even_if_a_process_it_started_lives_on(project: Project) -> None:
    with python(HOLDER, project.root) as holder:
        assert holder.stdout is not None
        helper = int(holder.stdout.readline())
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        os.kill(helper, 0)
        with build_lock(project, "gongfu build"):
            signed = json.loads((project.workshop / "lock").read_text())
    assert signed["pid"] == os.getpid()
    assert signed["command"] == "gongfu build"


def test_a_lock_is_free_again_after_a_build_that_failed(project: Project) -> None:
    with pytest.raises(ZeroDivisionError), build_lock(project, "gongfu build"):
        raise ZeroDivisionError
    with build_lock(project, "gongfu build"):
        pass


def test_one_process_cannot_take_it_twice(project: Project) -> None:
    with (
        build_lock(project, "gongfu build"),
        pytest.raises(BuildStopped, match=f"process {os.getpid()} "),
        build_lock(project, "gongfu rollback"),
    ):
        pytest.fail("two builds at once")


def test_what_a_reader_of_the_lock_finds_half_written_is_no_traceback(project: Project) -> None:
    with build_lock(project, "gongfu build"):
        (project.workshop / "lock").write_text('{"pid": 1')
        with pytest.raises(BuildStopped, match="not signed yet"), build_lock(project, "gongfu build"):
            pytest.fail("two builds at once")
