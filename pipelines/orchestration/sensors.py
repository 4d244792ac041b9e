"""What starts a run without a clock, and who is told when one fails."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import TYPE_CHECKING

from dagster import (
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunRequest,
    SensorEvaluationContext,
    SkipReason,
    run_failure_sensor,
    sensor,
)

from pipelines.fingerprint import of_project
from pipelines.orchestration.jobs import build_warehouse
from pipelines.project import current

if TYPE_CHECKING:
    from dagster import SensorDefinition

#: Where a failed run is reported, as JSON; unset: nowhere.
WEBHOOK_VARIABLE = "GONGFU_ALERT_WEBHOOK"
_WEBHOOK_SECONDS = 10


@sensor(job=build_warehouse, minimum_interval_seconds=60, default_status=DefaultSensorStatus.RUNNING)
def raw_folder_changed(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Starts a build when a file under raw/ is new, changed or gone."""
    state = of_project(current()).raw
    if context.cursor == state:
        return SkipReason("nothing under raw/ changed")
    from pipelines.asking.builds import read

    published = read(current().published)
    context.update_cursor(state)
    if published is not None and published.raw == state:
        return SkipReason("the published warehouse holds these files already")
    return RunRequest(run_key=state)


@run_failure_sensor(default_status=DefaultSensorStatus.RUNNING)
def alert_on_failure(context: RunFailureSensorContext) -> None:
    """Posts a failed run to the webhook that GONGFU_ALERT_WEBHOOK names: job, run and the reason, as JSON."""
    address = os.environ.get(WEBHOOK_VARIABLE, "")
    if not address:
        return
    if not address.startswith(("http://", "https://")):
        context.log.error(f"{WEBHOOK_VARIABLE} must be an http or https address")
        return
    message = {
        "job": context.dagster_run.job_name,
        "run_id": context.dagster_run.run_id,
        "text": f"gongfu: run {context.dagster_run.run_id[:8]} failed: {context.failure_event.message}",
        "steps": [event.step_key for event in context.get_step_failure_events()],
    }
    request = urllib.request.Request(  # noqa: S310 - scheme checked above
        address,
        data=json.dumps(message, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=_WEBHOOK_SECONDS):  # noqa: S310 - scheme checked above
        context.log.info("alert sent")


SENSORS: list[SensorDefinition] = [raw_folder_changed, alert_on_failure]
