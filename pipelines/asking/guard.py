"""A query that somebody else wrote, on a built warehouse: one statement that reads, within limits.

What a statement is says DuckDB's own parse, not its words; what it may reach is bounded by the connection
(`pipelines.engine.database.closed`), so that a file opened deep inside a query is refused as well.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import closed
from pipelines.problems import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

READS = "one statement that reads is taken: SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE or SHOW"


class QueryRefused(Exception):
    """The query was not run, or not to its end; the message is one line for a person."""


@dataclass(frozen=True)
class Limits:
    """What one query may take.

    Attributes:
        seconds: of running and handing over.
        memory: of DuckDB, in its own words; nothing is written to disk when that is used up.
        rows: of the answer.
    """

    seconds: float = 60
    memory: str = "2GB"
    rows: int = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What a query gave.

    Attributes:
        columns: names, as the query has them.
        rows: all of them.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(path: Path, query: str, *, csv: Path | None = None, limits: Limits | None = None) -> Answer:
    """Run one reading statement on a warehouse file.

    Args:
        path: of the warehouse.
        query: the statement.
        csv: a file that the query may read besides, as the table of its name (`mine` for mine.csv).
        limits: what it may take; by default `Limits()`.

    Raises:
        QueryRefused: it is no single reading statement, opens a file, is wrong, or goes beyond the limits.
    """
    import duckdb

    within = limits or Limits()
    tables = {csv.stem: csv} if csv else {}
    try:
        _must_read(query)
        with closed(path, memory=within.memory, csv=tables) as connection, _stopped_after(within.seconds, connection):
            return _answer(connection, query, within)
    except duckdb.OutOfMemoryException:
        raise QueryRefused(f"it needs over {within.memory} of memory; ask for less") from None
    except duckdb.PermissionException:
        raise QueryRefused("it opens a file; only the warehouse can be read, and a CSV given as --with FILE") from None
    except (duckdb.Error, UnicodeError) as error:
        raise QueryRefused(_said_by(error)) from None


def _must_read(query: str) -> None:
    """Refuse what is not one statement that reads.

    DuckDB takes a PIVOT over unnamed values as a temporary type and a SELECT; a statement that it made so itself has
    no text of its own.
    """
    import duckdb

    statements = duckdb.extract_statements(query)
    if not statements:
        raise QueryRefused(f"it is empty; {READS}")
    *before, last = statements
    made_by_pivot = all(one.type == duckdb.StatementType.CREATE and not one.query.strip() for one in before)
    if last.type != duckdb.StatementType.SELECT or not made_by_pivot:
        kinds = "; ".join(one.type.name for one in statements)
        raise QueryRefused(f"it is {kinds}; {READS}")


def _answer(connection: DuckDBPyConnection, query: str, limits: Limits) -> Answer:
    cursor = connection.execute(query)
    columns = [str(column[0]) for column in cursor.description or []]
    rows = cursor.fetchmany(limits.rows + 1)
    if len(rows) > limits.rows:
        raise QueryRefused(f"it gives over {limits.rows} rows; narrow it, or take whole tables with `gongfu export`")
    return Answer(columns, rows)


@contextmanager
def _stopped_after(seconds: float, connection: DuckDBPyConnection) -> Iterator[None]:
    import duckdb

    over = threading.Event()

    def stop() -> None:
        over.set()
        connection.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.Error:
        if over.is_set():
            raise QueryRefused(f"it ran for over {seconds:g} seconds and was stopped; ask for less") from None
        raise
    finally:
        timer.cancel()
        timer.join()  # an interrupt must not meet a connection that is being closed


def _said_by(error: Exception) -> str:
    """DuckDB's message and its help on one line, without the picture of the place."""
    told = str(error).partition("\n\nLINE ")[0]
    return visible(" ".join(told.split()))
