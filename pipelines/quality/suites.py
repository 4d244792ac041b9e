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
from pipelines.asking.warehouse import being_built

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
        frame: the rows; for a domain one column per indicator, for a mart its own columns.
        ranges: of a domain's indicators.
        columns: exactly the columns of a mart, by its contract.
        present: columns of a mart that are never empty.
        sources: of a domain, whose each value is, by the column of its indicator.
    """

    name: str
    asset: tuple[str, str]
    frame: pd.DataFrame
    ranges: tuple[Range, ...] = ()
    columns: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def sources_outside(self) -> frozenset[str]:
        """The sources of the values that lie outside their ranges."""
        found: set[str] = set()
        for one in self.ranges:
            for value, source in zip(self.frame[one.column].dropna(), self.sources[one.column], strict=True):
                if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
                    found.add(source)
        return frozenset(found)


def suites(project: Project, manifest: dict[str, Any]) -> Iterator[Suite]:
    """The suites of the file being built: one per domain that has figures, one per mart."""
    with being_built(project) as warehouse:
        yield from _of_domains(warehouse)
        yield from _of_marts(warehouse, manifest)


def manifest_of(project: Project) -> dict[str, Any]:
    """dbt's manifest of the project."""
    from pipelines.transforming.manifest import manifest_path

    content: dict[str, Any] = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    return content


def _of_domains(warehouse: Warehouse) -> Iterator[Suite]:
    import pandas as pd

    values = current_values(warehouse)
    held = [each for each in indicators(warehouse) if each.indicator in values]
    for domain in dict.fromkeys(each.domain for each in held):
        columns = {f"{each.name_zh} · {each.indicator}": each for each in held if each.domain == domain}
        frame = pd.DataFrame(
            {
                name: pd.Series([value for value, _ in values[each.indicator]], dtype="float64")
                for name, each in columns.items()
            }
        )
        ranges = tuple(
            Range(
                name, _double(each.plausible_low), _double(each.plausible_high), f"{each.name_en} ({each.unit_measure})"
            )
            for name, each in columns.items()
            if (each.plausible_low, each.plausible_high) != (None, None)
        )
        whose = {name: [source for _, source in values[each.indicator]] for name, each in columns.items()}
        yield Suite(f"domain.{domain}", ("facts", f"fct_{domain}"), frame, ranges=ranges, sources=whose)


def _of_marts(warehouse: Warehouse, manifest: dict[str, Any]) -> Iterator[Suite]:
    nodes = manifest["nodes"]
    for unique_id, node in sorted(nodes.items()):
        if node["resource_type"] != "model" or node["fqn"][1] != "marts":
            continue
        frame = frame_of(warehouse, table_named(warehouse, f"marts.{node['name']}"))
        yield Suite(
            f"mart.{node['name']}",
            ("marts", node["name"]),
            frame,
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
