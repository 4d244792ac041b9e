"""Figures + left out + refused are all the numbers of a file; where nobody speaks of a number, the file is refused."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers.accounts import REASONS
from pipelines.readers.shapes import bureau_export, sdmx_csv, tidy_table, yearbook_sheet
from tests.conftest import CHECKOUT
from tests.readers.files import read_with, workbook, written

if TYPE_CHECKING:
    from pathlib import Path

    import openpyxl

    from pipelines.readers import Reading


def counted(reading: Reading) -> dict[str, int]:
    found: dict[str, int] = {"figures": len(reading.figures), "refused": reading.refused}
    for one in reading.left_out:
        found[one.reason] = found.get(one.reason, 0) + one.numbers
    return found


def test_the_reasons_are_the_closed_list_of_the_reference_data() -> None:
    with (CHECKOUT / "dbt_project/seeds/rules/skip_reasons.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["reason"] for row in csv.DictReader(stream)} == REASONS


def test_an_export_adds_up(tmp_path: Path) -> None:
    """2 years in the heads, 3 running numbers, 5 cells of figures (12O is the door's to refuse), 1 year in the note."""
    text = (
        "指标：年末常住人口(万人)\n序号,地区,2021年,2020年\n1,浙江省,6540,6468\n2,安徽省,6113,12O\n"
        "3,江苏省,8505,\n注：2020年为普查数\n"
    )
    reading = read_with(bureau_export.read, written(tmp_path, text))
    assert reading.numbers == 11
    assert counted(reading) == {"figures": 5, "refused": 0, "head": 2, "rank": 3, "note": 1}


def two_sheets(book: openpyxl.Workbook) -> None:
    first, second = book.active, book.create_sheet("附表")
    assert first is not None
    for sheet in (first, second):
        sheet.append(["指标：年末常住人口(万人)"])
        sheet.append(["地区", "2021年", "2020年"])
        sheet.append(["浙江省" if sheet is first else "安徽省", 6540, 6468])


def test_a_second_sheet_is_read_too(tmp_path: Path) -> None:
    reading = read_with(bureau_export.read, written(tmp_path, workbook(two_sheets), "a.xlsx"))
    assert counted(reading)["figures"] == 4


def test_numbers_above_the_head_that_nobody_reads_refuse_the_file(tmp_path: Path) -> None:
    text = "指标：人口(万人)\n安徽省,6113,6105\n地区,2021年,2020年\n浙江省,6540,6468\n"
    with pytest.raises(SourceRefused) as refused:
        read_with(bureau_export.read, written(tmp_path, text))
    (problem,) = refused.value.problems
    assert problem.rule == "numbers_unaccounted"
    assert "2 of 6 numbers" in problem.message_en
    assert "2:2" in problem.message_en


def test_a_skipped_last_column_of_a_text_leaves_its_rows(tmp_path: Path) -> None:
    layout = {
        "tables": [{"header": 1, "body": "2-3", "names": {"A": "place"}, "period": "2021年", "skip_columns": "C"}]
    }
    text = "地区,人口(万人),排名\n浙江省,6540,8\n安徽省,6113,9\n"
    reading = read_with(yearbook_sheet.read, written(tmp_path, text), **layout)
    assert counted(reading) == {"figures": 2, "refused": 0, "skipped_column": 2}


def test_a_column_that_nobody_mapped_is_refused_or_left_out_by_name(tmp_path: Path) -> None:
    text = "指标,地区,年份,数值,单位,性别\n人口,浙江省,2021,3400,万人,男\n"
    with pytest.raises(SourceRefused) as refused:
        read_with(tidy_table.read, written(tmp_path, text))
    assert [problem.rule for problem in refused.value.problems] == ["column_unknown"]
    mapped = read_with(tidy_table.read, written(tmp_path, text), columns={"breakdown": "性别"})
    assert mapped.figures["breakdown"].to_list() == ["男"]


SDMX = (
    "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT,UNIT_MULT,OBS_STATUS,CONF_STATUS,SEX\n"
    "dataflow,A:B(1.0),I,人口,浙江省,2021,34,人,6,{status},{conf},M\n"
)


def test_a_dimension_without_a_name_is_refused_and_attributes_are_obeyed(tmp_path: Path) -> None:
    path = written(tmp_path, SDMX.format(status="F", conf="F").encode())
    with pytest.raises(SourceRefused) as refused:
        read_with(sdmx_csv.read, path)
    assert [problem.rule for problem in refused.value.problems] == ["dimension_unnamed"]
    reading = read_with(sdmx_csv.read, path, columns={"breakdown": "SEX"})
    (row,) = reading.figures.iter_rows(named=True)
    assert (row["unit"], row["period"], row["breakdown"]) == ("百万人", "2021年（预测）", "M")
    secret = written(tmp_path, SDMX.format(status="A", conf="C").encode(), "b.csv")
    assert [p.rule for p in read_with(sdmx_csv.read, secret, columns={"breakdown": "SEX"}).problems] == [
        "attribute_unknown"
    ]
