"""Opens, attaches and closes DuckDB databases; nothing else in the project does.

A file that is being built has one writer, the process that builds it. Everybody else reads: the published file, one of
the earlier ones, or the one being built between two of its writer's steps.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

#: What a query of somebody else's may do: read this one file.
CLOSED: Mapping[str, bool] = {"enable_external_access": False, "lock_configuration": True}


@contextmanager
def reading(path: Path, *, closed: bool = False) -> Iterator[DuckDBPyConnection]:
    """A read-only connection to a file, closed at the end of the block.

    Args:
        path: the file.
        closed: the connection opens no other file and takes no setting.

    Raises:
        duckdb.Error: it is no database, or a writer holds it.
    """
    import duckdb

    with duckdb.connect(str(path), read_only=True, config=dict(CLOSED) if closed else {}) as connection:
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[DuckDBPyConnection]:
    """A connection that writes, to a file that is made where there is none; times are UTC.

    Raises:
        duckdb.Error: somebody else holds the file.
    """
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@contextmanager
def side_by_side(files: Mapping[str, Path]) -> Iterator[DuckDBPyConnection]:
    """A connection in memory that reads several files, each under its name.

    Args:
        files: by the name under which each is attached: a word of the caller's own, never from outside.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, path in files.items():
            quoted = str(path).replace("'", "''")  # attach takes no bound value
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        yield connection


def settle(path: Path) -> None:
    """Move everything that was written into the one file, and see that nobody has it open for writing.

    Raises:
        duckdb.Error: somebody has.
    """
    with writing(path) as connection:
        connection.execute("checkpoint")
    # DuckDB opens a file as read-only only where nobody, this process included, has it open for writing
    with reading(path):
        pass


def holder(error: Exception) -> str | None:
    """Who keeps DuckDB from opening a file; another process by its program and PID. None for any other error."""
    import duckdb

    if isinstance(error, (duckdb.ConnectionException, duckdb.TransactionException)):
        return "this process"
    found = re.search(r"held in (.+? \(PID \d+\))", str(error))
    return found[1] if found else None
