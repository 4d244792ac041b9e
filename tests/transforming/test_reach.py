"""A build of what changed is the build of everything: each kind of change is built both ways and compared."""

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
    from collections.abc import Callable
    from pathlib import Path

SOURCE = "zj_income_2020"


def in_card(project: Project, field: str, value: str) -> None:
    """Set a field of the source's card."""
    card = project.raw / SOURCE / "source.yaml"
    text = card.read_text(encoding="utf-8")
    without = re.sub(rf"(?m)^{field}:.*\n", "", text)
    card.write_text(f"{field}: {value}\n{without}", encoding="utf-8")


def a_figure(project: Project) -> None:
    figures = project.raw / SOURCE / "figures.csv"
    before = figures.read_bytes()
    after = before.replace(b"62699", b"62799")
    assert after != before
    figures.write_bytes(after)
    card = project.raw / SOURCE / "source.yaml"
    hashes = [hashlib.sha256(data).hexdigest() for data in (before, after)]
    card.write_text(card.read_text(encoding="utf-8").replace(*hashes), encoding="utf-8")


def only_the_confidence(project: Project) -> None:
    in_card(project, "confidence", "D")


def only_the_stage(project: Project) -> None:
    in_card(project, "stage", "preliminary")


def a_ledger(project: Project) -> None:
    entry = {"figure": "figures.csv:2:value", "expect": "62699", "value": "62700"}
    write_ledger(project.raw / SOURCE, entry)


def sources_come_and_go(project: Project) -> None:
    """One source is new, with a figure that is refused; another one's folder is gone."""
    row = "居民人均可支配收入,全体居民,桐庐县,2023年,,56000,元,\n常住人口,年末,没有这个地方,2023年,,1,万人,\n"
    write_source(project, "one_more", f"label,breakdown,place,period,qualifier,value,unit,table\n{row}")
    shutil.rmtree(project.raw / SOURCE)


def a_source_held_back(project: Project) -> None:
    """Its hash is not its card's any more: its last good version is carried over."""
    with (project.raw / SOURCE / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("\n")


def nothing_but_the_day(project: Project) -> None:
    """The published file was made on another day: what depends on the day is made again."""
    with duckdb.connect(str(project.building)) as connection:
        connection.execute("update quality.freshness set age_days = age_days - 3")
    project.published.unlink()
    project.building.rename(project.published)


def built_twice(project: Project) -> tuple[Path, Path, int]:
    """The file built from what changed, the one built from everything, and how many nodes the first took."""
    build = Build.begin(project)
    assert build.extent == "changed_figures"
    list(build.land())
    nodes = len(build.transform().results)
    partial = project.building.rename(project.warehouse / "partial.duckdb")
    build = Build.begin(project, full=True)
    list(build.land())
    build.transform()
    return partial, project.building, nodes


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


@pytest.mark.parametrize(
    "change",
    [
        a_figure,
        only_the_confidence,
        only_the_stage,
        a_ledger,
        sources_come_and_go,
        a_source_held_back,
        nothing_but_the_day,
    ],
    ids=lambda change: change.__name__,
)
def test_what_a_change_reaches_is_made_again_and_everything_else_is_as_it_would_be(
    built: tuple[Project, subprocess.CompletedProcess[str]], tmp_path: Path, change: Callable[[Project], None]
) -> None:
    project = Project(tmp_path)
    for folder in ("raw", "dbt_project", "warehouse/landing"):
        shutil.copytree(built[0].root / folder, tmp_path / folder)
    shutil.copyfile(built[0].published, project.published)
    if change is nothing_but_the_day:
        project.workshop.mkdir()
        shutil.copyfile(built[0].published, project.building)
    change(project)
    partial, full, nodes = built_twice(project)
    expected, found = content(full), content(partial)
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name] == rows, name
    assert nodes < len(expected["checks"]) / 2 or change in {a_figure, sources_come_and_go}


def test_the_only_model_that_asks_the_clock_is_the_freshness_of_sources(built: tuple[Project, object]) -> None:
    graph = graph_of(built[0])
    assert {one for one in graph.models if CLOCK in graph.parents[one]} == {"model.gongfu.freshness"}
