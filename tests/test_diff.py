"""What changed between two published builds is said figure by figure."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds
POPULATION = "常住人口,年末,{place},2023年,,{value},万人,\n"


@pytest.fixture(scope="module")
def project(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two builds: a town's population gone, another's new, the province's product of 2023 revised."""
    project = begun(tmp_path_factory.mktemp("diff"))
    shutil.copytree(CHECKOUT / "raw" / "zj_bulletin_2023", project.raw / "zj_bulletin_2023")
    (project.raw / "zj_bulletin_2023").rename(project.raw / "kept")
    card = project.raw / "kept" / "source.yaml"
    card.write_text(
        card.read_text(encoding="utf-8").replace("source_id: zj_bulletin_2023", "source_id: kept"), encoding="utf-8"
    )
    write_source(project, "p007", HEADER + POPULATION.format(place="开化县", value="25.6"))
    gone = write_source(project, "leaves", HEADER + POPULATION.format(place="桐庐县", value="46.1"))
    assert gongfu(project, "build").returncode == 0
    for path in gone.iterdir():
        path.unlink()
    gone.rmdir()
    (project.raw / "p007").rename(project.raw / "quzhou_population_2023")
    card = project.raw / "quzhou_population_2023" / "source.yaml"
    renamed = card.read_text(encoding="utf-8").replace(
        "source_id: p007", "source_id: quzhou_population_2023\nformerly: [p007]"
    )
    # its new edition begins with a row that moves the figure a line down
    figures = project.raw / "quzhou_population_2023" / "figures.csv"
    before = hashlib.sha256(figures.read_bytes()).hexdigest()
    figures.write_text(
        figures.read_text(encoding="utf-8").replace(HEADER, HEADER + "幸福指数,,开化县,2023年,,9.1,分,\n"),
        encoding="utf-8",
    )
    after = hashlib.sha256(figures.read_bytes()).hexdigest()
    card.write_text(renamed.replace(before, after), encoding="utf-8")
    write_source(project, "comes", HEADER + POPULATION.format(place="建德市", value="44.3"))
    revised = HEADER + "地区生产总值,修订（第五次全国经济普查）,浙江省,2023年,,85620,亿元,\n"
    write_source(project, "revises", revised, {"published_on": "2025"})
    assert gongfu(project, "build").returncode == 0
    return project


def test_figures_added_gone_and_revised_have_their_values_and_sources(project: Project) -> None:
    before = gongfu(project, "versions").stdout.splitlines()[1].split()[0]
    done = gongfu(project, "diff", before, "current", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    fields = ("change", "ref_area", "value_before", "value_after", "source_before", "source_after")
    assert [tuple(row[name] for name in fields) for row in rows] == [
        ("added", "330182", "", "443000", "", "comes"),
        ("gone", "330122", "461000", "", "leaves", ""),
        ("revised", "330000", "8255300000000", "8562000000000", "kept", "revises"),
    ]
    table = gongfu(project, "diff", before).stdout.splitlines()
    assert table[:2] == [
        "figures  1 added · 1 gone · 0 recoded · 1 revised",
        "sources  2 added · 1 gone · 1 changed · 1 renamed",
    ]
    assert len(gongfu(project, "diff", before, "--rows", "1").stdout.splitlines()) == 5


def test_a_renamed_source_keeps_its_first_sight_and_answers_to_its_old_id(project: Project) -> None:
    import duckdb

    version = gongfu(project, "versions").stdout.splitlines()[1].split()[0]
    before = project.versions / f"{version}.duckdb"
    first_seen = "select first_seen_at from facts.observations where ref_area = '330824'"
    with (
        duckdb.connect(str(before), read_only=True) as old,
        duckdb.connect(str(project.published), read_only=True) as new,
    ):
        assert new.execute(first_seen).fetchall() == old.execute(first_seen).fetchall()
    traced = gongfu(project, "trace", "p007:figures.csv:2:value")
    assert traced.stdout.splitlines()[0] == "quzhou_population_2023:figures.csv:3:value", traced.stderr
    assert "p007:figures.csv:2:value named what is now quzhou_population_2023:figures.csv:3:value" in traced.stdout


def test_the_other_way_round_added_is_gone(project: Project) -> None:
    before = gongfu(project, "versions").stdout.splitlines()[1].split()[0]
    assert gongfu(project, "diff", "current", before).stdout.startswith(
        "figures  1 added · 1 gone · 0 recoded · 1 revised"
    )


def test_an_unknown_version_is_answered_with_those_kept(project: Project) -> None:
    done = gongfu(project, "diff", "20010101T000000Z-0000", "current")
    assert done.returncode == 2
    assert "kept are: 20" in done.stderr
    assert gongfu(project, "diff", "current", "current").returncode == 2
