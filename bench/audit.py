"""How long the audit takes, from ten thousand observations to a million.

The real figures are copied so many times, each copy as other places and other sources, so that every relation is found
in every copy; then dbt's own compiled models of the audit run over them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.project import Project, current
from tests.sabotage.laboratory import AUDIT_MODELS, PLAUSIBILITY_MODELS, compile_models

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Print a table: observations, relations found, seconds, and seconds against the smallest."""
    project = current()
    with tempfile.TemporaryDirectory() as folder:
        copy = Project(Path(folder) / "project")
        shutil.copytree(project.dbt, copy.dbt, ignore=shutil.ignore_patterns("target"))
        copy.warehouse.mkdir()
        shutil.copyfile(project.published, copy.published)
        models = compile_models(copy)
        print(f"{'observations':>13} {'relations':>10} {'audit s':>8} {'plausibility s':>15} {'times the rows':>15}")
        for size in SIZES:
            _measure(copy, models, Path(folder), size)


def _measure(project: Project, models: dict[str, str], folder: Path, size: int) -> None:
    path = folder / str(size) / "gongfu.duckdb"
    path.parent.mkdir()
    shutil.copyfile(project.published, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        (rows,) = connection.execute("select count(*) from facts.observations").fetchone() or (0,)
        copies = -(-size // rows)
        for table, columns in (
            (
                "facts.observations",
                "figure_id || ':' || n as figure_id, source_id || ':' || n as source_id, "
                "ref_area || ':' || n as ref_area",
            ),
            ("landing.printed_figures", "figure_id || ':' || n as figure_id, source_id || ':' || n as source_id"),
        ):
            connection.execute(
                f"create or replace table {table} as "  # noqa: S608 - constants
                f"select * replace ({columns}) from {table}, range({copies}) as copies(n)"
            )
        # a relation that names a place is looked for in every copy of it
        connection.execute(
            "create or replace table reference.areas as "  # noqa: S608
            "select * replace (ref_area || ':' || n as ref_area, parent || ':' || n as parent) "
            f"from reference.areas, range({copies}) as copies(n)"
        )
        began = time.monotonic()
        for name in AUDIT_MODELS:
            schema, _, table = name.partition("/")
            connection.execute(f"create or replace table {schema}.{table} as {models[table]}")
        seconds = time.monotonic() - began
        began = time.monotonic()
        for name in PLAUSIBILITY_MODELS:
            schema, _, table = name.partition("/")
            connection.execute(f"create or replace table {schema}.{table} as {models[table]}")
        plausibility = time.monotonic() - began
        (found,) = connection.execute("select count(*) from quality.audit").fetchone() or (0,)
        (total,) = connection.execute("select count(*) from facts.observations").fetchone() or (0,)
    print(f"{total:>13,} {found:>10,} {seconds:>8.1f} {plausibility:>15.1f} {total / rows:>15.0f}")


if __name__ == "__main__":
    main()
