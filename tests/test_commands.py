"""The command, as a person uses it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pipelines.asking.builds import read
from tests.conftest import CHECKOUT, copy_of_project, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

    Built = tuple[Project, subprocess.CompletedProcess[str]]


def test_the_summary_says_what_was_built_and_what_to_try(built: Built) -> None:
    project, done = built
    record = read(project.published)
    assert record is not None
    for words in (
        f"published {record.version}",
        f"{record.accepted}   accepted · {record.quarantined} quarantined · {record.unmapped} unmapped",
        f"{record.passed}   passed · {record.warned} warned · {record.failed} failed",
        "warehouse/gongfu.duckdb",
    ):
        assert words in done.stdout
    assert len([line for line in done.stdout.splitlines() if "read raw/" in line]) <= 5  # 114 sources are counted


def test_what_the_summary_proposes_runs_as_it_stands(built: Built) -> None:
    project, done = built
    proposed = done.stdout.split("Try:\n")[1].split("\n\n")[0].splitlines()
    assert len(proposed) == 4
    for line in proposed:
        pasted = subprocess.run(  # noqa: S602 - pasted into a shell, as a person would
            line.strip(), shell=True, cwd=CHECKOUT, env=os.environ | {"GONGFU_ROOT": str(project.root)}, check=False,
            capture_output=True,
        )  # fmt: skip
        assert pasted.returncode == 0, line


def test_nothing_changed_is_said_without_building(built: Built) -> None:
    done = gongfu(built[0], "build")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing changed since ")
    assert len(done.stdout.splitlines()) == 1


def test_status_tells_what_is_published_and_whether_it_is_current(built: Built) -> None:
    done = gongfu(built[0], "status")
    assert done.returncode == 0
    assert "current    yes" in done.stdout


def test_sql_prints_a_table_and_csv(built: Built) -> None:
    query = "select name_zh, name_en from reference.areas where ref_area = '330000'"
    assert "浙江省" in gongfu(built[0], "sql", query).stdout
    rows = list(csv.reader(io.StringIO(gongfu(built[0], "sql", "--csv", query).stdout)))
    assert rows == [["name_zh", "name_en"], ["浙江省", "Zhejiang"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_exported_text_is_no_formula(built: Built, text: str) -> None:
    done = gongfu(built[0], "sql", "--csv", f"select '{text}' as cell, -5 as number")
    assert list(csv.reader(io.StringIO(done.stdout)))[1] == [f"'{text}", "-5"]


@pytest.mark.parametrize(
    "query",
    [
        "delete from facts.observations",
        "create table x as select 1",
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to 'out.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "selec 1",
    ],
)
def test_sql_reads_the_warehouse_and_does_nothing_else(built: Built, query: str) -> None:
    done = gongfu(built[0], "sql", query)
    assert done.returncode == 2
    assert done.stderr.startswith("gongfu: the query could not run: ")
    assert "Traceback" not in done.stderr


def test_before_the_first_build_each_command_says_what_to_do(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path, sources=[])
    for command in (["status"], ["versions"], ["sql", "select 1"]):
        done = gongfu(project, *command)
        assert done.returncode == 5
        assert "nothing is published yet; run `make warehouse`" in done.stderr


def test_only_the_changed_source_is_read_and_the_result_is_that_of_a_full_build(built: Built, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    shutil.copytree(built[0].warehouse, project.warehouse, ignore=shutil.ignore_patterns("*.log", ".dagster"))
    write_source(
        project,
        "one_more",
        "label,breakdown,place,period,qualifier,value,unit,table\n居民人均可支配收入,全体居民,桐庐县,2023年,,56000,元,\n",
    )
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "of them read anew: 1\n" in done.stdout
    changed = all_rows(project)
    assert gongfu(project, "build", "--full").returncode == 0
    assert all_rows(project) == changed


def all_rows(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the warehouse, but for what tells when it was built."""
    import duckdb

    with duckdb.connect(str(project.published), read_only=True) as connection:
        tables = connection.execute("""
            select schema_name || '.' || table_name from duckdb_tables()
            where schema_name <> 'quality' or table_name not in ('build', 'checks')
        """).fetchall()
        return {name: sorted(connection.execute(f"select * from {name}").fetchall(), key=repr) for (name,) in tables}


@pytest.mark.builds
def test_rollback_brings_the_build_before_back(begun: Callable[[Path], Project], tmp_path: Path) -> None:
    project = begun(tmp_path)
    first = read(project.published)
    write_source(
        project,
        "one_more",
        "label,breakdown,place,period,qualifier,value,unit,table\n常住人口,年末,桐庐县,2023年,,1,万人,\n",
    )
    assert gongfu(project, "build").returncode == 0
    assert read(project.published) != first
    listed = gongfu(project, "versions").stdout.splitlines()
    assert len(listed) == 2
    assert listed[0].endswith("published")
    done = gongfu(project, "rollback")
    assert done.returncode == 0, done.stderr
    assert read(project.published) == first
    assert "current    no: raw/ changed since" in gongfu(project, "status").stdout
    unknown = gongfu(project, "rollback", "20010101T000000Z-0000")
    assert unknown.returncode == 2
    assert "kept are: " in unknown.stderr
