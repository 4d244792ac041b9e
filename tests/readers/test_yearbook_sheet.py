"""Yearbook tables in the shapes in which they are printed, and damaged; every expected figure was typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers.shapes import yearbook_sheet
from tests.readers.files import read_with, workbook, written

if TYPE_CHECKING:
    from pathlib import Path

    import openpyxl

    from pipelines.readers import Reading

CITIES = (
    ("17-2  各市主要指标(2022年)",),
    ("Main Indicators by City (2022)",),
    ("城 市", "年末总人口\n(万人)\nPopulation", "生产总值\n(亿元)", None, None, "人均生产总值(元)", "位次"),
    ("City", None, "GDP", "#第一产业", "#第三产业", "Per Capita GDP", "Rank"),
    ("浙东北", "3,321.5", "45000.10", "1100.20", "24000.30", None, None),
    ("　杭 州 市 Hangzhou", "1237.6①", "18753.00", "346.00", "12787.00", "152588", "1"),
    ("　宁波市 Ningbo", "961.8", "15704.30", "382.00", "7904.00", "163911", "2"),
    ("浙西南", "…", "-", "", "#", None, None),
    ("注：①为年末常住人口。",),
    ("资料来源：统计局", "2022"),
)
LAYOUT = {"header": "3-4", "body": "5-8", "names": {"A": "place"}, "table": "17-2", "skip_columns": "G"}
MERGED = ("C3:E3", "B3:B4", "F3:F4", "A1:G1")


def cities(book: openpyxl.Workbook, merged: tuple[str, ...] = MERGED) -> None:
    sheet = book.active
    assert sheet is not None
    sheet.title = "17-2"
    for row in CITIES:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)


def rows(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return reading.figures.select(*(names or ("label", "breakdown", "place", "value", "unit", "cell"))).rows()


def read_book(folder: Path, data: bytes, *tables: dict[str, Any]) -> Reading:
    return read_with(yearbook_sheet.read, written(folder, data, "yearbook.xlsx"), tables=list(tables))


def test_stacked_and_merged_heads_two_languages_notes_and_subtotals(tmp_path: Path) -> None:
    reading = read_book(tmp_path, workbook(cities), LAYOUT)
    assert reading.problems == []
    assert rows(reading) == [
        ("年末总人口", "", "浙东北", "3,321.5", "万人", "B5"),
        ("生产总值", "", "浙东北", "45000.10", "亿元", "C5"),
        ("生产总值", "第一产业", "浙东北", "1100.20", "亿元", "D5"),
        ("生产总值", "第三产业", "浙东北", "24000.30", "亿元", "E5"),
        ("年末总人口", "", "杭州市", "1237.6", "万人", "B6"),
        ("生产总值", "", "杭州市", "18753.00", "亿元", "C6"),
        ("生产总值", "第一产业", "杭州市", "346.00", "亿元", "D6"),
        ("生产总值", "第三产业", "杭州市", "12787.00", "亿元", "E6"),
        ("人均生产总值", "", "杭州市", "152588", "元", "F6"),
        ("年末总人口", "", "宁波市", "961.8", "万人", "B7"),
        ("生产总值", "", "宁波市", "15704.30", "亿元", "C7"),
        ("生产总值", "第一产业", "宁波市", "382.00", "亿元", "D7"),
        ("生产总值", "第三产业", "宁波市", "7904.00", "亿元", "E7"),
        ("人均生产总值", "", "宁波市", "163911", "元", "F7"),
    ]
    assert set(rows(reading, "period", "sheet", "table")) == {("2022年", "17-2", "17-2")}


def test_ranks_are_in_places(tmp_path: Path) -> None:
    table = {key: value for key, value in LAYOUT.items() if key != "skip_columns"}
    ranks = [row for row in rows(read_book(tmp_path, workbook(cities), table)) if row[0] == "位次"]
    assert ranks == [("位次", "", "杭州市", "1", "位", "G6"), ("位次", "", "宁波市", "2", "位", "G7")]


@pytest.mark.parametrize(
    ("merged", "rule"),
    [
        (("D3:F3", "B3:B4"), "indicator_missing"),  # C loses its head, F gains a wrong one
        (("B3:D3", "F3:F4"), None),
        (("C3:H3", "B3:B4"), "heads_twice"),
    ],
)
def test_a_merged_head_moved_by_one_is_never_read_in_silence(
    tmp_path: Path, merged: tuple[str, ...], rule: str | None
) -> None:
    def moved(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.title = "17-2"
        for row in CITIES[:2]:
            sheet.append(row)
        start = merged[0][0]
        head: list[str | None] = ["城市", "年末总人口(万人)", None, None, None, None, None]
        head["ABCDEFG".index(start)] = "生产总值(亿元)"
        sheet.append(head)
        sheet.append(("", "", "", "第一产业", "第三产业", "", ""))
        for row in CITIES[4:8]:
            sheet.append(row[:6])
        for area in merged:
            sheet.merge_cells(area)

    if rule:
        with pytest.raises(SourceRefused) as refused:
            read_book(tmp_path, workbook(moved), LAYOUT)
        assert refused.value.problems[0].rule == rule
        assert "one column off" in refused.value.problems[0].message_en
    else:  # the population lost its head; the column that now lacks one stops the table
        with pytest.raises(SourceRefused):
            read_book(tmp_path, workbook(moved), LAYOUT)


def test_two_groups_moved_by_one_are_refused(tmp_path: Path) -> None:
    """城镇 over C-D and 农村 over E-F, printed one column to the right: E would read as 城镇, which is 农村."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (
            ("地区", "", "", "城镇(元)", "", "农村(元)", ""),
            ("", "", "2021年", "2022年", "2021年", "2022年", ""),
            ("杭州市", "", "74700", "77043", "42692", "45183", ""),
        ):
            sheet.append(row)
        for area in ("D1:E1", "F1:G1"):
            sheet.merge_cells(area)

    with pytest.raises(SourceRefused) as refused:
        read_book(tmp_path, workbook(fill), {"header": "1-2", "names": {"A": "place", "B": "skip"}, "across": "period"})
    assert refused.value.problems[0].rule in ("indicator_missing", "heads_shifted")


