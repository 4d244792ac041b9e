"""Ten million observations: how long every mart takes to build, in how much memory, and what an as-of query costs.

The real observations are copied so many times, each copy about other places and from other sources; then dbt's own
compiled models run over them, one after another, on two threads.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.project import Project, current
from tests.sabotage.laboratory import compile_models

SIZE = int(os.environ.get("GONGFU_BENCH_OBSERVATIONS", "10000000"))
MEMORY = "5GB"


def main() -> None:
    """Print seconds per model, the peak of the process's memory, and the as-of queries."""
    project = current()
    with tempfile.TemporaryDirectory() as folder:
        copy = Project(Path(folder) / "project")
        shutil.copytree(project.dbt, copy.dbt, ignore=shutil.ignore_patterns("target"))
        copy.warehouse.mkdir()
        shutil.copyfile(project.published, copy.published)
        models = compile_models(copy)
        order = in_order(copy)
        path = Path(folder) / "gongfu.duckdb"
        shutil.copyfile(project.published, path)
        path.chmod(0o644)
        with duckdb.connect(str(path), config={"threads": 2, "memory_limit": MEMORY}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("set preserve_insertion_order = false")
            connection.execute(f"set temp_directory = '{folder}/spill'")
            grow(connection)
            slowest = 0.0
            for schema, name in order:
                began = time.monotonic()
                connection.execute(f"create or replace table {schema}.{name} as {models[name]}")
                seconds = time.monotonic() - began
                slowest = max(slowest, seconds)
                rows = connection.execute(f"select count(*) from {schema}.{name}").fetchone()  # noqa: S608
                print(f"{seconds:>7.1f} s {rows[0] if rows else 0:>10} rows  {schema}.{name}", flush=True)
            print(f"slowest {slowest:.1f} s; memory of the process {peak():.1f} GB at most (DuckDB's limit {MEMORY})")
            as_of(connection)


def grow(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the observations, and what they refer to, until there are enough."""
    (rows,) = connection.execute("select count(*) from facts.observations").fetchone() or (0,)
    copies = -(-SIZE // rows)
    renamed = "ref_area || case copies.n when 0 then '' else ':' || copies.n end as ref_area"
    for table, columns in (
        ("facts.observations", f"figure_id || ':' || n as figure_id, {renamed}"),
        ("reference.areas", renamed),
        ("reference.latest_areas", renamed),
    ):
        connection.execute(
            f"create or replace table {table} as "  # noqa: S608 - constants
            f"select * replace ({columns}) from {table}, range({copies}) as copies(n)"
        )
    (grown,) = connection.execute("select count(*) from facts.observations").fetchone() or (0,)
    print(f"{grown} observations, {copies} copies of {rows}")


def in_order(project: Project) -> list[tuple[str, str]]:
    """Schema and name of the fact tables and marts, each after what it reads."""
    manifest = json.loads((project.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
    wanted = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"].endswith(("facts", "marts"))
        and node["name"] != "observations"
    }
    done: list[str] = []

    def visit(key: str) -> None:
        for parent in wanted[key]["depends_on"]["nodes"]:
            if parent in wanted and parent not in done:
                visit(parent)
        if key not in done:
            done.append(key)

    for key in sorted(wanted):
        visit(key)
    return [("facts" if wanted[key]["schema"].endswith("facts") else "marts", wanted[key]["name"]) for key in done]


def as_of(connection: duckdb.DuckDBPyConnection) -> None:
    """What was known on a day, of one series and of one indicator everywhere."""
    for what, where in (
        ("one series", "indicator = 'gdp' and ref_area = '330000'"),
        ("one place", "ref_area = '330000'"),
        ("one indicator, every place", "indicator = 'gdp'"),
    ):
        took = []
        for _ in range(3):
            began = time.monotonic()
            found = connection.execute(
                f"select count(*), sum(obs_value) from facts.observations_as_of(date '2024-06-30') where {where}"  # noqa: S608
            ).fetchone()
            took.append(time.monotonic() - began)
        print(f"as of a day, {what}: {sorted(took)[1]:.2f} s, {found[0] if found else 0} rows")


def peak() -> float:
    """The most memory that this process ever held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


if __name__ == "__main__":
    main()
