"""A warehouse is opened once and asked; what it cannot answer is said in one line, with what to do."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pipelines.asking import builds, findings
from pipelines.asking.observations import Wanted, counted
from pipelines.asking.warehouse import (
    NothingPublished,
    NotInThisFile,
    UnknownVersion,
    Unreadable,
    being_built,
    published,
)
from pipelines.engine.database import writing
from pipelines.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse

pytestmark = pytest.mark.builds


def test_before_the_first_build_there_is_nothing_to_ask(project: Project) -> None:
    with pytest.raises(NothingPublished) as stopped, published(project):
        pass
    assert stopped.value.exit_code == 5
    with pytest.raises(Unreadable), being_built(project):
        pass


def test_a_file_that_is_no_database_is_named(project: Project) -> None:
    project.warehouse.mkdir()
    project.published.write_bytes(b"no database")
    with pytest.raises(Unreadable, match=r"gongfu\.duckdb could not be asked") as stopped, published(project):
        pass
    assert "\n" not in str(stopped.value)


def test_an_earlier_build_is_asked_by_its_version(built: tuple[Project, object]) -> None:
    record = builds.read(built[0].published)
    assert record is not None
    with published(built[0], record.version) as warehouse:
        assert counted(warehouse, Wanted(vintages="all")) == record.accepted
    with pytest.raises(UnknownVersion, match=record.version), published(built[0], "20010101T000000Z-0000"):
        pass


def test_a_build_that_stopped_early_lacks_tables_and_says_so(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.workshop.mkdir(parents=True)
    with writing(project.building) as connection:
        connection.execute("create table t as select 1 as a")
    with being_built(project) as warehouse, pytest.raises(NotInThisFile, match="checks"):
        findings.checks(warehouse)


def test_a_handle_goes_on_answering_while_the_file_is_replaced(built: tuple[Project, object], tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.warehouse.mkdir()
    shutil.copy(built[0].published, project.published)
    with published(project) as warehouse:
        before = counted(warehouse, Wanted())
        with writing(tmp_path / "other.duckdb") as connection:
            connection.execute("create table t as select 1 as a")
        (tmp_path / "other.duckdb").replace(project.published)
        assert counted(warehouse, Wanted()) == before


def test_several_threads_ask_one_handle(warehouse: Warehouse) -> None:
    provinces = ("110000", "310000", "330000", "440000") * 4
    with ThreadPoolExecutor(4) as threads:
        asked = list(threads.map(lambda code: counted(warehouse, Wanted(ref_areas=(code,))), provinces))
    assert asked == [counted(warehouse, Wanted(ref_areas=(code,))) for code in provinces]
