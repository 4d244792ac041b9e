"""`gongfu sql` on a small warehouse, as a person uses it."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.project import Project
from tests.conftest import gongfu

COLOURED = "\x1b[31mred\x1b[0m\x9b2J"


@pytest.fixture
def project(project: Project) -> Project:
    project.published.parent.mkdir()
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.income as select '杭州市' as area, 73797 as yuan")
    return project


def test_my_own_csv_is_joined_with_the_warehouse(project: Project) -> None:
    mine = project.root / "mine.csv"
    mine.write_text("area,target\n杭州市,75000\n", encoding="utf-8")
    query = "select target - yuan as missing from mine join marts.income using (area)"
    done = gongfu(project, "sql", "--csv", "--with", str(mine), query)
    assert done.stdout == "missing\n1203\n", done.stderr


def test_a_csv_that_is_no_csv_is_one_line(project: Project) -> None:
    mine = project.root / "mine.csv"
    mine.write_bytes("地区,值\n杭州市,1\n".encode("gb18030"))
    done = gongfu(project, "sql", "--with", str(mine), "from mine")
    assert done.returncode == 2
    assert "mine.csv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_refused_statement_says_what_is_taken(project: Project) -> None:
    done = gongfu(project, "sql", f"copy (select 1) to '{project.published}.wal'")
    assert done.returncode == 2
    assert done.stderr.startswith("gongfu: the query could not run: it is COPY; one statement that reads is taken")
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in project.warehouse.iterdir()] == ["gongfu.duckdb"]


def test_printed_text_cannot_steer_the_terminal(project: Project) -> None:
    done = gongfu(project, "sql", f"select '{COLOURED}' as \"{COLOURED}\"")
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x9b" not in done.stdout + done.stderr
    assert "␛[31mred" in done.stdout
    wrong = gongfu(project, "sql", f'select "{COLOURED}"')
    assert "\x1b" not in wrong.stderr
    assert "␛[31mred" in wrong.stderr


def test_a_csv_in_a_file_keeps_every_character(project: Project) -> None:
    done = gongfu(project, "sql", "--csv", f"select '{COLOURED}' as cell")
    assert done.stdout == f"cell\n{COLOURED}\n"
