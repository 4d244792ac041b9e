"""What is sent again makes what dbt made: all tables of the built project, held against those of dbt's own run."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.project import Project
from pipelines.transforming import recorded
from pipelines.transforming.checks import of_dbt
from pipelines.transforming.descriptions import describe
from pipelines.transforming.reach import graph_of
from pipelines.transforming.replay import replay
from tests.building.same import differences

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.transforming.outcome import Outcome


@pytest.fixture
def replayed(built: tuple[Project, object], tmp_path: Path) -> tuple[Project, Outcome]:
    """A copy of the built project whose file was made again, held against one that holds nothing: all differs."""
    project = Project(tmp_path)
    for folder in ("dbt_project", "raw"):
        shutil.copytree(built[0].root / folder, tmp_path / folder)
    project.workshop.mkdir(parents=True)
    shutil.copyfile(built[0].published, project.building)
    duckdb.connect(str(project.published)).close()
    sent = recorded.kept(project)
    assert sent is not None
    outcome = replay(graph_of(project), sent, project.published, project.building, lambda _: None)
    describe(project)
    return project, outcome


def test_every_table_constraint_and_comment_is_as_dbt_made_it(
    built: tuple[Project, object], replayed: tuple[Project, Outcome]
) -> None:
    project, outcome = replayed
    graph = graph_of(project)
    assert {one.unique_id for one in outcome.with_status("success")} == graph.models - graph.views
    assert differences(built[0].published, project.building) == []


def test_every_check_comes_out_as_by_dbt(built: tuple[Project, object], replayed: tuple[Project, Outcome]) -> None:
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        known = connection.execute("select check_id, outcome, failures, message from quality.checks").fetchall()
    found = of_dbt(replayed[1])
    assert len(found) > 100
    assert {(one.check_id, one.outcome, one.failures, one.message) for one in found} <= set(known)
