"""Series with rows of attributes, terminal exports, panels, groups side by side, parts of a head on the left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers.shapes import bureau_export, panel_table, series_export, yearbook_sheet
from tests.readers.files import figures, read_with, workbook, written

if TYPE_CHECKING:
    from pathlib import Path

    import openpyxl

CEIC = (
    ",国内生产总值:人均:北京,国内生产总值:人均:上海\n区域,中国,中国\n次国家,北京,上海\n"
    '频率,"年, 年终12月","年, 年终12月"\n'
    "单位,元,元\n数列ID,365025817,365025827\n首次观测日期,12/1978,12/1978\n平均,36000.1,38000.2\n"
    "12/2018,153095,148744\n12/2019,161776,153299\n"
)


def test_a_series_export_reads_years_at_their_december(tmp_path: Path) -> None:
    reading = read_with(series_export.read, written(tmp_path, CEIC))
    assert figures(reading) == [
        ("国内生产总值:人均", "北京", "2018年", "153095", "元", "9:2"),
        ("国内生产总值:人均", "上海", "2018年", "148744", "元", "9:3"),
        ("国内生产总值:人均", "北京", "2019年", "161776", "元", "10:2"),
        ("国内生产总值:人均", "上海", "2019年", "153299", "元", "10:3"),
    ]
    assert reading.refused == 0


def test_an_observation_finer_than_the_frequency_is_refused(tmp_path: Path) -> None:
    reading = read_with(series_export.read, written(tmp_path, CEIC.replace("12/2018", "06/2018")))
    assert {row[2] for row in figures(reading)} == {"2019年"}
    assert {problem.rule for problem in reading.problems} == {"period_finer_than_frequency"}


def test_a_terminal_export_reads_quarters_at_their_last_day(tmp_path: Path) -> None:
    text = (
        "指标名称,浙江:GDP:累计值,浙江:GDP\n频率,季,年\n单位,亿元,亿元\n指标ID,M0001,M0002\n时间区间,2019-03:2019-12,2019\n来源,统计局,统计局\n"
        "2019-03-31,13003.7,\n2019-12-31,62352,62352\n"
    )
    reading = read_with(series_export.read, written(tmp_path, text))
    assert [(label, period, value) for label, _, period, value, *_ in figures(reading)] == [
        ("GDP:累计值", "2019年第一季度", "13003.7"),
        ("GDP:累计值", "2019年第四季度", "62352"),
        ("GDP", "2019年", "62352"),
    ]


def test_two_units_of_one_series_are_refused(tmp_path: Path) -> None:
    text = "指标名称,GDP(亿元)\n频率,年\n单位,万元\n地区,浙江省\n2019年,62352\n"
    with pytest.raises(SourceRefused) as refused:
        read_with(series_export.read, written(tmp_path, text))
    assert [problem.rule for problem in refused.value.problems] == ["unit_twice"]


def test_a_panel_in_english(tmp_path: Path) -> None:
    text = "Province,Region,Year,GRP,CPI\nBeijing,North,2019,35371.3,102.3\nZhejiang,East,2019,62352,102.9\n"
    reading = read_with(panel_table.read, written(tmp_path, text), units={"GRP": "亿元", "CPI": "上年=100"})
    assert figures(reading) == [
        ("GRP", "Beijing", "2019年", "35371.3", "亿元", "2:4"),
        ("CPI", "Beijing", "2019年", "102.3", "上年=100", "2:5"),
        ("GRP", "Zhejiang", "2019年", "62352", "亿元", "3:4"),
        ("CPI", "Zhejiang", "2019年", "102.9", "上年=100", "3:5"),
    ]


def test_groups_side_by_side_take_the_nearest_place_on_their_left(tmp_path: Path) -> None:
    text = "年份,地区,人口(万人),GDP(亿元),地区,人口(万人),GDP(亿元)\n2019,浙江省,6375,62462,安徽省,6092,36846\n"
    reading = read_with(panel_table.read, written(tmp_path, text))
    assert [(place, label, value) for label, place, _, value, *_ in figures(reading)] == [
        ("浙江省", "人口", "6375"),
        ("浙江省", "GDP", "62462"),
        ("安徽省", "人口", "6092"),
        ("安徽省", "GDP", "36846"),
    ]


def test_a_panel_s_column_of_words_that_says_more_is_refused(tmp_path: Path) -> None:
    text = "地区,年份,性别,人口(万人)\n浙江省,2019,男,3300\n浙江省,2019,女,3075\n"
    with pytest.raises(SourceRefused) as refused:
        read_with(panel_table.read, written(tmp_path, text))
    assert [problem.rule for problem in refused.value.problems] == ["column_unknown"]


def stacked(book: openpyxl.Workbook) -> None:
    sheet = book.active
    assert sheet is not None
    sheet.append(["2-8 各市生产总值(2018)"])
    sheet.append(["城市", "City", "生产总值(亿元)", "", "", "人均生产总值 （元"])
    sheet.append(["", "", "", "第一产业", "#工业", ""])
    sheet.append(["郑州市", "Zhengzhou", 10670.14, 150.95, 3900.1, 106610])
    sheet.append(["幢数（幢）", "", 1, 2, 3, 4])


def test_parts_take_name_and_unit_of_the_head_on_their_left_and_the_title_gives_the_year(tmp_path: Path) -> None:
    layout = {"tables": [{"header": "2-3", "body": "4", "names": {"A": "place", "B": "place"}}]}
    reading = read_with(yearbook_sheet.read, written(tmp_path, workbook(stacked), "a.xlsx"), **layout)
    rows = reading.figures.select("label", "breakdown", "place", "period", "value", "unit").rows()
    assert rows == [
        ("生产总值", "", "郑州市", "2018年", "10670.14", "亿元"),
        ("生产总值", "第一产业", "郑州市", "2018年", "150.95", "亿元"),
        ("生产总值", "工业", "郑州市", "2018年", "3900.1", "亿元"),
        ("人均生产总值", "", "郑州市", "2018年", "106610", "元"),
    ]


def test_a_heading_row_says_what_the_places_below_lie_in(tmp_path: Path) -> None:
    layout = {"tables": [{"header": 1, "body": "2-4", "names": {"A": "place"}, "period": "2021年"}]}
    text = "地区,人口(万人)\n重庆市,\n江北区,93\n渝中区,59\n"
    reading = read_with(yearbook_sheet.read, written(tmp_path, text), **layout)
    assert reading.figures.select("place", "within").rows() == [("江北区", "重庆市"), ("渝中区", "重庆市")]


def test_rows_that_begin_with_places(tmp_path: Path) -> None:
    text = ",2020年,2019年\n浙江省_地区生产总值(亿元)_本期值,64689,62462\n龙泉市_地区生产总值(亿元)_本期值,147,146\n"
    reading = read_with(bureau_export.read, written(tmp_path, text))
    assert figures(reading)[2] == ("地区生产总值_本期值", "龙泉市", "2020年", "147", "亿元", "3:2")


def test_a_row_of_months_is_read_in_step_and_a_business_year_is_refused(tmp_path: Path) -> None:
    head = "指标：工业增加值增速(%)\n地区,{}\n浙江省,5,6,7\n"
    reading = read_with(bureau_export.read, written(tmp_path, head.format("2020.9,2020.1,2020.11")))
    assert [row[2] for row in figures(reading)] == ["2020年9月", "2020年10月", "2020年11月"]
    for row in ("2020.9,2020.1,2021.3", "2010-11,2011-12,2012-13"):
        with pytest.raises(SourceRefused) as refused:
            read_with(bureau_export.read, written(tmp_path, head.format(row)))
        assert refused.value.problems[0].rule == "period_out_of_step"


@pytest.mark.parametrize("layout", [{"units": {"GRP": "亿元", "CPI": "?"}}, {"unit": "?"}, {"place": "?"}])
def test_a_question_that_is_still_open_is_refused(tmp_path: Path, layout: dict[str, Any]) -> None:
    text = "Province,Region,Year,GRP,CPI\nBeijing,North,2019,35371.3,102.3\nZhejiang,East,2019,62352,102.9\n"
    with pytest.raises(SourceRefused, match="still a question mark"):
        read_with(panel_table.read, written(tmp_path, text), **layout)
