"""What a card says is internal stays inside: in the warehouse and in a trace, in no export and no answer to outside."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from pipelines.asking.catalogue import find
from pipelines.asking.observations import Wanted, observations
from pipelines.asking.warehouse import published
from tests.conftest import HEADER, copy_of_project, gongfu, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_of_project(tmp_path_factory.mktemp("access"), sources=[])
    write_source(project, "open_one", HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n")
    write_source(project, "closed_one", HEADER + "常住人口,年末,建德市,2023年,,44.3,万人,\n", {"access": "internal"})
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.mark.parametrize("name", ["x.csv", "x.sdmx.csv"])
def test_exports_of_figures_leave_internal_ones_out_and_say_how_many(
    project: Project, tmp_path: Path, name: str
) -> None:
    done = gongfu(project, "export", "-o", str(tmp_path / name))
    assert "1 rows in" in done.stdout
    assert "1 rows left out: they stand on sources for internal use" in done.stdout
    for file in (tmp_path / name, tmp_path / f"{name}.sources.csv"):
        text = file.read_text(encoding="utf-8-sig")
        assert "open_one" in text
        assert "closed_one" not in text


@pytest.mark.parametrize("table", ["facts.current_observations", "reference.sources", "landing.printed_figures"])
def test_whole_tables_leave_internal_rows_out(project: Project, tmp_path: Path, table: str) -> None:
    done = gongfu(project, "export", table, "-o", str(tmp_path / "t.csv"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["source_id"] for row in csv.DictReader(stream)} == {"open_one"}


def test_a_table_that_does_not_say_what_its_rows_stand_on_is_not_exported(project: Project, tmp_path: Path) -> None:
    done = gongfu(project, "export", "quality.checks", "-o", str(tmp_path / "t.csv"))
    assert done.returncode == 2
    assert "some are internal: not exported" in done.stderr


def test_answers_to_outside_leave_internal_figures_out(project: Project) -> None:
    with published(project) as warehouse:
        assert [each.source_id for each in observations(warehouse, Wanted())] == ["open_one"]
        inside = observations(warehouse, Wanted(audience="internal"))
        assert {each.source_id for each in inside} == {"open_one", "closed_one"}
        assert find(warehouse, "常住人口")[0].figures == 1


def test_a_trace_inside_shows_the_internal_figure(project: Project) -> None:
    done = gongfu(project, "trace", "closed_one:figures.csv:2:value")
    assert done.returncode == 0, done.stderr
    assert "443000" in done.stdout


def test_an_unknown_access_holds_the_source_back(project: Project) -> None:
    from pipelines.problems import SourceRefused
    from pipelines.sources.card import read_card

    folder = write_source(project, "misspelt", HEADER, {"access": "intern"})
    with pytest.raises(SourceRefused, match="unknown access; known are public, internal"):
        read_card(project, folder)
