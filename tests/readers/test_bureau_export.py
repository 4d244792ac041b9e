"""Exports of the national bureau's data site: every shape that it gives, and every way in which one may be damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.printed.heads import indicator_and_unit
from pipelines.problems import SourceRefused
from pipelines.readers.shapes.bureau_export import read
from tests.readers.files import figures, read_with, sheet_xml, with_parts, workbook, written

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

YEARLY = """数据库：分省年度数据
指标：居民人均可支配收入(元)
时间：最近3年
地区,2022年,2021年,2020年
浙江省,60302,57541,
安徽省 ,32745,30904,28103
注：1.2013年起为城乡一体化住户调查口径。
　　　2.2022年为初步数，以年鉴为准。
数据来源：国家统计局
"""


def refusal(path: Path, **layout: object) -> list[str]:
    with pytest.raises(SourceRefused) as refused:
        read_with(read, path, **layout)
    return [problem.rule for problem in refused.value.problems]


def test_places_down_and_years_across_with_the_indicator_only_in_the_title(tmp_path: Path) -> None:
    reading = read_with(read, written(tmp_path, YEARLY))
    label, unit = "居民人均可支配收入", "元"
    assert figures(reading) == [
        (label, "浙江省", "2022年", "60302", unit, "5:2"),
        (label, "浙江省", "2021年", "57541", unit, "5:3"),
        (label, "安徽省", "2022年", "32745", unit, "6:2"),
        (label, "安徽省", "2021年", "30904", unit, "6:3"),
        (label, "安徽省", "2020年", "28103", unit, "6:4"),
    ]
    assert reading.problems == []
    assert reading.figures["table"].unique().to_list() == ["分省年度数据"]


def test_title_rows_may_stand_in_any_order_and_two_of_them_are_enough(tmp_path: Path) -> None:
    text = "时间：最近3年\n指标：年末常住人口(万人)\n地区,2021年\n浙江省,6540\n数据来源：国家统计局\n"
    assert figures(read_with(read, written(tmp_path, text))) == [
        ("年末常住人口", "浙江省", "2021年", "6540", "万人", "4:2")
    ]


def test_an_indicator_whose_name_begins_like_a_note_on_sources_is_an_indicator(tmp_path: Path) -> None:
    text = "指标,2008年\n科技经费筹集额(亿元),9123.81\n来源于政府资金的科技经费筹集额(亿元),1902.03\n来源：国家统计局\n"
    assert [row[3] for row in figures(read_with(read, written(tmp_path, text), place="全国"))] == ["9123.81", "1902.03"]


def test_a_header_that_moved_down_and_right_is_found(tmp_path: Path) -> None:
    text = "\n指标：年末常住人口(万人)\n\n\n,地区,2021年,2020年\n,浙江省,6540,6468\n"
    assert [row[-1] for row in figures(read_with(read, written(tmp_path, text)))] == ["6:3", "6:4"]


def test_one_place_with_indicators_down_each_with_its_unit(tmp_path: Path) -> None:
    text = (
        "数据库：分省年度数据\n地区：浙江省\n时间：最近2年\n指标,2022年,2021年\n"
        '地区生产总值(亿元),"77,715.4",74040.8\n年末常住人口(万人),6577,6540\n人均地区生产总值(元/人),118496,--\n'
    )
    assert figures(read_with(read, written(tmp_path, text))) == [
        ("地区生产总值", "浙江省", "2022年", "77,715.4", "亿元", "5:2"),
        ("地区生产总值", "浙江省", "2021年", "74040.8", "亿元", "5:3"),
        ("年末常住人口", "浙江省", "2022年", "6577", "万人", "6:2"),
        ("年末常住人口", "浙江省", "2021年", "6540", "万人", "6:3"),
        ("人均地区生产总值", "浙江省", "2022年", "118496", "元/人", "7:2"),
    ]


def test_years_down_and_places_across(tmp_path: Path) -> None:
    text = "指标：年末常住人口(万人)\n时间,浙江省,安徽省\n2022年,6577,6127\n2021年,6540,6113\n"
    assert figures(read_with(read, written(tmp_path, text)))[1:3] == [
        ("年末常住人口", "安徽省", "2022年", "6127", "万人", "3:3"),
        ("年末常住人口", "浙江省", "2021年", "6540", "万人", "4:2"),
    ]


def test_places_down_and_indicators_across_for_the_one_year_of_the_title(tmp_path: Path) -> None:
    text = "数据库：分省年度数据\n时间：2022年\n地区,地区生产总值(亿元),年末常住人口(万人)\n浙江省,77715.4,6577\n"
    assert figures(read_with(read, written(tmp_path, text))) == [
        ("地区生产总值", "浙江省", "2022年", "77715.4", "亿元", "4:2"),
        ("年末常住人口", "浙江省", "2022年", "6577", "万人", "4:3"),
    ]


@pytest.mark.parametrize(
    ("indicator", "head", "period"),
    [
        ("地区生产总值_当季值(亿元)", "2020年第一季度", "2020年第一季度"),
        ("地区生产总值_累计值(亿元)", "2020年第一季度", "2020年第一季度"),
        ("地区生产总值_累计值(亿元)", "2020年第四季度", "2020年第四季度"),
        ("社会消费品零售总额_当期值(亿元)", "2021年3月", "2021年3月"),
        ("社会消费品零售总额_累计值(亿元)", "2021年3月", "2021年3月"),
        ("固定资产投资额_累计增长(%)", "2021年11月", "2021年11月"),
        ("规模以上工业增加值(亿元)", "2021年1-2月", "2021年1-2月"),
        ("地区生产总值(亿元)", "2020年上半年 ", "2020年上半年"),
        ("地区生产总值(亿元)", "2019.0", "2019年"),
        ("地区生产总值(亿元)", "２０１９年 ", "2019年"),
    ],
)
def test_a_period_is_landed_as_printed_whatever_the_indicator_counts_from(
    tmp_path: Path, indicator: str, head: str, period: str
) -> None:
    text = f"数据库：分省季度数据\n指标：{indicator}\n地区,{head}\n浙江省,12.5\n"
    reading = read_with(read, written(tmp_path, text))
    assert [(row[2], row[3]) for row in figures(reading)] == [(period, "12.5")]


@pytest.mark.parametrize("sign", ["", " ", "-", "--", "…", "……", "#", "—", "\u3000"])
def test_signs_for_no_figure_give_no_figure_and_a_wholly_empty_year_neither(tmp_path: Path, sign: str) -> None:
    text = f"指标：年末常住人口(万人)\n地区,2022年,2021年\n浙江省,{sign},6540\n安徽省,{sign},6113\n"
    reading = read_with(read, written(tmp_path, text))
    assert {row[2] for row in figures(reading)} == {"2021年"}
    assert reading.problems == []


def test_the_years_of_the_one_per_cent_sample_are_told_apart_by_the_files_own_note(tmp_path: Path) -> None:
    text = (
        "指标：人口数(人口抽样调查)(人)\n地区,2016年,2015年\n浙江省,46831,859773\n"
        "注：1.2005年、2015年为1%人口抽样调查样本数据，其他年份为1‰人口变动调查样本数据。\n"
    )
    reading = read_with(read, written(tmp_path, text))
    assert reading.figures.select("label", "breakdown", "value", "unit").rows() == [
        ("人口数(人口抽样调查)", "1‰人口变动调查", "46831", "人"),
        ("人口数(人口抽样调查)", "1%人口抽样调查", "859773", "人"),
    ]


def test_a_yearbook_workbook_with_its_indicator_in_merged_and_moving_columns(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.title = "Sheet1"
        sheet.append([None, None, None, None, 2005.0, 2006.0, 2007.0])
        sheet.append([1, "一般公共预算支出（亿元）i", None, "北京", None, None, 1649.5])
        sheet.append([2, None, "一般公共预算支出（亿元）i", "天津", None, None, 674.33])
        sheet.append([3, "财政支出（亿元）i", None, "北京", 1058.31, 1296.84])
        sheet.merge_cells("B2:B3")
        sheet["B2"] = "一般公共预算支出（亿元）i"

    assert figures(read_with(read, written(tmp_path, workbook(fill), "一般公共预算等.xlsx"))) == [
        ("一般公共预算支出", "北京", "2007年", "1649.5", "亿元", "G2"),
        ("一般公共预算支出", "天津", "2007年", "674.33", "亿元", "G3"),
        ("财政支出", "北京", "2005年", "1058.31", "亿元", "E4"),
        ("财政支出", "北京", "2006年", "1296.84", "亿元", "F4"),
    ]


def test_two_tables_below_one_another_keep_their_own_titles(tmp_path: Path) -> None:
    first = "指标：年末常住人口(万人)\n地区,2021年\n浙江省,6540\n数据来源：国家统计局\n"
    second = "指标：地区生产总值(亿元)\n地区,2021年\n浙江省,74040.8\n数据来源：国家统计局\n"
    assert [(row[0], row[3], row[5]) for row in figures(read_with(read, written(tmp_path, first + second)))] == [
        ("年末常住人口", "6540", "3:2"),
        ("地区生产总值", "74040.8", "7:2"),
    ]


def test_what_the_file_lacks_may_stand_in_the_card_and_nothing_else(tmp_path: Path) -> None:
    bare = written(tmp_path, "地区,2021年\n浙江省,6540\n")
    assert refusal(bare) == ["indicator_missing"]
    assert refusal(bare, indicator="年末常住人口") == ["unit_missing"]
    assert figures(read_with(read, bare, indicator="年末常住人口", unit="万人")) == [
        ("年末常住人口", "浙江省", "2021年", "6540", "万人", "2:2")
    ]
    assert refusal(bare, indikator="年末常住人口") == ["layout_key"]
    assert refusal(bare, indicator="年末常住人口(万人)", period="some day") == ["layout_period"]
    assert refusal(written(tmp_path, YEARLY), unit="万元") == ["layout_contradicts"]


def test_brackets_that_hold_a_note_are_no_unit(tmp_path: Path) -> None:
    text = "指标：人口数(人口抽样调查)\n地区,2021年\n浙江省,69273\n"
    assert refusal(written(tmp_path, text)) == ["unit_missing"]


def test_an_indicator_down_the_side_without_a_unit_is_put_aside_and_the_others_are_taken(tmp_path: Path) -> None:
    text = "地区：浙江省\n指标,2021年\n地区生产总值,74040.8\n年末常住人口(万人),6540\n"
    reading = read_with(read, written(tmp_path, text))
    assert [row[0] for row in figures(reading)] == ["年末常住人口"]
    assert [(problem.rule, problem.line, problem.value) for problem in reading.problems] == [
        ("unit_missing", 3, "74040.8")
    ]
    assert refusal(written(tmp_path, "地区：浙江省\n指标,2021年\n地区生产总值,74040.8\n")) == ["unit_missing"]


def test_a_table_without_place_or_period_is_refused_but_the_national_database_is_about_the_nation(
    tmp_path: Path,
) -> None:
    assert refusal(written(tmp_path, "指标,2021年\n年末常住人口(万人),6540\n")) == ["place_missing"]
    assert refusal(written(tmp_path, "地区,年末常住人口(万人)\n浙江省,6540\n")) == ["period_missing"]
    text = "数据库：年度数据\n时间：最近1年\n指标,2021年\n年末总人口(万人),141260\n"
    assert [row[1] for row in figures(read_with(read, written(tmp_path, text)))] == ["全国"]


@pytest.mark.parametrize("text", ["地区,数\n浙江省,1\n", "只有一句话\n", "浙江省,2010,2022\n安徽省,2011,2024\n"])
def test_a_file_without_a_header_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path, text)) in (["header_missing"], ["period_missing"])


def test_a_file_cut_off_is_refused_or_its_last_figure_put_aside(tmp_path: Path) -> None:
    whole = "指标：年末常住人口(万人)\n地区,2021年,2020年\n浙江省,6540,6468\n安徽省,6113,6105\n"
    assert refusal(written(tmp_path, whole[: whole.index(",6105")])) == ["cut_off"]
    reading = read_with(read, written(tmp_path, whole[: whole.index("05\n")]))
    assert [row[3] for row in figures(reading)] == ["6540", "6468", "6113"]
    assert [(problem.rule, problem.value) for problem in reading.problems] == [("perhaps_cut_off", "61")]


def test_an_unquoted_comma_inside_a_number_does_not_shift_the_row(tmp_path: Path) -> None:
    text = "指标：地区生产总值(亿元)\n地区,2021年,2020年\n浙江省,74,040.8,64689\n安徽省,42565.2,38061.5\n"
    reading = read_with(read, written(tmp_path, text))
    assert {row[1] for row in figures(reading)} == {"安徽省"}
    assert [(problem.rule, problem.line) for problem in reading.problems] == [("row_width", 3)]


def test_formulas_without_a_value_stay_out_and_values_from_another_workbook_are_named(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>指标：年末常住人口(万人)</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>地区</t></is></c>'
        '<c r="B2"><v>2022</v></c><c r="C2"><v>2021</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>浙江省</t></is></c><c r="B3"><f>C3+37</f></c>'
        "<c r=\"C3\"><f>'[1]人口'!B7</f><v>6540</v></c></row>"
    )
    data = with_parts(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": sheet_xml(rows)})
    reading = read_with(read, written(tmp_path, data, "a.xlsx"))
    assert [(row[2], row[3], row[5]) for row in figures(reading)] == [("2021年", "6540", "C3")]
    assert [(problem.rule, problem.column) for problem in reading.problems] == [
        ("formula_without_value", "B3"),
        ("external_link", "C3"),
    ]


def test_numbers_below_the_notes_or_under_no_head_are_named_not_dropped(tmp_path: Path) -> None:
    text = "指标：年末常住人口(万人)\n地区,2022年,,2020年\n浙江省,6577,6540,6468\n注：年末数\n安徽省,6127,6113,6105\n"
    reading = read_with(read, written(tmp_path, text))
    assert [row[3] for row in figures(reading)] == ["6577", "6468"]
    assert [(problem.rule, problem.line) for problem in reading.problems] == [
        ("row_below_notes", 5),
        ("column_without_head", 3),
    ]


def test_a_last_column_that_is_no_period_is_named_too(tmp_path: Path) -> None:
    text = "指标：年末常住人口(万人)\n地区,2022年,合计\n浙江省,6577,13117\n安徽省,6127,12240\n"
    reading = read_with(read, written(tmp_path, text))
    assert [row[3] for row in figures(reading)] == ["6577", "6127"]
    assert [(problem.rule, problem.line, problem.value) for problem in reading.problems] == [
        ("column_without_head", 3, "13117")
    ]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("货物周转量(亿吨公里)", "亿吨公里"),
        ("房价(元/平方米)", "元/平方米"),
        ("人口密度(人/平方公里)", "人/平方公里"),
        ("价格指数(上年同月=100)", "上年同月=100"),
        ("增长（％）", "％"),
        ("出生率(‰)", "‰"),
        ("进出口(百万美元)", "百万美元"),
        ("投资(不含农户)", ""),
        ("人口(人口抽样调查)", ""),
        ("产值(当年价格)", ""),
        ("收入", ""),
    ],
)
def test_a_unit_is_told_from_a_note_in_brackets(words: str, unit: str) -> None:
    assert indicator_and_unit(words)[1] == unit


def test_names_that_begin_like_formulas_are_text(tmp_path: Path) -> None:
    text = "指标：年末常住人口(万人)\n地区,2021年\n=1+1,5\n@SUM(A1),6\n+浙江,7\n-安徽,8\n"
    assert [row[1] for row in figures(read_with(read, written(tmp_path, text)))] == [
        "=1+1",
        "@SUM(A1)",
        "+浙江",
        "-安徽",
    ]


def test_words_where_a_number_should_stand_reach_the_door_as_printed(tmp_path: Path) -> None:
    text = "指标：年末常住人口(万人)\n地区,2021年\n浙江省,6540（预计）\n"
    assert [row[3] for row in figures(read_with(read, written(tmp_path, text)))] == ["6540（预计）"]


def test_a_total_without_a_name_is_one_of_what_the_line_above_says(tmp_path: Path) -> None:
    text = "就业人员（2022年）\n地区,合计(万人),城镇(万人)\n杭州市,764.3,601.2\n宁波市,542.1,430.0\n"
    reading = read_with(read, written(tmp_path, text))
    assert [(row["label"], row["value"]) for row in reading.figures.iter_rows(named=True)] == [
        ("就业人员", "764.3"),
        ("城镇", "601.2"),
        ("就业人员", "542.1"),
        ("城镇", "430.0"),
    ]
