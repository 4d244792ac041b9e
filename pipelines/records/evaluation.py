"""Run the dbt models of this wing over the records of output per mu, into a file with a row per firm.

The file is `warehouse/records/land_productivity/work.duckdb`; it never leaves. dbt is imported only here and only
when it runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.problems import BuildStopped
from pipelines.records.registers import register
from pipelines.records.rules.plan import Run, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.records.places import RecordsPlace
    from pipelines.records.rules.check import CheckedRule


@dataclass
class Outcome:
    """What dbt did.

    Attributes:
        seconds: of each model, without dbt's start.
        failed: tests that found something, and models that could not run, with dbt's message.
        start_seconds: importing dbt and parsing the project.
        processor_seconds: of all nodes together; a busy machine stretches `seconds`, not these.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    processor_seconds: float = 0.0
    failed: dict[str, str] = field(default_factory=dict)
    start_seconds: float = 0.0


def plan_for(
    place: RecordsPlace,
    rules: Sequence[CheckedRule],
    runs: Sequence[Run],
    *,
    scales: Sequence[str] = ("above", "below"),
    with_scale: bool = False,
) -> dict[str, Any]:
    """The plan of these runs over the records at `place`.

    Args:
        place: where the records lie.
        rules: all that the runs name.
        runs: which evaluations to make.
        scales: of the firms whose tables leave.
        with_scale: whether these tables are broken down by scale too.
    """
    disclosure = register("land_productivity").disclosure
    rules_of_disclosure = {
        "threshold": disclosure.threshold,
        "dominance": [[n, str(k)] for n, k in disclosure.dominance],
        "p_percent": str(disclosure.p_percent),
    }
    plan = plan_of(rules, runs)
    every_item = str(place.deliveries / "*" / "accepted" / "*" / "*" / "*.parquet")
    plan["records"] = {
        "firms": [str(place.entities)],
        "items": _needed_files(place, plan) or [every_item],
        "every_item": [every_item],
        "areas": [str(place.folder / "areas.parquet")],
    }
    return plan | {
        "disclosure": rules_of_disclosure,
        "with_scale": with_scale,
        "scales": list(scales),
        "poor_at_most": 0,
    }


def _needed_files(place: RecordsPlace, plan: dict[str, Any]) -> list[str]:
    """Patterns of the files with the items and years that the rules need; the others are not opened."""
    needed = {(run["period"] - ago, item) for run in plan["runs"] for item, ago in plan["items"]}
    # the tables that leave need these, whatever the rules ask for
    needed |= {(run["period"], item) for run in plan["runs"] for item in ("land_used", "tax_paid", "value_added")}
    patterns = [f"*/accepted/period={period}/item={item}/*.parquet" for period, item in sorted(needed)]
    return [str(place.deliveries / pattern) for pattern in patterns if any(place.deliveries.glob(pattern))]


def evaluate(
    project: Project,
    database: Path,
    plan: dict[str, Any],
    *,
    select: Sequence[str] = ("+tag:enterprise",),
    command: str = "build",
) -> Outcome:
    """Run the models that `select` names.

    Args:
        project: whose dbt_project/ to run.
        database: the DuckDB file that the models are written into.
        plan: as `plan_for` gives it.
        select: dbt's words for which models.
        command: `build` also runs the tests, `run` does not.

    Raises:
        BuildStopped: dbt could not run at all.
    """
    began = time.monotonic()
    from dbt.cli.main import dbtRunner

    folder = project.dbt / "records"
    database.parent.mkdir(parents=True, exist_ok=True)
    outcome = Outcome()
    (database.parent / f"{database.stem}_plan.json").write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    where = [
        "--project-dir",
        str(folder),
        "--profiles-dir",
        str(folder),
        "--target-path",
        str(database.parent / "target"),
    ]
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-use-colors"]
    variables = ["--vars", json.dumps({"plan": plan}, ensure_ascii=False)]
    with _database_named(database):
        parsed = dbtRunner().invoke(["parse", *where, *quiet, *variables])
        if not parsed.success:
            told = " ".join(str(parsed.exception).split())[:500]
            raise BuildStopped(f"the models of records do not parse: {told}", zh=f"登记册模型无法解析：{told}")
        outcome.start_seconds = time.monotonic() - began
        clock = _Clock()
        runner = dbtRunner(manifest=parsed.result, callbacks=[clock.on_event])  # type: ignore[arg-type] # parse gives a manifest
        done = runner.invoke([command, *where, *quiet, *variables, "--select", *select])
        _closed()
    outcome.processor_seconds = clock.seconds
    if done.exception is not None and done.result is None:
        told = " ".join(str(done.exception).split())[:500]
        raise BuildStopped(f"dbt could not run: {told}", zh=f"dbt未能运行：{told}")
    for one in getattr(done.result, "results", []):
        if one.node.resource_type == "model":
            outcome.seconds[one.node.name] = float(one.execution_time)
        if str(one.status) not in ("success", "pass"):
            outcome.failed[one.node.name] = " ".join(str(one.message).split())[:500]
    return outcome


class _Clock:
    """Processor seconds between the start and the end of each node; they run one after another."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    def on_event(self, event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        if event.info.name == "NodeStart":
            self._began = time.process_time()
        elif event.info.name == "NodeFinished":
            self.seconds += time.process_time() - self._began


def _closed() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call] # else the file stays held


@contextlib.contextmanager
def _database_named(database: Path) -> Iterator[None]:
    before = os.environ.get("GONGFU_RECORDS")
    os.environ["GONGFU_RECORDS"] = str(database)
    try:
        yield
    finally:
        if before is None:
            del os.environ["GONGFU_RECORDS"]
        else:
            os.environ["GONGFU_RECORDS"] = before
