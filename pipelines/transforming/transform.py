"""dbt, run in this process: seeds, models, tests and unit tests into the file being built.

dbt takes seconds to import and to parse, so it is imported here only when it runs, its parsed project is kept for
the next run, and what cannot have changed is not run again (see `transform`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.transforming.manifest import parsed, where
from pipelines.transforming.outcome import Extent, NodeResult, Outcome, one_line
from pipelines.transforming.pointing import sources_pointed_at
from pipelines.transforming.reach import graph_of, waves

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.project import Project

#: So many rows are kept of each test that did not pass.
_EXAMPLES = 5


def transform(project: Project, extent: Extent, report: Callable[[NodeResult], None] = lambda _: None) -> Outcome:
    """Run dbt over the file being built.

    Args:
        project: whose dbt project to run.
        extent: `everything` runs every node. `changed_figures` is for a file that began as a copy of the published
            one, built by the same code from the same seeds: seeds and unit tests cannot differ and are left out, as
            is every model that reads nothing that differs from the published file (`pipelines.transforming.reach`).
        report: called with each node as it ends.

    Raises:
        BuildStopped: dbt could not run at all. Failing tests do not raise; they are in the outcome.
    """
    outcome = Outcome(is_partial=extent == "changed_figures")
    runner = _runner(project, outcome, report)
    if extent == "everything":
        _invoke(project, runner, ["build", *where(project)], outcome)
        return outcome
    named = [
        "--indirect-selection",
        "empty",
        "--exclude-resource-type",
        "unit_test",
        "--cache-selected-only",
        "--select",
    ]

    def run(names: list[str]) -> bool:
        _invoke(project, runner, ["build", *where(project), *named, "--select", *names], outcome)
        return not outcome.blocking

    waves(graph_of(project), project.published, project.building, run)
    return outcome


def _runner(project: Project, outcome: Outcome, report: Callable[[NodeResult], None]) -> Any:  # noqa: ANN401 - dbt loads late
    """dbt with the project parsed once for all that it will run."""
    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        if event.info.name != "NodeFinished":
            return
        result = _node_result(event.data)
        outcome.results[result.unique_id] = result
        report(result)

    return dbtRunner(manifest=parsed(project), callbacks=[on_event])


def _node_result(data: Any) -> NodeResult:  # noqa: ANN401 - dbt's generated message
    run = data.run_result
    return NodeResult(
        unique_id=data.node_info.unique_id,
        status=str(run.status).lower(),
        failures=int(run.num_failures) if run.num_failures else 0,
        message=one_line(run.message),
        seconds=float(run.execution_time),
    )


def _invoke(project: Project, runner: Any, arguments: list[str], outcome: Outcome) -> None:  # noqa: ANN401 - dbt loads late
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    result = runner.invoke([*arguments, "--no-write-json"])
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call] # else dbt-duckdb holds the file until the process ends
    if result.exception is not None and not outcome.results:
        told = one_line(result.exception)
        raise BuildStopped(f"dbt could not run: {told}", zh=f"dbt未能运行：{told}")
    _add_examples(project, runner.manifest, result.result, outcome)


def _add_examples(project: Project, manifest: Any, run: Any, outcome: Outcome) -> None:  # noqa: ANN401 - dbt loads late
    """A few of the rows behind each test that did not pass, and whose all of them are, by the test's own query."""
    import duckdb

    broken = [one for one in getattr(run, "results", []) if one.node.resource_type == "test" and one.failures]
    if not broken:
        return
    with reading(project.building) as connection:
        for one in broken:
            try:
                cursor = connection.execute(f"select * from ({one.node.compiled_code}) order by all limit {_EXAMPLES}")  # noqa: S608 - dbt's
                names = [column[0] for column in cursor.description or []]
                examples = tuple(_example(names, row) for row in cursor.fetchall())
                sources = sources_pointed_at(connection, one.node, _guarded(manifest, one.node))
            except duckdb.Error:
                continue
            known = outcome.results[one.node.unique_id]
            outcome.results[one.node.unique_id] = replace(known, examples=examples, sources=sources)


def _guarded(manifest: Any, test: Any) -> str | None:  # noqa: ANN401 - dbt loads late
    """The table that a test guards, as a name for a query; None where it reads several and none is its own."""
    reads = test.depends_on.nodes
    name = getattr(test, "attached_node", None) or (reads[0] if len(reads) == 1 else None)
    node = manifest.nodes.get(name) or manifest.sources.get(name)
    return node.relation_name if node else None


def _example(names: list[str], row: tuple[Any, ...]) -> str:
    """A row as one line: its findings where it has them, else its cells."""
    cells = dict(zip(names, row, strict=True))
    if "finding_zh" in cells:
        return f"{cells['finding_zh']} {cells['finding_en']}"
    return one_line(", ".join(f"{name}: {value}" for name, value in cells.items() if value is not None))
