"""Which sources a published file holds an earlier version of, or none, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.engine.database import reading

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class HeldBackSource:
    """A source whose newest version is not in the file.

    Attributes:
        source_id: whose.
        is_used: its last good version is in the file; else it is left out.
        reasons: one line each, with file, line and field.
    """

    source_id: str
    is_used: bool
    reasons: tuple[str, ...]


def held_back(path: Path) -> list[HeldBackSource]:
    """The sources that a warehouse file holds back, by name; none in a file of an older form."""
    import duckdb

    try:
        with reading(path) as connection:
            rows = connection.execute("""
                select
                    source_id,
                    last_good_version_is_used,
                    list(
                        file || coalesce(', line ' || line, '') || coalesce(', column ' || column_name, '') || ': '
                        || message_en
                        order by rule <> 'too_many_refused', line
                    )
                from quality.held_back group by all order by source_id
            """).fetchall()
    except duckdb.CatalogException:
        return []
    return [HeldBackSource(source_id, is_used, tuple(reasons)) for source_id, is_used, reasons in rows]
