"""The demonstration of records as Dagster assets with their checks; a code location of its own, `make records` runs
it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetsDefinition,
    DagsterInstance,
    Definitions,
    MaterializeResult,
    asset,
    definitions,
    in_process_executor,
    materialize,
)

from pipelines.project import current
from pipelines.records.demonstration import Demonstration, asked_size

if TYPE_CHECKING:
    from pipelines.records.reconcile import Reconciled

_GROUP = "records_synthetic"


def _demonstration() -> Demonstration:
    return Demonstration(current(), asked_size())


@asset(
    group_name=_GROUP, description="合成 synthetic: deliveries of firms, items and reviews, with the dirt of real ones."
)
def synthetic_deliveries() -> MaterializeResult[Any]:
    """Deliveries as departments would send them."""
    demonstration = _demonstration()
    demonstration.make()
    return MaterializeResult(metadata={"firms": demonstration.size.firms, "reviews": demonstration.size.reviews})


@asset(
    group_name=_GROUP,
    deps=[synthetic_deliveries],
    check_specs=[AssetCheckSpec("nothing_is_lost", asset="accepted_records")],
    description="What passed the door of each register; what did not is kept with its reason.",
)
def accepted_records() -> Iterator[MaterializeResult[Any]]:
    """Records that passed their contract."""
    received = _demonstration().receive()
    kept = received["accepted"] + sum(received["refused"].values())
    check = AssetCheckResult(
        passed=kept == received["rows"], metadata={"rows": received["rows"], "accepted_and_refused": kept}
    )
    yield MaterializeResult(metadata=received, check_results=[check])


@asset(
    group_name=_GROUP,
    deps=[accepted_records],
    description="Every firm evaluated, exempt or unrated; dbt's tests passed.",
)
def evaluation() -> MaterializeResult[Any]:
    """The dbt models of the wing, with their tests."""
    outcome = _demonstration().evaluate()
    return MaterializeResult(
        metadata={"model_seconds": {name: round(value, 2) for name, value in outcome.seconds.items()}}
    )


@asset(
    group_name=_GROUP,
    deps=[evaluation],
    description="Late deliveries laid into warehouse/records/land_productivity/received/late/, and what they touch.",
)
def late_corrections() -> MaterializeResult[Any]:
    """What late deliveries changed; without any, nothing is done."""
    return MaterializeResult(metadata=_demonstration().correct())


@asset(
    group_name=_GROUP,
    deps=[late_corrections],
    check_specs=[AssetCheckSpec("nothing_gives_a_firm_away", asset="released_tables")],
    description="warehouse/records_demo.duckdb: tables that passed disclosure.",
)
def released_tables() -> Iterator[MaterializeResult[Any]]:
    """Tables that may leave."""
    status = _demonstration().release()
    check = AssetCheckResult(passed=status["unprotectable"] == 0, metadata=status)
    yield MaterializeResult(metadata=status, check_results=[check])


@asset(
    group_name=_GROUP,
    deps=[released_tables],
    check_specs=[AssetCheckSpec("agrees_with_the_prints", asset="reconciliation")],
    description="What the records give beside what was printed.",
)
def reconciliation() -> Iterator[MaterializeResult[Any]]:
    """Each computed indicator within the interval of its print, or not; synthetic records need not agree."""
    lines = _demonstration().reconcile()
    disagreeing = [line.finding_en for line in lines if line.outcome == "fail"]
    metadata = {line.indicator: f"{line.outcome}: {line.finding_zh} {line.finding_en}" for line in lines}
    check = AssetCheckResult(passed=not disagreeing, severity=AssetCheckSeverity.WARN, metadata=metadata)
    yield MaterializeResult(metadata={"lines": len(lines)}, check_results=[check])


ASSETS: list[AssetsDefinition] = [
    synthetic_deliveries,
    accepted_records,
    evaluation,
    late_corrections,
    released_tables,
    reconciliation,
]


@definitions
def defs() -> Definitions:
    """What `dagster dev` loads as the location `records`."""
    return Definitions(assets=ASSETS, executor=in_process_executor)


def main() -> None:
    """Run all of it once, where the UI will show it, and print the reconciliation."""
    done = materialize(ASSETS, instance=DagsterInstance.get(), raise_on_error=False)
    if not done.success:
        failures = [str(event.step_failure_data.error) for event in done.get_step_failure_events()]
        sys.exit("gongfu: " + " ".join(" ".join(failures).split())[:800])
    for line in _lines():
        print(f"{line.outcome:14}{line.finding_zh} {line.finding_en}")  # noqa: T201 - a command's answer


def _lines() -> list[Reconciled]:
    return _demonstration().reconcile()


if __name__ == "__main__":
    main()
