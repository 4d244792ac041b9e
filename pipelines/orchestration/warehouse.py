"""The asset that analysts read: the published warehouse."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, ResourceParam, asset

from pipelines.orchestration.session import Session

#: The key of the published warehouse; its metadata says what it was made from.
PUBLISHED = ("warehouse", "gongfu")


def published_warehouse(upstream: Iterable[AssetKey]) -> AssetsDefinition:
    """The step that swaps the finished file into the published one's place.

    Args:
        upstream: every asset that must be whole before.
    """

    @asset(
        key=AssetKey(PUBLISHED),
        group_name="warehouse",
        kinds={"duckdb"},
        deps=[*upstream],
        description="warehouse/gongfu.duckdb: the last build that passed its checks, swapped in by one rename.",
    )
    def _publish(context: AssetExecutionContext, session: ResourceParam[Session]) -> MaterializeResult[Any]:
        record = session.publish()
        context.log.info(f"published {record.version}")
        facts = {name: value for name, value in asdict(record).items() if isinstance(value, (int, str))}
        return MaterializeResult(metadata={"file": session.project.relative(session.project.published), **facts})

    return _publish
