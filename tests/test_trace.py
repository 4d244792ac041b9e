"""A figure leads back to the line or the characters that it was printed in, and on to the tables that hold it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import gongfu

if TYPE_CHECKING:
    from pipelines.project import Project

    Built = tuple[Project, subprocess.CompletedProcess[str]]


def traced(built: Built, *words: str) -> str:
    done = gongfu(built[0], "trace", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_whole_way_of_a_figure_is_on_one_screen(built: Built) -> None:
    screen = traced(built, "zj_bulletin_2022:figures.csv:2:value")
    for words in (
        "raw/zj_bulletin_2022/figures.csv",
        "573cd880dc41be3c9e181a7c1dba33db2a7bae508e103465371e49ca1984c6d2 (as received)",
        "浙江省统计局、国家统计局浙江调查总队",
        "2023-03 (month); counts as known from 2023-03-31",
        "facts of an official publication",
        "> 2  地区生产总值,,浙江省,2022年,,77715,亿元,一、综合",
        "  3  地区生产总值增长,,浙江省,2022年,,3.1,%,一、综合",
        "地区生产总值 → gdp",
        "浙江省 → 330000 浙江省",
        "亿元 → yuan × 10^8",
        "77715 × 10^8 = 7771500000000 yuan",
        "[7771450000000, 7771550000000)",
        "P, stage preliminary",
        "→ facts.fct_economy",
        "→ marts.mart_revisions",
    ):
        assert words in screen, words
    assert len(screen.splitlines()) < 50


def test_a_figure_of_a_text_is_shown_with_its_characters_and_its_qualifier(built: Built) -> None:
    screen = traced(built, "zj_first_batch_practices:char:224-228")
    assert "characters 224 to 228 unit 228 to 229 chapter 1" in screen
    assert "约 → about" in screen
    assert "[2550, 2650)" in screen


@pytest.mark.parametrize(
    "words",
    [
        ("gdp 330000 2023",),
        ("地区生产总值", "浙江", "2023年"),
        ("浙江省 地区生产总值 2023",),
        ("Gross domestic product, Zhejiang, 2023",),
        ("gross domestic product zhejiang 2023",),
    ],
)
def test_names_mean_the_current_print_whose_other_vintages_are_shown(built: Built, words: tuple[str, ...]) -> None:
    screen = traced(built, *words)
    assert screen.startswith("grp_export_2026_03:figures.csv:153:value\n")
    assert "  2024-03-04  8255300000000  exact  preliminary  zj_bulletin_2023:figures.csv:2:value" in screen
    assert "  2025        8562000000000  exact  census_revision  zj_bulletin_2024:figures.csv:13:value" in screen
    assert "* 2026-03-21  8561960000000  exact  grp_export_2026_03:figures.csv:153:value  ← this print" in screen
    assert "→ marts.mart_digital_economy (printed_gdp)" in screen


def test_a_breakdown_is_named_beside(built: Built) -> None:
    assert "71268 yuan" in traced(built, "居民人均可支配收入 浙江 2022 residence=urban")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("收入 浙江 2022", "income_disposable_per_capita 居民人均可支配收入"),
        ("gdp 浙江 1949", 'no figure is about a period "1949"'),
        ("gdp 浙江 2009", "no figure of gdp in 330000 for 2009; periods there are: 2010, 2011"),
        ("gdp 亚特兰蒂斯 2022", 'no place is called "亚特兰蒂斯"'),
        ("幸福指数 浙江 2022", 'no indicator is called "幸福指数"'),
        ("nonsense", 'no figure is called "nonsense"'),
        ("zj_bulletin_2022:char:1-2", "give a figure_id (zj_bulletin_2022:figures.csv:"),
    ],
)
def test_words_that_mean_no_figure_or_several_are_answered_in_one_line(built: Built, words: str, said: str) -> None:
    done = gongfu(built[0], "trace", words)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
