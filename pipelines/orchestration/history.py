"""How long Dagster remembers: its history would else grow by some megabytes a build, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import DagsterInstance

#: With a build a day more than half a year.
KEPT_RUNS = 200


def forget_old_runs(instance: DagsterInstance, kept: int = KEPT_RUNS) -> list[str]:
    """Delete the finished runs beyond the newest, but none to which an asset's newest materialization leads.

    Args:
        instance: whose history.
        kept: so many of the newest finished runs stay.

    Returns:
        The ids of the runs deleted.
    """
    from dagster import RunsFilter
    from dagster._core.storage.dagster_run import FINISHED_STATUSES

    old = instance.get_run_ids(RunsFilter(statuses=list(FINISHED_STATUSES)))[kept:]
    if not old:
        return []
    led_to = {record.asset_entry.last_run_id for record in instance.get_asset_records()}
    forgotten = [run_id for run_id in old if run_id not in led_to]
    for run_id in forgotten:
        instance.delete_run(run_id)
    return forgotten
