"""What starts a run without a clock, and who is told when one fails."""

from __future__ import annotations

import json
import os
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dagster import (
    AssetKey,
    DagsterEventType,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SkipReason,
    run_failure_sensor,
    sensor,
)

from pipelines.fingerprint import of_project
from pipelines.orchestration.causes import cause
from pipelines.orchestration.jobs import build_warehouse
from pipelines.orchestration.session import MADE_FROM, made_from
from pipelines.orchestration.warehouse import PUBLISHED
from pipelines.project import current
from pipelines.publishing.lock import holder

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun, SensorDefinition

    from pipelines.project import Project

#: Where a failed run is reported, as JSON; unset: nowhere.
WEBHOOK_VARIABLE = "GONGFU_ALERT_WEBHOOK"
_WEBHOOK_SECONDS = 10

_ENDED = (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)
_NOT_ENDED = [status for status in DagsterRunStatus if status not in _ENDED]
#: A run that has not taken the lock so long after it was asked for has died, and is waited for no longer.
_START_TAKES_AT_MOST = timedelta(minutes=10)


@sensor(job=build_warehouse, minimum_interval_seconds=60, default_status=DefaultSensorStatus.RUNNING)
def raw_folder_changed(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Starts a build when raw/ is not what the last build that succeeded was made from.

    The cursor is the hash of raw/ that this build recorded, so it moves when a run has succeeded. While a build runs,
    here or by `gongfu build`, nothing is started; what came meanwhile is seen at the next look after it. What failed
    is not tried again before something changes.
    """
    project = current()
    now = of_project(project)
    built = _last_built(context.instance, project)
    if built:
        context.update_cursor(built)
    if now.raw == built or now.raw == _published(project):
        return SkipReason("nothing under raw/ changed since the last build")
    running = _running(context.instance, project)
    if running:
        return SkipReason(f"waiting for the end of {running}")
    failed = _last_run(context.instance)
    if failed is not None and failed.status in _ENDED[1:] and failed.tags.get(MADE_FROM) == made_from(now):
        reason = reason_of(context.instance, failed)
        return SkipReason(f"run {failed.run_id[:8]} failed on just this ({reason}); change it, or run gongfu build")
    return RunRequest(tags={MADE_FROM: made_from(now)})


def reason_of(instance: DagsterInstance, run: DagsterRun) -> str:
    """Why a run failed, in one line."""
    failures = {DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}
    entries = instance.all_logs(run.run_id, of_type=failures)
    return str(cause(entry.dagster_event for entry in entries if entry.dagster_event is not None))


def _last_built(instance: DagsterInstance, project: Project) -> str | None:
    """The hash of raw/ that the last run that published was made from, whether or not it was gone back on since."""
    event = instance.get_latest_materialization_event(AssetKey(PUBLISHED))
    materialization = event.asset_materialization if event else None
    raw = materialization.metadata.get("raw") if materialization else None
    return str(raw.value) if raw is not None else _published(project)


def _published(project: Project) -> str | None:
    from pipelines.asking.builds import read

    published = read(project.published)
    return published.raw if published else None


def _running(instance: DagsterInstance, project: Project) -> str | None:
    """Who builds, or is about to."""
    if by := holder(project):
        return by
    recent = datetime.now(UTC) - _START_TAKES_AT_MOST
    filters = RunsFilter(job_name=build_warehouse.name, statuses=_NOT_ENDED, created_after=recent)
    runs = instance.get_runs(filters, limit=1)
    return f"run {runs[0].run_id[:8]}" if runs else None


def _last_run(instance: DagsterInstance) -> DagsterRun | None:
    runs = instance.get_runs(RunsFilter(job_name=build_warehouse.name), limit=1)
    return runs[0] if runs else None


@run_failure_sensor(default_status=DefaultSensorStatus.RUNNING)
def alert_on_failure(context: RunFailureSensorContext) -> None:
    """Posts a failed run to the webhook that GONGFU_ALERT_WEBHOOK names: job, run and the reason, as JSON."""
    address = os.environ.get(WEBHOOK_VARIABLE, "")
    if not address:
        return
    if not address.startswith(("http://", "https://")):
        context.log.error(f"{WEBHOOK_VARIABLE} must be an http or https address")
        return
    steps = context.get_step_failure_events()
    reason = str(cause([*steps, context.failure_event]))
    message = {
        "job": context.dagster_run.job_name,
        "run_id": context.dagster_run.run_id,
        "text": f"gongfu: run {context.dagster_run.run_id[:8]} failed: {reason}",
        "reason": reason,
        "steps": [event.step_key for event in steps],
    }
    request = urllib.request.Request(  # noqa: S310 - scheme checked above
        address,
        data=json.dumps(message, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
        method="POST",
    )
    urllib.request.urlopen(request, timeout=_WEBHOOK_SECONDS).close()  # noqa: S310 - scheme checked above


SENSORS: list[SensorDefinition] = [raw_folder_changed, alert_on_failure]
