"""At which sources the failing rows of a check point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

#: How a row says whose it is: by column, in the order of what is surest.
_SAYS = {
    "source_id": "[source_id]",
    "figure_id": "[split_part(figure_id, ':', 1)]",
    "figure_ids": "list_transform(figure_ids, lambda id: split_part(id, ':', 1))",
}
#: dbt's own tests name the column that they test by words of their own.
_DBTS_OWN = ("value_field", "from_field")


def sources_pointed_at(connection: DuckDBPyConnection, test: Any, guarded: str | None) -> frozenset[str]:  # noqa: ANN401 - dbt's node
    """The sources of the rows that break a test; none where neither they nor the table that it guards can tell.

    Args:
        connection: to the file being built.
        test: dbt's node, with its compiled query.
        guarded: the table that it guards, quoted, or None.
    """
    failing = f"({test.compiled_code})"
    metadata = getattr(test, "test_metadata", None)  # a test of its own, not one of a table, has none
    tested = metadata.kwargs.get("column_name") if metadata else None
    columns = {  # what a column of the failing rows means: its name there
        tested if name in _DBTS_OWN and tested else name: name
        for name in _columns_of(connection, f"select * from {failing}")  # noqa: S608 - dbt's
    }
    own = _expression(list(columns))
    if own is not None:
        renamed = ", ".join(f'"{name}" as "{meant}"' for meant, name in columns.items())
        return _distinct(connection, own, f"(select {renamed} from {failing})")  # noqa: S608 - dbt's
    if guarded is None:
        return frozenset()
    of_table = _columns_of(connection, f"select * from {guarded}")  # noqa: S608 - dbt's
    shared = [(meant, name) for meant, name in columns.items() if meant in of_table]
    by_row = _expression(of_table)
    if by_row is None or not shared:
        return frozenset()
    same = " and ".join(f'guarded."{meant}" is not distinct from failing."{name}"' for meant, name in shared)
    return _distinct(
        connection,
        by_row,
        f"(select guarded.* from {guarded} as guarded where exists (select 1 from {failing} as failing where {same}))",  # noqa: S608 - dbt's
    )


def _columns_of(connection: DuckDBPyConnection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"describe {query}").fetchall()]


def _expression(columns: Sequence[str]) -> str | None:
    return next((how for column, how in _SAYS.items() if column in columns), None)


def _distinct(connection: DuckDBPyConnection, expression: str, rows: str) -> frozenset[str]:
    query = f"select distinct unnest({expression}) from {rows}"  # noqa: S608 - dbt's
    return frozenset(str(row[0]) for row in connection.execute(query).fetchall() if row[0])
