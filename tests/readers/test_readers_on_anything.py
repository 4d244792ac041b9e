"""Whatever bytes arrive: a reader reads or refuses, never breaks, and never makes a number that is not in the file."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.readers import Reading, bureau_export, query_api
from pipelines.readers.grid import read_grids
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
SLOWLY = settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.too_slow])

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


def reading_of(module: object, data: bytes, name: str) -> Reading | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        (path.parent / "a.request.txt").write_text(REQUEST, encoding="utf-8")
        try:
            return read_with(module.read, path)
        except SourceRefused as refused:
            assert refused.problems
            assert all(
                "\n" not in problem.message_en and "\n" not in problem.message_zh for problem in refused.problems
            )
            return None


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
    for module in (bureau_export, query_api):
        reading_of(module, data, "a.json")


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
