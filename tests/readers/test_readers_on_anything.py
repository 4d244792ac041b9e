"""Whatever bytes arrive: a reader reads or refuses, never breaks, and never makes a number that is not in the file."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.printed.numerals import parse_number
from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.readers import Reading
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes import bureau_export, query_api, sdmx_csv, tidy_table, yearbook_sheet
from tests.readers.files import read_with, source_of, workbook

EXPORT = """数据库：分省年度数据
指标：人口数(人口抽样调查)(人)
时间：最近3年
地区,2022年,2016年,2015年
浙江省,67369,46831,"859,773"
安徽省,62763,--,955845
注：1.2005年、2015年为1%人口抽样调查样本数据，其他年份为1‰人口变动调查样本数据。
数据来源：国家统计局
"""
REQUEST = 'm=QueryData&dbcode=hgyd&wds=[]&dfwds=[{"wdcode": "zb", "valuecode": "A01"}]'
ANSWER = json.dumps(
    {
        "returncode": 200,
        "returndata": {
            "datanodes": [
                {
                    "data": {"data": 6.2, "hasdata": True, "strdata": "6.2"},
                    "wds": [{"wdcode": "zb", "valuecode": "A01"}, {"wdcode": "sj", "valuecode": "202412"}],
                }
            ],
            "hasdatacount": 1,
            "wdnodes": [
                {"wdcode": "zb", "nodes": [{"code": "A01", "cname": "增加值_同比增长", "unit": "%"}]},
                {"wdcode": "sj", "nodes": [{"code": "202412", "cname": "2024年12月"}]},
            ],
        },
    },
    ensure_ascii=False,
).encode()
BOOK = workbook(
    lambda book: [
        book.active.append(row)
        for row in [["指标：人口(万人)"], ["地区", 2022, 2021], ["浙江省", 6577, 6540.5], ["安徽省", 6127]]
    ]
)
YEARBOOK = {"header": "2-3", "body": "4-7", "names": {"A": "place"}, "period": "2022年"}
STACKED = workbook(
    lambda book: (
        [
            book.active.append(row)
            for row in [
                ["表1 单位：万元"],
                ["地区", "生产总值", None, "人口(万人)"],
                [None, None, "#第一产业", None],
                ["杭州市", "18753①", 346, 1237.6],
                ["宁波市", 15704, "-", 961.8],
            ]
        ]
        + [book.active.merge_cells(area) for area in ("B2:C2", "D2:D3")]
    )
)
SDMX = """STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT
dataflow,X:Y(1.0),I,330000,gdp,2022,77715,亿元
dataflow,X:Y(1.0),I,000000,gdp,2022,1210207.0,亿元
"""
TIDY = "指标,地区,年份,数值,单位\n收入,浙江省,2022,60302,元\n收入,宁波市,2022,68348.0,元\n"
layouts = st.fixed_dictionaries(
    {},
    optional={
        "sheet": st.sampled_from(["Sheet", "x", 1, 7]),
        "header": st.sampled_from(["1", "2", "2-3", "9", "x"]),
        "body": st.sampled_from(["4-5", "1-9", "8", ""]),
        "names": st.sampled_from([{"A": "place"}, {"A": "indicator"}, {"B": "period"}, {"A": "skip"}, {"?": "place"}]),
        "across": st.sampled_from(["indicator", "place", "period", "x"]),
        "skip": st.sampled_from(["4", "4-9"]),
        "skip_columns": st.sampled_from(["B", "C,D", "1"]),
        "heads": st.sampled_from([{"B": "收入(元)"}, {"B": "?"}, {"ZZ": "收入(元)"}]),
        "rows": st.sampled_from([{4: "杭州市 = 温州市"}, {4: "x"}]),
        "unit": st.sampled_from(["元", "?"]),
        "period": st.sampled_from(["2022年", "?", "x"]),
        "place": st.just("浙江省"),
        "names_above": st.booleans(),
        "continued_from": st.sampled_from([1, 2, -1]),
    },
)
#: So many examples of each property; GONGFU_FUZZ_EXAMPLES tries more.
EXAMPLES = int(os.environ.get("GONGFU_FUZZ_EXAMPLES", "150"))
SLOWLY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

cells = st.sampled_from(
    ["浙江省", "2022年", "2021年", "2020.0", "2020年第一季度", "地区", "指标", "时间", "单位：万元", "2015", "x", "-",
     "指标：收入(元)", "1,234.5", "12", "地区：浙江省", "数据库：年度数据", "注：", "=A1", "", "　", "收入(元)", "…",
     "人口（万人）"]
)  # fmt: skip
tables = st.lists(st.lists(cells, max_size=6), max_size=12)
cuts = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=5)


def damaged(data: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    """`data` with some bytes put in and some taken out."""
    for position, put, taken in changes:
        at = position % (len(data) + 1)
        data = data[:at] + put + data[at + taken :]
    return data


def reading_of(module: object, data: bytes, name: str, **layout: object) -> Reading | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        (path.parent / "a.request.txt").write_text(REQUEST, encoding="utf-8")
        try:
            reading = read_with(module.read, path, **layout)
        except SourceRefused as refused:
            assert refused.problems
            assert all(
                "\n" not in problem.message_en and "\n" not in problem.message_zh for problem in refused.problems
            )
            return None
        adds_up(reading)
        return reading


def adds_up(reading: Reading) -> None:
    """Figures + left out + refused = numbers of the file; a figure whose print has no digit is no number."""
    rows = reading.figures.filter(reading.figures["value"].str.contains(r"\d"))
    taken = rows.select("file", "sheet", "cell").n_unique()  # a cell that two cards lay out is one number
    if reading.numbers:  # readers of grids
        assert taken + sum(one.numbers for one in reading.left_out) + reading.refused == reading.numbers


def numbers(reading: Reading) -> set[str]:
    """The values that the door will let in; words are quarantined there."""
    return {value for value in reading.figures["value"] if parse_number(value)}


def grids_of(data: bytes) -> list[str] | None:
    """Every cell of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(data)
        try:
            grids = read_grids(Project(path.parent), source_of(path), path)
        except SourceRefused:
            return None
        return [cell.strip() for grid in grids for row in grid.rows for cell in row]


