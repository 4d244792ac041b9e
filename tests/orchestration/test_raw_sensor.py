"""When a change under raw/ starts a build: looks of the sensor at a real Dagster instance with real runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from dagster import (
    AssetMaterialization,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    Failure,
    RunRequest,
    SkipReason,
    build_sensor_context,
    job,
    op,
)

from pipelines.fingerprint import of_project
from pipelines.orchestration.sensors import raw_folder_changed
from pipelines.orchestration.session import MADE_FROM, made_from
from pipelines.project import Project
from pipelines.publishing.lock import build_lock

if TYPE_CHECKING:
    from pathlib import Path


class Watch:
    """The sensor as the daemon runs it: each look goes on from the cursor of the one before."""

    def __init__(self, project: Project, instance: DagsterInstance) -> None:
        self.project, self.instance, self.cursor = project, instance, None

    def look(self) -> RunRequest | str:
        """What the sensor wants: a run, or its reason for none."""
        context = build_sensor_context(instance=self.instance, cursor=self.cursor)
        wanted = raw_folder_changed(context)
        self.cursor = context.cursor
        if isinstance(wanted, SkipReason):
            return str(wanted.skip_message)
        assert isinstance(wanted, RunRequest)
        assert wanted.run_key is None, "a run key would keep a state seen before from ever being built again"
        return wanted

    def prints(self, figures: str) -> None:
        """Put this into the one source's file."""
        (self.project.raw / "abc" / "figures.csv").write_text(figures, encoding="utf-8")

    def builds(self, request: RunRequest | None = None, *, fails: str = "") -> None:
        """A real run of a job of that name that publishes what lies there, or fails."""
        raw = of_project(self.project).raw
        made = made_from(of_project(self.project))

        @op
        def publish(context) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
            if fails:
                raise Failure(description=fails)
            context.log_event(AssetMaterialization(["warehouse", "gongfu"], metadata={"raw": raw}))

        @job(name="build_warehouse")
        def build() -> None:
            publish()

        tags = dict(request.tags) if request else {MADE_FROM: made}
        build.execute_in_process(instance=self.instance, tags=tags, raise_on_error=False)


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    (tmp_path / "raw" / "abc").mkdir(parents=True)
    monkeypatch.setenv("GONGFU_ROOT", str(tmp_path))
    with DagsterInstance.ephemeral() as instance:
        watch = Watch(Project(tmp_path), instance)
        watch.prints("1")
        yield watch


def wanted(look: RunRequest | str) -> RunRequest:
    assert isinstance(look, RunRequest), look
    return look


def test_a_change_is_built_once(watch: Watch) -> None:
    watch.builds(wanted(watch.look()))
    assert "nothing under raw/ changed" in str(watch.look())
    watch.prints("2")
    watch.builds(wanted(watch.look()))
    assert "nothing under raw/ changed" in str(watch.look())


def test_the_cursor_moves_when_a_run_has_succeeded_and_not_before(watch: Watch) -> None:
    watch.builds(wanted(watch.look()))
    watch.look()
    first = watch.cursor
    assert first == of_project(watch.project).raw
    watch.prints("2")
    request = wanted(watch.look())
    assert watch.cursor == first
    watch.builds(request)
    watch.look()
    assert watch.cursor == of_project(watch.project).raw != first


def test_a_state_seen_before_is_built_again(watch: Watch) -> None:
    for figures in ("1", "2", "1"):
        watch.prints(figures)
        watch.builds(wanted(watch.look()))


def test_while_a_run_of_its_own_is_under_way_the_sensor_waits(watch: Watch) -> None:
    request = wanted(watch.look())
    run = DagsterRun("build_warehouse", tags=dict(request.tags), status=DagsterRunStatus.STARTED)
    watch.instance.add_run(run)
    assert watch.look() == f"waiting for the end of run {run.run_id[:8]}"


def test_while_gongfu_build_runs_the_sensor_waits_and_then_builds_what_came_meanwhile(watch: Watch) -> None:
    with build_lock(watch.project, "gongfu build"):
        watch.prints("2")
        assert "waiting for the end of process " in str(watch.look())
        assert "(gongfu build)" in str(watch.look())
    wanted(watch.look())


def test_what_arrives_during_a_run_is_built_after_it(watch: Watch) -> None:
    request = wanted(watch.look())
    watch.builds(request)
    watch.prints("2 arrived while the run was at work")
    watch.builds(wanted(watch.look()))
    assert isinstance(watch.look(), str)


def test_what_was_changed_and_changed_back_during_a_run_is_built_as_it_lies_there_now(watch: Watch) -> None:
    watch.builds(wanted(watch.look()))
    watch.prints("2")
    watch.builds(wanted(watch.look()))  # its record says 2
    watch.prints("1")
    wanted(watch.look())


def test_what_failed_is_told_with_its_reason_and_tried_again_when_something_changes(watch: Watch) -> None:
    watch.builds(wanted(watch.look()), fails="3 blocking dbt checks failed")
    assert "3 blocking dbt checks failed" in str(watch.look())
    watch.prints("mended")
    watch.builds(wanted(watch.look()))
    watch.prints("1")
    wanted(watch.look())


def test_a_build_by_hand_after_a_failed_one_counts_as_built(watch: Watch) -> None:
    watch.builds(wanted(watch.look()), fails="the disk is full")
    watch.builds()
    assert "nothing under raw/ changed" in str(watch.look())


def test_a_failed_change_of_the_code_lists_is_tried_again_when_they_are_mended(watch: Watch) -> None:
    watch.builds(wanted(watch.look()), fails="2 rows of the code lists are not well-formed")
    assert isinstance(watch.look(), str)
    seeds = watch.project.dbt / "seeds"
    seeds.mkdir(parents=True)
    (seeds / "areas.csv").write_text("ref_area\n", encoding="utf-8")
    wanted(watch.look())
