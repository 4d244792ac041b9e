"""What is expected of the staged warehouse: suites made from the indicator catalogue and the models' contracts.

Nothing is written twice: ranges come from `reference.indicators`, columns and keys from dbt's manifest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.asking.catalogue import indicators
from pipelines.asking.observations import current_values
from pipelines.asking.tables import frame_of, table_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    import pandas as pd

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project


@dataclass(frozen=True)
class Range:
    """Values of one indicator: a column of the suite's frame, between two ends in the base unit (None is open)."""

    column: str
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True)
class Suite:
    """What is expected of one table.

    Attributes:
        name: `domain.income`, `mart.mart_income_gap`.
        asset: the Dagster asset that it guards, as schema and table.
        values: of a domain, the values of each indicator with their sources, by the column of the indicator.
        ranges: of a domain's indicators.
        columns: exactly the columns of a mart, by its contract.
        present: columns of a mart that are never empty.
    """

    name: str
    asset: tuple[str, str]
    values: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    ranges: tuple[Range, ...] = ()
    columns: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def expectations(self) -> int:
        """How many things are expected."""
        return len(self.ranges) + bool(self.columns) + len(self.present)

    def sources_outside(self) -> frozenset[str]:
        """The sources of the values that lie outside their ranges."""
        return frozenset(
            source
            for one in self.ranges
            for value, source in self.values[one.column]
            if (one.low is not None and value < one.low) or (one.high is not None and value > one.high)
        )


def suites(warehouse: Warehouse, manifest: dict[str, Any]) -> Iterator[Suite]:
    """The suites of a file: one per domain that has figures, one per mart."""
    yield from _of_domains(warehouse)
    yield from _of_marts(manifest)


def manifest_of(project: Project) -> dict[str, Any]:
    """dbt's manifest of the project."""
    from pipelines.transforming.manifest import manifest_path

    content: dict[str, Any] = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    return content


def rows_of(warehouse: Warehouse, suite: Suite) -> pd.DataFrame:
    """The rows that a suite looks at: for a domain one column per indicator, for a mart its own columns."""
    import pandas as pd

    if not suite.values:
        return frame_of(warehouse, table_named(warehouse, ".".join(suite.asset)))
    return pd.DataFrame(
        {name: pd.Series([value for value, _ in values], dtype="float64") for name, values in suite.values.items()}
    )


def _of_domains(warehouse: Warehouse) -> Iterator[Suite]:
    values = current_values(warehouse)
    held = [each for each in indicators(warehouse) if each.indicator in values]
    for domain in dict.fromkeys(each.domain for each in held):
        columns = {f"{each.name_zh} · {each.indicator}": each for each in held if each.domain == domain}
        ranges = tuple(
            Range(
                name, _double(each.plausible_low), _double(each.plausible_high), f"{each.name_en} ({each.unit_measure})"
            )
            for name, each in columns.items()
            if (each.plausible_low, each.plausible_high) != (None, None)
        )
        of_domain = {name: values[each.indicator] for name, each in columns.items()}
        yield Suite(f"domain.{domain}", ("facts", f"fct_{domain}"), of_domain, ranges=ranges)


def _of_marts(manifest: dict[str, Any]) -> Iterator[Suite]:
    nodes = manifest["nodes"]
    for unique_id, node in sorted(nodes.items()):
        if node["resource_type"] != "model" or node["fqn"][1] != "marts":
            continue
        yield Suite(
            f"mart.{node['name']}",
            ("marts", node["name"]),
            columns=tuple(node["columns"]),
            present=_present(nodes, unique_id),
            notes={name: column["description"] for name, column in node["columns"].items()},
        )


def _present(nodes: dict[str, Any], unique_id: str) -> tuple[str, ...]:
    """The columns that dbt's own `present` test of a model names."""
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "present" and node.get("attached_node") == unique_id:
            return tuple(test["kwargs"]["columns"])
    return ()


def _double(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
