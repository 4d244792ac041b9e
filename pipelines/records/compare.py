"""`make spark`: the same models on DuckDB and on a Spark cluster, every firm compared.

Grades must be identical and points agree within 1e-9. The cluster runs in an environment of its own, `.venv-spark`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import in_memory
from pipelines.problems import BuildStopped
from pipelines.project import current
from pipelines.records import areas
from pipelines.records.demonstration import PERIOD, RULES
from pipelines.records.evaluation import evaluate, plan_for
from pipelines.records.places import RecordsPlace, records_of
from pipelines.records.rules.check import load_valid
from pipelines.records.rules.plan import Run

if TYPE_CHECKING:
    from pipelines.project import Project

#: Points of the two engines may differ by so much: the order in which doubles are added is theirs.
TOLERANCE = 1e-9
_MODELS = ("+fct_enterprise_evaluation", "mart_enterprise_grades")


@dataclass
class Comparison:
    """Both engines on the same records.

    Attributes:
        firms: compared.
        other_grades: firms whose grade, status or reason differs.
        furthest: the largest difference of any points or score.
        duckdb_seconds: of each model.
        spark: the cluster's report.
    """

    firms: int
    other_grades: int
    furthest: float
    duckdb_seconds: dict[str, float] = field(default_factory=dict)
    spark: dict[str, Any] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """No grade differs, and no points by more than the tolerance."""
        return self.firms > 0 and not self.other_grades and self.furthest <= TOLERANCE


def compare(project: Project, place: RecordsPlace, folder: Path, *, cores: int = 1) -> Comparison:
    """Evaluate on both and compare.

    Args:
        project: whose rules and models to take.
        place: where the records lie.
        folder: for the cluster's files.
        cores: of each of two workers; 0 runs Spark in one process.

    Raises:
        BuildStopped: the cluster did not come through.
    """
    rules = [load_valid(project.root / "rules" / "land_productivity" / f"{name}.yaml") for name in RULES]
    areas.write_memberships(project, place.folder / "areas.parquet")
    plan = plan_for(place, rules, [Run(str(PERIOD), PERIOD, RULES)])
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "duckdb.duckdb"
    database.unlink(missing_ok=True)
    outcome = evaluate(project, database, plan, select=_MODELS, command="run")
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (folder / "select.json").write_text(json.dumps(_MODELS), encoding="utf-8")
    on_cluster(project, folder, str(cores))
    report = json.loads((folder / "spark.json").read_text(encoding="utf-8"))
    comparison = _compared(database, folder / "spark_results", plan["indicators"])
    comparison.duckdb_seconds, comparison.spark = outcome.seconds, report
    return comparison


def on_cluster(project: Project, folder: Path, how: str) -> str:
    """Run `pipelines/records/cluster.py` in its environment; gives what it printed.

    Raises:
        BuildStopped: there is no such environment, or the run failed.
    """
    python = project.root / ".venv-spark" / "bin" / "python"
    if not python.is_file():
        raise BuildStopped("there is no .venv-spark; `make spark` makes it · 缺少 Spark 环境")
    script = Path(__file__).with_name("cluster.py")
    models = project.dbt / "records"
    done = subprocess.run(  # noqa: S603 - our own script
        [str(python), str(script), str(folder), str(models), how],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join((done.stdout[-1500:] + done.stderr[-1500:]).split())
        raise BuildStopped(f"Spark did not come through: {said[-800:]}", zh=f"Spark未能完成：{said[-800:]}")
    return done.stdout


def _compared(database: Path, results: Path, indicators: list[str]) -> Comparison:
    numbers = ["score", "rank_in_group", *(f"{name}_points" for name in indicators)]
    furthest = ", ".join(f"abs(coalesce(a.{name}, -1) - coalesce(b.{name}, -1))" for name in numbers)
    quoted = str(database).replace("'", "''")
    with in_memory() as duck:
        duck.execute(f"attach '{quoted}' as ours (read_only)")
        row = duck.execute(
            "select count(*), count(*) filter (a.grade is distinct from b.grade or a.status is distinct from b.status "  # noqa: S608 - names of the plan
            "or a.status_reason is distinct from b.status_reason or a.firm_id is null or b.firm_id is null), "
            f"max(greatest({furthest})) from ours.fct_enterprise_evaluation as a "
            "full join read_parquet(?) as b on a.firm_id = b.firm_id and a.run = b.run",
            [str(results / "*.parquet")],
        ).fetchone()
    firms, other, far = row or (0, 0, 0.0)
    return Comparison(int(firms), int(other), float(far or 0.0))


def main() -> None:
    """Compare over the demonstration's records; exit with 1 where the engines disagree."""
    project = current()
    place = records_of(project, "land_productivity")
    if not place.entities.is_file():
        sys.exit("gongfu: no records yet; run `make records` first · 请先运行 make records")
    try:
        folder = place.folder / "spark"
        comparison = compare(project, place, folder)
        print(on_cluster(project, folder, "parse").strip().splitlines()[-1])
    except BuildStopped as stopped:
        sys.exit(f"gongfu: {stopped}")
    ours, theirs = sum(comparison.duckdb_seconds.values()), sum(comparison.spark["seconds"].values())
    print(
        f"{comparison.firms} firms · {comparison.other_grades} grades differ · points differ by at most {comparison.furthest:.1e}"  # noqa: E501
    )
    print(
        f"models: DuckDB {ours:.1f} s, Spark {theirs:.1f} s (and {comparison.spark['start_seconds']:.1f} s to start, {comparison.spark['pyspark']})"  # noqa: E501
    )
    sys.exit(0 if comparison.agrees else 1)


if __name__ == "__main__":
    main()
