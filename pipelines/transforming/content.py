"""What the tables of a file hold, as numbers that differ where the rows do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def content_of(connection: DuckDBPyConnection, relation: str | None) -> tuple[Any, ...] | None:
    """A relation's columns with their types, the number of its rows and a sum over their hashes, whatever their order.

    None where it is not there, or cannot be read to its end.
    """
    import duckdb

    try:
        columns = [column[:2] for column in connection.execute(f"describe {relation}").fetchall()]
        rows = connection.execute(f"select count(*), sum(hash(content)) from {relation} as content").fetchone()  # noqa: S608 - dbt's own name
    except duckdb.Error:
        return None
    return (*columns, rows)
