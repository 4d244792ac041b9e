"""dbt, run in this process: seeds, models, tests and unit tests into the file being built.

dbt takes seconds to import and to parse, so it is imported here only when it runs, its parsed project is kept for
the next run, and what cannot have changed is not run again (see `transform`).
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pipelines.fingerprint import hash_of_files, of_project
from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.project import Project

Extent = Literal["everything", "changed_figures"]

#: Models between the landed figures and the facts; they are rebuilt whenever a figure changed.
_UP_TO_FACTS = ("path:models/staging", "path:models/reference", "path:models/facts", "path:models/quality")
_FACT_SCHEMA = "facts"


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node.

    Attributes:
        unique_id: dbt's id, such as `model.gongfu.observations`.
        status: success, pass, warn, fail, error or skipped.
        failures: rows that broke a test.
        message: dbt's message, one line.
        seconds: how long it took.
    """

    unique_id: str
    status: str
    failures: int | None
    message: str
    seconds: float

    @property
    def kind(self) -> str:
        """model, seed, test or unit_test."""
        return self.unique_id.partition(".")[0]


@dataclass
class Outcome:
    """All nodes of a transformation.

    Attributes:
        results: by unique id, every node that ran.
        rebuilt_marts: unique ids of marts that were run; None when everything was.
    """

    results: dict[str, NodeResult] = field(default_factory=dict)
    rebuilt_marts: list[str] | None = None

    def with_status(self, *statuses: str) -> list[NodeResult]:
        """The nodes that ended with one of these statuses."""
        return [result for result in self.results.values() if result.status in statuses]

    @property
    def blocking(self) -> list[NodeResult]:
        """Tests that failed with severity error, and nodes that could not run."""
        return self.with_status("fail", "error", "runtime error")


def manifest_path(project: Project) -> Path:
    """The parsed dbt project, made or renewed where the project's files changed since."""
    path = project.dbt / "target" / "manifest.json"
    stamp = project.dbt / "target" / "manifest.sha256"
    state = _state_of_dbt_project(project)
    if path.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return path
    result = _runner(project).invoke(["parse", *_where(project)])
    if not result.success:
        raise BuildStopped(f"the dbt project does not parse: {_one_line(result.exception)}")
    stamp.write_text(state, encoding="utf-8")
    return path


def transform(project: Project, extent: Extent, report: Callable[[NodeResult], None] = lambda _: None) -> Outcome:
    """Run dbt over the file being built.

    Args:
        project: whose dbt project to run.
        extent: `everything` runs every node. `changed_figures` is for a file that began as a copy of the published
            one, built by the same code from the same seeds: seeds and unit tests cannot differ and are left out,
            and of the marts only those are run that read a fact table whose rows changed.
        report: called with each node as it ends.

    Raises:
        BuildStopped: dbt could not run at all. Failing tests do not raise; they are in the outcome.
    """
    manifest_path(project)
    outcome = Outcome()
    with _database_named(project):
        runner = _runner(project, outcome, report)
        if extent == "everything":
            _invoke(runner, ["build", *_where(project)], outcome)
            return outcome
        before = _fact_hashes(project)
        left_out = ["--exclude-resource-type", "seed", "--exclude-resource-type", "unit_test"]
        _invoke(runner, ["build", *_where(project), *left_out, "--select", *_UP_TO_FACTS], outcome)
        outcome.rebuilt_marts = []
        if outcome.blocking:
            return outcome
        after = _fact_hashes(project)
        changed = {f"model.gongfu.{table}" for table, state in after.items() if before.get(table) != state}
        marts = _marts_that_read(project, changed)
        if marts:
            outcome.rebuilt_marts = marts
            names = [mart.rpartition(".")[2] for mart in marts]
            _invoke(runner, ["build", *_where(project), *left_out, "--select", *names], outcome)
    return outcome


def _where(project: Project) -> list[str]:
    folder = str(project.dbt)
    return [
        "--project-dir",
        folder,
        "--profiles-dir",
        folder,
        "--log-level",
        "none",
        "--no-use-colors",
        "--log-level-file",
        "none",
    ]


def _runner(
    project: Project, outcome: Outcome | None = None, report: Callable[[NodeResult], None] | None = None
) -> Any:  # noqa: ANN401 - dbt loads late
    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        if outcome is None or event.info.name != "NodeFinished":
            return
        result = _node_result(event.data)
        outcome.results[result.unique_id] = result
        if report:
            report(result)

    del project
    return dbtRunner(callbacks=[on_event])


def _node_result(data: Any) -> NodeResult:  # noqa: ANN401 - dbt's generated message
    run = data.run_result
    return NodeResult(
        unique_id=data.node_info.unique_id,
        status=str(run.status).lower(),
        failures=int(run.num_failures) if run.num_failures else 0,
        message=_one_line(run.message),
        seconds=float(run.execution_time),
    )


def _invoke(runner: Any, arguments: list[str], outcome: Outcome) -> None:  # noqa: ANN401 - dbt loads late
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    result = runner.invoke(arguments)
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call] # else dbt-duckdb holds the file until the process ends
    if result.exception is not None and not outcome.results:
        raise BuildStopped(f"dbt could not run: {_one_line(result.exception)}")


@contextlib.contextmanager
def _database_named(project: Project) -> Iterator[None]:
    before = os.environ.get("GONGFU_BUILDING")
    os.environ["GONGFU_BUILDING"] = str(project.building)
    try:
        yield
    finally:
        if before is None:
            del os.environ["GONGFU_BUILDING"]
        else:
            os.environ["GONGFU_BUILDING"] = before


def _fact_hashes(project: Project) -> dict[str, tuple[int, str]]:
    """Row count and an order-free hash of every fact table."""
    import duckdb

    with duckdb.connect(str(project.building)) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = $schema", {"schema": _FACT_SCHEMA}
        ).fetchall()
        hashes = {}
        for (table,) in tables:
            query = f'select count(*), bit_xor(hash(rows)) from {_FACT_SCHEMA}."{table}" as rows'  # noqa: S608 - dbt's name
            count, state = connection.execute(query).fetchone() or (0, None)
            hashes[str(table)] = (int(count), str(state))
    return hashes


def _marts_that_read(project: Project, changed: set[str]) -> list[str]:
    import json

    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    parents: dict[str, list[str]] = manifest["parent_map"]
    marts = {name for name, node in manifest["nodes"].items() if node["fqn"][1:2] == ["marts"] and _is_model(name)}
    reached = set(changed)
    growing = True
    while growing:
        found = {mart for mart in marts - reached if reached.intersection(parents[mart])}
        reached |= found
        growing = bool(found)
    return sorted(marts & reached)


def _is_model(unique_id: str) -> bool:
    return unique_id.startswith("model.")


def _state_of_dbt_project(project: Project) -> str:
    fingerprint = of_project(project)
    return hash_of_files([], salt=fingerprint.code + fingerprint.seeds)


def _one_line(message: object) -> str:
    return " ".join(str(message or "").split())[:500]
