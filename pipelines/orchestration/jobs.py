"""The job that builds everything, and when it runs by itself."""

from __future__ import annotations

from dagster import AssetSelection, ScheduleDefinition, define_asset_job, in_process_executor

build_warehouse = define_asset_job(
    "build_warehouse",
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="Read what changed under raw/, rebuild what it reaches, check it, publish it.",
)

#: Provincial bureaus publish the month's figures by the 20th, the year's in the statistical communiqué by mid-March
#: and in the yearbook by the end of the year.
SCHEDULES = [
    ScheduleDefinition(
        name="monthly_release",
        job=build_warehouse,
        cron_schedule="0 18 20 * *",
        execution_timezone="Asia/Shanghai",
        description="After the monthly figures of the provincial bureaus.",
    ),
    ScheduleDefinition(
        name="yearly_communique",
        job=build_warehouse,
        cron_schedule="0 18 15 3 *",
        execution_timezone="Asia/Shanghai",
        description="After the statistical communiqués on the past year.",
    ),
    ScheduleDefinition(
        name="yearly_yearbook",
        job=build_warehouse,
        cron_schedule="0 18 20 12 *",
        execution_timezone="Asia/Shanghai",
        description="After the statistical yearbooks.",
    ),
    ScheduleDefinition(
        name="weekly_full_build",
        job=build_warehouse,
        run_config={"resources": {"session": {"config": {"full": True}}}},
        cron_schedule="0 3 * * 0",
        execution_timezone="Asia/Shanghai",
        description="Everything anew; what is published of the same has to be the same, or nothing is published.",
    ),
]
