"""Places with dates: names as printed, codes that began and ended, and growth over a changed territory."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

REFERENCE = CHECKOUT / "dbt_project" / "seeds" / "reference"

#: Printed place and year, and the code that it meant then; None: nothing of that name existed. From GB/T 2260 and the
#: State Council's approvals, not from the seeds.
PRINTED = (
    ("杭州市", 2022, "330100"),
    ("杭 州 市", 2022, "330100"),
    ("杭　州", 2022, "330100"),
    ("Hangzhou", 2022, "330100"),
    ("HANGZHOU CITY", 2022, "330100"),
    ("浙江省杭州市", 2022, "330100"),
    ("溫州市", 2022, "330300"),
    ("麗水", 2022, "331100"),
    ("臺州市", 2022, "331000"),
    ("Taizhou", 2022, None),  # 台州 or 泰州: refused with both, for nothing around the name says which
    ("紹興縣", 2012, "330621"),
    ("Shaoxing County", 2012, "330621"),
    ("Shaoxing", 2012, "330600"),
    ("绍兴县", 2015, None),
    ("柯桥区", 2012, None),
    ("柯桥区", 2015, "330603"),
    ("上虞", 2012, "330682"),
    ("上虞", 2015, "330604"),
    ("临平区", 2020, None),
    ("临平区", 2022, "330113"),
    ("钱塘区", 2020, None),
    ("錢塘區", 2022, "330114"),
    ("下城区", 2020, "330103"),
    ("下城区", 2022, None),
    ("江干区", 2022, None),
    ("富阳市", 2013, "330183"),
    ("富阳", 2016, "330111"),
    ("临安", 2016, "330185"),
    ("临安区", 2018, "330112"),
    ("奉化市", 2015, "330283"),
    ("奉化区", 2017, "330213"),
    ("江东区", 2015, "330204"),
    ("江东区", 2017, None),
    ("玉环县", 2016, "331021"),
    ("玉环", 2018, "331083"),
    ("龙港市", 2018, None),
    ("龙港市", 2020, "330383"),
    ("浙东北", 2015, "ZJ_NORTHEAST"),
    ("浙西南", 2015, "ZJ_SOUTHWEST"),
    ("杭州经济技术开发区", 2015, "ZJ_HANGZHOU_ETDZ"),
    ("深圳", 2022, "440300"),
    ("Shaanxi", 2022, "610000"),
    ("Shanxi", 2022, "140000"),
    ("Inner Mongolia", 2022, "150000"),
)
GROWTH = (
    ("余杭区", 2021, "across_boundary_break"),
    ("上城区", 2021, "across_boundary_break"),
    ("鄞州区", 2016, "across_boundary_break"),
    ("苍南县", 2019, "across_boundary_break"),
    ("余杭区", 2022, None),
    ("西湖区", 2021, None),
    ("杭州市", 2021, None),
    ("南湖区", 2005, None),  # another name, the same land
    ("萧山区", 2021, None),  # other boundaries, and a row of the concordance that says how they are compared
)


@pytest.fixture(scope="module")
def placed(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose one source prints every place above, and a change for some."""
    project = begun(tmp_path_factory.mktemp("places"))
    seed = project.dbt / "seeds" / "reference" / "area_concordance.csv"
    seed.write_text(seed.read_text(encoding="utf-8") + "330109,2021-04-09,按新区域同口径,on the new boundaries,测试\n")
    levels = [f"地区生产总值,,{place},{year}年,,{row + 101},亿元,\n" for row, (place, year, _) in enumerate(PRINTED)]
    changes = [f"地区生产总值增长,,{place},{year}年,,{row + 1}.1,%,\n" for row, (place, year, _) in enumerate(GROWTH)]
    write_source(project, "places", HEADER + "".join(levels) + "".join(changes))
    done = gongfu(project, "build")
    assert project.published.is_file(), done.stdout + done.stderr
    return project


def ask(project: Project, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.builds
def test_a_printed_place_is_what_it_was_then(placed: Project) -> None:
    found = dict(
        ask(
            placed,
            "select line, ref_area from staging.stg_coded_figures where label = '地区生产总值'",
        )
    )
    assert [(place, year, found[row + 2]) for row, (place, year, _) in enumerate(PRINTED)] == list(PRINTED)


@pytest.mark.builds
def test_a_place_before_its_time_says_when_it_began(placed: Project) -> None:
    messages = dict(
        ask(placed, "select printed_value, message_en from quality.quarantine where rule = 'area_not_valid'")
    )
    assert "临平区 did not exist in 2020年: it exists from 2021-04-09" in str(messages["临平区"])
    assert "it ended on 2021-04-09" in str(messages["下城区"])


@pytest.mark.builds
def test_a_change_over_other_boundaries_is_refused(placed: Project) -> None:
    rows = ask(
        placed, "select line, message_en, message_zh from quality.quarantine where rule = 'across_boundary_break'"
    )
    refused = {line: (en, zh) for line, en, zh in rows}
    first = len(PRINTED) + 2
    expected = {first + row for row, (_, _, rule) in enumerate(GROWTH) if rule}
    assert set(refused) == expected
    en, zh = refused[first]
    assert "余杭区 got other boundaries on 2021-04-09 under the same code" in str(en)
    assert "area_concordance" in str(zh)


@pytest.mark.builds
def test_a_concordance_row_lets_a_change_pass(placed: Project) -> None:
    figures = "select obs_value::decimal(9, 1)::varchar from facts.observations where ref_area = '330109'"
    assert ask(placed, figures) == [("9.1",)]


def test_codes_that_are_no_administrative_unit_never_pass_for_one() -> None:
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as stream:
        for area in csv.DictReader(stream):
            is_unit = area["area_level"] in ("nation", "province", "city", "county", "town")
            assert area["ref_area"].isdigit() == is_unit, area
