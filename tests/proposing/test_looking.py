"""Propose names the reader, and asks only what cannot be seen, with an answer and its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import BuildStopped, SourceRefused
from pipelines.project import Project
from pipelines.proposing.looking import look
from pipelines.proposing.previewing import preview
from pipelines.proposing.transcribing import differing, transcribed
from pipelines.readers.worker import Worker
from tests.conftest import CHECKOUT, write_source
from tests.readers.files import workbook, written

if TYPE_CHECKING:
    import openpyxl

GDP = "指标：地区生产总值(亿元)\n地区,2021年,2020年\n浙江省,73516,64689\n安徽省,42959,38062\n"
PROJECT = Project(CHECKOUT)


@pytest.mark.parametrize(
    ("text", "name", "reader", "questions"),
    [
        (GDP, "a.csv", "bureau_export", 0),
        (GDP.partition("\n")[2], "年末常住人口.csv", "bureau_export", 2),
        ("Province,Year,GRP(亿元)\nBeijing,2019,35371\nZhejiang,2019,62352\n", "b.csv", "bureau_export", 0),
        ("指标名称,浙江:GDP\n频率,年\n单位,亿元\n2019-12-31,62352\n", "c.csv", "series_export", 0),
        ("2000,乡镇数,A1,43735.00\n2001,乡镇数,A1,40161.00\n2000,乡数,A2,24043.00\n", "d.csv", "tidy_table", 2),
    ],
)
def test_a_file_gets_the_reader_of_its_shape(tmp_path: Path, text: str, name: str, reader: str, questions: int) -> None:
    found, proposals, reading = look(PROJECT, written(tmp_path, text, name))
    assert found == reader
    assert sum(len(proposal.questions) for proposal in proposals) == questions
    assert reading is not None
    assert len(reading.figures) > 0


def test_a_question_has_an_answer_and_its_reason(tmp_path: Path) -> None:
    """The population of Zhejiang and Anhui in 2021 and 2020, of the bureau's database, in 万人."""
    text = "地区,2021年,2020年\n浙江省,6540,6468\n安徽省,6113,6105\n"
    _, (proposal,), _ = look(PROJECT, written(tmp_path, text, "年末常住人口.csv"))
    assert proposal.fields == {"indicator": "?", "unit": "?"}
    indicator, unit = proposal.questions
    assert "I would say 年末常住人口: the file's name says it" in indicator.en
    assert indicator.zh == "indicator：未印出；建议填年末常住人口：文件名如此"
    assert unit.en.startswith("unit: not printed")


def test_a_hidden_sheet_is_no_second_table_to_read_nor_to_ask_about(tmp_path: Path) -> None:
    """Shares of the industries of two cities, as a yearbook prints them, beside the hidden sheet of a download site."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        for row in (
            ["2-8 地区生产总值构成"],
            ["单位:%"],
            ["城市", "第一产业占比", None, "第二产业占比", None],
            [None, "全市", "市辖区", "全市", "市辖区"],
            ["石家庄市", 7.86, 2.10, 32.87, 29.85],
            ["唐山市", 7.17, 4.01, 55.36, 55.08],
        ):
            sheet.append(row)
        sheet.merge_cells("B3:C3")
        sheet.merge_cells("D3:E3")
        stamp = book.create_sheet("site")
        stamp.append(["downloaded 3 times"])
        stamp.sheet_state = "hidden"

    path = written(tmp_path, workbook(fill), "构成.xlsx")
    _, (proposal,), reading = look(PROJECT, path)
    assert [question.en.partition(":")[0] for question in proposal.questions] == ["period"]
    assert reading is not None
    assert len(reading.figures) == 8
    assert [(one.sheet, one.reason) for one in reading.left_out if one.sheet == "site"] == [("site", "hidden")]


def test_a_path_is_meant_from_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, GDP, "a.csv")
    (tmp_path / "pickle.py").write_text("raise SystemExit('not to be imported')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert look(PROJECT, Path("a.csv"))[0] == "bureau_export"


def test_codes_beside_labels_are_skipped_or_tell_apart_what_has_one_label(tmp_path: Path) -> None:
    """As the bureau's harvests print them, each with its code: a coefficient, and schools, two kinds of one label."""
    gini = "2003,居民人均可支配收入基尼系数,A0A0G01,0.48\n2004,居民人均可支配收入基尼系数,A0A0G01,0.47\n"
    _, (proposal,), reading = look(PROJECT, written(tmp_path, gini, "gini.csv"))
    assert proposal.fields["skip_columns"] == ["3"]
    assert reading is not None
    assert len(reading.figures) == 2
    schools = "2017,普通高中学校数,A0M01010G,13555.00\n2018,普通高中学校数,A0M01010G,13737.00\n"
    more = "2017,其他机构(教学点)学校数,A0M010109,24.00\n2017,其他机构(教学点)学校数,A0M01010Q,312.00\n"
    _, (proposal,), reading = look(PROJECT, written(tmp_path, schools + more, "schools.csv"))
    assert proposal.fields["columns"]["breakdown"] == ["3"]
    assert "skip_columns" not in proposal.fields
    assert reading is not None
    assert reading.figures.filter(label="其他机构(教学点)学校数")["breakdown"].to_list() == ["A0M010109", "A0M01010Q"]


