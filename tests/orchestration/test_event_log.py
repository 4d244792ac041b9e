"""Dagster's history through kept connections says what its default storage says, in fewer commits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from dagster import AssetCheckResult, AssetKey, DagsterInstance, Definitions, asset, asset_check, in_process_executor
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipelines.orchestration.event_log import KeptConnections
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = 20
SETTINGS = yaml.safe_load((CHECKOUT / "pipelines" / "orchestration" / "dagster.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def commits() -> Iterator[list[object]]:
    """Every commit to a SQLite file from here on."""
    seen: list[object] = []

    def count(connection: object) -> None:
        seen.append(connection)

    event.listen(Engine, "commit", count)
    yield seen
    event.remove(Engine, "commit", count)


def history(home: Path, settings: dict[str, object], commits: list[object]) -> tuple[list[object], int]:
    """A run of tables and checks: its events, what is known of each table and check afterwards, commits it took."""
    home.mkdir()
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    names = [f"table_{number}" for number in range(TABLES)]

    def checked(name: str):  # type: ignore[no-untyped-def] # noqa: ANN202
        @asset_check(asset=AssetKey(name), name=f"{name}_is_whole")
        def check() -> AssetCheckResult:
            return AssetCheckResult(passed=name != "table_3", metadata={"rows": 7})

        return check

    def made(name: str):  # type: ignore[no-untyped-def] # noqa: ANN202
        @asset(name=name)
        def table() -> None:
            pass

        return table

    job = Definitions(
        assets=[made(name) for name in names],
        asset_checks=[checked(name) for name in names],
        executor=in_process_executor,
    ).resolve_implicit_global_asset_job_def()
    with DagsterInstance.from_config(str(home)) as instance:
        commits.clear()
        assert job.execute_in_process(instance=instance).success
        taken = len(commits)
        (run,) = instance.get_runs()
        events = [
            (one.dagster_event.event_type_value, one.dagster_event.step_key, str(one.dagster_event.asset_key or ""))
            for one in instance.all_logs(run.run_id)
            if one.dagster_event is not None and not one.dagster_event.is_engine_event
        ]
        latest = [instance.get_latest_materialization_event(AssetKey(name)) for name in names]
        assert all(found is not None and found.run_id == run.run_id for found in latest)
        failed = [
            name
            for name in names
            for record in instance.event_log_storage.get_asset_check_execution_history(
                check_key=next(
                    key for key in job.asset_layer.asset_graph.asset_check_keys if key.asset_key.path == [name]
                ),
                limit=2,
            )
            if record.status.value == "FAILED"
        ]
        assert isinstance(instance.event_log_storage, KeptConnections) == (settings == SETTINGS)
    return [*sorted(events), failed], taken


def test_a_run_reads_back_as_from_the_default_storage_with_its_planned_events_in_few_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: list[object]
) -> None:
    default = {name: value for name, value in SETTINGS.items() if name != "event_log_storage"}
    expected, commits_of_default = history(tmp_path / "default", default, commits)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "kept"))
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "200")
    found, commits_of_kept = history(tmp_path / "kept", SETTINGS, commits)
    assert found == expected
    assert found[-1] == ["table_3"]
    assert commits_of_default - commits_of_kept >= 3 * TABLES, "the events that are planned are stored in one batch"


def test_an_earlier_history_of_the_default_storage_is_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: list[object]
) -> None:
    home = tmp_path / "home"
    default = {name: value for name, value in SETTINGS.items() if name != "event_log_storage"}
    history(home, default, commits)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    (home / "dagster.yaml").write_text(yaml.safe_dump(SETTINGS), encoding="utf-8")
    with DagsterInstance.from_config(str(home)) as instance:
        (run,) = instance.get_runs()
        assert len(instance.all_logs(run.run_id)) > TABLES
        assert instance.get_latest_materialization_event(AssetKey("table_3")) is not None
