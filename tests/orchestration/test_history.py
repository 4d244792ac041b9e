"""Dagster remembers the newest runs, and those that the UI still leads to."""

from __future__ import annotations

from pathlib import Path

import yaml
from dagster import DagsterInstance, asset, materialize

from pipelines.orchestration.history import forget_old_runs
from tests.orchestration.test_event_log import SETTINGS


def test_runs_beyond_the_newest_go_with_their_files_but_not_one_that_made_what_stands(tmp_path: Path) -> None:
    @asset
    def made_once() -> None:
        pass

    @asset
    def made_each_time() -> None:
        pass

    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(SETTINGS | {"event_log_storage": kept_in(tmp_path)}))
    with DagsterInstance.from_config(str(tmp_path)) as instance:
        made = [materialize([made_once, made_each_time], instance=instance).run_id]
        made += [materialize([made_each_time], instance=instance).run_id for _ in range(4)]
        assert forget_old_runs(instance, kept=2) == [made[2], made[1]]
        assert instance.get_run_ids() == [made[4], made[3], made[0]]
        assert {path.stem for path in (tmp_path / "history" / "runs").glob("*-*.db")} == {made[0], made[3], made[4]}
        assert instance.get_latest_materialization_event(made_once.key) is not None
        assert forget_old_runs(instance, kept=2) == []


def kept_in(home: Path) -> dict[str, object]:
    return SETTINGS["event_log_storage"] | {"config": {"home": str(home)}}  # type: ignore[no-any-return]
