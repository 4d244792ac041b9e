"""What comes to the door of a register: counted, kept by reason, never taken in twice, and settled by the
precedence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.problems import BuildStopped
from pipelines.records import door
from pipelines.records.synthetic import firms as synthetic
from tests.records.laboratory import LAND, SHIPPED, Laboratory

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"land_used": 10, "tax_paid": 100, "value_added": 500}


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    lab = Laboratory(tmp_path)
    lab.firm("F1", "331003", GOOD)
    return lab


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("unknown_item", {"item": "happiness"}),
        ("unknown_department", {"department": "customs"}),
        ("unknown_unit", {"unit": "斤"}),
        ("unknown_firm", {"firm_id": "F9"}),
        ("negative", {"value": "-3"}),
        ("not_readable", {"value": "about 12"}),
        ("not_readable", {"received_at": "yesterday"}),
        ("missing", {"value": ""}),
        ("range", {"value": "999999999999"}),
        ("range", {"period": "1922"}),
    ],
)
def test_a_bad_record_is_kept_with_its_reason(lab: Laboratory, reason: str, said: dict[str, str]) -> None:
    item = said.pop("item", "land_used")
    lab.record("F1", "land_used", 5)
    lab.records[-1] |= {"item": item} | said
    delivery = lab.deliver()
    assert (delivery.rows, delivery.accepted, delivery.refused) == (4, 3, {reason: 1})
    kept = duckdb.sql(
        f"select line, reason from '{lab.place.deliveries}/{delivery.delivery_id}/refused.parquet'"
    ).fetchall()
    assert kept == [(5, reason)]


def test_a_line_with_another_number_of_fields_is_counted(lab: Laboratory) -> None:
    lab.deliver()
    path = lab.place.received / "short.csv"
    path.write_text((lab.place.received / "all.csv").read_text(encoding="utf-8") + "1,F1\n", encoding="utf-8")
    delivery = door.take_events(LAND, lab.place, path)
    assert (delivery.rows, delivery.accepted, delivery.refused) == (4, 3, {"broken_line": 1})


def test_a_firm_that_stands_twice_is_refused_once(lab: Laboratory) -> None:
    lab.firms.append(lab.firms[0] | {"county": "331081"})
    lab.deliver()
    assert duckdb.sql(f"select firm_id, county from '{lab.place.entities}'").fetchall() == [("F1", "331003")]
    kept = duckdb.sql(f"select line, reason, county from '{lab.place.entities.parent}/refused.parquet'").fetchall()
    assert kept == [(3, "duplicate_key", "331081")]


def taken_in(lab: Laboratory) -> list[str]:
    """The deliveries that count."""
    return [path.parent.name for path in lab.place.deliveries.glob("*/summary.json")]


def test_a_delivery_is_not_taken_in_twice(lab: Laboratory) -> None:
    first = lab.deliver()
    again = door.take_events(LAND, lab.place, lab.place.received / "all.csv")
    assert (again.was_known, again.accepted) == (True, first.accepted)
    assert len(taken_in(lab)) == 1


def test_a_run_that_was_killed_leaves_nothing_that_counts(lab: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(door, "_partition", killed)
        lab.deliver()
    assert taken_in(lab) == []
    assert door.take_events(LAND, lab.place, lab.place.received / "all.csv").accepted == 3
    assert len(taken_in(lab)) == 1


def test_parquet_cut_off_is_one_line_and_nothing_of_it_is_taken_in(lab: Laboratory, tmp_path: Path) -> None:
    lab.deliver()
    path = tmp_path / "cut.parquet"
    duckdb.sql(f"copy (select * from read_parquet('{lab.place.deliveries}/*/accepted/*/*/*.parquet')) to '{path}'")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BuildStopped, match=r"cut\.parquet: cannot be read .* nothing of it was taken in"):
        door.take_events(LAND, lab.place, path)
    assert len(taken_in(lab)) == 1


def test_the_written_precedence_settles_which_record_stands(tmp_path: Path) -> None:
    lab = Laboratory(tmp_path)
    lab.firm("F1", "331003", GOOD)
    # statistics is believed before industry, whoever is later
    lab.record("F1", "value_added", 700, department="industry", received_at="2023-12-01T00:00:00")
    # a late correction by the same department
    lab.record("F1", "tax_paid", 120, received_at="2023-06-01T00:00:00")
    # at the same moment the higher number
    lab.record("F1", "land_used", 12)
    # another unit
    lab.firm("F2", "331003", {"tax_paid": 1})
    lab.records[-1] |= {"value": "12345678", "unit": "元"}
    lab.deliver()
    outcome = lab.evaluate([SHIPPED / "huangyan_2022.yaml"], select=["stg_enterprise_items", "int_record_settlement"])
    assert outcome.failed == {}
    values = lab.ask(
        "select firm_id, value_added_2022, tax_paid_2022, land_used_2022 from stg_enterprise_items order by 1"
    )
    assert values == [("F1", 500, 120, 12), ("F2", None, 1234.5678, None)]
    settled = {
        row[0]: row[1:]
        for row in lab.ask("select item, records, stand, repeated, restated, overruled from int_record_settlement")
    }
    assert settled == {"value_added": (2, 1, 0, 0, 1), "tax_paid": (3, 2, 0, 1, 0), "land_used": (2, 1, 0, 1, 0)}


def test_the_same_seed_makes_the_same_records(tmp_path: Path) -> None:
    plan = synthetic.Plan(50, ["331003"], items=["tax_paid", "land_used"], form="csv")
    for folder in ("a", "b"):
        synthetic.make(tmp_path / folder, plan)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [
        "firms.csv",
        "items_finance_2022.csv",
        "items_natural_resources_2022.csv",
        "items_tax_2022.csv",
        "items_town_2022.csv",
    ]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)
    assert "synthetic" in (tmp_path / "a" / "firms.csv").read_text(encoding="utf-8")
