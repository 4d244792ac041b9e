"""A run builds whole or not at all, in its order, one after another; why it failed travels as data."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from dagster import AssetKey, DagsterInstance, Definitions, asset, in_process_executor

from pipelines.building.build import Build
from pipelines.definitions import load
from pipelines.orchestration.causes import as_failure, cause
from pipelines.orchestration.session import MADE_FROM, build_session
from pipelines.orchestration.warehouse import published_warehouse
from pipelines.problems import BuildStopped
from pipelines.publishing.lock import build_lock, holder
from tests.publishing.tables import publish, whole_version

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult, JobDefinition

    from pipelines.project import Project


@pytest.fixture
def project(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("GONGFU_ROOT", str(project.root))
    return project


def only_publishing(*, waits: bool = False) -> JobDefinition:
    """The job that the UI runs where nothing but warehouse/gongfu was selected."""
    definitions = Definitions(
        assets=[published_warehouse([])],
        resources={"session": build_session(waits=waits)},
        executor=in_process_executor,
    )
    return definitions.resolve_implicit_global_asset_job_def()


def run(job: JobDefinition, instance: DagsterInstance) -> ExecuteInProcessResult:
    return job.execute_in_process(instance=instance, raise_on_error=False)


def test_a_run_that_only_publishes_publishes_nothing(project: Project) -> None:
    publish(project, 1)
    before = project.published.read_bytes()
    with DagsterInstance.ephemeral() as instance:
        result = run(only_publishing(), instance)
    assert not result.success
    assert "this run has not landed the figures" in str(cause(result.all_events))
    assert project.published.read_bytes() == before
    assert whole_version(project.published) == "v00001"
    assert list(project.versions.glob("*.duckdb")) == []


def test_a_run_of_a_single_model_is_refused() -> None:
    job = (
        load().resolve_implicit_global_asset_job_def().get_subset(asset_selection={AssetKey(["facts", "observations"])})
    )
    with DagsterInstance.ephemeral() as instance:
        result = run(job, instance)
    assert not result.success
    assert "a build is whole or not at all" in str(cause(result.all_events))


def stopped_by(reason: BuildStopped) -> BuildStopped:
    @asset
    def stops() -> None:
        with as_failure():
            raise reason

    with DagsterInstance.ephemeral() as instance:
        return cause(run(Definitions([stops]).resolve_implicit_global_asset_job_def(), instance).all_events)


@pytest.mark.parametrize("exit_code", [1, 3, 4])
def test_the_exit_code_of_a_failed_run_is_the_one_it_was_stopped_with_whatever_its_words_are(exit_code: int) -> None:
    words = "raw/disk_survey/source.yaml: another build is running on the disk"
    found = stopped_by(BuildStopped(words, exit_code))
    assert (str(found), found.exit_code) == (words, exit_code)


def test_a_defect_in_a_step_is_one_line_and_exit_code_1() -> None:
    @asset
    def breaks() -> None:
        raise KeyError("no disk")

    with DagsterInstance.ephemeral() as instance:
        found = cause(run(Definitions([breaks]).resolve_implicit_global_asset_job_def(), instance).all_events)
    assert found.exit_code == 1
    assert "KeyError: 'no disk'" in str(found)
    assert "\n" not in str(found)


class Nothing(Build):
    """A build that lands nothing."""

    def land(self):  # type: ignore[no-untyped-def] # noqa: ANN201
        """No source."""
        return iter(())


def landing(*, waits: bool) -> JobDefinition:
    """A job whose one step lands."""

    @asset(required_resource_keys={"session"})
    def lands(context) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        assert list(context.resources.session.land()) == []

    return Definitions(
        [lands], resources={"session": build_session(waits=waits)}, executor=in_process_executor
    ).resolve_implicit_global_asset_job_def()


def test_a_build_on_the_terminal_says_at_once_that_another_is_running(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.orchestration.session.Build", Nothing)
    with DagsterInstance.ephemeral() as instance, build_lock(project, "gongfu build"):
        found = cause(run(landing(waits=False), instance).all_events)
    assert found.exit_code == 3
    assert "(gongfu build)" in str(found)


def test_a_run_of_dagsters_waits_for_the_build_on_the_terminal_and_then_builds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.orchestration.session.Build", Nothing)
    let_go = threading.Event()
    held = threading.Event()

    def on_the_terminal() -> None:
        with build_lock(project, "gongfu build"):
            held.set()
            let_go.wait()

    terminal = threading.Thread(target=on_the_terminal)
    terminal.start()
    held.wait()
    monkeypatch.setattr("pipelines.orchestration.session._log", lambda *_: let_go.set())  # it has begun to wait
    with DagsterInstance.ephemeral() as instance:
        result = run(landing(waits=True), instance)
        assert result.success
        (done,) = instance.get_runs()
        assert done.tags[MADE_FROM].count(" ") == 2
    terminal.join()
    assert holder(project) is None
