"""The tables of a warehouse as they are: which there are, what their columns mean, and their rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.asking.warehouse import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from pipelines.asking.warehouse import Warehouse

#: Where the English of a comment ends and its Chinese begins.
_TWO_LANGUAGES = re.compile(r"(?<=[.!?)`]) (?=[\u4e00-\u9fff])")
#: How columns that name one figure, or several, end.
_FIGURES = ("figure_id", "figure_ids", "compared_with")
#: What is asked for where no schema is named.
DEFAULT_SCHEMA = "marts"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        comment: what it means, in Chinese and English, with its unit; None where nothing is said.
    """

    name: str
    data_type: str
    comment: str | None

    def meaning(self, language: str) -> str:
        """What it holds, in `zh` or `en`."""
        return _in_language(self.comment, language)


@dataclass(frozen=True)
class Table:
    """A table or view of a published schema, with its columns in their order; `rows` is an estimate."""

    schema: str
    name: str
    comment: str | None
    rows: int | None
    columns: tuple[Column, ...]

    def meaning(self, language: str) -> str:
        """What it holds, in `zh` or `en`."""
        return _in_language(self.comment, language)

    @property
    def full_name(self) -> str:
        """Schema and name, as a query writes them."""
        return f"{self.schema}.{self.name}"


_TABLES = """
    select schema_name as schema, table_name as name, comment, estimated_size as rows
    from duckdb_tables() where database_name = current_database() and not internal
    union all
    select schema_name, view_name, comment, null
    from duckdb_views() where database_name = current_database() and not internal
    order by schema, name
"""
_COLUMNS = """
    select schema_name as schema, table_name as name, column_name, data_type, comment
    from duckdb_columns() where database_name = current_database() and not internal
    order by schema_name, table_name, column_index
"""


def tables(warehouse: Warehouse, *schemas: str) -> list[Table]:
    """The tables and views of these schemas, or of all, by schema and name."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in warehouse.rows(_COLUMNS):
        of_table = columns.setdefault((row["schema"], row["name"]), [])
        of_table.append(Column(row["column_name"], row["data_type"], row["comment"]))
    return [
        Table(**row, columns=tuple(columns.get((row["schema"], row["name"]), ())))
        for row in warehouse.rows(_TABLES)
        if not schemas or row["schema"] in schemas
    ]


def table_named(warehouse: Warehouse, name: str) -> Table:
    """The table of this name, `schema.table`, or of the marts where no schema is named.

    Raises:
        UnknownName: there is none.
    """
    schema, _, own = name.rpartition(".")
    for each in tables(warehouse, schema or DEFAULT_SCHEMA):
        if each.name == own:
            return each
    message = f'there is no table {name}; `gongfu sql "show all tables"` lists them'
    raise UnknownName("table", name, message, zh=f'没有表{name}；`gongfu sql "show all tables"`列出全部')


def rows_of(warehouse: Warehouse, table: Table) -> Iterator[tuple[Any, ...]]:
    """All rows of a table, fetched little by little, in the order of its columns."""
    return warehouse.table(f"select * from {_quoted(table)}")[1]


def sources_in(table: Table, rows: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """The sources that rows of a table stand on, by the columns that name a source or the figures of a row."""
    return tuple(sorted({source for row in rows for source in sources_of_row(table, row)}))


def sources_of_row(table: Table, row: Sequence[Any]) -> set[str]:
    """The sources that one row stands on."""
    return {
        source
        for column, value in zip(table.columns, row, strict=True)
        for source in _sources_named(column.name, value)
    }


def names_sources(table: Table) -> bool:
    """Whether a row of the table says what it stands on."""
    return any(column.name == "source_id" or column.name.endswith(_FIGURES) for column in table.columns)


def _sources_named(column: str, value: Any) -> set[str]:  # noqa: ANN401 - any DuckDB value
    if column == "source_id":
        return {value} - {None, "*"}
    if not column.endswith(_FIGURES):
        return set()
    return {each.split(":")[0] for each in ([value] if isinstance(value, str) else value or ())}


def frame_of(warehouse: Warehouse, table: Table) -> pd.DataFrame:
    """All rows of a table as a data frame."""
    return warehouse.frame(f"select * from {_quoted(table)}")


def estimated_rows(warehouse: Warehouse) -> dict[str, int]:
    """About how many rows each table holds, by its full name; exact where no row was ever deleted."""
    return {each.full_name: each.rows for each in tables(warehouse) if each.rows is not None}


def _in_language(comment: str | None, language: str) -> str:
    """A comment is English, then Chinese, in one line."""
    english, _, chinese = _TWO_LANGUAGES.sub("\n", comment or "", count=1).partition("\n")
    return chinese or english if language == "zh" else english


def _quoted(table: Table) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in (table.schema, table.name))
