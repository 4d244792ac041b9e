"""What a warehouse file says of its own making."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.project import version

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
        gongfu: the version of the gongfu that made the file.
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
    gongfu: str


def read(path: Path) -> BuildRecord | None:
    """The record in a warehouse file, or None where there is no file, or none that this gongfu wrote."""
    return record_of(_row(path))


def record_of(found: dict[str, Any] | None) -> BuildRecord | None:
    """The row of `quality.build` as a record, or None where this gongfu did not write its form."""
    return (
        BuildRecord(**found) if found is not None and found.keys() == BuildRecord.__dataclass_fields__.keys() else None
    )


def other_form(path: Path) -> str | None:
    """What to say of a file that a gongfu with other tables made, in one line; None of any other."""
    found = _row(path)
    if found is None or (found.keys() == BuildRecord.__dataclass_fields__.keys() and found["gongfu"] == version()):
        return None
    maker = f"gongfu {found['gongfu']}" if "gongfu" in found else "an earlier gongfu"
    return f"{path.name} was made by {maker} in its form; this is gongfu {version()}: run gongfu build"


def _row(path: Path) -> dict[str, Any] | None:
    """`quality.build` as it stands in a file."""
    if not path.is_file():
        return None
    import duckdb

    try:
        with reading(path) as connection:
            cursor = connection.execute("select * from quality.build")
            row = cursor.fetchone()
            return dict(zip([column[0] for column in cursor.description], row, strict=True)) if row else None
    except duckdb.Error:
        return None
