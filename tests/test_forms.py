"""One version, printed by the command and carried by the file; a file of an older form is told so."""

from __future__ import annotations

import subprocess
import tomllib
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import CHECKOUT, gongfu

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.project import Project

VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_the_command_prints_the_version_of_pyproject(project: Project) -> None:
    assert gongfu(project, "--version").stdout == f"gongfu {VERSION}\n"


def test_the_file_carries_the_version_of_the_gongfu_that_made_it(
    built: tuple[Project, subprocess.CompletedProcess[str]], query: Callable[[str], list[tuple[object, ...]]]
) -> None:
    assert query("select gongfu from quality.build") == [(VERSION,)]
    assert f"made by gongfu {VERSION}" in gongfu(built[0], "status").stdout


@pytest.mark.parametrize(
    ("columns", "maker"), [("'20261124T1' as version", "an earlier gongfu"), ("'0.0.7' as gongfu", "gongfu 0.0.7")]
)
@pytest.mark.parametrize("command", [["status"], ["audit"]])
def test_a_file_of_another_form_is_told_so_in_one_line(
    project: Project, columns: str, maker: str, command: list[str]
) -> None:
    project.published.parent.mkdir()
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("create schema quality")
        connection.execute(f"create table quality.build as select {columns}")
    done = gongfu(project, *command)
    assert done.returncode in {1, 2}
    told = f"gongfu.duckdb was made by {maker} in its form; this is gongfu {VERSION}: run gongfu build\n"
    assert done.stderr.endswith(told)
    assert done.stderr.count("\n") == 1
