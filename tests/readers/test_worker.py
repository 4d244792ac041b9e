"""Files that bite: each is one refused source, and the next file is read as if nothing had been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.readers import worker as workers
from tests.conftest import CHECKOUT
from tests.readers.files import read_with, sheet_xml, source_of, with_parts, workbook, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import openpyxl

GOOD = "指标：年末常住人口(万人)\n地区,2021年\n浙江省,6540\n"


@pytest.fixture
def worker() -> Iterator[workers.Worker]:
    with workers.Worker(CHECKOUT) as one:
        yield one


def rules(worker: workers.Worker, path: Path) -> list[str]:
    try:
        worker.read(Project(path.parent), source_of(path), path)
    except SourceRefused as refused:
        return [problem.rule for problem in refused.problems]
    return []


def one_string_many_times() -> bytes:
    """9 kB that unpack to a string of 8 MB, referred to by 200 cells: 1.6 GB of text."""
    strings = (
        '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + "7" * 3_900_000
        + "</t></si></sst>"
    ).encode()
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 201))
    return with_parts(
        workbook(lambda _: None),
        {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet_xml(rows)},
    )


def fifty_sheets_of_a_million_rows() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        for number in range(50):
            book.create_sheet(f"s{number}")

    rows = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return with_parts(workbook(fill), {f"xl/worksheets/sheet{n}.xml": sheet_xml(rows) for n in range(1, 52)})


def comments_that_never_close() -> bytes:
    return ("<table><tr><td>1</td></tr>" + "<!--" * 20_000).encode()


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        (one_string_many_times, "strings.xlsx", "unpacks_to_too_much"),
        (fifty_sheets_of_a_million_rows, "rows.xlsx", "sheet_too_large"),
        (comments_that_never_close, "open.html", "cut_off"),
    ],
)
def test_a_file_that_bites_is_one_refused_source(
    worker: workers.Worker, tmp_path: Path, data: Callable[[], bytes], name: str, rule: str
) -> None:
    assert rules(worker, written(tmp_path, data(), name)) == [rule]
    assert rules(worker, written(tmp_path, GOOD, "good.csv")) == []


def test_what_crosses_a_bound_of_memory_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    """300 MB stand for the real bound, so that the test needs no gigabytes."""
    lines = "指标：年末常住人口(万人)\n地区,2021年\n" + "浙江省,6540\n" * 1_500_000
    with workers.Worker(CHECKOUT, memory=300 * 1024**2) as worker:
        assert rules(worker, written(tmp_path, lines, "long.csv")) == ["reading_bounds"]
        assert rules(worker, written(tmp_path, GOOD, "good.csv")) == []


def test_what_crosses_a_bound_of_processor_time_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    """The bound is the processor's time, not a clock's: a busy machine refuses nothing."""
    lines = "指标：年末常住人口(万人)\n地区,2021年\n" + "浙江省,6540\n" * 1_500_000
    with workers.Worker(CHECKOUT, seconds=2) as worker:
        assert rules(worker, written(tmp_path, lines, "long.csv")) == ["reading_bounds"]
        assert rules(worker, written(tmp_path, GOOD, "good.csv")) == []


def test_footnote_marks_without_end_cost_no_time(tmp_path: Path) -> None:
    from pipelines.readers.shapes.bureau_export import read

    text = GOOD + "*" * 40 + "注：\n"
    assert len(read_with(read, written(tmp_path, text)).figures) == 1
