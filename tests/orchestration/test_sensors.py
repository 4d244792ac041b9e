"""What starts a run without a clock: files under raw/ that the published warehouse does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from dagster import DagsterInstance, build_sensor_context

from pipelines.asking.builds import BuildRecord
from pipelines.fingerprint import of_project
from pipelines.orchestration.sensors import raw_folder_changed
from pipelines.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One source with one file; nothing is published."""
    (tmp_path / "raw" / "abc").mkdir(parents=True)
    (tmp_path / "raw" / "abc" / "figures.csv").write_text("1", encoding="utf-8")
    monkeypatch.setenv("GONGFU_ROOT", str(tmp_path))
    return Project(tmp_path)


def tick(cursor: str | None = None) -> tuple[list[str | None], str | None]:
    """What one look of the sensor asks for: the keys of its runs, and what it remembers."""
    with DagsterInstance.ephemeral() as instance:
        context = build_sensor_context(instance=instance, cursor=cursor)
        asked = raw_folder_changed.evaluate_tick(context)
    return [request.run_key for request in asked.run_requests or []], asked.cursor


def publish_what_is_there(project: Project) -> None:
    project.warehouse.mkdir(exist_ok=True)
    columns = ", ".join(f"{'?' if name == 'raw' else 'null'} as {name}" for name in BuildRecord.__dataclass_fields__)
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("create schema quality")
        connection.execute(f"create table quality.build as select {columns}", [of_project(project).raw])


def test_a_new_file_under_raw_starts_a_run_once(project: Project) -> None:
    runs, seen = tick()
    assert runs == [seen]
    assert tick(seen) == ([], seen)
    (project.raw / "abc" / "more.csv").write_text("2", encoding="utf-8")
    more, seen_more = tick(seen)
    assert more == [seen_more]
    assert seen_more != seen


@pytest.mark.parametrize("what", ["changed", "gone", "renamed"])
def test_a_file_that_is_changed_gone_or_renamed_starts_a_run(project: Project, what: str) -> None:
    _, seen = tick()
    figures = project.raw / "abc" / "figures.csv"
    if what == "changed":
        figures.write_text("2", encoding="utf-8")
    elif what == "gone":
        figures.unlink()
    else:
        figures.rename(figures.with_name("other.csv"))
    assert len(tick(seen)[0]) == 1


def test_what_the_published_warehouse_holds_already_starts_no_run_and_is_remembered(project: Project) -> None:
    publish_what_is_there(project)
    runs, seen = tick()
    assert runs == []
    assert seen == of_project(project).raw
    (project.raw / "abc" / "figures.csv").write_text("2", encoding="utf-8")
    assert len(tick(seen)[0]) == 1


def test_the_sensor_runs_from_the_first_start_and_builds_the_warehouse() -> None:
    assert raw_folder_changed.default_status.value == "RUNNING"
    assert raw_folder_changed.job_name == "build_warehouse"
