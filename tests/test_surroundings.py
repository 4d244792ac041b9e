"""What trace shows around a figure: content decides what the file is; one that cannot be opened shows nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelines.asking.surroundings import around
from pipelines.project import Project
from tests.readers.files import workbook

if TYPE_CHECKING:
    from pathlib import Path

BOOK = workbook(
    lambda book: [
        book.active.append(row) for row in [["收入表"], ["地区", "2022年"], ["浙江省", 60302], ["江苏省", 49862]]
    ]
)


def shown(tmp_path: Path, name: str, data: bytes, **printed: object) -> list[tuple[str, str, bool]]:
    project = Project(tmp_path)
    project.raw.mkdir(exist_ok=True)
    path = project.raw / name
    path.write_bytes(data)
    rows = around(project, path, {"cell": None, "sheet": None, "line": 1} | printed)
    return [(row.place, row.text, row.is_own) for row in rows]


def test_a_workbook_shows_the_head_over_the_cell_whatever_its_name(tmp_path: Path) -> None:
    expected = [
        ("1", "A 收入表", False),
        ("2", "A 地区 · B 2022年", False),
        ("3", "A 浙江省 · B 60302", False),
        ("4", "A 江苏省 · B 49862", True),
    ]
    for name in ("a.xlsx", "a.csv"):
        rows = shown(tmp_path, name, BOOK, cell="B4", sheet="Sheet", line=4)
        assert rows == expected[1:]
    assert shown(tmp_path, "b.xlsx", BOOK, cell="B3", sheet="Sheet", line=3) == [
        *expected[:2],
        ("3", "A 浙江省 · B 60302", True),
        ("4", "A 江苏省 · B 49862", False),
    ]


def test_tab_text_in_the_name_of_a_workbook_is_shown_by_its_lines(tmp_path: Path) -> None:
    data = "指标：收入(元)\n地区\t2022年\n浙江省\t60302\n".encode("gb18030")
    rows = shown(tmp_path, "a.xls", data, cell="3:2", line=3)
    assert rows == [("1", "指标：收入(元)", False), ("2", "地区\t2022年", False), ("3", "浙江省\t60302", True)]


def test_an_answer_shows_the_elements_beside_the_pointers(tmp_path: Path) -> None:
    data = json.dumps({"nodes": [{"v": 1}, {"v": 2}]}).encode()
    assert shown(tmp_path, "a.json", data, cell="/nodes/1/v") == [
        ("/nodes/0", '{"v": 1}', False),
        ("/nodes/1", '{"v": 2}', True),
    ]


def test_what_cannot_be_opened_shows_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, "a.xlsx", BOOK[:200], cell="B4", sheet="Sheet") == []
    assert shown(tmp_path, "b.xlsx", BOOK, cell="B4", sheet="another") == []
    assert shown(tmp_path, "a.json", b"{}", cell="/nodes/1/v") == []
    assert shown(tmp_path, "a.csv", b"x", cell="9:1", line=9) == []
    project = Project(tmp_path)
    assert around(project, project.raw / "gone.csv", {"cell": None, "line": 1}) == []
    assert around(project, tmp_path / "outside.csv", {"cell": None, "line": 1}) == []
