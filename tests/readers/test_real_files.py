"""The real files of the statistical sites, where they are at hand: every figure is read, and read where it stands.

The counts were made without the readers: non-empty cells of the 31 province rows with the csv module, and by eye.
"""

from __future__ import annotations

import csv
import io
import os
import random
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers.shapes import bureau_export, query_api, tidy_table, yearbook_sheet
from tests.conftest import CHECKOUT
from tests.readers.files import read_with

SAMPLES = Path(os.environ.get("GONGFU_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "samples"
EXPORTS = SAMPLES / "nbs_exports"
ANSWERS = SAMPLES / "nbs_api"
YEARBOOKS = SAMPLES / "yearbooks"

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
    assert (first["place"], first["period"], first["value"], first["cell"]) == ("北京", "2007年", "1,649.50", "G2")
    assert (last["place"], last["period"], last["value"], last["cell"]) == ("新疆", "2006年", "678.47", "F63")


def test_xlrd_and_calamine_see_the_same_old_workbook() -> None:
    from python_calamine import CalamineWorkbook

    from pipelines.project import Project
    from pipelines.readers.files.number_format import number_text
    from pipelines.readers.files.opening import read_grids
    from tests.readers.files import source_of

    path = EXPORTS / "一般公共预算等.xls"
    (grid,) = read_grids(Project(EXPORTS), source_of(path), path)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Sheet1")
    for row, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, cell in enumerate(cells, 1):
            text = grid.text(row, column)
            assert (
                (Decimal(text.replace(",", "")) == Decimal(number_text(cell)))
                if isinstance(cell, float)
                else text == cell
            )


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


CITY_HEADS = (
    "年末总人口(万人)",
    "生产总值(亿元)",
    "生产总值/第一产业(亿元)",
    "生产总值/第二产业(亿元)",
    "生产总值/第三产业(亿元)",
    "生产总值/工业(亿元)",
    "人均生产总值(元)",
    "全社会就业人员年末数(万人)",
    "社会消费品零售总额(亿元)",
    "固定资产投资(亿元)",
    "出口总额(亿美元)",
    "财政总收入(亿元)",
    "地方财政收入(亿元)",
    "地方财政支出(亿元)",
    "城乡居民储蓄存款年末余额(亿元)",
    "城镇居民人均可支配收入(元)",
    "农村居民人均可支配收入(元)",
)
HUNAN_HEADS = (
    "总收入(元)",
    "总收入/可支配收入(元)",
    "总支出(元)",
    "总支出/消费性支出(元)",
    "总支出/非消费性支出(元)",
    "恩格尔系数(%)",
)
#: What a person sees in the garbled names of the copy.
HUNAN_NAMES = {
    13: "西 Shanxi = 山西省",
    23: "西 Jiangxi = 江西省",
    28: "广 Guangdong = 广东省",
    31: "Chongqi = 重庆市",
    35: "西 Tibet = 西藏自治区",
    36: "西 Shanxi = 陕西省",
}


def typed(source_id: str) -> list[tuple[str, str, str]]:
    """Place, period and value of the same tables, typed by hand into raw/ before the readers were written."""
    with (CHECKOUT / "raw" / source_id / "figures.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["place"], row["period"], row["value"]) for row in csv.DictReader(stream)]


def heads(words: tuple[str, ...]) -> dict[str, str]:
    return {chr(ord("B") + position): head for position, head in enumerate(words)}


def test_the_disability_yearbook_in_two_languages() -> None:
    table = {"header": 5, "body": "6-39", "names": {"A": "indicator"}, "across": "period", "place": "全国"}
    reading = read_with(yearbook_sheet.read, YEARBOOKS / "disability_3-1_2015_2019.txt", tables=[table])
    assert len(reading.figures) == 55  # seven rows of 4, 4, 3, 4, 4, 4, 3, one of 4, five of 5
    assert reading.figures.select("place", "period", "value").rows() == typed("disability_yearbook_2020")
    assert set(reading.figures["unit"]) == {"万人", "个", "人"}
    assert reading.problems == []


def test_the_cities_of_zhejiang_with_their_sub_regions_and_a_row_cut_off() -> None:
    table = {"body": "39-56", "heads": heads(CITY_HEADS), "names_above": True}
    reading = read_with(yearbook_sheet.read, YEARBOOKS / "zhejiang_2016nj_17-2_cities_2015.txt", tables=[table])
    by_place = reading.figures.group_by("place", maintain_order=True).len().rows()
    assert by_place == [
        ("浙东北", 14), ("杭州市", 17), ("宁波市", 17), ("嘉兴市", 17), ("湖州市", 17), ("绍兴市", 17), ("舟山市", 17),
        ("浙西南", 14),
    ]  # fmt: skip
    cities = [row for row in reading.figures.select("place", "period", "value").rows() if row[0].endswith("市")]
    assert cities == typed("zj_yearbook_2016")
    assert [(problem.rule, problem.line) for problem in reading.problems] == [("row_width", 56)]  # 温州市 ends in 4487.


def test_the_bilingual_table_needs_a_person_for_garbled_names() -> None:
    path = YEARBOOKS / "hunan_2011nj_19-18_urban_income_expenditure_2010_bilingual.txt"
    table = {"body": "9-40", "heads": heads(HUNAN_HEADS), "rows": HUNAN_NAMES}
    figures = read_with(yearbook_sheet.read, path, tables=[table]).figures
    assert len(figures) == 32 * 6
    assert figures["value"].to_list() == [value for _, _, value in typed("hunan_yearbook_2011")]
    untold = read_with(yearbook_sheet.read, path, tables=[{"body": "9-40", "heads": heads(HUNAN_HEADS)}]).figures
    assert set(untold["place"]) >= {"西 Shanxi", "西 Jiangxi", "Chongqi"}  # unknown places: quarantined in staging
    assert {"山西省", "陕西省", "江西省"}.isdisjoint(untold["place"])


def test_a_tidy_table_with_heads_of_its_own() -> None:
    columns = {"value": "amount_yuan", "label": "metric_name", "breakdown": "resident_group_cn", "period": "year"}
    path = YEARBOOKS / "zhejiang_2025_income_consumption.csv"
    reading = read_with(tidy_table.read, path, columns=columns, place="浙江省", unit="元")
    assert reading.figures.select("place", "period", "value").rows() == typed("zj_yearbook_2025")
    assert len(reading.figures) == 54
    assert reading.problems == []


@pytest.mark.parametrize("path", sorted(YEARBOOKS.glob("*")), ids=lambda path: path.name)
def test_every_yearbook_file_gets_a_proposal_that_guesses_nothing(path: Path) -> None:
    from click.testing import CliRunner

    from pipelines.commands.propose import propose

    done = CliRunner().invoke(propose, [str(path)])
    assert done.exit_code == 0, done.output
    assert "reader: yearbook_sheet" in done.output or "reader: tidy_table" in done.output
    assert "'?'" in done.output  # each of these leaves something to ask
