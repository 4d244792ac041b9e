"""What the tables and columns of a file say of themselves: descriptions of the dbt project, as comments in the file.

dbt's own persist_docs would write a comment with every model that it builds, and none on what landing and the build
itself make; one pass at the end of a build writes what is not there yet, on all of them alike.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import writing
from pipelines.transforming.manifest import manifest_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.project import Project

#: A table, or one of its columns: schema, table, column ("" for the table itself).
Place = tuple[str, str, str]

_HELD = """
    select schema_name, table_name, '' as column_name, 'table' as kind, comment from duckdb_tables() where not internal
    union all
    select schema_name, view_name, '', 'view', comment from duckdb_views() where not internal
    union all
    select schema_name, table_name, column_name, 'column', comment from duckdb_columns() where not internal
"""


def describe(project: Project) -> int:
    """Write each description that the file being built does not carry yet.

    Returns:
        How many comments were written.
    """
    said = dict(_described(json.loads(manifest_path(project).read_text(encoding="utf-8"))))
    with writing(project.building) as connection:
        statements = [
            f"comment on {kind} {_named(schema, table, column)} is {_quoted(said[place])}"
            for schema, table, column, kind, comment in connection.execute(_HELD).fetchall()
            if (place := (schema, table, column)) in said and said[place] != comment
        ]
        connection.execute("begin")
        for statement in statements:
            connection.execute(statement)
        connection.execute("commit")
    return len(statements)


def _described(manifest: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    tables = [node for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}]
    for node in [*tables, *manifest["sources"].values()]:
        schema, table = node["schema"], node.get("alias") or node["name"]
        yield (schema, table, ""), _one_line(node["description"])
        for name, column in node["columns"].items():
            yield (schema, table, name), _one_line(column["description"])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _named(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names if name)


def _quoted(text: str) -> str:
    """A literal: COMMENT takes no parameters; the texts are the project's own."""
    return "'" + text.replace("'", "''") + "'"
