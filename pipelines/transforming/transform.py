"""The models and tests of a build: by dbt, run in this process, where everything is made; else what dbt sent, again.

dbt takes seconds to import and to parse, so it is imported here only when it runs, and what cannot have changed is not
run again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.transforming import recorded
from pipelines.transforming.manifest import parsed, where
from pipelines.transforming.outcome import Extent, NodeResult, Outcome, one_line
from pipelines.transforming.pointing import failing
from pipelines.transforming.reach import graph_of
from pipelines.transforming.recorded import Recorder
from pipelines.transforming.replay import replay

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.project import Project
    from pipelines.transforming.sent import Recording


def transform(
    project: Project,
    extent: Extent,
    report: Callable[[NodeResult], None] = lambda _: None,
    *,
    unit_tests: bool = True,
) -> Outcome:
    """Make the models of the file being built, and run their tests.

    Args:
        project: whose dbt project.
        extent: `everything` is dbt's: every node. `changed_figures` is for a file that began as a copy of the
            published one, built by the same code from the same seeds: what dbt sent for each node is sent again,
            as far as it reads something that differs from the published file.
        report: called with each node as it ends.
        unit_tests: where everything is made, the unit tests run too; they look at nothing but code.

    Raises:
        BuildStopped: dbt could not run at all. Failing tests do not raise; they are in the outcome.
    """
    if extent == "everything":
        return _run_dbt(project, report, [] if unit_tests else ["--exclude-resource-type", "unit_test"])
    sent = recorded.kept(project)
    if sent is None:
        raise BuildStopped(
            "the dbt project changed while the build ran; build again", zh="构建期间dbt项目有改动；请重新构建"
        )
    return replay(graph_of(project), sent, project.published, project.building, report)


def _run_dbt(project: Project, report: Callable[[NodeResult], None], without: list[str]) -> Outcome:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    outcome, recorder = Outcome(), Recorder()

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        recorder.hear(event)
        if event.info.name == "NodeFinished":
            result = _node_result(event.data)
            outcome.results[result.unique_id] = result
            report(result)

    runner = dbtRunner(manifest=parsed(project), callbacks=[on_event])
    done = runner.invoke(["build", *where(project), *without, "--no-write-json"])
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call] # else dbt-duckdb holds the file until the process ends
    if done.exception is not None and not outcome.results:
        told = one_line(done.exception)
        raise BuildStopped(f"dbt could not run: {told}", zh=f"dbt未能运行：{told}")
    run = getattr(done.result, "results", [])
    recording = recorder.recording(runner.manifest, run)
    _add_examples(project, recording, outcome)
    return replace(outcome, sent=recording)


def _node_result(data: Any) -> NodeResult:  # noqa: ANN401 - dbt's generated message
    run = data.run_result
    return NodeResult(
        unique_id=data.node_info.unique_id,
        status=str(run.status).lower(),
        failures=int(run.num_failures) if run.num_failures else 0,
        message=one_line(run.message),
        seconds=float(run.execution_time),
    )


def _add_examples(project: Project, recording: Recording, outcome: Outcome) -> None:
    """A few of the rows behind each test that did not pass, and whose all of them are."""
    broken = [name for name in recording.tests if outcome.results[name].failures]
    if not broken:
        return
    with reading(project.building) as connection:
        for name in broken:
            examples, sources = failing(connection, recording.tests[name])
            outcome.results[name] = replace(outcome.results[name], examples=examples, sources=sources)
