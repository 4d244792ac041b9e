"""The demonstration from end to end, on 2 000 firms: every record counted, every firm accounted for, a report for
each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from sqlfluff.core import FluffConfig, Linter

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
        demonstration = Demonstration(Project(root), Size(2000, 20_000))
        demonstration.make()
        received = demonstration.receive()
        assert received["rows"] == received["accepted"] + sum(received["refused"].values())
        demonstration.evaluate()
        assert demonstration.release()["unprotectable"] == 0
    return demonstration


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
    missing = gongfu(demonstration.project, "enterprise", "SYN999")
    assert missing.returncode == 1
    assert missing.stderr.startswith('gongfu: the register has no firm "SYN999"')


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
