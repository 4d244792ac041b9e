"""The table of contents that Dagster loads: assets, the job, when it runs, who is told."""

from __future__ import annotations

from dagster import AssetKey, Definitions, definitions, in_process_executor

from pipelines.orchestration.dbt_models import dbt_models
from pipelines.orchestration.jobs import SCHEDULES, build_warehouse
from pipelines.orchestration.quality import expectation_suites, quality_report
from pipelines.orchestration.raw_sources import land_sources
from pipelines.orchestration.sensors import SENSORS
from pipelines.orchestration.session import BuildSession
from pipelines.orchestration.statistics_site import StatisticsSiteResource
from pipelines.orchestration.warehouse import published_warehouse
from pipelines.project import current


def load() -> Definitions:
    """Everything that Dagster knows of the current project."""
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
        resources={"session": BuildSession(), "statistics_site": StatisticsSiteResource()},
        executor=in_process_executor,
    )


@definitions
def defs() -> Definitions:
    """What `dagster dev` loads, when it loads it."""
    return load()
