"""Restated records change only what they touch, and the result is that of a full evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.project import Project
from pipelines.records import door
from pipelines.records.correction import correct, touched
from pipelines.records.synthetic import firms as synthetic
from tests.conftest import CHECKOUT
from tests.records.laboratory import LAND, SHIPPED, Laboratory

if TYPE_CHECKING:
    from pathlib import Path

BENCH = CHECKOUT / "bench" / "records_rule.yaml"


def _registered(tmp_path: Path) -> tuple[Laboratory, list[str]]:
    lab = Laboratory(tmp_path)
    items = [item for item, _ in lab.plan([BENCH, SHIPPED / "demonstration_2022.yaml"])["items"]]
    files = synthetic.make(lab.place.received, synthetic.Plan(600, ["330102", "330105", "331003"], items=items))
    door.take_entities(LAND, lab.place, lab.place.received / "firms.parquet")
    for path in files:
        door.take_events(LAND, lab.place, path)
    lab.evaluate([BENCH])
    firm = lab.ask(
        "select firm_id from fct_enterprise_evaluation where county = '330105' and rank_in_group > 20 order by 1 limit 1"  # noqa: E501
    )[0][0]
    header = "record_no,firm_id,item,period,value,unit,department,received_at\n"
    path = lab.place.received / "late.csv"
    path.write_text(f"{header}900000000,{firm},tax_paid,2022,99999999,万元,tax,2024-01-01T00:00:00\n", encoding="utf-8")
    return lab, [door.take_events(LAND, lab.place, path).delivery_id]


def _rows(lab: Laboratory) -> set[tuple[object, ...]]:
    firms = lab.ask("select firm_id, score, rank_in_group, ranked_firms, grade, status from fct_enterprise_evaluation")
    counts = lab.ask("select 'grades', * from mart_enterprise_grades")
    return {*firms, *counts, *lab.ask("select 'scores', * from mart_enterprise_distribution")}


def test_a_late_correction_changes_its_county_and_equals_a_full_evaluation(tmp_path: Path) -> None:
    lab, deliveries = _registered(tmp_path)
    before = _rows(lab)
    done = correct(Project(CHECKOUT), lab.place, lab.plan([BENCH]), deliveries)
    after = _rows(lab)
    assert done.counties == ["330105"]
    assert after != before
    lab.evaluate([BENCH])
    assert _rows(lab) == after


def test_a_base_computed_over_all_counties_takes_the_correction_to_all_of_them(tmp_path: Path) -> None:
    lab, deliveries = _registered(tmp_path)
    plan = lab.plan([SHIPPED / "demonstration_2022.yaml"])
    assert touched(lab.place, plan, deliveries) is None
