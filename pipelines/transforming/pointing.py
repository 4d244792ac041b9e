"""The rows that break a check: a few of them in words, and the sources at which all of them point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.transforming.outcome import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from pipelines.transforming.sent import SentTest

#: So many rows are kept of each test that did not pass.
_EXAMPLES = 5

#: How a row says whose it is: by column, in the order of what is surest.
_SAYS = {
    "source_id": "[source_id]",
    "figure_id": "[split_part(figure_id, ':', 1)]",
    "figure_ids": "list_transform(figure_ids, lambda id: split_part(id, ':', 1))",
}
#: dbt's own tests name the column that they test by words of their own.
_DBTS_OWN = ("value_field", "from_field")


def failing(connection: DuckDBPyConnection, test: SentTest) -> tuple[tuple[str, ...], frozenset[str]]:
    """A few of the rows that break a test, one line each, and whose all of them are, by the test's own query.

    Args:
        connection: to the file being built.
        test: a test that rows break; nothing is told of one whose query does not run.
    """
    import duckdb

    try:
        cursor = connection.execute(f"select * from ({test.rows}) order by all limit {_EXAMPLES}")  # noqa: S608 - dbt's
        names = [column[0] for column in cursor.description or []]
        examples = tuple(_example(names, row) for row in cursor.fetchall())
        return examples, sources_pointed_at(connection, test)
    except duckdb.Error:
        return (), frozenset()


def sources_pointed_at(connection: DuckDBPyConnection, test: SentTest) -> frozenset[str]:
    """The sources of the rows that break a test; none where neither they nor the table that it guards can tell."""
    broken = f"({test.rows})"
    tested, guarded = test.column, test.guarded
    columns = {  # what a column of the failing rows means: its name there
        tested if name in _DBTS_OWN and tested else name: name
        for name in _columns_of(connection, f"select * from {broken}")  # noqa: S608 - dbt's
    }
    own = _expression(list(columns))
    if own is not None:
        renamed = ", ".join(f'"{name}" as "{meant}"' for meant, name in columns.items())
        return _distinct(connection, own, f"(select {renamed} from {broken})")  # noqa: S608 - dbt's
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
        f"(select guarded.* from {guarded} as guarded where exists (select 1 from {broken} as failing where {same}))",  # noqa: S608 - dbt's
    )


def _columns_of(connection: DuckDBPyConnection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"describe {query}").fetchall()]


def _expression(columns: Sequence[str]) -> str | None:
    return next((how for column, how in _SAYS.items() if column in columns), None)


def _distinct(connection: DuckDBPyConnection, expression: str, rows: str) -> frozenset[str]:
    query = f"select distinct unnest({expression}) from {rows}"  # noqa: S608 - dbt's
    return frozenset(str(row[0]) for row in connection.execute(query).fetchall() if row[0])


def _example(names: list[str], row: tuple[Any, ...]) -> str:
    """A row as one line: its findings where it has them, else its cells."""
    cells = dict(zip(names, row, strict=True))
    if "finding_zh" in cells:
        return f"{cells['finding_zh']} {cells['finding_en']}"
    return one_line(", ".join(f"{name}: {value}" for name, value in cells.items() if value is not None))
