"""A source with too many bad rows is held back whole; what it said when it was last good stays in use."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pipelines.receiving.assembling import assemble
from pipelines.receiving.landing import land_all
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

GOOD = HEADER + "".join(f"地区生产总值,,浙江省,{year}年,,{year},亿元,\n" for year in range(2001, 2011))
BAD = GOOD.replace(",2001,亿元", ",--,亿元").replace(",2002,亿元", ",无,亿元")


def replaced(project: Project, figures: str, **card: object) -> None:
    shutil.rmtree(project.raw / "a_source", ignore_errors=True)
    write_source(project, "a_source", figures, card)


def figures_of(project: Project) -> int:
    project.workshop.mkdir(parents=True, exist_ok=True)
    return assemble(project, project.building)["printed_figures"]


def test_bad_rows_within_the_limit_stay_outside_and_the_rest_goes_on(project: Project) -> None:
    replaced(project, BAD, refused_share_limit=0.2)
    (landed,) = land_all(project)
    assert (landed.accepted, landed.held_back, len(landed.problems)) == (8, False, 2)


def test_above_the_limit_the_last_good_version_stays_in_use(project: Project) -> None:
    replaced(project, GOOD, refused_share_limit=0.1)
    list(land_all(project))
    replaced(project, BAD, refused_share_limit=0.1)
    (landed,) = land_all(project)
    assert landed.held_back
    assert landed.accepted == 10
    assert str(landed.problems[0]) == (
        "raw/a_source/source.yaml, column refused_share_limit: held back whole: 2 of 10 rows were refused, more than "
        "refused_share_limit 0.1 allows; the version landed before stays in use; mend the rows below"
    )
    assert {problem.rule for problem in landed.problems[1:]} == {"number"}
    assert figures_of(project) == 10
    (again,) = land_all(project)
    assert again.unchanged
    assert again.held_back


def test_put_right_it_is_read_again(project: Project) -> None:
    replaced(project, GOOD, refused_share_limit=0.1)
    list(land_all(project))
    replaced(project, BAD, refused_share_limit=0.1)
    list(land_all(project))
    replaced(project, GOOD.replace("2010年,,2010", "2010年,,2011"), refused_share_limit=0.1)
    (landed,) = land_all(project)
    assert (landed.held_back, landed.accepted, landed.problems) == (False, 10, [])


def test_with_nothing_good_before_nothing_of_it_is_used(project: Project) -> None:
    replaced(project, BAD, refused_share_limit=0.1)
    (landed,) = land_all(project)
    assert landed.held_back
    assert landed.accepted == 0
    assert "none of it is used" in str(landed.problems[0])


def test_a_limit_that_is_no_share_is_refused(project: Project) -> None:
    replaced(project, GOOD, refused_share_limit="a tenth")
    (landed,) = land_all(project)
    assert landed.source is None
    assert landed.problems[0].rule == "refused_share_limit_form"
