"""The real files of the statistical sites, where they are at hand: every figure is read, and read where it stands.

The counts were made without the readers: non-empty cells of the 31 province rows with the csv module, and by eye.
"""

from __future__ import annotations

import csv
import io
import os
import random
from pathlib import Path

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers import bureau_export, query_api
from tests.readers.files import read_with

SAMPLES = Path(os.environ.get("GONGFU_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "samples"
EXPORTS = SAMPLES / "nbs_exports"
ANSWERS = SAMPLES / "nbs_api"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not beside the project")

COUNTED = {
    "分省年度数据.csv": ("地区生产总值", "亿元", 31 * 19),
    "分省年度数据 (1).csv": ("人口数(人口抽样调查)", "人", 31 * 17),
    "分省年度数据 (2).csv": ("65岁及以上人口数(人口抽样调查)", "人", 31 * 17),
    "分省年度数据 (3).csv": ("城镇单位就业人员", "万人", 31 * 17),
    "分省年度数据 (4).csv": ("私营企业和个体就业人员", "万人", 31 * 14),
    "分省年度数据 (5).csv": ("固定资产投资(不含农户)实际到位资金_比上年增长", "%", 31 * 7),
    "分省年度数据 (6).csv": ("公有经济企事业单位专业技术人员数", "人", 31 * 6),
}


@pytest.mark.parametrize("name", COUNTED)
def test_an_export_gives_every_figure_that_is_printed_in_it(name: str) -> None:
    label, unit, count = COUNTED[name]
    reading = read_with(bureau_export.read, EXPORTS / name)
    rows = list(csv.reader(io.StringIO((EXPORTS / name).read_bytes().decode("gb18030"))))
    provinces = rows[4:35]
    assert len(provinces) == 31
    assert sum(1 for row in provinces for cell in row[1:] if cell.strip()) == count
    assert len(reading.figures) == count
    assert reading.problems == []
    assert reading.figures["label"].unique().to_list() == [label]
    assert reading.figures["unit"].unique().to_list() == [unit]
    for figure in random.Random(name).sample(reading.figures.rows(named=True), 20):
        line, column = (int(part) for part in figure["cell"].split(":"))
        assert rows[line - 1][column - 1] == figure["value"]
        assert rows[line - 1][0] == figure["place"]
        assert rows[3][column - 1] == figure["period"]


def test_the_one_per_cent_sample_of_2015_stands_apart() -> None:
    for name in ("分省年度数据 (1).csv", "分省年度数据 (2).csv"):
        figures = read_with(bureau_export.read, EXPORTS / name).figures
        assert figures.filter(breakdown="1%人口抽样调查")["period"].unique().to_list() == ["2015年"]
        assert len(figures.filter(breakdown="1%人口抽样调查")) == 31


def test_the_budget_workbook_gives_two_indicators() -> None:
    reading = read_with(bureau_export.read, EXPORTS / "一般公共预算等.xls")
    assert reading.problems == []
    assert len(reading.figures.filter(label="一般公共预算支出")) == 31 * 18
    assert len(reading.figures.filter(label="财政支出")) == 31 * 2
    first, last = reading.figures.row(0, named=True), reading.figures.row(-1, named=True)
    assert (first["place"], first["period"], first["value"], first["cell"]) == ("北京", "2007年", "1649.5", "G2")
    assert (last["place"], last["period"], last["value"], last["cell"]) == ("新疆", "2006年", "678.47", "F63")


def test_xlrd_and_calamine_see_the_same_old_workbook() -> None:
    from python_calamine import CalamineWorkbook

    from pipelines.project import Project
    from pipelines.readers.grid import read_grids
    from pipelines.readers.workbook import number_text
    from tests.readers.files import source_of

    path = EXPORTS / "一般公共预算等.xls"
    (grid,) = read_grids(Project(EXPORTS), source_of(path), path)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Sheet1")
    for row, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, cell in enumerate(cells, 1):
            assert grid.text(row, column) == (number_text(cell) if isinstance(cell, float) else cell)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cli_simple_query", 1),
        ("stats_gdp", 10),
        ("stats_industrial", 10),
        ("stats_multi_period", 2),
        ("stats_multi_zb", 6),
        ("cli_reg_query", 0),
        ("get_reg_cities", 0),
        ("stats_with_reg_annual", 0),
    ],
)
def test_an_answer_gives_the_figures_that_it_has(name: str, count: int) -> None:
    text = (ANSWERS / f"{name}.json").read_text(encoding="utf-8")
    reading = read_with(query_api.read, ANSWERS / f"{name}.json")
    assert text.count('"hasdata":true') == count
    assert len(reading.figures) == count


@pytest.mark.parametrize(
    ("name", "rule"), [("invalid_query", "answer_error"), ("stats_with_reg", "answer_for_another_place")]
)
def test_an_answer_to_nothing_or_to_something_else_is_refused(name: str, rule: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        read_with(query_api.read, ANSWERS / f"{name}.json")
    assert [problem.rule for problem in refused.value.problems] == [rule]
