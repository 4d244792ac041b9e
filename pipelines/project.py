"""Where things are: the folders of one checkout, found from the code or from the current folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The folders of one gongfu project.

    Attributes:
        root: the folder that holds raw/, dbt_project/ and warehouse/.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Sources as received, one folder each."""
        return self.root / "raw"

    @property
    def source_folders(self) -> list[Path]:
        """The source folders under raw/, by name; one that is a link too, so that it is seen."""
        if not self.raw.is_dir():
            return []
        return sorted(path for path in self.raw.iterdir() if path.is_dir() and not path.name.startswith("."))

    @property
    def dbt(self) -> Path:
        """The dbt project: seeds, models and their tests."""
        return self.root / "dbt_project"

    @property
    def warehouse(self) -> Path:
        """Everything that a build makes; nothing in it is under version control."""
        return self.root / "warehouse"

    @property
    def landing(self) -> Path:
        """Parquet of printed figures, one set per source."""
        return self.warehouse / "landing"

    @property
    def workshop(self) -> Path:
        """Where a build is made before it is published; the same file system as the warehouse file."""
        return self.warehouse / ".build"

    @property
    def building(self) -> Path:
        """The DuckDB file being built; its stem equals the published file's, so catalogue names agree."""
        return self.workshop / "gongfu.duckdb"

    @property
    def published(self) -> Path:
        """The DuckDB file that analysts read."""
        return self.warehouse / "gongfu.duckdb"

    @property
    def spill(self) -> Path:
        """Where what serves puts what does not fit into its memory."""
        return self.warehouse / ".spill"

    @property
    def versions(self) -> Path:
        """Earlier published builds, a few."""
        return self.warehouse / "versions"

    @property
    def quality_report(self) -> Path:
        """The pages that people read: Data Docs (`index.html`) and our own `summary.html`."""
        return self.warehouse / "quality_report"

    @property
    def dagster_home(self) -> Path:
        """Run history of `gongfu build` and of the UI, shared by both."""
        return self.warehouse / ".dagster"

    def relative(self, path: Path) -> str:
        """`path` as people name it: from the project's root, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return str(path)


def current() -> Project:
    """The project to work on.

    `GONGFU_ROOT` if set (tests, several checkouts), else the nearest folder upwards from the current one
    that holds `dbt_project/` and `raw/`, else the checkout that this code lies in.
    """
    named = os.environ.get("GONGFU_ROOT")
    if named:
        return Project(Path(named).resolve())
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "dbt_project" / "dbt_project.yml").is_file() and (folder / "raw").is_dir():
            return Project(folder)
    return Project(Path(__file__).resolve().parents[1])


def version() -> str:
    """The version of this gongfu, which stands in pyproject.toml."""
    from importlib.metadata import version as of_distribution

    return of_distribution("gongfu")
