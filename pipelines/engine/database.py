"""Opens, attaches and closes DuckDB databases; nothing else in the project does.

A file that is being built has one writer, the process that builds it. Everybody else reads: the published file, one of
the earlier ones, or the one being built between two of its writer's steps.
"""

from __future__ import annotations

import glob
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

#: The name of a file that is attached to a connection's own memory; views of a warehouse name it so.
ATTACHED_AS = "gongfu"


@contextmanager
def reading(path: Path) -> Iterator[DuckDBPyConnection]:
    """A read-only connection to a file, closed at the end of the block.

    Raises:
        duckdb.Error: it is no database, or a writer holds it.
    """
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def opened_apart(path: Path, *, memory: str, spill: Path, disk: str) -> DuckDBPyConnection:
    """A read-only connection to the file that bears a name now, for a process that stays while files are replaced.

    Whoever opens a name twice in one process is given the first file again, even after another has taken its place:
    DuckDB shares what is open by its name. Attached to an own memory, a file is opened anew each time.

    Args:
        path: the database; attached as `ATTACHED_AS`, which each cursor has to `use`.
        memory: at most so much, in DuckDB's words (`1GB`).
        spill: the folder for what does not fit into memory, made when it is first needed.
        disk: what may lie there at most, in DuckDB's words; a query that needs more ends with an error.

    Raises:
        duckdb.Error: it is no database, or a writer holds it.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(config=settings)
    try:
        # among the settings above, DuckDB 1.5 would show this one and not keep to it
        connection.execute(f"set max_temp_directory_size = '{disk}'")
        connection.execute(f"attach '{_quoted(path)}' as {ATTACHED_AS} (read_only)")
    except duckdb.Error:
        connection.close()
        raise
    return connection


@contextmanager
def closed(path: Path, *, memory: str, csv: Mapping[str, Path]) -> Iterator[DuckDBPyConnection]:
    """A connection for a query that somebody else wrote: it reads one file, and reaches nothing else.

    No file is opened, read or written, not even the warehouse's own log, to which DuckDB lets a closed connection
    write; no setting is taken; no variable of this program is a table; what does not fit into memory is not spilled.

    Args:
        path: the database; attached as `gongfu`, and its tables are found without that name.
        memory: at most so much, in DuckDB's words (`2GB`).
        csv: files that are taken into memory before the connection is closed, by the name of their table.

    Raises:
        duckdb.Error: it is no database, a writer holds it, or a CSV cannot be read.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": "",
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(f"attach '{_quoted(path)}' as gongfu (read_only)")
        connection.execute("use gongfu")
        for name, file in csv.items():
            quoted = name.replace('"', '""')
            connection.execute(f'create temp table "{quoted}" as from read_csv(?)', [glob.escape(str(file))])
        connection.execute("set enable_external_access = false")
        connection.execute("set disabled_filesystems = 'LocalFileSystem'")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def writing(path: Path, beside: Mapping[str, Path] | None = None) -> Iterator[DuckDBPyConnection]:
    """A connection that writes, to a file that is made where there is none; times are UTC.

    Args:
        path: the file.
        beside: files to read from, by the name under which each is attached: a word of the caller's own.

    Raises:
        duckdb.Error: somebody else holds the file.
    """
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        _attach(connection, beside or {})
        yield connection


def insert(
    connection: DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]], *, replacing: bool = False
) -> None:
    """Insert rows by one statement that binds a list a column: a statement a row takes a hundred times as long.

    Args:
        connection: that writes.
        table: its name, a word of the caller's own.
        rows: all with the columns of the first, whose names are the caller's own; columns not named stay empty.
        replacing: put a row in the place of the one with its primary key.
    """
    if rows:
        names = list(rows[0])
        connection.execute(
            f"insert {'or replace ' * replacing}into {table} ({', '.join(names)}) "
            f"select {', '.join(['unnest(?)'] * len(names))}",
            [[row[name] for row in rows] for name in names],
        )


@contextmanager
def in_memory() -> Iterator[DuckDBPyConnection]:
    """A connection to nothing but memory; times are UTC."""
    import duckdb

    with duckdb.connect() as connection:
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
        _attach(connection, files)
        yield connection


def _attach(connection: DuckDBPyConnection, files: Mapping[str, Path]) -> None:
    for name, path in files.items():
        connection.execute(f"attach '{_quoted(path)}' as {name} (read_only)")


def _quoted(path: Path) -> str:
    """A path within single quotes, where DuckDB takes no bound value."""
    return str(path).replace("'", "''")


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
