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
    "乡村博物馆数,,浙江省,2022年,,404,家,\n"
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


NAMES = ("--name", "乡村博物馆数", "Rural museums")
DEFINED = ("--definition", "经认定的乡村博物馆家数。", "Number of recognised rural museums.", "--defined-by", "test")


@pytest.mark.parametrize(
    ("code", "like", "names", "said"),
    [
        ("Rural Museums", "disability_training_bases", NAMES, "cannot be a code"),
        ("gdp", "disability_training_bases", NAMES, '"gdp" stands in indicators already'),
        ("rural_museums", "no_such", NAMES, "no indicator is called no_such"),
        ("rural_museums", "gdp", (*NAMES[:2], "gross domestic product"), "is the name of gdp already"),
        ("rural_museums", "gdp", (*NAMES[:2], " "), "name_en is empty"),
    ],
)
def test_an_indicator_that_cannot_be_is_refused_with_its_reason(
    project: Project, code: str, like: str, names: tuple[str, ...], said: str
) -> None:
    done = gongfu(project, "indicator", code, "--like", like, *names, *DEFINED)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_indicator_that_was_missing_is_added_and_chosen_and_its_figure_is_published(project: Project) -> None:
    added = gongfu(project, "indicator", "rural_museums", "--like", "disability_training_bases", *NAMES, *DEFINED)
    assert added.returncode == 0, added.stderr
    chosen = gongfu(project, "unmapped", "--choose", "乡村博物馆数", "rural_museums")
    assert chosen.returncode == 0, chosen.stderr
    assert gongfu(project, "build").returncode == 0
    question = "select obs_value::int, unit_measure from facts.observations where indicator = 'rural_museums'"
    assert gongfu(project, "sql", "--csv", question).stdout.splitlines()[1:] == ["404,unit"]
