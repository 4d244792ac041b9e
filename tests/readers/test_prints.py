"""The print is what the page shows: number formats, raised and struck-out digits, hidden rows, dashes, commas."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.readers.files.number_format import shown
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes.bureau_export import read
from tests.readers.files import figures, read_with, source_of, workbook, written

if TYPE_CHECKING:
    from pathlib import Path

    import openpyxl


@pytest.mark.parametrize(
    ("stored", "number_format", "print_"),
    [
        (0.062, "0.0%", "6.2%"),
        (6.234567, "0.0", "6.2"),
        (6.25, "0.0", "6.3"),
        (1649.5, "#,##0.00_ ", "1,649.50"),
        (12345, "0!.0,", "1.2"),
        (123456, "0!.0,", "12.3"),
        (1234567, "#,##0,", "1,235"),
        (-5.25, r"#,##0.0_);[Red]\(#,##0.0\)", "-5.3"),
        (0, '0;-0;"-"', "-"),
        (5, ";;;", ""),
        (0.1 + 0.2, "General", "0.3"),
        (43466, 'yyyy"年"', "2019年"),
        (43739, 'yyyy"年"m"月"', "2019年10月"),
        (43739, "yyyy/m/d", "2019-10-01"),
    ],
)
def test_a_cell_prints_what_its_format_shows(stored: float, number_format: str, print_: str) -> None:
    """Expected prints as Excel and LibreOffice show them."""
    assert shown(stored, number_format) == print_


def fill(book: openpyxl.Workbook) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    sheet = book.active
    assert sheet is not None
    sheet.append(["指标：地区生产总值增速(%)"])
    sheet.append(["地区", datetime.date(2019, 1, 1), datetime.date(2020, 1, 1)])
    sheet.append(["浙江省", 0.062, 6.234567])
    sheet.append(["江苏省", 5, 7])
    sheet.append(["安徽省", CellRichText("73", TextBlock(InlineFont(vertAlign="superscript"), "1")), 4.5])
    sheet.append(["上海市", 1, 2])
    for cell in ("B2", "C2"):
        sheet[cell].number_format = 'yyyy"年"'
    sheet["B3"].number_format, sheet["C3"].number_format = "0.0%", "0.0"
    sheet["B4"].font = Font(strike=True)
    sheet.row_dimensions[6].hidden = True


def test_formats_raised_struck_and_hidden_cells_of_a_workbook(tmp_path: Path) -> None:
    reading = read_with(read, written(tmp_path, workbook(fill), "a.xlsx"))
    assert [(place, period, value) for _, place, period, value, *_ in figures(reading)] == [
        ("浙江省", "2019年", "6.2"),
        ("浙江省", "2020年", "6.2"),
        ("江苏省", "2020年", "7"),
        ("安徽省", "2019年", "73"),
        ("安徽省", "2020年", "4.5"),
    ]
    assert reading.figures["stored"].to_list()[:2] == ["0.062", "6.234567"]
    hidden = [one for one in reading.left_out if one.reason == "hidden"]
    assert [(one.cells, one.numbers) for one in hidden] == [("B4,B6:C6", 3)]


def test_raised_struck_and_hidden_text_of_a_page_is_no_digit(tmp_path: Path) -> None:
    page = (
        "<table><tr><td>地区</td><td>2019年</td></tr><tr><td>浙江</td><td>48073<sup>1</sup></td>"
        '<td><del>5</del>6</td><td>km<sup>2</sup></td><td style="display: none">7</td></tr></table>'
    )
    path = written(tmp_path, page.encode(), "a.html")
    (grid,) = read_grids(Project(tmp_path), source_of(path), path)
    assert grid.rows[1] == ("浙江", "48073", "6", "km²", "")
    assert dict(grid.concealed) == {(2, 5): "7"}


def test_a_lone_chinese_numeral_in_a_table_is_a_dash_and_no_one(tmp_path: Path) -> None:
    reading = read_with(read, written(tmp_path, "指标：地区生产总值(亿元)\n地区,2021年,2020年\n浙江省,一,64689\n"))
    assert [row[3] for row in figures(reading)] == ["64689"]
    assert [problem.rule for problem in reading.problems] == ["perhaps_a_dash"]


def test_numbers_of_two_readings_are_refused(tmp_path: Path) -> None:
    head = "指标：地区生产总值(亿元)\n地区;2021年;2020年\n"
    with pytest.raises(SourceRefused) as refused:
        read_with(read, written(tmp_path, head + "浙江省;1.234,5;1.234\n"))
    assert [problem.rule for problem in refused.value.problems] == ["decimal_comma"]


def test_a_unit_in_the_cell_counts_and_may_not_contradict_the_head(tmp_path: Path) -> None:
    text = "指标：增速(%)\n地区,2021年,2020年\n浙江省,6.2%,3.1亿元\n"
    reading = read_with(read, written(tmp_path, text))
    assert [(row[3], row[4]) for row in figures(reading)] == [("6.2", "%")]
    assert [problem.rule for problem in reading.problems] == ["unit_twice"]


def test_up_to_fifteen_significant_digits_are_taken(tmp_path: Path) -> None:
    from pipelines.printed.numerals import parse_number

    reading = read_with(read, written(tmp_path, "指标：住院日(日)\n地区,2013年\n全国,5.92133641291234\n"))
    assert [row[3] for row in figures(reading)] == ["5.92133641291234"]
    number = parse_number("5.92133641291234")
    assert number is not None
    assert number.decimals == 14
    assert parse_number("1234567890123456") is None
    assert parse_number("0,006") is None


def test_the_newest_value_of_a_file_without_a_last_line_end_is_taken(tmp_path: Path) -> None:
    reading = read_with(read, written(tmp_path, "指标：人口(万人)\n地区,2020年,2021年\n浙江省,6468,6540"))
    assert [row[3] for row in figures(reading)] == ["6468", "6540"]
    assert [problem.rule for problem in reading.problems] == ["perhaps_cut_off"]
    cut = read_with(read, written(tmp_path, "指标：人口(万人)\n地区,2020年,2021年\n浙江省,6468,65"))
    assert [row[3] for row in figures(cut)] == ["6468"]
