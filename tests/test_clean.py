"""`make clean` takes away what can be made again, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from pipelines.receiving.landing import land_all
from tests.conftest import CHECKOUT, HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)


def make_clean(project: Project) -> str:
    for name in ("Makefile", ".env"):
        shutil.copyfile(CHECKOUT / name, project.root / name)
    return subprocess.run(["make", "clean"], cwd=project.root, capture_output=True, text=True, check=True).stdout


def test_when_a_figure_was_first_seen_is_kept_and_everything_is_read_again(project: Project) -> None:
    write_source(project, "abc", HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n")
    list(land_all(project))
    figures = project.landing / "abc.parquet"
    pl.read_parquet(figures).with_columns(pl.lit(LONG_AGO).alias("first_seen_at")).write_parquet(figures)
    assert "first seen" in make_clean(project)
    (landed,) = land_all(project)
    assert not landed.unchanged
    assert pl.read_parquet(figures)["first_seen_at"].to_list() == [LONG_AGO]


def test_builds_versions_reports_and_runs_are_gone(project: Project) -> None:
    for path in (project.workshop, project.versions, project.quality_report, project.dagster_home):
        path.mkdir(parents=True)
    project.published.write_bytes(b"")
    make_clean(project)
    assert [path.name for path in project.warehouse.iterdir()] == []
