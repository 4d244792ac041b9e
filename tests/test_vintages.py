"""What was known on a day stays what it was, whatever is published later."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.project import Project

pytestmark = pytest.mark.builds
SHARED = Path(os.environ.get("GONGFU_SHARED", CHECKOUT.parent / "shared"))
SAMPLE = SHARED / "samples" / "vintages" / "gdp_by_province.csv"
GDP = "select time_period, obs_value, source_id from {} where indicator = 'gdp' and ref_area = '330000' and freq = 'A'"


def gdp(source: str, published_on: str, *rows: tuple[str, str, str, str], project: Project) -> None:
    lines = "".join(f"地区生产总值,{words},浙江省,{year}年,,{value},{unit},\n" for words, year, value, unit in rows)
    write_source(project, source, HEADER + lines, {"published_on": published_on})


def as_of(project: Project, day: str) -> str:
    done = gongfu(project, "sql", "--csv", f"select * from facts.observations_as_of('{day}')")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built_twice(
    begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, dict[str, str]]:
    """Two vintages built; what was known on some days; then two more vintages built over them."""
    project = begun(tmp_path_factory.mktemp("vintages"))
    shutil.copytree(CHECKOUT / "raw" / "zj_bulletin_2022", project.raw / "zj_bulletin_2022")
    first = ("初步核算", "2015", "42886.49", "亿元"), ("初步核算", "2016", "47251.36", "亿元")
    gdp("first", "2018-12-31", *first, project=project)
    assert gongfu(project, "build").returncode == 0
    before = {day: as_of(project, day) for day in ("2018-12-30", "2018-12-31", "2021-05-10", "2023-12-31")}
    gdp("census", "2021-05-11", ("修订（第四次全国经济普查）", "2015", "43507.7", "亿元"), project=project)
    gdp("later", "2026-03-21", ("", "2015", "44222.0", "亿元"), ("", "2016", "4.7", "万亿元"), project=project)
    gdp("restated", "2026-04-01", ("", "2015", "4.4", "万亿元"), project=project)
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project, before


def test_an_old_as_of_answer_is_the_same_bytes_after_new_vintages(built_twice: tuple[Project, dict[str, str]]) -> None:
    project, before = built_twice
    assert before["2018-12-30"].count("\n") == 1  # the header alone: nothing was known yet
    assert as_of(project, "2018-12-30") == before["2018-12-30"]
    assert as_of(project, "2018-12-31") == before["2018-12-31"]
    assert as_of(project, "2021-05-10") == before["2021-05-10"]
    assert before["2018-12-31"].count("4288649000000,") == 1


def test_each_day_has_the_figure_that_stood_then(built_twice: tuple[Project, dict[str, str]]) -> None:
    project, _ = built_twice
    for day, value in (
        ("2021-05-10", "4288649000000"),
        ("2021-05-11", "4350770000000"),
        ("2026-12-31", "4422200000000"),
    ):
        query = GDP.format(f"facts.observations_as_of('{day}')") + " and time_period = '2015'"
        rows = gongfu(project, "sql", "--csv", query).stdout.splitlines()[1:]
        assert [row.split(",")[1] for row in rows] == [value], day


def test_on_the_last_day_it_is_what_is_current(built_twice: tuple[Project, dict[str, str]]) -> None:
    import duckdb

    with duckdb.connect(str(built_twice[0].published), read_only=True) as connection:
        now = "from facts.observations_as_of('9999-01-01')"
        current = "from facts.current_observations"
        assert connection.execute(f"(select * {now} except select * {current})").fetchall() == []
        assert connection.execute(f"(select * {current} except select * {now})").fetchall() == []


def test_revisions_have_their_size_and_a_restatement_is_none(built_twice: tuple[Project, dict[str, str]]) -> None:
    query = (
        "select time_period, revision, obs_value, revision_size, revision_percent_of_first, revision_direction, stage, "
        "source_id from marts.mart_revisions where indicator = 'gdp' order by all"
    )
    rows = gongfu(built_twice[0], "sql", "--csv", query).stdout.splitlines()[1:]
    # 4.7万亿 agrees with 47 251.36亿, and 4.4万亿 with 44 222.0亿; 621.21 / 42 886.49 and 714.3 / 42 886.49
    assert rows == [
        "2015,0,4288649000000,,,,preliminary,first",
        "2015,1,4350770000000,62121000000,1.4485,up,census_revision,census",
        "2015,2,4422200000000,71430000000,1.6656,up,,later",
    ]


def test_the_products_of_2015_and_2022_as_five_exports_saw_them(built_twice: tuple[Project, dict[str, str]]) -> None:
    if not SAMPLE.is_file():
        pytest.skip("the exports are not here")
    project, before = built_twice
    exports: dict[str, list[tuple[str, str, str, str]]] = {}
    with SAMPLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["area_zh"] == "浙江省":
                exports.setdefault(row["seen_on_or_before"], []).append(("", row["period"], row["value"], "亿元"))
    for day, rows in exports.items():
        gdp(f"export_{day.replace('-', '_')}", day, *rows, project=project)
    assert gongfu(project, "build").returncode == 0
    query = (
        "select time_period, published_on, obs_value / 1e8 from facts.observations "
        "where indicator = 'gdp' and breakdown = '' and time_period in ('2015', '2022') and source_id like 'export%' "
        "order by all"
    )
    assert [row.split(",")[:3] for row in gongfu(project, "sql", "--csv", query).stdout.splitlines()[1:]] == [
        ["2015", "2018-12-31", "42886.49"],
        ["2015", "2020-11-20", "42886.49"],
        ["2015", "2021-05-11", "43507.7"],
        ["2015", "2024-06-03", "43507.7"],
        ["2015", "2026-03-21", "44222.0"],
        ["2022", "2024-06-03", "78060.6"],
        ["2022", "2026-03-21", "80770.0"],
    ]
    revised = (
        "select revision_size / 1e8 from marts.mart_revisions where indicator = 'gdp' and time_period = '2022' "
        "and revision > 0 order by revision"
    )
    # 77 715 (bulletin) to 78 060.6 to 80 770.0
    assert gongfu(project, "sql", "--csv", revised).stdout.splitlines()[1:] == ["345.6", "2709.4"]
    assert as_of(project, "2018-12-30") == before["2018-12-30"]