ITEMS = (
    ("表3 全省就业情况", "", "", "单位：万人"),
    ("指标 Item", "2020", "2021年", "2022"),
    ("一、年末就业人员 Employed Persons", "3857", "3897", "3955"),
    ("　其中：城镇 Urban", "2684", "2768", "2850"),
    ("　　　　乡村 Rural", "1173", "1129", "1105"),
    ("二、培训", "", "", ""),
    ("　1. 培训人次(万人次)", "204.2", "[1]", "310.5"),
    ("三、就业率(%)", "96.5", "97.0*", "97.3[2]"),
)


def test_parts_stand_below_their_whole_and_units_come_from_title_section_or_name(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in ITEMS:
            sheet.append(row)

    table = {"header": 2, "names": {"A": "indicator"}, "across": "period", "place": "浙江省"}
    reading = read_book(tmp_path, workbook(fill), table)
    assert rows(reading, "label", "breakdown", "period", "value", "unit") == [
        ("年末就业人员", "", "2020年", "3857", "万人"),
        ("年末就业人员", "", "2021年", "3897", "万人"),
        ("年末就业人员", "", "2022年", "3955", "万人"),
        ("年末就业人员", "城镇", "2020年", "2684", "万人"),
        ("年末就业人员", "城镇", "2021年", "2768", "万人"),
        ("年末就业人员", "城镇", "2022年", "2850", "万人"),
        ("年末就业人员", "乡村", "2020年", "1173", "万人"),
        ("年末就业人员", "乡村", "2021年", "1129", "万人"),
        ("年末就业人员", "乡村", "2022年", "1105", "万人"),
        ("培训人次", "", "2020年", "204.2", "万人次"),
        ("培训人次", "", "2022年", "310.5", "万人次"),
        ("就业率", "", "2020年", "96.5", "%"),
        ("就业率", "", "2021年", "97.0", "%"),
        ("就业率", "", "2022年", "97.3", "%"),
    ]


def test_units_in_a_column_and_in_a_row(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (
            ("指标", "计量单位", "2022年"),
            ("医院", "个", "1485"),
            ("床位", "万张", "38.2"),
            (),
            ("地区", "医院", "床位"),
            ("", "个", "万张"),
            ("杭州市", "391", "9.61"),
        ):
            sheet.append(row)

    above = {
        "header": 1,
        "body": "2-3",
        "names": {"A": "indicator", "B": "unit"},
        "across": "period",
        "place": "浙江省",
    }
    below = {"header": "5-6", "body": "7", "names": {"A": "place"}, "period": "2022年"}
    assert rows(read_book(tmp_path, workbook(fill), above, below), "label", "place", "value", "unit", "cell") == [
        ("医院", "浙江省", "1485", "个", "C2"),
        ("床位", "浙江省", "38.2", "万张", "C3"),
        ("医院", "杭州市", "391", "个", "B7"),
        ("床位", "杭州市", "9.61", "万张", "C7"),
    ]


def test_a_table_goes_on_on_the_next_sheet_under_the_heads_of_the_first(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.title = "5-1"
        for row in (("5-1 人口 单位：万人",), ("地区", "2021年", "2022年"), ("杭州市", "1220.4", "1237.6")):
            sheet.append(row)
        more = book.create_sheet("续")
        for row in (("续表",), ("地区", "2021年", "2022年"), ("宁波市", "954.4", "961.8")):
            more.append(row)

    first = {
        "sheet": "5-1",
        "header": 2,
        "names": {"A": "place"},
        "across": "period",
        "indicator": "人口",
        "unit": "万人",
    }
    reading = read_book(tmp_path, workbook(fill), first, {"sheet": "续", "continued_from": 1})
    assert rows(reading, "place", "period", "value", "sheet", "cell") == [
        ("杭州市", "2021年", "1220.4", "5-1", "B3"),
        ("杭州市", "2022年", "1237.6", "5-1", "C3"),
        ("宁波市", "2021年", "954.4", "续", "B3"),
        ("宁波市", "2022年", "961.8", "续", "C3"),
    ]


PRINT = """9-9 各市收入(2022年)
城市 收入(元) 支出(元)
杭州市
70281  46440
宁波市
68348  
温州市
63033  44127  1
绍兴市
65760  4216.
"""


def test_text_copied_off_a_page_is_cut_at_its_blanks(tmp_path: Path) -> None:
    table = {"body": "3-10", "names_above": True, "heads": {"B": "收入(元)", "C": "支出(元)"}}
    reading = read_with(yearbook_sheet.read, written(tmp_path, PRINT, "print.txt"), tables=[table])
    assert rows(reading, "label", "place", "value", "cell") == [
        ("收入", "杭州市", "70281", "4:2"),
        ("支出", "杭州市", "46440", "4:3"),
        ("收入", "宁波市", "68348", "6:2"),
        ("收入", "绍兴市", "65760", "10:2"),
        ("支出", "绍兴市", "4216.", "10:3"),  # no number: quarantined at the door
    ]
    assert [(problem.rule, problem.line) for problem in reading.problems] == [("row_width", 8)]


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"sheet": "18-1"}, "sheet_missing", "18-1"),
        ({"header": "drei"}, "layout_form", "header"),
        ({"colour": "red"}, "layout_form", "colour"),
        ({"names": {"1.5": "place"}}, "layout_form", "names"),
        ({"heads": {"B": "?"}}, "layout_form", "say what stands at 2"),
        ({"period": "?"}, "layout_form", "question mark"),
        ({"rows": {6: "宁波市"}}, "layout_contradicts", "杭州市"),
        ({"body": "20-30"}, "header_missing", "no figures"),
        ({"header": 3}, "heads_twice", "C and D"),
        ({"header": 2}, "indicator_missing", "one column off"),
    ],
)
def test_a_card_that_does_not_fit_is_one_line(tmp_path: Path, change: dict[str, Any], rule: str, words: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        read_book(tmp_path, workbook(cities), LAYOUT | change)
    (problem,) = refused.value.problems
    assert problem.rule == rule
    assert words in problem.message_en
    assert "\n" not in str(problem)


def test_no_card_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="gongfu propose"):
        read_with(yearbook_sheet.read, written(tmp_path, workbook(cities), "yearbook.xlsx"))


