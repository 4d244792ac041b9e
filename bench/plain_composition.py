"""The same steps put together plainly, to measure gongfu's build against: what Dagster's and dagster-dbt's
documentation shows. One asset per source, each step in a process of its own, dbt through its command line.

`GONGFU_BENCH_LANDING=one_step` lands all sources in one step instead of one step each.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    AssetSpec,
    Definitions,
    MaterializeResult,
    asset,
    define_asset_job,
    multi_asset,
    multiprocess_executor,
)
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

from pipelines.project import Project, current
from pipelines.receiving import as_read, assembling, landing
from pipelines.receiving.good_past import GoodPast

PROJECT = current()
DBT = DbtProject(project_dir=PROJECT.dbt, profiles_dir=PROJECT.dbt)
DBT.prepare_if_dev()
ONE_STEP = os.environ.get("GONGFU_BENCH_LANDING") == "one_step"


def source_asset(project: Project, folder: Path) -> AssetsDefinition:
    """One source, read and checked in a step of its own."""

    @asset(key=AssetKey(["raw", folder.name]))
    def _read() -> None:
        project.landing.mkdir(parents=True, exist_ok=True)
        landed, figures = landing._land(project, as_read.copied(project, folder), GoodPast())
        landing._keep(project, "plain", landed, figures)

    return _read


SOURCES = [] if ONE_STEP else [source_asset(PROJECT, folder) for folder in PROJECT.source_folders]
TABLES = ("printed_figures", "sources", "quarantine", "corrections")


@multi_asset(specs=[AssetSpec(["landing", name], deps=[*SOURCES]) for name in TABLES])
def assembled() -> Any:
    """The landing tables."""
    if ONE_STEP:
        landed = list(landing.land_all(PROJECT, again=True))
    else:
        stamps = [(folder.name, landing.stamp_of(PROJECT, folder.name)) for folder in PROJECT.source_folders]
        landed = [landing._landed_before(name, stamp) for name, stamp in stamps if stamp]
    PROJECT.workshop.mkdir(parents=True, exist_ok=True)
    PROJECT.building.unlink(missing_ok=True)
    assembling.assemble(PROJECT, PROJECT.building, landed)
    for name in TABLES:
        yield MaterializeResult(asset_key=AssetKey(["landing", name]))


@dbt_assets(manifest=DBT.manifest_path, project=DBT)
def models(context: AssetExecutionContext, dbt: DbtCliResource) -> Any:
    """The dbt project, as the documentation runs it."""
    yield from dbt.cli(["build"], context=context).stream()


@asset(deps=[*models.keys])
def warehouse() -> None:
    """The finished file, copied into place."""
    shutil.copyfile(PROJECT.building, PROJECT.published)


defs = Definitions(
    assets=[*SOURCES, assembled, models, warehouse],
    resources={"dbt": DbtCliResource(project_dir=DBT)},
    jobs=[
        define_asset_job(
            "plain",
            AssetSelection.all(),
            executor_def=multiprocess_executor.configured({"max_concurrent": 2}),
        )
    ],
)
