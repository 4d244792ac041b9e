"""A full or unwritable disk, anywhere in a build, is one clear line. The warehouse lies on a small real file system."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conftest import copy_of_project, gongfu

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


def mount(project: Project, *options: str) -> None:
    project.warehouse.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(project.warehouse)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = copy_of_project(tmp_path, sources=["zj_income_2020"])
    yield project
    subprocess.run(["umount", "-l", str(project.warehouse)], capture_output=True, check=False)


@pytest.mark.builds
@pytest.mark.parametrize("size", ["64k", "700k", "3m", "8m"])
def test_a_disk_that_fills_up_is_told_in_one_line_wherever_it_happens(project: Project, size: str) -> None:
    mount(project, f"size={size}")
    done = gongfu(project, "build")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "free some space, then build again" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.published.exists()


@pytest.mark.builds
def test_a_folder_that_cannot_be_written_is_told_in_one_line(project: Project) -> None:
    mount(project, "ro")
    done = gongfu(project, "build")
    assert done.returncode == 4, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "the disk is read-only; mount it for writing, then build again" in done.stderr
