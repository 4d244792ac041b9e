"""What a publish would change is looked at before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.asking.builds import read
from tests.conftest import HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds

POPULATION = "常住人口,年末,{place},2023年,,{value},万人,\n"


@pytest.fixture(scope="module")
def project(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = begun(tmp_path_factory.mktemp("dry"))
    write_source(project, "a_town", HEADER + POPULATION.format(place="桐庐县", value="46.1"))
    write_source(project, "b_town", HEADER + POPULATION.format(place="建德市", value="44.3"))
    assert gongfu(project, "build").returncode == 0
    return project


def kept(project: Project) -> list[tuple[str, bytes]]:
    """Everything that a build leaves behind, but for the history of runs."""
    return [
        (path.relative_to(project.warehouse).as_posix(), path.read_bytes())
        for path in sorted(project.warehouse.rglob("*"))
        if path.is_file() and ".dagster" not in path.parts and path.name != "lock"
    ]


def test_figures_added_and_sources_held_back_are_shown_and_nothing_is_left_of_it(project: Project) -> None:
    write_source(project, "c_town", HEADER + POPULATION.format(place="淳安县", value="32.6"))
    card = project.raw / "b_town" / "source.yaml"
    good = card.read_text(encoding="utf-8")
    card.write_text(good + "stage: preliminery\n", encoding="utf-8")
    before = kept(project)
    done = gongfu(project, "build", "--dry-run")
    assert done.returncode == 6, done.stdout + done.stderr
    assert "figures  1 added · 0 gone · 0 recoded · 0 revised" in done.stdout
    assert "held back  b_town (its last good version would stay): raw/b_town/source.yaml, line" in done.stdout
    assert kept(project) == before
    card.write_text(good, encoding="utf-8")


def test_a_changed_crosswalk_row_shows_the_figures_that_it_recodes(project: Project) -> None:
    """The registered population where it was the resident one: of each figure, the code of before and of now."""
    before = read(project.published)
    crosswalk = project.dbt / "seeds" / "reference" / "crosswalk.csv"
    text = crosswalk.read_text(encoding="utf-8")
    head = text.splitlines()[0].split(",")
    row = dict.fromkeys(head, "") | {"source_id": "a_town", "label": "常住人口", "breakdown": "年末"}
    row["indicator"] = "population_registered"
    crosswalk.write_text(text.rstrip("\n") + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    done = gongfu(project, "build", "--dry-run")
    crosswalk.write_text(text, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 recoded" in done.stdout
    assert "population_registered" in done.stdout
    assert read(project.published) == before


def test_what_would_stop_the_publish_stops_the_dry_run(project: Project) -> None:
    check = project.dbt / "tests" / "a_check_that_fails.sql"
    check.write_text("select indicator from {{ ref('observations') }}", encoding="utf-8")
    done = gongfu(project, "build", "--dry-run")
    check.unlink()
    assert done.returncode == 1
    assert "nothing would be published" in done.stderr
    assert "a_check_that_fails" in done.stderr
