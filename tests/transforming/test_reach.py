"""A build of what changed is the build of everything: changes to real sources are built both ways and compared.

Each kind of change alone, on a small project, is walked through in `tests/building`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.building.build import Build
from pipelines.project import Project
from pipelines.transforming.reach import CLOCK, graph_of
from tests.conftest import write_source
from tests.test_corrections import write_ledger

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "zj_income_2020"
OF_LOW_CONFIDENCE, CORRECTED = "zj_income_2021", "zj_income_2018"
GONE, NOT_AS_ITS_CARD_SAYS = "nbs_income_2019", "huzhou_income_2020"


def a_figure(project: Project) -> None:
    figures = project.raw / SOURCE / "figures.csv"
    before = figures.read_bytes()
    after = before.replace(b"62699", b"62799")
    assert after != before
    figures.write_bytes(after)
    card = project.raw / SOURCE / "source.yaml"
    hashes = [hashlib.sha256(data).hexdigest() for data in (before, after)]
    card.write_text(card.read_text(encoding="utf-8").replace(*hashes), encoding="utf-8")


def only_a_card(project: Project) -> None:
    card = project.raw / OF_LOW_CONFIDENCE / "source.yaml"
    text = card.read_text(encoding="utf-8")
    without = re.sub(r"(?m)^(confidence|stage):.*\n", "", text)
    card.write_text(f"confidence: D\nstage: preliminary\n{without}", encoding="utf-8")


def a_ledger(project: Project) -> None:
    figures = (project.raw / CORRECTED / "figures.csv").read_text(encoding="utf-8").splitlines()
    printed = dict(zip(figures[0].split(","), figures[1].split(","), strict=True))["value"]
    entry = {"figure": "figures.csv:2:value", "expect": printed, "value": str(int(printed) + 1)}
    write_ledger(project.raw / CORRECTED, entry)


def sources_come_and_go(project: Project) -> None:
    """One source is new, with a figure that is refused; another one's folder is gone; one is held back."""
    row = "居民人均可支配收入,全体居民,桐庐县,2023年,,56000,元,\n常住人口,年末,没有这个地方,2023年,,1,万人,\n"
    write_source(project, "one_more", f"label,breakdown,place,period,qualifier,value,unit,table\n{row}")
    shutil.rmtree(project.raw / GONE)
    with (project.raw / NOT_AS_ITS_CARD_SAYS / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("\n")


def built_twice(project: Project) -> tuple[Path, Path]:
    """The file built from what changed, and the one built from everything."""
    build = Build.begin(project)
    assert build.extent == "changed_figures"
    list(build.land())
    build.transform()
    partial = project.building.rename(project.warehouse / "partial.duckdb")
    build = Build.begin(project, full=True)
    list(build.land())
    build.transform()
    return partial, project.building


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table and view, and every check but for when it was made and in which words."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as gongfu (read_only)")
        connection.execute("use gongfu")
        tables = connection.execute("""
            select table_schema || '.' || table_name from information_schema.tables
            where table_catalog = 'gongfu' and not (table_schema = 'quality' and table_name in ('build', 'checks'))
        """).fetchall()
        found = {name: sorted(connection.execute(f"from {name}").fetchall(), key=repr) for (name,) in tables}
        found["checks"] = connection.execute(
            "select check_id, kind, outcome, failures from quality.checks where kind <> 'expectation_suite' order by 1"
        ).fetchall()
    return found


@pytest.fixture
def project(built: tuple[Project, subprocess.CompletedProcess[str]], tmp_path: Path) -> Project:
    """A copy of the built project."""
    project = Project(tmp_path)
    for folder in ("raw", "dbt_project", "warehouse/landing"):
        shutil.copytree(built[0].root / folder, tmp_path / folder)
    shutil.copyfile(built[0].published, project.published)
    return project


def test_what_changes_reach_is_made_again_and_everything_else_is_as_it_would_be(project: Project) -> None:
    for change in (a_figure, only_a_card, a_ledger, sources_come_and_go):
        change(project)
    partial, full = built_twice(project)
    expected, found = content(full), content(partial)
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_on_another_day_what_depends_on_the_day_is_made_again_and_nothing_else(project: Project) -> None:
    expected = content(project.published)
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("update quality.freshness set age_days = age_days - 3")
    build = Build.begin(project)
    list(build.land())
    remade = {one.unique_id for one in build.transform().results.values() if one.kind == "model"}
    assert "model.gongfu.freshness" in remade
    assert len(remade) < 5
    found = content(project.building)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_the_only_model_that_asks_the_clock_is_the_freshness_of_sources(built: tuple[Project, object]) -> None:
    graph = graph_of(built[0])
    assert {one for one in graph.models if CLOCK in graph.parents[one]} == {"model.gongfu.freshness"}
