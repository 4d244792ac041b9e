"""Where records lie: everything under `warehouse/records/<register>/`, nothing of it published.

received/                    deliveries as they came (only synthetic ones are made here)
firms/firms.parquet          the entities
deliveries/<id>/accepted/    events that passed the door, by period and item
deliveries/<id>/refused.parquet, summary.json
work.duckdb                  tables with a row per firm
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


@dataclass(frozen=True)
class RecordsPlace:
    """The folder of one register."""

    folder: Path

    @property
    def received(self) -> Path:
        """Deliveries as they came."""
        return self.folder / "received"

    @property
    def entities(self) -> Path:
        """The Parquet file of entities that passed the door."""
        return self.folder / "firms" / "firms.parquet"

    @property
    def deliveries(self) -> Path:
        """One folder for each delivery that passed the door."""
        return self.folder / "deliveries"

    @property
    def work(self) -> Path:
        """The DuckDB file of the evaluation, with a row per firm."""
        return self.folder / "work.duckdb"

    def release(self) -> str:
        """A short id of all deliveries that were taken in: the state of the records."""
        ids = sorted(path.parent.name for path in self.deliveries.glob("*/summary.json"))
        return sha256("\n".join(ids).encode()).hexdigest()[:12]


def records_of(project: Project, register_id: str) -> RecordsPlace:
    """Where the records of a register lie in this project."""
    return RecordsPlace(project.warehouse / "records" / register_id)
