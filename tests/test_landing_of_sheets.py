"""Figures of sheets and answers land with the cell that they were printed in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from pipelines.project import Project
from pipelines.receiving.assembling import assemble
from pipelines.receiving.landing import land_all
from tests.conftest import HEADER, write_source
from tests.readers.files import workbook

if TYPE_CHECKING:
    from pathlib import Path

EXPORT = "指标：年末常住人口(万人)\n地区,2022年,2021年\n浙江省,6577,六千\n".encode("gb18030")


def put(project: Project, source_id: str, files: dict[str, bytes], **fields: object) -> None:
    """A source of any reader with these files."""
    folder = write_source(project, source_id, HEADER, {"reader": "bureau_export"} | fields)
    (folder / "figures.csv").unlink()
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"] = [{"path": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()]
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    for name, data in files.items():
        (folder / name).write_bytes(data)


def book(value: float) -> bytes:
    rows = [["地区", 2022], ["浙江省", value]]
    return workbook(lambda new: [new.active.append(row) for row in rows])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.workshop.mkdir(parents=True)
    return made


def printed(project: Project) -> list[tuple[object, ...]]:
    assemble(project, project.building, list(land_all(project)))
    with duckdb.connect(str(project.building), read_only=True) as connection:
        return connection.execute(
            "select figure_id, sheet, cell, period_printed, value_printed, unit_printed "
            "from landing.printed_figures order by source_id, file"
        ).fetchall()


def test_sheets_text_and_hand_typed_tables_land_side_by_side(project: Project) -> None:
    put(
        project,
        "a_book",
        {"one.xlsx": book(6577), "two.xlsx": book(6627)},
        layout={"indicator": "常住人口", "unit": "万人"},
    )
    put(project, "b_export", {"分省年度数据.csv": EXPORT})
    write_source(project, "c_table", HEADER + "常住人口,,浙江省,2022年,,6577,万人,\n")
    assert printed(project) == [
        ("a_book:Sheet!B2", "Sheet", "B2", "2022年", "6577", "万人"),
        ("a_book:[two.xlsx]Sheet!B2", "Sheet", "B2", "2022年", "6627", "万人"),
        ("b_export:分省年度数据.csv:3:2", None, "3:2", "2022年", "6577", "万人"),
        ("c_table:figures.csv:2:value", None, None, "2022年", "6577", "万人"),
    ]


def test_words_where_a_number_should_stand_are_kept_out_with_their_line(project: Project) -> None:
    put(project, "b_export", {"分省年度数据.csv": EXPORT})
    (landed,) = land_all(project)
    assert [(problem.rule, problem.line, problem.value) for problem in landed.problems] == [("number", 3, "六千")]


@pytest.mark.parametrize("layout", ["indicator", ["indicator"]])
def test_a_layout_that_is_no_mapping_is_refused(project: Project, layout: object) -> None:
    put(project, "b_export", {"a.csv": EXPORT}, layout=layout)
    (landed,) = land_all(project)
    assert [problem.rule for problem in landed.problems] == ["layout_form"]
