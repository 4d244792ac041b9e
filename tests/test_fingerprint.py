"""The fingerprint is of what was read, and of everything that reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pipelines import fingerprint
from pipelines.fingerprint import of_project, of_sources, state_of_source, touched
from pipelines.readers import Reading
from pipelines.readers.worker import Worker
from pipelines.receiving import landing
from pipelines.receiving.assembling import assemble
from pipelines.receiving.good_past import GoodPast
from pipelines.receiving.holding import refused_whole
from pipelines.receiving.landing import land_all
from tests.conftest import HEADER, copy_of_project, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources.card import Source

FIGURES = HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n"


def test_a_file_that_changes_and_changes_back_while_it_is_read_is_read_as_it_was_hashed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader finds the bytes of the hash even where somebody replaces the file just before it reads."""
    folder = write_source(project, "a_source", FIGURES)
    named = landing.readings_of

    def meddled(aside: Project, source: Source, worker: Worker) -> list[Reading]:
        (folder / "figures.csv").write_text(FIGURES.replace("46.1", "99.9"), encoding="utf-8")
        try:
            return named(aside, source, worker)
        finally:
            (folder / "figures.csv").write_text(FIGURES, encoding="utf-8")

    monkeypatch.setattr(landing, "readings_of", meddled)
    (landed,) = land_all(project)
    import polars as pl

    assert pl.read_parquet(project.landing / "a_source.parquet")["value_printed"].to_list() == ["46.1"]
    assert of_sources({"a_source": landed.state}) == of_project(project).raw


def test_a_file_that_changed_after_it_was_read_is_seen_by_the_next_build(project: Project) -> None:
    folder = write_source(project, "a_source", FIGURES)
    (landed,) = land_all(project)
    (folder / "figures.csv").write_text(FIGURES.replace("46.1", "99.9"), encoding="utf-8")
    assert of_sources({"a_source": landed.state}) != of_project(project).raw


def test_a_folder_that_is_a_link_is_seen_and_refused(project: Project) -> None:
    elsewhere = write_source(project, "a_source", FIGURES).rename(project.root / "a_source")
    before = of_project(project).raw
    (project.raw / "a_source").symlink_to(elsewhere, target_is_directory=True)
    assert of_project(project).raw != before
    (landed,) = land_all(project)
    assert [problem.rule for problem in landed.problems] == ["folder_is_link"]


def test_a_folder_behind_a_link_in_a_source_is_seen_and_refused(project: Project) -> None:
    folder = write_source(project, "a_source", FIGURES)
    before = state_of_source(folder)
    (folder / "annex").symlink_to(project.root, target_is_directory=True)
    assert state_of_source(folder) != before
    (landed,) = land_all(project)
    assert [(problem.rule, problem.file) for problem in landed.problems] == [("link_in_folder", "raw/a_source/annex")]


def test_a_device_in_a_source_is_never_opened(project: Project) -> None:
    folder = write_source(project, "a_source", FIGURES)
    (folder / "endless.csv").symlink_to("/dev/zero")
    (landed,) = land_all(project)
    assert [problem.rule for problem in landed.problems] == ["link_in_folder"]


def test_names_that_are_no_text_are_refused_like_any_other(project: Project) -> None:
    folder = write_source(project, "a_source", FIGURES)
    (folder / os.fsdecode(b"\xff\xfe.csv")).symlink_to("/dev/zero")
    (project.raw / os.fsdecode(b"b_\xff")).mkdir()
    first, second = land_all(project)
    assert [problem.rule for problem in first.problems] == ["link_in_folder"]
    assert [problem.rule for problem in second.problems] == ["card_missing"]
    project.workshop.mkdir(parents=True, exist_ok=True)
    assemble(project, project.building, [first, second], refused_whole([first, second], GoodPast()))
    again = list(land_all(project))
    assert [one.unchanged for one in again] == [True, True]


def test_a_model_that_moves_to_another_folder_changes_the_code(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path, sources=[])
    before = of_project(project)
    model = project.dbt / "models" / "marts" / "mart_income_gap.sql"
    model.rename(project.dbt / "models" / "facts" / "mart_income_gap.sql")
    assert of_project(project).code != before.code
    assert of_project(project).seeds == before.seeds


@pytest.mark.parametrize("name", ["quality/summary.html.j2", "quality/data_docs.css", "receiving/landing.py"])
def test_templates_and_modules_belong_to_the_code(name: str) -> None:
    assert fingerprint._PACKAGE / name in fingerprint._files(fingerprint._PACKAGE)


def test_another_version_of_a_library_is_another_code(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of_project(project).code
    site = project.root / "site"
    (site / "duckdb-9.9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))
    fingerprint.libraries.cache_clear()
    try:
        assert of_project(project).code != before
    finally:
        fingerprint.libraries.cache_clear()


def test_a_seed_that_is_written_to_and_back_during_a_build_is_noticed(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path, sources=[])
    before, hashes = touched(project), of_project(project)
    seed = project.dbt / "seeds" / "reference" / "units.csv"
    text = seed.read_bytes()
    seed.write_bytes(text + b"\n")
    seed.write_bytes(text)
    assert of_project(project) == hashes
    assert touched(project) != before


def test_a_reader_that_breaks_down_is_one_line_about_its_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_source(project, "a_source", FIGURES)
    write_source(project, "b_source", FIGURES, {"reader": "tidy_table"})

    read = Worker.read

    def breaks(worker: Worker, aside: Project, source: Source, path: Path) -> Reading:
        if source.reader == "tidy_table":
            raise ZeroDivisionError("division by zero")
        return read(worker, aside, source, path)

    monkeypatch.setattr(Worker, "read", breaks)
    good, bad = land_all(project)
    assert good.accepted == 1
    assert str(bad.problems[0]) == (
        "raw/b_source/figures.csv: the reader tidy_table broke down: ZeroDivisionError: division by zero; look at the "
        "file, and tell whoever keeps the reader"
    )


def test_a_reader_that_gives_no_column_of_units_is_one_line_about_its_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_source(project, "a_source", FIGURES)
    write_source(project, "b_source", FIGURES)
    read = Worker.read

    def gives_no_units(worker: Worker, aside: Project, source: Source, path: Path) -> Reading:
        reading = read(worker, aside, source, path)
        return reading if source.source_id == "a_source" else reading._replace(figures=reading.figures.drop("unit"))

    monkeypatch.setattr(Worker, "read", gives_no_units)
    good, bad = land_all(project)
    assert good.accepted == 1
    assert str(bad.problems[0]) == (
        "raw/b_source/figures.csv: the reader figures_table broke down: ValueError: its figures have no column unit; "
        "look at the file, and tell whoever keeps the reader"
    )
