"""What is sent again makes what dbt makes and tells what dbt tells, held against dbt's own runs on the same landing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.building.build import Build
from pipelines.project import Project
from pipelines.transforming import recorded
from pipelines.transforming.checks import of_dbt
from pipelines.transforming.descriptions import describe
from pipelines.transforming.reach import graph_of
from pipelines.transforming.replay import replay
from pipelines.transforming.transform import transform
from tests.building.same import differences
from tests.transforming.test_reach import a_figure

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.transforming.outcome import NodeResult, Outcome


def copy_of(built: Project, root: Path) -> Project:
    """A project whose published file can be changed."""
    for folder in ("dbt_project", "raw", "warehouse/landing"):
        shutil.copytree(built.root / folder, root / folder)
    project = Project(root)
    project.workshop.mkdir()
    shutil.copyfile(built.published, project.published)
    return project


@pytest.fixture(scope="module")
def replayed(built: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Outcome]:
    """A copy of the built project whose file was made again, held against one that holds nothing: all differs."""
    project = copy_of(built[0], tmp_path_factory.mktemp("replayed"))
    project.published.rename(project.building)
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
    assert {one.unique_id for one in outcome.with_status("success")} == graph_of(project).models
    assert differences(built[0].published, project.building) == []


def test_every_check_comes_out_as_by_dbt(built: tuple[Project, object], replayed: tuple[Project, Outcome]) -> None:
    columns = "check_id, kind, outcome, failures, message, from_json(examples, '[\"varchar\"]')"
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        known = connection.execute(
            f"select {columns} from quality.checks where kind = 'test' order by check_id"
        ).fetchall()
    found = sorted(of_dbt(replayed[1]), key=lambda one: one.check_id)
    told = [(one.check_id, one.kind, one.outcome, one.failures, one.message, list(one.examples)) for one in found]
    assert told == known


@pytest.mark.parametrize(
    ("change", "statuses"),
    [
        ("select 1", {"success", "pass", "fail"}),
        (
            "update landing.sources set title_en = null where source_id = 'zj_income_2020'",
            {"success", "fail", "skipped"},
        ),
    ],
    ids=["the audit, which nothing reads", "a table that all figures need"],
)
def test_what_breaks_a_blocking_check_is_told_and_holds_up_what_it_holds_up_by_dbt(
    built: tuple[Project, object], tmp_path: Path, change: str, statuses: set[str]
) -> None:
    project = copy_of(built[0], tmp_path)
    a_figure(project)
    list(Build.begin(project).land())
    with duckdb.connect(str(project.building)) as connection:
        connection.execute(change)
    landed = shutil.copyfile(project.building, tmp_path / "landed.duckdb")
    by_replay = transform(project, "changed_figures")
    describe(project)
    replayed = tmp_path / "replayed" / project.building.name
    replayed.parent.mkdir()
    project.building.rename(replayed)
    landed.rename(project.building)
    by_dbt = transform(project, "everything", unit_tests=False)
    describe(project)
    found, expected = told(by_replay), told(by_dbt)
    assert {result.status for result in found.values()} >= statuses
    assert found == {name: expected[name] for name in found}
    unchanged = {result.status for name, result in expected.items() if name not in found}
    assert unchanged <= {"success", "pass", "warn"}
    assert differences(replayed, project.building) == []


def told(outcome: Outcome) -> dict[str, NodeResult]:
    """What is told of each node, but for how long it took."""
    return {name: replace(result, seconds=0.0) for name, result in outcome.results.items()}