def test_labels_that_end_alike_are_asked_for_one_unit(tmp_path: Path) -> None:
    """The turnover of goods in three ports, in 万吨; two unlike quantities are asked for one unit each."""
    ports = "2000,大连港口货物吞吐量,A1,9084\n2001,营口港口货物吞吐量,A2,2520\n2001,秦皇岛港口货物吞吐量,A3,11302\n"
    _, (proposal,), _ = look(PROJECT, written(tmp_path, ports, "ports.csv"))
    assert proposal.fields["unit"] == "?"
    unlike = ports.replace("营口港口货物吞吐量", "民用汽车拥有量")
    _, (proposal,), _ = look(PROJECT, written(tmp_path, unlike, "unlike.csv"))
    assert set(proposal.fields["units"].values()) == {"?"}


def test_a_unit_that_the_values_cannot_have_is_asked_with_one_that_fits(tmp_path: Path) -> None:
    """The product of Zhejiang in 2021 is 73 516 亿元; 73 516 元 would be the income of one person."""
    _, (proposal,), _ = look(PROJECT, written(tmp_path, GDP.replace("亿元", "元"), "a.csv"))
    assert proposal.fields == {}
    assert [question.en for question in proposal.questions] == [
        "unit: 地区生产总值 is printed in 元, in which it cannot be 38062 to 73516; I would say 亿元: the values fit"
    ]


def test_what_is_transcribed_names_its_cell_and_a_better_reading_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, GDP, "gdp.csv")
    text, count, _ = transcribed(PROJECT, file, None)
    assert count == 4
    lines = text.splitlines()
    assert lines[1].startswith("地区生产总值,,浙江省,2021年,,73516,亿元,gdp.csv sha256=")
    assert lines[1].endswith("cell=3:2")
    figures = tmp_path / "figures.csv"
    figures.write_text(text, encoding="utf-8")
    assert differing(PROJECT, figures, file, None) == []
    figures.write_text(text.replace("64689", "64688"), encoding="utf-8")
    (one,) = differing(PROJECT, figures, file, None)
    assert (one.cell, one.typed[5], one.read[5] if one.read else None) == ("3:3", "64688", "64689")


def test_a_figure_without_a_known_unit_is_put_aside_and_told(tmp_path: Path) -> None:
    text = "地区：浙江省\n指标,2022年\n地区生产总值(亿元),77715\n研发人员(万人某)(无此单位),72\n"
    card = written(tmp_path, "reader: bureau_export\n", "card.yaml")
    table, count, put_aside = transcribed(PROJECT, written(tmp_path, text, "z.csv"), card)
    assert (count, [problem.rule for problem in put_aside]) == (1, ["unit_missing"])
    assert "77715" in table


def test_a_file_with_an_open_question_is_not_transcribed(tmp_path: Path) -> None:
    with pytest.raises(BuildStopped, match="still open"):
        transcribed(PROJECT, written(tmp_path, GDP.partition("\n")[2], "x.csv"), None)


def test_looking_previewing_and_transcribing_keep_the_bounds_of_reading(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 MB stand for the real bound, so that the test needs no gigabytes."""
    monkeypatch.setattr(Worker.__init__, "__defaults__", (300 * 1024**2, 120))
    rows = "浙江省,6540\n" * 1_500_000
    write_source(project, "too_much", f"指标：年末常住人口(万人)\n地区,2021年\n{rows}", {"reader": "bureau_export"})
    file = project.raw / "too_much" / "figures.csv"
    for what in (
        lambda: preview(project, "too_much"),
        lambda: transcribed(project, file, file.parent / "source.yaml"),
        lambda: transcribed(project, file, None),
    ):
        with pytest.raises(BuildStopped, match="this is no statistical table"):
            what()
    with pytest.raises(SourceRefused, match="this is no statistical table"):
        look(project, file)
