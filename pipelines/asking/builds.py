"""What a warehouse file says of its own making."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.engine.database import reading

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class BuildRecord:
    """The row of `quality.build`.

    Attributes:
        version: names the build; sorts by time.
        raw, seeds, code: hashes of what it was made from.
        extent: `everything`, or `changed_figures` where the rest was carried over from the build before.
        sources, sources_read: source folders there were, and of these how many were read anew.
        held_back: sources of which an earlier version is in the file, or none, because the new one is wrong.
        accepted, quarantined, unmapped: printed figures in facts.observations, refused rows and files, and figures
            whose label no crosswalk row knows.
        models, models_built: dbt models in the file, and of these how many were run anew.
        passed, warned, failed: checks by their latest outcome.
    """

    version: str
    started_at: datetime
    finished_at: datetime
    raw: str
    seeds: str
    code: str
    extent: str
    sources: int
    sources_read: int
    held_back: int
    accepted: int
    quarantined: int
    unmapped: int
    models: int
    models_built: int
    passed: int
    warned: int
    failed: int


def read(path: Path) -> BuildRecord | None:
    """The record in a warehouse file, or None where there is no file, or none that gongfu wrote."""
    if not path.is_file():
        return None
    import duckdb

    try:
        with reading(path) as connection:
            row = connection.execute("select * from quality.build").fetchone()
    except duckdb.Error:
        return None
    return BuildRecord(*row) if row and len(row) == len(BuildRecord.__dataclass_fields__) else None
