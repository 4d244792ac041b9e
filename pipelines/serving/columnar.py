"""Rows as Parquet: types kept, exact decimals as decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def write_parquet(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write names and rows; the number of rows."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    found = list(rows)
    columns = zip(*found, strict=True) if found else ([] for _ in names)
    table = pa.Table.from_arrays([pa.array(list(column)) for column in columns], names=list(names))
    pq.write_table(table, path, compression="zstd")
    return len(found)
