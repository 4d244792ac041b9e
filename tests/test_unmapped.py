"""A label without a code gets suggestions of its unit and size, and a choice that is written down once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds
FIGURES = HEADER + (
    "全省生产总值合计,,浙江省,2022年,,77715,亿元,\n"
    "全省生产总值合计,,浙江省,2021年,,73516,亿元,\n"
    "居民幸福指数,,浙江省,2022年,,81.5,分,\n"
    "全省生产总值细分,第一产业,浙江省,2022年,,2325,亿元,\n"
)
ROW = "new_words,全省生产总值合计,,,,gdp,,,,,,"


@pytest.fixture(scope="module")
def project(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = begun(tmp_path_factory.mktemp("unmapped"))
    write_source(project, "new_words", FIGURES)
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def crosswalk(project: Project) -> list[str]:
    return (project.dbt / "seeds" / "reference" / "crosswalk.csv").read_text(encoding="utf-8").splitlines()


def test_labels_stand_most_frequent_first_with_indicators_of_their_unit(project: Project) -> None:
    lines = gongfu(project, "unmapped").stdout.splitlines()
    assert lines[0] == "     2  全省生产总值合计  (亿元; new_words)"
    suggested = [line.split()[1] for line in lines[1:4]]
    assert "gdp" in suggested
    assert not any("growth" in indicator or "per_capita" in indicator for indicator in suggested)
    assert any("居民幸福指数  (分, an unknown unit; new_words)" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("全省生产总值合计", "gdp_growth"), 'printed in "亿元" (yuan), and gdp_growth is in percent'),
        (("居民幸福指数", "gdp"), 'printed in "分" (no known unit)'),
        (("全省生产总值合计", "no_such"), "no indicator is called no_such"),
        (("never printed", "gdp"), 'no unmapped label is called "never printed"'),
        (("地区生产总值", "gdp"), "stands in the crosswalk already, as gdp"),
        (("全省生产总值细分", "gdp"), "name them with --breakdown: 第一产业"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_its_reason(
    project: Project, arguments: tuple[str, str], said: str
) -> None:
    before = crosswalk(project)
    done = gongfu(project, "unmapped", "--choose", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert crosswalk(project) == before


def test_a_choice_is_written_once_in_its_place(project: Project) -> None:
    before = crosswalk(project)
    done = gongfu(project, "unmapped", "--choose", "全省生产总值合计", "gdp")
    assert done.returncode == 0, done.stderr
    after = crosswalk(project)
    assert after.count(ROW) == 1
    assert [line for line in after if line != ROW] == before
    again = gongfu(project, "unmapped", "--choose", "全省生产总值合计", "gdp")
    assert again.returncode == 2
    assert crosswalk(project) == after


def test_words_beside_a_label_need_their_code(project: Project) -> None:
    chosen = ("unmapped", "--choose", "全省生产总值细分", "gdp", "--breakdown", "第一产业")
    assert "say what" in gongfu(project, *chosen).stderr
    assert "is no code" in gongfu(project, *chosen, "--code", "industry=zeroth").stderr
    assert gongfu(project, *chosen, "--code", "industry=primary").returncode == 0
    assert "new_words,全省生产总值细分,第一产业,,,gdp,industry=primary,,,,," in crosswalk(project)
