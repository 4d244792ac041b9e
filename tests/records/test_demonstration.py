"""The demonstration from end to end, on 2 000 firms: every record counted, every firm accounted for, a report for
each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from dagster import DagsterInstance, materialize
from sqlfluff.core import FluffConfig, Linter

from pipelines.orchestration.records import ASSETS
from pipelines.project import Project
from pipelines.records import areas
from pipelines.records.demonstration import Demonstration, Size
from tests.conftest import CHECKOUT, gongfu

if TYPE_CHECKING:
    from pathlib import Path

FEW = ["330102", "330105", "331003", "331081", "330127", "330326"]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    root = tmp_path_factory.mktemp("demonstration")
    for name in ("dbt_project", "rules", "raw"):
        (root / name).symlink_to(CHECKOUT / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(areas, "counties", lambda _: FEW)
        patch.setenv("GONGFU_ROOT", str(root))
        patch.setenv("GONGFU_RECORDS_FIRMS", "2000")
        patch.setenv("GONGFU_RECORDS_REVIEWS", "20000")
        # reconciliation alone needs a published warehouse: it has a test of its own
        done = materialize(ASSETS[:-1], instance=DagsterInstance.ephemeral(), raise_on_error=True)
    assert {check.check_name: check.passed for check in done.get_asset_check_evaluations()} == {
        "nothing_is_lost": True,
        "nothing_gives_a_firm_away": True,
    }
    return Demonstration(Project(root), Size(2000, 20_000))


def _ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_evaluated_and_exempt_and_unrated_make_the_register(demonstration: Demonstration) -> None:
    (counts,) = _ask(
        demonstration.land.work,
        "select count(*), count(distinct firm_id), count(*) filter (status = 'evaluated'), count(*) filter (status = 'exempt'), "  # noqa: E501
        "count(*) filter (status = 'unrated') from fct_enterprise_evaluation where run = '2022'",
    )
    assert counts[0] == counts[1] == 2000 == sum(counts[2:])
    assert all(counts[2:])


def test_what_leaves_says_that_it_is_synthetic_and_holds_cells_back(demonstration: Demonstration) -> None:
    natures = _ask(demonstration.file, "select distinct nature from derived_observations")
    assert natures == [("合成 synthetic",)]
    (shown, held) = _ask(
        demonstration.file,
        "select count(*) filter (conf_status = 'F' and obs_value is not null and obs_status = 'A'), "
        "count(*) filter (conf_status in ('C', 'D') and obs_value is null and obs_status = 'Q') from derived_observations",  # noqa: E501
    )[0]
    assert shown > 0
    assert held > 0
    assert shown + held == _ask(demonstration.file, "select count(*) from derived_observations")[0][0]


def test_the_models_as_compiled_keep_to_the_style_of_the_others(demonstration: Demonstration) -> None:
    # compiled by the shipped rules: templates that ask for a plan cannot be read by sqlfluff. How lines are laid out is
    # the templates', quotes and types are dbt's.
    style = FluffConfig.from_path(str(CHECKOUT), overrides={"templater": "raw"})
    style.get("rule_denylist").extend(["layout", "RF06", "CP05"])
    linter = Linter(style)
    folders = [place.folder / "target" / "compiled" for place in (demonstration.land, demonstration.service)]
    models = [path for folder in folders for path in sorted((folder / "models" / "records").glob("*.sql"))]
    assert len(models) == 15
    found = [
        f"{path.stem} {fault.line_no}: {fault.rule_code()} {fault.desc()}"
        for path in models
        for fault in linter.lint_string(path.read_text(encoding="utf-8")).get_violations()
    ]
    assert found == []


def test_no_table_that_leaves_has_a_row_per_firm(demonstration: Demonstration) -> None:
    columns = _ask(demonstration.file, "select column_name from information_schema.columns")
    assert ("firm_id",) not in columns


def test_a_firm_gets_its_report_in_the_terminal_and_as_a_page(demonstration: Demonstration, tmp_path: Path) -> None:
    firm = str(
        _ask(
            demonstration.land.work,
            "select min(firm_id) from fct_enterprise_evaluation where run = '2022' and grade = 'B' and scale = 'above' and rule like 'demo%'",  # noqa: E501
        )[0][0]
    )
    done = gongfu(demonstration.project, "enterprise", firm, "--page", str(tmp_path / "page.html"))
    assert done.returncode == 0, done.stderr
    assert "等级 grade B" in done.stdout
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "合成数据" in page
    assert "http" not in page
    narrow = gongfu(demonstration.project, "enterprise", firm, COLUMNS="80")
    points = [f"{value:.2f}" for (value,) in _ask(
        demonstration.land.work,
        f"select unnest([tax_per_mu_points, value_added_per_mu_points, labour_productivity_points]) "
        f"from fct_enterprise_evaluation where run = '2022' and firm_id = '{firm}'",
    )]  # fmt: skip
    assert [value for value in points if f" {value} │" not in narrow.stdout] == []
    missing = gongfu(demonstration.project, "enterprise", "SYN999")
    assert missing.returncode == 1
    assert missing.stderr.startswith('gongfu: the register has no firm "SYN999"')


def test_a_late_delivery_is_evaluated_and_its_cells_with_it(demonstration: Demonstration) -> None:
    cells = "select sum(tax) from int_enterprise_cells where county = '331003'"
    before = _ask(demonstration.land.work, cells)[0][0]
    firm, paid = _ask(
        demonstration.land.work,
        "select firm_id, tax_per_mu_numerator from fct_enterprise_evaluation "
        "where run = '2022' and rule = 'huangyan_2022' and unit_id = firm_id and tax_per_mu is not null and value_added_per_mu_numerator >= 0 order by 1 limit 1",  # noqa: E501
    )[0]
    demonstration.late.mkdir()
    (demonstration.late / "late.csv").write_text(
        "record_no,firm_id,item,period,value,unit,department,received_at\n"
        f"900000000,{firm},tax_paid,2022,{paid + 1000},万元,tax,2024-01-01T00:00:00\n",
        encoding="utf-8",
    )
    # the demonstration rule's base is the mean of the whole province: all counties are evaluated again
    assert demonstration.correct() == {"deliveries": 1, "counties": "all"}
    assert _ask(demonstration.land.work, cells)[0][0] == pytest.approx(before + 1000)


def test_another_rule_moves_so_many_firms(demonstration: Demonstration, tmp_path: Path) -> None:
    shipped = CHECKOUT / "rules" / "land_productivity" / "demonstration_2022.yaml"
    other = tmp_path / "other.yaml"
    shutil.copy(shipped, other)
    other.write_text(
        shipped.read_text(encoding="utf-8")
        .replace("A: {from: 120}", "A: {from: 110}")
        .replace("B: {from: 70, to: 120}", "B: {from: 70, to: 110}"),
        encoding="utf-8",
    )
    done = gongfu(demonstration.project, "rules", "diff", str(shipped), str(other))
    assert done.returncode == 0, done.stderr
    assert "2 words differ" in done.stdout
    assert "schemes.below.grades.bands.A.from: 120 → 110" in done.stdout
    assert "B → A: " in done.stdout
    assert "A → B" not in done.stdout