def test_units_missing_put_the_figures_aside_with_their_cells(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("地区", "人口", "产值(亿元)"), ("杭州市", "1237.6", "18753")):
            sheet.append(row)

    reading = read_book(tmp_path, workbook(fill), {"header": 1, "period": "2022年"})
    assert rows(reading, "label", "value") == [("产值", "18753")]
    assert [(problem.rule, problem.column) for problem in reading.problems] == [("unit_missing", "B2")]


def test_formulas_without_values_are_put_aside_and_rows_below_the_notes_named(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("地区", "人口(万人)"), ("杭州市", "=1+2"), ("宁波市", 961.8), ("注：略",), ("温州市", 967.9)):
            sheet.append(row)

    reading = read_book(tmp_path, workbook(fill), {"header": 1, "period": "2022年"})
    assert rows(reading, "place", "value") == [("宁波市", "961.8")]
    assert {(problem.rule, problem.line) for problem in reading.problems} == {
        ("formula_without_value", 2),
        ("row_below_notes", 5),
    }


def test_a_total_without_a_name_is_one_of_what_the_title_says(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (
            ("1-6 就业人员（2022年）",),
            ("单位：万人",),
            ("地区", "合计", "城镇"),
            ("杭州市", "764.3", "601.2"),
            ("宁波市", "", ""),
        ):
            sheet.append(row)

    card = {"header": "3", "body": "4-5", "names": {"A": "place"}, "across": "indicator"}
    named = rows(read_book(tmp_path, workbook(fill), card), "label", "place", "period", "value", "unit")
    assert named == [
        ("就业人员", "杭州市", "2022年", "764.3", "万人"),
        ("城镇", "杭州市", "2022年", "601.2", "万人"),
    ]


def test_a_total_without_a_name_under_no_title_is_put_aside(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("地区", "合计(万人)", "城镇(万人)"), ("杭州市", "764.3", "601.2")):
            sheet.append(row)

    card = {"header": "1", "body": "2", "names": {"A": "place"}, "across": "indicator", "period": "2022年"}
    reading = read_book(tmp_path, workbook(fill), card)
    assert rows(reading, "label", "value") == [("城镇", "601.2")]
    assert [(problem.rule, problem.value) for problem in reading.problems] == [("indicator_missing", "764.3")]


def test_a_year_as_a_percentage_of_another_is_an_index(tmp_path: Path) -> None:
    """The product of Shandong's yearbook: 103.9 is 2022 with 2021 as 100."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (
            ("2-6 各市地区生产总值",),
            ("单位:亿元",),
            ("地 区", "地区生产总值", "", ""),
            (),
            ("", "2022", "2022年为\n2021年%\n2021=100", "2022年为\n2015年%"),
            (),
            ("全 省", "87435.13", "103.9", "147.2"),
        ):
            sheet.append(row)
        sheet.merge_cells("B3:D3")

    card = {"header": "3,5", "body": "6-7", "names": {"A": "place"}, "across": "indicator", "period": "2022年"}
    named = rows(read_book(tmp_path, workbook(fill), card), "label", "breakdown", "period", "value", "unit")
    assert named == [
        ("地区生产总值", "", "2022年", "87435.13", "亿元"),
        ("地区生产总值", "指数", "2022年", "103.9", "上年=100"),
        ("地区生产总值", "指数（2015年=100）", "2022年", "147.2", "2015年=100"),
    ]
