"""Whether anything changed: hashes of raw files, seeds and code, taken before anything heavy is imported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.project import Project


@dataclass(frozen=True)
class Fingerprint:
    """What a build is made from, as three hashes.

    Attributes:
        raw: every file under raw/.
        seeds: the reference data, dbt's seeds.
        code: models, macros and tests of the dbt project, and the pipeline's own code.
    """

    raw: str
    seeds: str
    code: str


def of_project(project: Project) -> Fingerprint:
    """The fingerprint of everything that a build of `project` would read now."""
    dbt_files = [
        path
        for folder in ("models", "macros", "tests", "seeds", "snapshots", "analyses")
        for path in _files(project.dbt / folder)
    ]
    seeds = [path for path in dbt_files if path.suffix == ".csv"]
    code = [path for path in dbt_files if path.suffix != ".csv"]
    code += [path for name in ("dbt_project.yml", "profiles.yml") if (path := project.dbt / name).is_file()]
    code += [path for path in _files(Path(__file__).resolve().parent) if path.suffix == ".py"]
    return Fingerprint(
        raw=hash_of_files(_files(project.raw), below=project.raw),
        seeds=hash_of_files(seeds),
        code=hash_of_files(code),
    )


def hash_of_files(paths: Iterable[Path], *, below: Path | None = None, salt: str = "") -> str:
    """One hash over the names and contents of files; a name counts from `below`, else alone.

    A file that is missing counts as such. Files are taken in the order of their paths.
    """
    whole = hashlib.sha256(salt.encode())
    for path in sorted(paths):
        name = path.relative_to(below).as_posix() if below else path.name
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            content = type(error).__name__
        whole.update(f"{name}\0{content}\n".encode())
    return whole.hexdigest()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
