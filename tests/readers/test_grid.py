"""Any file of rows and columns becomes grids of printed text, judged by content and bounded in size."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.readers.files import workbook as workbook_reader
from pipelines.readers.files.grid import Grid, column_letters
from pipelines.readers.files.opening import read_grids
from tests.readers.files import sheet_xml, source_of, with_parts, workbook, written

if TYPE_CHECKING:
    from openpyxl import Workbook

TABLE = "地区,2022年,2021年\n浙江省,77715,73516\n"


def grids(folder: Path, data: bytes | str, name: str = "a.csv") -> list[Grid]:
    path = written(folder, data, name)
    return read_grids(Project(folder), source_of(path), path)


def rule(folder: Path, data: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(SourceRefused) as refused:
        grids(folder, data, name)
    problems = refused.value.problems
    assert len(problems) == 1
    assert "\n" not in problems[0].message_en
    assert "\n" not in problems[0].message_zh
    return problems[0].rule


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding_that_the_sites_export(tmp_path: Path, encoding: str) -> None:
    (grid,) = grids(tmp_path, TABLE.encode(encoding))
    assert grid.rows == (("地区", "2022年", "2021年"), ("浙江省", "77715", "73516"))
    assert grid.kind == "csv"
    assert grid.address(2, 3) == "2:3"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_tab_text_is_read_as_text_whatever_its_name_says(tmp_path: Path, name: str) -> None:
    (grid,) = grids(tmp_path, "地区\t2022年\n浙江省\t77,715\n".encode(), name)
    assert grid.rows[1] == ("浙江省", "77,715")


def test_an_html_table_that_calls_itself_a_workbook_is_laid_out_with_its_spans(tmp_path: Path) -> None:
    page = "<html><body><table><tr><td rowspan='2'>地区</td><td colspan=2>收入</td></tr>"
    page += "<tr><td>2021年</td><td>2022年</td></tr></table></body></html>"
    (grid,) = grids(tmp_path, page.encode("gb18030"), "a.xls")
    assert grid.rows == (("地区", "收入", ""), ("", "2021年", "2022年"))
    assert grid.merged == ((1, 1, 2, 1), (1, 2, 1, 3))
    assert grid.address(2, 3) == "C2"


def test_a_line_number_counts_lines_of_the_file_even_after_a_cell_of_two_lines(tmp_path: Path) -> None:
    (grid,) = grids(tmp_path, b'a,"b\nc"\n\n1,2\n')
    assert grid.rows == (("a", "b\nc"), (), ("1", "2"))
    assert grid.address(3, 2) == "4:2"


def test_cells_of_a_workbook_are_what_excel_shows(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.title = "收入"
        for cell, value in {"A1": 2019, "B1": 0.1 + 0.2, "C1": 1234.5, "D1": 1e16, "A2": "=+-@cmd", "B2": True}.items():
            sheet[cell] = value
        sheet["A2"].data_type = "s"
        sheet["C2"] = "#N/A"
        sheet.merge_cells("A3:B4")
        sheet["A3"] = "合并"
        book.create_sheet("空")

    (grid,) = grids(tmp_path, workbook(fill), "a.xlsx")
    assert grid.sheet == "收入"
    assert grid.rows[0][:4] == ("2019", "0.3", "1234.5", "10000000000000000")
    assert grid.text(2, 1) == "=+-@cmd"
    assert grid.text(2, 2) == "TRUE"
    assert grid.text(2, 3) == "#N/A"
    assert grid.merged == ((3, 1, 4, 2),)
    assert grid.text(99, 1) == grid.text(1, 99) == grid.text(0, 0) == ""
    assert (column_letters(1), column_letters(26), column_letters(27), column_letters(703)) == ("A", "Z", "AA", "AAA")


def test_a_formula_without_a_stored_value_shows_as_the_formula_and_one_with_is_its_value(tmp_path: Path) -> None:
    data = with_parts(
        workbook(lambda _: None),
        {
            "xl/worksheets/sheet1.xml": sheet_xml(
                '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>SUM(A1:A9)</f></c>'
                '<c r="C1"><f>[1]Sheet1!A1*2</f><v>7</v></c></row>'
            )
        },
    )
    (grid,) = grids(tmp_path, data, "a.xlsx")
    assert grid.rows == (("2", "=SUM(A1:A9)", "7"),)
    assert grid.uncomputed == {(1, 2)}
    assert grid.linked == {(1, 3)}


def test_macros_are_left_alone(tmp_path: Path) -> None:
    data = with_parts(
        workbook(lambda book: book.active.append(["地区", 1])), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    )
    (grid,) = grids(tmp_path, data, "a.xlsm")
    assert grid.rows == (("地区", "1"),)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_off_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    whole = workbook(lambda book: [book.active.append([f"地区{row}", row * 1.5]) for row in range(500)])
    assert rule(tmp_path, whole[: int(len(whole) * share)], "a.xlsx") == "cut_off"


def test_an_old_workbook_that_breaks_off_is_refused(tmp_path: Path) -> None:
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    assert rule(tmp_path, header + bytes(400), "a.xls") == "cut_off"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (b",,,\r\n,,,\r\n", "file_empty"),
        ("地区,值\n浙江".encode()[:-1], "cut_off"),
        ("地区,值\n浙江".encode("gb18030")[:-1], "cut_off"),
        ('地区,"值\n浙江,1\n'.encode(), "cut_off"),
        (b"<table><tr><td>1</td>", "cut_off"),
        ("臺灣統計資料，經濟與發展\n".encode("big5"), "encoding"),
        (b"\xff\x81\x00\xff,1\n" * 30, "encoding"),
        (b"%PDF-1.4\n1 0 obj", "format_unknown"),
        (bytes(range(1, 9)) * 200, "format_unknown"),
        (b"<html><body>503</body></html>", "no_table"),
        (b"PK\x03\x04 nothing more", "cut_off"),
    ],
)
def test_what_is_no_whole_table_is_refused_in_one_line(tmp_path: Path, data: bytes, expected: str) -> None:
    assert rule(tmp_path, data) == expected


def test_an_archive_that_holds_no_workbook_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", "1,2")
    assert rule(tmp_path, stream.getvalue(), "a.xlsx") == "format_unknown"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = with_parts(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": bytes(50 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert rule(tmp_path, bomb, "a.xlsx") == "unpacks_to_too_much"


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(with_parts(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": bytes(3_000_000)}))
    real, false = struct.pack("<I", 3_000_000), struct.pack("<I", 1000)
    assert data.count(real) >= 2
    assert rule(tmp_path, bytes(data).replace(real, false), "a.xlsx") == "cut_off"


def test_a_cell_in_the_last_row_and_column_does_not_fill_the_memory(tmp_path: Path) -> None:
    data = with_parts(
        workbook(lambda _: None),
        {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')},
    )
    assert rule(tmp_path, data, "a.xlsx") == "sheet_too_large"


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData/></worksheet>'
    data = with_parts(workbook(lambda _: None), {"xl/worksheets/sheet1.xml": bomb})
    assert rule(tmp_path, data, "a.xlsx") == "cut_off"


def test_a_sheet_of_300_megabytes_is_refused_within_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row = ("".join(f'<c r="{letter}1"><v>{n}.{n * 7919}</v></c>' for n, letter in enumerate("ABCDEFGH"))).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            piece = row * 5000
            for _ in range(300 * 1024 * 1024 // len(piece) + 1):
                part.write(piece)
    script = (
        "import re, sys; from pathlib import Path; from pipelines.project import Project;"
        "from pipelines.problems import SourceRefused; from pipelines.readers.files.opening import read_grids;"
        "from tests.readers.files import source_of\n"
        "path = Path(sys.argv[1])\n"
        "try: read_grids(Project(path.parent), source_of(path), path)\n"
        "except SourceRefused as refused: print(refused.problems[0].rule)\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(re.search(r'VmHWM:\\s+([0-9]+) kB', status)[1]) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    said, megabytes = done.stdout.split()
    assert said == "unpacks_to_too_much"
    assert int(megabytes) < 300


def test_text_beyond_the_bound_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(SourceRefused) as refused:
        read_grids(Project(tmp_path), source_of(path), path)
    assert refused.value.problems[0].rule == "file_too_large"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (2019.0, "2019"),
        (1959.2900000000002, "1959.29"),
        (-0.5, "-0.5"),
        (1e-5, "0.00001"),
        (0.0, "0"),
        (1e22, "1" + "0" * 22),
    ],
)
def test_a_stored_number_prints_with_at_most_fifteen_digits(number: float, printed: str) -> None:
    assert workbook_reader.number_text(number) == printed
