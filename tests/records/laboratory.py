"""A small register of firms with the values that a test gives them, through the door and through the models."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.project import Project
from pipelines.records import door
from pipelines.records.evaluation import Outcome, evaluate, plan_for
from pipelines.records.places import RecordsPlace
from pipelines.records.registers import register
from pipelines.records.rules.check import load_valid
from pipelines.records.rules.plan import Run
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LAND = register("land_productivity")
SHIPPED = CHECKOUT / "rules" / "land_productivity"
FIRM = {
    "name": "测试企业",
    "zone": "",
    "industry": "34",
    "scale": "above",
    "founded_on": "2001-05-15",
    "enrolled_in": "2003",
    "tenancy": "owner",
    "landlord_id": "",
    "group_id": "",
    "tenants": "0",
    "stage": "operating",
    "flags": "",
}
ITEM = ("record_no", "firm_id", "item", "period", "value", "unit", "department", "received_at")


@dataclass
class Laboratory:
    """Firms and records to be delivered, and the answers of the models."""

    folder: Path
    firms: list[dict[str, str]] = field(default_factory=list)
    records: list[dict[str, str]] = field(default_factory=list)

    @property
    def place(self) -> RecordsPlace:
        return RecordsPlace(self.folder / "land_productivity")

    def firm(
        self, firm_id: str, county: str, items: Mapping[str, object], *, period: int = 2022, **attributes: str
    ) -> None:
        """A firm with these values, each delivered once by the department that is believed first."""
        if not any(one["firm_id"] == firm_id for one in self.firms):
            self.firms.append(FIRM | {"firm_id": firm_id, "county": county} | attributes)
        for item, value in items.items():
            self.record(firm_id, item, value, period=period)

    def record(self, firm_id: str, item: str, value: object, **said: object) -> None:
        """One record, as a department would deliver it unless the test says otherwise."""
        known = LAND.items[item]
        record = {
            "record_no": len(self.records) + 1,
            "firm_id": firm_id,
            "item": item,
            "period": 2022,
            "value": value,
            "unit": next(iter(LAND.units[known.unit].written)),
            "department": known.departments[0],
            "received_at": "2023-03-01T00:00:00",
        }
        self.records.append({name: str(one) for name, one in (record | said).items()})

    def deliver(self, name: str = "all") -> door.Delivery:
        """Write what was said so far as CSV and take it in."""
        received = self.place.received
        received.mkdir(parents=True, exist_ok=True)
        door.take_entities(LAND, self.place, _table(received / "firms.csv", list(LAND.entity.columns), self.firms))
        delivery = door.take_events(LAND, self.place, _table(received / f"{name}.csv", list(ITEM), self.records))
        self.records.clear()
        return delivery

    def plan(self, rules: Sequence[Path], periods: Sequence[int] = (2022,)) -> dict[str, Any]:
        """The plan of these rules, asked in this order."""
        checked = [load_valid(path) for path in rules]
        ids = tuple(one.rule.rule for one in checked)
        return plan_for(self.place, checked, [Run(str(period), period, ids) for period in periods])

    def evaluate(
        self,
        rules: Sequence[Path],
        *,
        periods: Sequence[int] = (2022,),
        select: Sequence[str] = ("+tag:enterprise",),
        database: Path | None = None,
    ) -> Outcome:
        """Run the models with these rules."""
        return evaluate(Project(CHECKOUT), database or self.place.work, self.plan(rules, periods), select=select)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.place.work), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def results(self, columns: str, where: str = "true") -> dict[str, Any]:
        """By firm: one column alone, or several as a tuple."""
        rows = self.ask(f"select firm_id, {columns} from fct_enterprise_evaluation where {where} order by 1")
        return {row[0]: row[1] if len(row) == 2 else row[1:] for row in rows}


def _table(path: Path, columns: list[str], rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
