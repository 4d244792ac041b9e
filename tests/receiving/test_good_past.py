"""What was published is what was good: the last good version of a source lies in the published file."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from pipelines.receiving.assembling import assemble
from pipelines.receiving.good_past import good_past
from pipelines.receiving.holding import refused_whole
from pipelines.receiving.landing import land_all
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

FIGURES = HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n常住人口,年末,建德市,2023年,,--,万人,\n"
ENTRY = {
    "figure": "figures.csv:2:value", "action": "flag", "expect": "46.1", "reason": "x", "who": "x",
    "date": "2026-11-23", "status": "open",
}  # fmt: skip
TABLES = ("printed_figures", "sources", "quarantine", "corrections", "source_versions")


@pytest.fixture
def published(project: Project) -> Project:
    """Two sources in schema landing of a published file; one has a ledger and a row in quarantine."""
    folder = write_source(project, "a_source", FIGURES)
    (folder / "corrections.yaml").write_text(yaml.safe_dump([ENTRY]), encoding="utf-8")
    write_source(project, "b_source", HEADER + "常住人口,年末,淳安县,2023年,,32.6,万人,\n")
    project.workshop.mkdir(parents=True)
    assemble(project, project.published, list(land_all(project)))
    return project


def rows(path: Path, table: str, source_id: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(
            f"select * from landing.{table} where source_id = ? order by all", [source_id]
        ).fetchall()


def built_beside(project: Project) -> None:
    """What a build lays into its file now."""
    past = good_past(project.published)
    landed = list(land_all(project, past=past))
    assemble(project, project.building, landed, refused_whole(landed, past), past)


def test_a_source_held_back_is_carried_over_with_card_ledger_and_quarantine(published: Project) -> None:
    shutil.rmtree(published.landing)
    (published.raw / "a_source" / "source.yaml").write_text("[" * 30_000, encoding="utf-8")
    built_beside(published)
    for table in TABLES:
        before = rows(published.published, table, "a_source")
        assert before
        assert rows(published.building, table, "a_source") == before
    assert rows(published.building, "printed_figures", "b_source")


def test_why_it_is_held_back_stands_beside_it_and_not_in_its_quarantine(published: Project) -> None:
    (published.raw / "a_source" / "figures.csv").write_text(FIGURES + "\n", encoding="utf-8")
    built_beside(published)
    with duckdb.connect(str(published.building), read_only=True) as connection:
        held = connection.execute("select source_id, kept, rule, line from landing.held_back").fetchall()
    assert held == [("a_source", "a_source", "sha256_differs", 2)]
    assert rows(published.building, "quarantine", "a_source") == rows(published.published, "quarantine", "a_source")


def test_a_source_that_is_gone_from_raw_is_gone_from_the_warehouse(published: Project) -> None:
    shutil.rmtree(published.raw / "a_source")
    built_beside(published)
    assert rows(published.building, "printed_figures", "a_source") == []


def test_first_sight_is_kept_where_the_store_of_readings_is_lost(published: Project) -> None:
    with duckdb.connect(str(published.published)) as connection:
        connection.execute("update landing.printed_figures set first_seen_at = '2020-01-01 00:00:00+00'")
    shutil.rmtree(published.landing)
    figures = published.raw / "b_source" / "figures.csv"
    moved = figures.read_text(encoding="utf-8").replace(HEADER, HEADER + "常住人口,年末,临安区,2023年,,64.9,万人,\n")
    card = published.raw / "b_source" / "source.yaml"
    before = hashlib.sha256(figures.read_bytes()).hexdigest()
    figures.write_text(moved, encoding="utf-8")
    after = hashlib.sha256(figures.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    built_beside(published)
    with duckdb.connect(str(published.building), read_only=True) as connection:
        seen = connection.execute(
            "select place_printed, first_seen_at < '2021-01-01', former_figure_ids from landing.printed_figures "
            "where source_id = 'b_source' order by line"
        ).fetchall()
    assert seen == [("临安区", False, []), ("淳安县", True, ["b_source:figures.csv:2:value"])]


def test_in_a_file_of_an_older_form_every_source_has_a_past_of_unknown_bytes(published: Project) -> None:
    with duckdb.connect(str(published.published)) as connection:
        connection.execute("drop table landing.source_versions")
        connection.execute("drop table landing.held_back")
    past = good_past(published.published)
    assert past.states == {"a_source": "", "b_source": ""}
    assert past.is_of_this_form
