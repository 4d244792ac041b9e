"""Bad input, all of it in one real build: each slip is told in one line, and everything else is built."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds
GOOD = "zj_income_2020"
LABEL, VALUE = "居民人均可支配收入", "52397"


def row(**cells: str) -> str:
    """One figure as printed, Zhejiang's income of 2020, with some cells changed."""
    printed = {
        "label": LABEL, "breakdown": "全体居民", "place": "浙江省", "period": "2020年", "qualifier": "",
        "value": VALUE, "unit": "元", "table": "",
    }  # fmt: skip
    return ",".join((printed | cells).values()) + "\n"


BAD: dict[str, tuple[str | bytes, dict[str, object], str]] = {
    # source_id: (figures.csv, fields of the card, what is said)
    "a_missing_column": (
        HEADER.replace(",unit", "") + row(),
        {},
        "raw/a_missing_column/figures.csv, line 1, column unit: column unit is missing; add it",
    ),
    "an_extra_column": (
        HEADER.replace("table", "table,remark") + row().strip() + ",x\n",
        {},
        "raw/an_extra_column/figures.csv, line 1, column remark: unknown column",
    ),
    "a_wrong_encoding": (
        (HEADER + row()).encode("gb18030"),
        {},
        "raw/a_wrong_encoding/figures.csv, line 2: byte",
    ),
    "an_empty_file": (b"", {}, "raw/an_empty_file/figures.csv: the file is empty"),
    "no_number": (
        HEADER + row(value="--") + row(value='"1,2,3"', period="2019年"),
        {},
        'raw/no_number/figures.csv, line 2, column value: "--" is no number',
    ),
    "an_unknown_unit": (
        HEADER + row(unit="斤"),
        {},
        'raw/an_unknown_unit/figures.csv, line 2, column unit: "斤" unknown unit',
    ),
    "a_unit_that_does_not_fit": (
        HEADER + row(unit="万人"),
        {},
        'raw/a_unit_that_does_not_fit/figures.csv, line 2, column unit: "万人" the indicator '
        "income_disposable_per_capita is in yuan, the print in person",
    ),
    "an_unknown_area": (
        HEADER + row(place="亚特兰蒂斯"),
        {},
        'raw/an_unknown_area/figures.csv, line 2, column place: "亚特兰蒂斯" no such place',
    ),
    "an_area_before_its_time": (
        HEADER + row(place="杭州市临平区", period="2019年"),
        {},
        "raw/an_area_before_its_time/figures.csv, line 2, column place: "
        '"杭州市临平区" 杭州市临平区 did not exist in 2019年: it exists from 2021-04-09',
    ),
    "an_unknown_period": (
        HEADER + row(period="去年"),
        {},
        'raw/an_unknown_period/figures.csv, line 2, column period: "去年" these period words are read by no rule',
    ),
    "two_values": (
        HEADER + row() + row(value="52379"),
        {},
        'raw/two_values/figures.csv, line 3, column value: "52379" the same figure stands in this source with another',
    ),
    "no_licence": (HEADER + row(), {"licence": None}, "raw/no_licence/source.yaml, column licence: licence is missing"),
    "a_wrong_hash": (
        HEADER + row(),
        {"files": [{"path": "figures.csv", "sha256": "0" * 64}]},
        "raw/a_wrong_hash/source.yaml, line 2, column files: sha256 of figures.csv is",
    ),
    "a_path_outside": (
        HEADER + row(),
        {"files": [{"path": "../../../etc/passwd", "sha256": "0" * 64}]},
        "raw/a_path_outside/source.yaml, line 2, column files: the path leaves the source's folder",
    ),
    "the_same_id": (
        HEADER + row(),
        {"source_id": GOOD},
        f"raw/the_same_id/source.yaml, line 10, column source_id: two sources of one id: raw/{GOOD}/ is {GOOD} already",
    ),
    "an_unknown_reader": (
        HEADER + row(),
        {"reader": "magic"},
        "raw/an_unknown_reader/source.yaml, column reader: no reader is called magic",
    ),
}


@pytest.fixture(scope="module")
def spoiled(
    begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    project = begun(tmp_path_factory.mktemp("spoiled"))
    shutil.copytree(CHECKOUT / "raw" / GOOD, project.raw / GOOD)
    for source_id, (figures, card, _) in BAD.items():
        write_source(project, source_id, figures, card)
    write_source(project, "full_width_digits", HEADER + row(place="杭州市", value="６１８７９", period="２０２０年"))
    write_source(project, "a_label_not_known", HEADER + row(label="幸福指数"))
    (project.raw / "no_card").mkdir()
    return project, gongfu(project, "build")


def ask(project: Project, sql: str, *values: object) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        return connection.execute(sql, values).fetchall()


def test_the_build_goes_through_and_is_published(
    spoiled: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, done = spoiled
    assert done.returncode == 6, done.stdout + done.stderr  # published, though sources are left out
    assert "Traceback" not in done.stdout + done.stderr
    assert project.published.is_file()


@pytest.mark.parametrize("source_id", BAD)
def test_each_slip_is_told_in_one_line_with_its_place(
    source_id: str, spoiled: tuple[Project, subprocess.CompletedProcess[str]]
) -> None:
    project, _ = spoiled
    lines = ask(
        project,
        """
        select
            file || coalesce(', line ' || line, '') || coalesce(', column ' || column_name, '') || ': '
            || case when refused_at = 'coding' then '"' || printed_value || '" ' else '' end || message_en,
            message_zh
        from quality.quarantine where file like 'raw/' || ? || '/%'
        """,
        source_id,
    )
    assert any(str(line).startswith(BAD[source_id][2]) for line, _ in lines), lines
    assert all(message_zh for _, message_zh in lines)


def test_a_folder_without_a_card_is_told(spoiled: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    assert ask(spoiled[0], "select rule from quality.quarantine where file = 'raw/no_card/source.yaml'") == [
        ("card_missing",)
    ]


def test_the_good_source_is_there_whole(spoiled: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    project, _ = spoiled
    rows = (project.raw / GOOD / "figures.csv").read_text(encoding="utf-8").splitlines()
    assert ask(project, "select count(*) from facts.observations where source_id = ?", GOOD) == [(len(rows) - 1,)]


def test_full_width_digits_are_digits(spoiled: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    found = ask(
        spoiled[0],
        "select time_period, obs_value::integer from facts.observations where source_id = 'full_width_digits'",
    )
    assert found == [("2020", 61879)]


def test_no_row_of_a_bad_kind_came_through(spoiled: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    found = ask(spoiled[0], "select distinct source_id from facts.observations order by 1")
    assert found == [("full_width_digits",), (GOOD,)]


def test_a_label_that_is_not_known_is_kept_and_counted(
    spoiled: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, done = spoiled
    assert ask(project, "select label, figures from quality.unmapped_labels") == [("幸福指数", 1)]
    assert "1 unmapped" in done.stdout
    assert ask(project, "select count(*) from landing.printed_figures where label = '幸福指数'") == [(1,)]


def test_the_summary_lists_what_was_not_taken(spoiled: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    assert "Not taken (" in spoiled[1].stdout
    assert "raw/a_missing_column/figures.csv, line 1, column unit" in spoiled[1].stdout
