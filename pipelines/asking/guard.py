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

_KINDS = ("SELECT", "FROM", "WITH", "VALUES", "PIVOT", "DESCRIBE", "SUMMARIZE", "SHOW")
#: Seconds between two interrupts.
_PAUSE = 0.05
READS = f"one statement that reads is taken: {', '.join(_KINDS[:-1])} or {_KINDS[-1]}"
READS_ZH = f"只接受一条只读语句：{'、'.join(_KINDS)}"


class QueryRefused(Exception):
    """The query was not run, or not to its end; the message is one line for a person, `zh` the same in Chinese."""

    def __init__(self, message: str, *, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh or message


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
        raise QueryRefused(
            f"it needs over {within.memory} of memory; ask for less", zh=f"所需内存超过{within.memory}；请缩小查询"
        ) from None
    except duckdb.PermissionException:
        raise QueryRefused(
            "it opens a file; only the warehouse can be read, and a CSV given as --with FILE",
            zh="查询要打开文件；只可读取仓库，以及用--with FILE给出的CSV",
        ) from None
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
        raise QueryRefused(f"it is empty; {READS}", zh=f"查询为空；{READS_ZH}")
    *before, last = statements
    made_by_pivot = all(one.type == duckdb.StatementType.CREATE and not one.query.strip() for one in before)
    if last.type != duckdb.StatementType.SELECT or not made_by_pivot:
        kinds = "; ".join(one.type.name for one in statements)
        raise QueryRefused(f"it is {kinds}; {READS}", zh=f"查询为{kinds}；{READS_ZH}")


def _answer(connection: DuckDBPyConnection, query: str, limits: Limits) -> Answer:
    cursor = connection.execute(query)
    columns = [str(column[0]) for column in cursor.description or []]
    rows = cursor.fetchmany(limits.rows)
    if cursor.fetchone() is not None:
        raise QueryRefused(
            f"it gives over {limits.rows} rows; narrow it, or take whole tables with `gongfu export`",
            zh=f"结果超过{limits.rows}行；请缩小查询，整表用`gongfu export`",
        )
    return Answer(columns, rows)


@contextmanager
def _stopped_after(seconds: float, connection: DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what runs within the block after so many seconds, again and again until the block ends.

    DuckDB forgets an interrupt when the next query begins, so one that comes just before the query would stop nothing.
    """
    import duckdb

    over, ended = threading.Event(), threading.Event()

    def stop() -> None:
        while not ended.wait(_PAUSE if over.is_set() else seconds):
            over.set()
            connection.interrupt()

    watch = threading.Thread(target=stop, daemon=True)
    watch.start()
    try:
        yield
    except duckdb.Error:
        if over.is_set():
            raise QueryRefused(
                f"it ran for over {seconds:g} seconds and was stopped; ask for less",
                zh=f"执行超过{seconds:g}秒，已停止；请缩小查询",
            ) from None
        raise
    finally:
        ended.set()
        watch.join()  # an interrupt must not meet a connection that is being closed


def _said_by(error: Exception) -> str:
    """DuckDB's message and its help on one line, without the picture of the place."""
    told = str(error).partition("\n\nLINE ")[0]
    return visible(" ".join(told.split()))
