"""Figures tables: cut into rows with their lines, or refused with file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers import Reading
from pipelines.readers.shapes.figures_table import read
from pipelines.sources.card import read_card
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

ROW = "地区生产总值,,浙江省,2022年,,77715,亿元,\n"


def reading(project: Project, figures: str | bytes) -> Reading:
    source = read_card(project, write_source(project, "abc", figures))
    return read(project, source, source.files[0].path)


def refusals(project: Project, figures: str | bytes) -> list[str]:
    with pytest.raises(SourceRefused) as refused:
        reading(project, figures)
    return [str(problem) for problem in refused.value.problems]


def test_rows_keep_their_lines_and_cells_lose_only_the_blanks_around_them(project: Project) -> None:
    figures = reading(project, HEADER + ROW + "\n" + "常住人口, 年末 ,浙江省,2022年,,6577,万人,\n").figures
    assert figures.select("line", "label", "breakdown", "value").rows() == [
        (2, "地区生产总值", "", "77715"), (4, "常住人口", "年末", "6577"),
    ]  # fmt: skip


def test_a_byte_order_mark_is_no_part_of_the_header(project: Project) -> None:
    assert len(reading(project, (HEADER + ROW).encode("utf-8-sig")).figures) == 1


def test_a_cell_over_two_lines_counts_from_its_first(project: Project) -> None:
    figures = reading(project, HEADER + ROW.replace("浙江省", '"浙江\n省"') + ROW).figures
    assert figures.get_column("line").to_list() == [2, 4]


def test_a_missing_and_an_unknown_column_are_both_named(project: Project) -> None:
    assert refusals(project, HEADER.replace("unit", "units") + ROW) == [
        "raw/abc/figures.csv, line 1, column unit: column unit is missing; add it",
        "raw/abc/figures.csv, line 1, column units: unknown column; known are label, breakdown, place, period, "
        "qualifier, value, unit, table, chapter, section, value_start, value_end, unit_start, unit_end, "
        "qualifier_start, qualifier_end",
    ]


def test_a_column_that_stands_twice_is_refused(project: Project) -> None:
    assert "the column stands twice" in refusals(project, HEADER.replace("table", "table,unit") + ROW)[0]


def test_gb18030_is_refused_with_the_line_of_its_first_byte(project: Project) -> None:
    (line,) = refusals(project, (HEADER + ROW).encode("gb18030"))
    assert line.startswith("raw/abc/figures.csv, line 2: byte ")
    assert "GB18030" in line


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \r\n"])
def test_an_empty_file_is_refused(project: Project, content: bytes) -> None:
    assert refusals(project, content) == ["raw/abc/figures.csv: the file is empty; fetch it again"]


def test_a_row_of_another_width_is_told_and_the_rest_is_read(project: Project) -> None:
    found = reading(project, HEADER + "地区生产总值,浙江省\n" + ROW)
    assert [str(problem) for problem in found.problems] == [
        "raw/abc/figures.csv, line 2: 2 cells where the header has 8; mend the row"
    ]
    assert len(found.figures) == 1


def test_a_quote_that_does_not_close_refuses_the_file(project: Project) -> None:
    """What follows the quote cannot be told from the cell that it opens, so that no row below is dropped in silence."""
    with pytest.raises(SourceRefused) as refused:
        reading(project, HEADER + ROW + '"地区生产总值,,浙江省,2022年,,1,亿元,\n')
    assert [problem.rule for problem in refused.value.problems] == ["csv_form"]
