"""A small warehouse of one known content, and whether a file still is exactly that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.publishing import store

if TYPE_CHECKING:
    from pipelines.project import Project

CHECKOUT = Path(__file__).resolve().parents[2]
ROWS = 5_000


def write(path: Path, number: int, rows: int = ROWS) -> str:
    """A warehouse whose every row carries `number`; returns its version."""
    version = f"v{number:05d}"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists quality")
        # no bound parameter: the first one in a process makes duckdb look for numpy and pandas, a fifth of a second
        connection.execute(
            f"create or replace table quality.build as select '{version}' as version, now() as finished_at"
        )
        connection.execute(
            f"create or replace table figures as select {number} as version, i as figure_id, "
            f"{number} * 1000003 + i as obs_value, hash(i) as noise from range({rows}) r(i)"
        )
    return version


def publish(project: Project, number: int) -> str:
    """One whole build: begin, write, publish."""
    version = write(store.begin(project, keep_from_published=False), number)
    store.publish(project, version)
    return version


def whole_version(path: Path, rows: int = ROWS) -> str:
    """The version in a file, after checking that nothing else is in it."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return whole_version_on(connection, rows)


def whole_version_on(connection: duckdb.DuckDBPyConnection, rows: int = ROWS) -> str:
    """The same on an open connection."""
    found = connection.execute(
        """
        select (select version from quality.build), min(version), max(version), count(*), sum(obs_value - figure_id)
        from figures
        """
    ).fetchone()
    assert found is not None
    version, low, high, count, checksum = found
    number = int(version.removeprefix("v"))
    assert (low, high, count, checksum) == (number, number, rows, number * 1000003 * rows), found
    return str(version)


def python(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own that runs `program` on the checkout's code; its standard input ends when the test does."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=CHECKOUT,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(process: subprocess.Popen[str]) -> None:
    """Wait until it says its first line."""
    assert process.stdout is not None
    if not process.stdout.readline():
        raise AssertionError(process.communicate()[1])