@SLOWLY
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for module in (bureau_export, query_api, tidy_table, sdmx_csv):
        reading_of(module, data, "a.json")
    reading_of(yearbook_sheet, data, "a.json", tables=[YEARBOOK])


@SLOWLY
@given(tables, st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_table_gives_only_numbers_that_stand_in_it(rows: list[list[str]], encoding: str) -> None:
    text = "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows) + "\n"
    reading = reading_of(bureau_export, text.encode(encoding), "a.csv")
    if reading is not None:
        printed = {cell.strip() for row in rows for cell in row}
        assert set(reading.figures["value"]) <= printed
        assert reading.figures.select("label", "place", "period", "unit").filter(unit="").is_empty()


@SLOWLY
@given(cuts, st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_a_damaged_export_gives_only_numbers_that_stand_in_it(
    changes: list[tuple[int, bytes, int]], encoding: str
) -> None:
    data = damaged(EXPORT.encode(encoding), changes)
    reading = reading_of(bureau_export, data, "a.csv")
    if reading is not None and len(reading.figures):
        assert set(reading.figures["value"]) <= set(grids_of(data) or ())


@SLOWLY
@given(cuts)
def test_a_damaged_workbook_is_read_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    data = damaged(BOOK, changes)
    reading = reading_of(bureau_export, data, "a.xlsx")
    if reading is not None:
        assert set(reading.figures["value"]) <= {"6577", "6540.5", "6127"}


@SLOWLY
@given(st.data())
def test_a_workbook_with_a_damaged_sheet_in_a_sound_archive_is_read_or_refused(data: st.DataObject) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(stream, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith(("sheet1.xml", "workbook.xml", "workbook.xml.rels")):
                content = damaged(content, data.draw(cuts))
            new.writestr(item.filename, content)
    reading_of(bureau_export, stream.getvalue(), "a.xlsx")


@SLOWLY
@given(cuts)
def test_a_damaged_answer_gives_only_the_number_that_stands_in_it(changes: list[tuple[int, bytes, int]]) -> None:
    data = damaged(ANSWER, changes)
    reading = reading_of(query_api, data, "a.json")
    if reading is not None:
        for value in reading.figures["value"]:
            assert value.encode() in data


@SLOWLY
@given(cuts)
def test_a_damaged_yearbook_gives_only_numbers_that_stand_in_it(changes: list[tuple[int, bytes, int]]) -> None:
    reading = reading_of(yearbook_sheet, damaged(STACKED, changes), "a.xlsx", tables=[YEARBOOK])
    if reading is not None:
        assert numbers(reading) <= {"18753", "346", "1237.6", "15704", "961.8"}


@SLOWLY
@given(st.lists(layouts, max_size=3))
def test_any_layout_is_read_or_refused_and_makes_no_number(cards: list[dict[str, object]]) -> None:
    reading = reading_of(yearbook_sheet, STACKED, "a.xlsx", tables=cards)
    if reading is not None:
        assert numbers(reading) <= {"18753", "346", "1237.6", "15704", "961.8"}
        assert reading.figures.filter((reading.figures["unit"] == "") | (reading.figures["place"] == "")).is_empty()


@SLOWLY
@given(tables, layouts)
def test_any_table_under_any_layout_gives_only_numbers_that_stand_in_it(
    rows: list[list[str]], card: dict[str, object]
) -> None:
    text = "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows) + "\n"
    reading = reading_of(yearbook_sheet, text.encode(), "a.csv", tables=[card])
    if reading is not None:
        assert numbers(reading) <= {cell.strip() for row in rows for cell in row}


@SLOWLY
@given(cuts, st.sampled_from(["utf-8", "gb18030"]))
def test_damaged_tidy_tables_and_sdmx_give_only_what_stands_in_them(
    changes: list[tuple[int, bytes, int]], encoding: str
) -> None:
    for module, text in ((tidy_table, TIDY), (sdmx_csv, SDMX)):
        data = damaged(text.encode(encoding), changes)
        reading = reading_of(module, data, "a.csv")
        if reading is not None:
            for value in reading.figures["value"]:
                assert value in data.decode(encoding, errors="replace")
