"""One run of the job in this process, with Dagster's history of it: for `gongfu build` and `gongfu watch`."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from pipelines.building.build import Listener
    from pipelines.project import Project
    from pipelines.quality.gate import Gate

#: So many of the events that Dagster plans together are stored together; it looks for this in the environment.
_EVENTS_A_BATCH = "200"


def run_build(
    project: Project, *listeners: Listener, full: bool = False, waits: bool = False, gate: Gate | None = None
) -> None:
    """Run the job that the Dagster UI runs.

    Args:
        project: the current one.
        listeners: are told how far it is.
        full: everything is made again, whatever changed.
        waits: for the end of another build; else that one is named.
        gate: where the expectations are evaluated, for more than this run; without it the run begins its own.

    Raises:
        BuildStopped: nothing was published; what was published stays.
    """
    project.dagster_home.mkdir(parents=True, exist_ok=True)
    settings = project.dagster_home / "dagster.yaml"
    if not settings.exists():
        settings.write_bytes(files("pipelines.orchestration").joinpath("dagster.yaml").read_bytes())
    if not os.environ.get("DAGSTER_HOME"):
        os.environ["DAGSTER_HOME"] = str(project.dagster_home)
    Path(os.environ["DAGSTER_HOME"]).mkdir(parents=True, exist_ok=True)  # Dagster refuses one that is not there
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", _EVENTS_A_BATCH)
    from dagster import DagsterInstance

    from pipelines.definitions import load
    from pipelines.orchestration.causes import cause

    job = load(*listeners, waits=waits, gate=gate).resolve_job_def("build_warehouse")
    with DagsterInstance.get() as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config={
                "resources": {"session": {"config": {"full": full}}},
                # Dagster's own event log stays in the run's history, which the UI shows
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            raise_on_error=False,
        )
    if not result.success:
        stopped = cause(result.all_events)
        raise BuildStopped(
            f"{str(stopped).rstrip('.')}. The published warehouse stays as it was.",
            stopped.exit_code,
            zh=f"{stopped.zh.rstrip('。')}。已发布的仓库保持原样。",
        )
