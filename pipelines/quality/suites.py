"""What is expected of the staged warehouse: suites made from the indicator catalogue and the models' contracts.

Nothing is written twice: ranges come from `reference.indicators`, columns and keys from dbt's manifest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

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
    with reading(project.building) as connection:
        yield from _of_domains(connection)
        yield from _of_marts(connection, manifest)


def manifest_of(project: Project) -> dict[str, Any]:
    """dbt's manifest of the project."""
    from pipelines.transforming.manifest import manifest_path

    content: dict[str, Any] = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    return content


def _of_domains(connection: Any) -> Iterator[Suite]:  # noqa: ANN401 - duckdb loads late
    import pandas as pd

    catalogue = connection.execute("""
        select domain, indicator, name_zh, name_en, unit_measure, plausible_low::double, plausible_high::double
        from reference.indicators order by domain, indicator
    """).fetchall()
    values: dict[str, list[float]] = {}
    sources: dict[str, list[str]] = {}
    for indicator, value, source in connection.execute(
        "select indicator, obs_value::double, source_id from facts.current_observations order by figure_id"
    ).fetchall():
        values.setdefault(indicator, []).append(value)
        sources.setdefault(indicator, []).append(source)
    for domain in dict.fromkeys(row[0] for row in catalogue):
        rows = [row for row in catalogue if row[0] == domain and row[1] in values]
        if not rows:
            continue
        frame = pd.DataFrame({f"{row[2]} · {row[1]}": pd.Series(values[row[1]], dtype="float64") for row in rows})
        ranges = tuple(
            Range(f"{name_zh} · {indicator}", low, high, f"{name_en} ({unit})")
            for _, indicator, name_zh, name_en, unit, low, high in rows
            if low is not None or high is not None
        )
        whose = {f"{row[2]} · {row[1]}": sources[row[1]] for row in rows}
        yield Suite(f"domain.{domain}", ("facts", f"fct_{domain}"), frame, ranges=ranges, sources=whose)


def _of_marts(connection: Any, manifest: dict[str, Any]) -> Iterator[Suite]:  # noqa: ANN401 - duckdb loads late
    nodes = manifest["nodes"]
    for unique_id, node in sorted(nodes.items()):
        if node["resource_type"] != "model" or node["fqn"][1] != "marts":
            continue
        frame = connection.execute(f'select * from marts."{node["name"]}"').df()  # noqa: S608 - a model's name
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
