"""`gongfu watch` stays loaded, builds whatever is saved, and says what it changed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pipelines.publishing.lock import holder
from pipelines.quality.gate import Gate
from tests.building.laboratory import Laboratory
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.project import Project

WAITS = "Watching for changes"


class Watched:
    """A watch that runs on a project.

    Attributes:
        process: the command's own.
    """

    def __init__(self, project: Project) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "watch"],
            cwd=CHECKOUT,
            env=os.environ
            | {"GONGFU_ROOT": str(project.root), "DAGSTER_HOME": str(project.dagster_home), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def says(self, *expected: str) -> str:
        """What it says until it has said all of these and waits for changes again."""
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith(WAITS) and all(words in said for words in expected):
                return said
        raise AssertionError(said)


@pytest.fixture
def laboratory(begun: Callable[[Path], Project], tmp_path: Path) -> Iterator[Laboratory]:
    with closing(Gate()) as gate:
        yield Laboratory(begun(tmp_path / "gongfu"), gate)


def test_what_is_saved_is_built_and_what_it_changed_is_said(laboratory: Laboratory) -> None:
    watched = Watched(laboratory.project)
    try:
        assert "published" not in watched.says()
        laboratory.add_source("one", 40_000, 2)
        watched.says("2 added · 0 gone · 0 recoded · 0 revised", "published")
        assert holder(laboratory.project) is None

        laboratory.change_value("one", 41_000)
        watched.says("0 added · 0 gone · 0 recoded · 1 revised", "40000", "41000")

        laboratory.break_hash("one")
        watched.says("HELD BACK: 1 sources", "one (its last good version stays)")

        laboratory.change_value("one", 42_000)
        assert "HELD BACK" not in watched.says("1 revised").rpartition("1 revised")[2]

        with (laboratory.project.dbt / "seeds" / "reference" / "unit_words.csv").open("ab") as file:
            file.write(b"no unit,no measure,0\n")
        watched.says("Code or reference data changed: beginning again.", "not well-formed")

        watched.process.terminate()
        assert watched.process.wait() == 0
    finally:
        watched.process.kill()
        watched.process.communicate()
