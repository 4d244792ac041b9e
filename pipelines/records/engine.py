"""The one place of this wing that opens a DuckDB connection."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


@contextmanager
def connection(path: Path | None = None, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file at `path`, or to a database in memory."""
    import duckdb

    opened = duckdb.connect(str(path) if path else ":memory:", read_only=read_only)
    try:
        yield opened
    finally:
        opened.close()
