"""The table of contents that Dagster loads: assets, the job, when it runs, who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster import AssetKey, Definitions, definitions, in_process_executor

from pipelines.orchestration.dbt_models import dbt_models
from pipelines.orchestration.jobs import SCHEDULES, build_warehouse
from pipelines.orchestration.quality import expectation_suites, quality_report
from pipelines.orchestration.raw_sources import land_sources
from pipelines.orchestration.sensors import SENSORS
from pipelines.orchestration.session import build_session
from pipelines.orchestration.warehouse import published_warehouse
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.building.build import Listener
    from pipelines.quality.gate import Gate


def load(*listeners: Listener, waits: bool = True, gate: Gate | None = None) -> Definitions:
    """Everything that Dagster knows of the current project.

    Args:
        listeners: are told how far its builds are.
        waits: a run waits while another build runs; else it fails at once and says which.
        gate: where its runs evaluate the expectations; without it each begins its own.
    """
    project = current()
    models = dbt_models(project)
    return Definitions(
        assets=[
            land_sources(project),
            models,
            quality_report(models.keys),
            published_warehouse([*models.keys, AssetKey(["warehouse", "quality_report"])]),
        ],
        asset_checks=[expectation_suites(models.keys)],
        jobs=[build_warehouse],
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={"session": build_session(*listeners, waits=waits, gate=gate)},
        executor=in_process_executor,
    )


@definitions
def defs() -> Definitions:
    """What `dagster dev` loads, when it loads it."""
    return load()
