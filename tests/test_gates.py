"""A failed blocking check stops the publish; a warning does not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.asking.builds import read
from tests.conftest import CHECKOUT, gongfu

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds
SOURCE = "zj_income_2020"
TEST_THAT_FAILS = """
{{{{ config(severity='{severity}') }}}}
select * from {{{{ ref('observations') }}}}
"""


@pytest.fixture(scope="module")
def project(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = begun(tmp_path_factory.mktemp("gates"))
    shutil.copytree(CHECKOUT / "raw" / SOURCE, project.raw / SOURCE)
    assert gongfu(project, "build").returncode == 0
    return project


def with_failing_test(project: Project, severity: str) -> Path:
    path = project.dbt / "tests" / "a_check_that_fails.sql"
    path.write_text(TEST_THAT_FAILS.format(severity=severity), encoding="utf-8")
    return path


def test_a_failed_blocking_check_leaves_the_published_file_as_it_was_and_its_rows_are_counted_beside(
    project: Project,
) -> None:
    before = read(project.published)
    check = with_failing_test(project, "error")
    done = gongfu(project, "build")
    check.unlink()
    assert done.returncode == 1
    assert "a_check_that_fails" in done.stdout + done.stderr
    assert "summary.html. The published warehouse stays as it was." in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert read(project.published) == before
    with duckdb.connect(str(project.building), read_only=True) as connection:
        found = connection.execute(
            "select outcome, failures from quality.checks where check_id like 'test.gongfu.a_check_that_fails%'"
        ).fetchall()
        figures = connection.execute("select count(*) from facts.observations").fetchall()
    assert found == [("failed", figures[0][0])]


def test_a_warning_is_counted_and_the_build_is_published(project: Project) -> None:
    before = read(project.published)
    check = with_failing_test(project, "warn")
    done = gongfu(project, "build")
    check.unlink()
    after = read(project.published)
    assert done.returncode == 0, done.stdout + done.stderr
    assert before is not None
    assert after is not None
    assert after.version > before.version
    assert (after.warned, after.failed) == (before.warned + 1, 0)


def test_a_model_that_breaks_is_one_line_and_stops_the_publish(project: Project) -> None:
    before = read(project.published)
    model = project.dbt / "models" / "marts" / "mart_that_breaks.sql"
    model.write_text("select no_such_column from {{ ref('observations') }}", encoding="utf-8")
    done = gongfu(project, "build")
    model.unlink()
    assert done.returncode == 1
    assert "mart_that_breaks" in done.stderr
    assert read(project.published) == before


def test_a_project_that_does_not_parse_is_one_line(project: Project) -> None:
    before = read(project.published)
    model = project.dbt / "models" / "marts" / "mart_that_does_not_parse.sql"
    model.write_text("select {{ ref('no_such_model') }}", encoding="utf-8")
    done = gongfu(project, "build")
    model.unlink()
    assert done.returncode == 1
    assert "no_such_model" in done.stderr
    assert "Traceback" not in done.stderr
    assert read(project.published) == before
