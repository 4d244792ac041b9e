"""The door: a printed figure is well-formed on its own, or it stays out with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.readers.shapes.figures_table import read
from pipelines.receiving.door import Admission, admit
from pipelines.sources.card import read_card
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

SPANS = "value_start,value_end,unit_start,unit_end,qualifier_start,qualifier_end"


def admission(project: Project, figures: str) -> Admission:
    source = read_card(project, write_source(project, "abc", figures))
    return admit(source, read(project, source, source.files[0].path).figures)


def test_a_figure_is_typed_exactly_and_named_after_its_place(project: Project) -> None:
    accepted, problems = admission(project, HEADER + "吸纳农民就业,,全省,截至目前,,27.8,万人,\n")
    assert problems == []
    assert accepted.select("figure_id", "locator", "number", "decimals", "last_digit_exponent").rows() == [
        ("abc:figures.csv:2:value", "figures.csv:2:value", Decimal("27.800000"), 1, -1)
    ]


def test_a_figure_from_prose_is_named_after_its_characters(project: Project) -> None:
    text = HEADER.replace("table", f"table,{SPANS}") + "吸纳农民就业,,全省,截至目前,,27.8,万人,,209,213,213,215,,\n"
    accepted, _ = admission(project, text)
    assert accepted.select("figure_id", "unit_start").rows() == [("abc:char:209-213", 213)]


def test_bad_rows_stay_out_each_with_line_column_and_value_and_good_ones_come_in(project: Project) -> None:
    accepted, problems = admission(
        project,
        HEADER
        + "地区生产总值,,浙江省,2022年,,--,亿元,\n"
        + "地区生产总值,,,2022年,,1,亿元,\n"
        + '地区生产总值,,浙江省,2022年,,"1,2,3",亿元,\n'
        + "地区生产总值,,浙江省,2021年,,１２,亿元,\n",
    )
    assert accepted.get_column("number").to_list() == [Decimal(12)]
    assert [(problem.line, problem.column, problem.rule, problem.value) for problem in problems] == [
        (2, "value", "number", "--"),
        (3, "place", "present", ""),
        (4, "value", "number", "1,2,3"),
    ]
    assert str(problems[0]).startswith('raw/abc/figures.csv, line 2, column value: "--" is no number')
    assert all(problem.message_zh for problem in problems)


def test_offsets_that_are_no_numbers_or_run_backwards_stay_out(project: Project) -> None:
    header = HEADER.replace("table", f"table,{SPANS}")
    rows = [
        "甲,,全省,2022年,,1,人,,x,5,,,,\n",
        "乙,,全省,2022年,,1,人,,9,5,,,,\n",
        "丙,,全省,2022年,,1,人,,5,,,,,\n",
        "丁,,全省,2022年,,1,人,,5,6,,,,\n",
    ]
    accepted, problems = admission(project, header + "".join(rows))
    assert accepted.get_column("label").to_list() == ["丁"]
    assert [(problem.line, problem.rule) for problem in problems] == [
        (2, "offsets"),
        (3, "offsets"),
        (4, "offsets"),
    ]


def test_the_same_characters_give_one_figure_only(project: Project) -> None:
    header = HEADER.replace("table", f"table,{SPANS}")
    row = "甲,,全省,2022年,,1,人,,5,6,,,,\n"
    accepted, problems = admission(project, header + row + row)
    assert len(accepted) == 1
    assert [(problem.line, problem.rule) for problem in problems] == [(3, "place_in_file_twice")]


def test_a_million_rows_come_through(project: Project) -> None:
    rows = "".join(f"指标{i},,浙江省,2022年,,{i},亿元,\n" for i in range(1_000_000))
    accepted, problems = admission(project, HEADER + rows)
    assert (len(accepted), problems) == (1_000_000, [])
