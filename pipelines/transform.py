"""dbt, run in this process: seeds, models, tests and unit tests into the file being built.

dbt takes seconds to import and to parse, so it is imported here only when it runs, its parsed project is kept for
the next run, and what cannot have changed is not run again (see `transform`).
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from pipelines.fingerprint import hash_of_files, of_project
from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.project import Project

Extent = Literal["everything", "changed_figures"]

#: Models between the landed figures and the observations; they are rebuilt whenever a figure changed.
_UP_TO_OBSERVATIONS = (
    "path:models/staging",
    "path:models/reference",
    "path:models/quality",
    "observations",
    "current_observations",
)
#: So many rows are kept of each test that did not pass.
_EXAMPLES = 5
#: The one check that reads every domain table at once.
_OVER_ALL_DOMAINS = "every_observation_is_in_exactly_one_domain_table"


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node.

    Attributes:
        unique_id: dbt's id, such as `model.gongfu.observations`.
        status: success, pass, warn, fail, error or skipped.
        failures: rows that broke a test.
        message: dbt's message, one line.
        seconds: how long it took.
        examples: a few of the rows that broke a test, one line each.
    """

    unique_id: str
    status: str
    failures: int | None
    message: str
    seconds: float
    examples: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """model, seed, test or unit_test."""
        return self.unique_id.partition(".")[0]


@dataclass
class Outcome:
    """All nodes of a transformation.

    Attributes:
        results: by unique id, every node that ran.
        is_partial: what could not differ was left out.
    """

    results: dict[str, NodeResult] = field(default_factory=dict)
    is_partial: bool = False

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
    _parsed(project)
    stamp.write_text(state, encoding="utf-8")
    return path


def transform(project: Project, extent: Extent, report: Callable[[NodeResult], None] = lambda _: None) -> Outcome:
    """Run dbt over the file being built.

    Args:
        project: whose dbt project to run.
        extent: `everything` runs every node. `changed_figures` is for a file that began as a copy of the published
            one, built by the same code from the same seeds: seeds and unit tests cannot differ and are left out, as
            are the tables of domains none of whose observations changed, and the marts that read only these.
        report: called with each node as it ends.

    Raises:
        BuildStopped: dbt could not run at all. Failing tests do not raise; they are in the outcome.
    """
    outcome = Outcome(is_partial=extent == "changed_figures")
    with _database_named(project):
        runner = _runner(project, outcome, report)
        if extent == "everything":
            _invoke(runner, ["build", *_where(project)], outcome)
            return outcome
        before = _state_of_domains(project)
        build = ["build", *_where(project), "--exclude-resource-type", "seed", "--exclude-resource-type", "unit_test"]
        # buildable: a check between a table that is made now and one that comes later waits for the later one
        build += ["--indirect-selection", "buildable", "--select"]
        _invoke(runner, [*build, *_UP_TO_OBSERVATIONS], outcome)
        if outcome.blocking:
            return outcome
        after = _state_of_domains(project)
        changed = {domain for domain in before | after if before.get(domain) != after.get(domain)}
        if changed:
            _invoke(runner, [*build, *_reached_by(project, changed), _OVER_ALL_DOMAINS], outcome)
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


def _runner(project: Project, outcome: Outcome, report: Callable[[NodeResult], None]) -> Any:  # noqa: ANN401 - dbt loads late
    """dbt with the project parsed once for all that it will run."""
    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        if event.info.name != "NodeFinished":
            return
        result = _node_result(event.data)
        outcome.results[result.unique_id] = result
        report(result)

    return dbtRunner(manifest=_parsed(project), callbacks=[on_event])


def _parsed(project: Project) -> Any:  # noqa: ANN401 - dbt loads late
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", *_where(project)])
    if not parsed.success:
        raise BuildStopped(f"the dbt project does not parse: {_one_line(parsed.exception)}")
    return parsed.result


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
    _add_examples(result.result, outcome)


def _add_examples(run: Any, outcome: Outcome) -> None:  # noqa: ANN401 - dbt loads late
    """A few of the rows behind each test that did not pass, found by the test's own query."""
    import duckdb

    broken = [one for one in getattr(run, "results", []) if one.node.resource_type == "test" and one.failures]
    if not broken:
        return
    with duckdb.connect(os.environ["GONGFU_BUILDING"], read_only=True) as connection:
        for one in broken:
            try:
                cursor = connection.execute(f"select * from ({one.node.compiled_code}) limit {_EXAMPLES}")  # noqa: S608 - dbt's
            except duckdb.Error:
                continue
            names = [column[0] for column in cursor.description or []]
            examples = tuple(_example(names, row) for row in cursor.fetchall())
            known = outcome.results[one.node.unique_id]
            outcome.results[one.node.unique_id] = replace(known, examples=examples)


def _example(names: list[str], row: tuple[Any, ...]) -> str:
    """A row as one line: its findings where it has them, else its cells."""
    cells = dict(zip(names, row, strict=True))
    if "finding_zh" in cells:
        return f"{cells['finding_zh']} {cells['finding_en']}"
    return _one_line(", ".join(f"{name}: {value}" for name, value in cells.items() if value is not None))


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


def _state_of_domains(project: Project) -> dict[str, tuple[int, str]]:
    """Row count and an order-free hash of each domain's observations."""
    import duckdb

    with duckdb.connect(str(project.building)) as connection:
        rows = connection.execute("""
            select indicators.domain, count(*), bit_xor(hash(observations))
            from facts.observations
            inner join reference.indicators on observations.indicator = indicators.indicator
            group by indicators.domain
        """).fetchall()
    return {str(domain): (int(count), str(state)) for domain, count, state in rows}


def _reached_by(project: Project, domains: set[str]) -> list[str]:
    """Names of the domain tables of these domains, and of the marts that read them or the observations."""
    import json

    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    marts = {name for name, node in models.items() if node["fqn"][1] == "marts"}
    reached = {f"model.gongfu.fct_{domain}" for domain in domains}
    sources_of_marts = reached | {"model.gongfu.observations", "model.gongfu.current_observations"}
    reached |= {mart for mart in marts if sources_of_marts.intersection(manifest["parent_map"][mart])}
    return sorted(models[name]["name"] for name in reached)


def _state_of_dbt_project(project: Project) -> str:
    fingerprint = of_project(project)
    return hash_of_files([], salt=fingerprint.code + fingerprint.seeds)


def _one_line(message: object) -> str:
    return " ".join(str(message or "").split())[:500]
