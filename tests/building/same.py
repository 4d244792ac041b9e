"""Whether two warehouse files say the same: every table, constraint, comment and check, but for what a clock wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What may differ between two builds of the same: when and in which of them a thing was done.
CLOCK_COLUMNS = {"quality.checks": ("checked_at", "checked_in")}
#: The build's own record names its time, its extent and how much it did.
OF_ONE_BUILD = ("quality.build",)

Content = dict[str, object]

_TABLES = """
    select schema_name || '.' || table_name from duckdb_tables() where not internal
    union all
    select schema_name || '.' || view_name from duckdb_views() where not internal
    order by 1
"""
_STRUCTURE = {
    "columns": """
        select schema_name, table_name, column_name, data_type, is_nullable, column_default, comment
        from duckdb_columns() where not internal order by schema_name, table_name, column_index
    """,
    "constraints": """
        select schema_name, table_name, constraint_type, constraint_text, constraint_column_names
        from duckdb_constraints() order by all
    """,
    "comments of tables": """
        select schema_name, table_name, comment from duckdb_tables() where not internal
        union all
        select schema_name, view_name, comment from duckdb_views() where not internal
        order by all
    """,
    # DuckDB writes down the columns of an EXCLUDE in no order of its own
    "macros": r"""
        select
            schema_name, function_name, parameters,
            list_sort(regexp_extract_all(macro_definition, '\w+|[^\w\s]')) as words
        from duckdb_functions() where not internal
        order by all
    """,
    "indexes": "select schema_name, table_name, sql from duckdb_indexes() order by all",
    "views": "select schema_name, view_name, sql from duckdb_views() where not internal order by all",
}


def content(path: Path) -> Content:
    """Of each table its rows, as a sorted list; and the structure of all."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found: Content = {name: connection.execute(query).fetchall() for name, query in _STRUCTURE.items()}
        for (table,) in connection.execute(_TABLES).fetchall():
            if table not in OF_ONE_BUILD:
                left_out = ", ".join(CLOCK_COLUMNS.get(table, ()))
                chosen = f"* exclude ({left_out})" if left_out else "*"
                found[table] = sorted(connection.execute(f"select {chosen} from {table}").fetchall(), key=repr)
    return found


def differences(one: Path, other: Path) -> list[str]:
    """A line for each thing that is not the same in both files."""
    return list(_differences(content(one), content(other)))


def _differences(one: Content, other: Content) -> Iterator[str]:
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            before, after = (list(each.get(name, [])) for each in (one, other))  # type: ignore[call-overload]
            only = [row for row in before if row not in after][:3], [row for row in after if row not in before][:3]
            yield f"{name}: {len(before)} and {len(after)} rows; only in the one {only[0]}, only in the other {only[1]}"
