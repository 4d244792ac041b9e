"""Whether anything changed: hashes of raw files, seeds and code, taken before anything heavy is imported."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pipelines.project import Project

_DBT_FOLDERS = ("models", "macros", "tests", "seeds", "snapshots", "analyses")
_DBT_FILES = ("dbt_project.yml", "profiles.yml")
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Fingerprint:
    """What a build is made from, as three hashes.

    Attributes:
        raw: every source folder under raw/.
        seeds: the reference data, dbt's seeds.
        code: models, macros and tests of the dbt project by their places, the pipeline's own code and templates, the
            lock file, and the versions of the libraries that are installed.
    """

    raw: str
    seeds: str
    code: str


def of_project(project: Project) -> Fingerprint:
    """The fingerprint of everything that a build of `project` would read now."""
    seeds, code = of_seeds_and_code(project)
    raw = of_sources({folder.name: state_of_source(folder) for folder in project.source_folders})
    return Fingerprint(raw, seeds, code)


def of_seeds_and_code(project: Project) -> tuple[str, str]:
    """The two hashes of what raw files are made into figures with."""
    files = _files_of_dbt(project)
    seeds = hash_of_files((path for path in files if path.suffix == ".csv"), below=project.dbt)
    models = hash_of_files((path for path in files if path.suffix != ".csv"), below=project.dbt)
    own = hash_of_files([*_files(_PACKAGE), _PACKAGE.parent / "requirements.lock"], below=_PACKAGE.parent)
    return seeds, hash_of_files([], salt=models + own + libraries())


def of_sources(states: Mapping[str, str]) -> str:
    """One hash over the states of source folders, by their names."""
    return hash_of_files([], salt="\n".join(f"{name}\0{states[name]}" for name in sorted(states)))


def state_of_source(folder: Path) -> str:
    """One hash over everything in a source's folder: the bytes of its files, and links and devices by what they are.

    A link is never followed and a device never opened; the folder itself may be a link, which is then all there is.
    """
    if folder.is_symlink():
        return state_of_entries({"": _what_it_is(folder)})
    return state_of_entries({path.relative_to(folder).as_posix(): _what_it_is(path) for path in entries_below(folder)})


def state_of_entries(entries: Mapping[str, str]) -> str:
    """The state of a source's folder, from what each of its entries is."""
    return hash_of_files([], salt="\n".join(f"{name}\0{entries[name]}" for name in sorted(entries)))


def entries_below(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder: files, links (to folders too), devices."""
    for parent, inside, names in os.walk(folder):
        yield from (path for name in inside if (path := Path(parent, name)).is_symlink())
        yield from (Path(parent, name) for name in names)


def hash_of_bytes(path: Path) -> str:
    """SHA-256 of a file's bytes; where they cannot be read, what kept them."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return type(error).__name__


def what_is_no_file(path: Path) -> str | None:
    """What an entry of a folder is that is no plain file; None for a plain file."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return type(error).__name__
    if stat.S_ISREG(mode):
        return None
    return f"link to {path.readlink()}" if stat.S_ISLNK(mode) else f"device of mode {stat.S_IFMT(mode):o}"


def hash_of_files(paths: Iterable[Path], *, below: Path | None = None, salt: str = "") -> str:
    """One hash over the names and contents of files; a name counts from `below`, else alone.

    A file that is missing counts as such. Files are taken in the order of their paths.
    """
    whole = hashlib.sha256(salt.encode(errors="surrogateescape"))
    for path in sorted(paths):
        name = path.relative_to(below).as_posix() if below else path.name
        whole.update(f"{name}\0{hash_of_bytes(path)}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def touched(project: Project) -> frozenset[tuple[str, int, int, int]]:
    """Inode, size and time of change of each file of code and seeds; differs once one was written to, and back, too."""
    found = set()
    for path in [*_files_of_dbt(project), *_files(_PACKAGE)]:
        try:
            seen = path.stat()
        except OSError:
            continue
        found.add((str(path), seen.st_ino, seen.st_size, seen.st_ctime_ns))
    return frozenset(found)


def places(project: Project) -> list[Path]:
    """Where whatever a build is made from lies: the folders and files that `of_project` reads, as far as there are."""
    own = [project.raw, _PACKAGE, *(project.dbt / name for name in (*_DBT_FOLDERS, *_DBT_FILES))]
    return [path for path in own if path.exists()]


@cache
def libraries() -> str:
    """One hash over Python's version and those of all libraries that are installed, by the names of their folders."""
    names = {
        entry.name
        for folder in map(Path, sys.path)
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.name.endswith(".dist-info")
    }
    return hash_of_files([], salt="\n".join([platform.python_version(), *sorted(names)]))


def _what_it_is(path: Path) -> str:
    return what_is_no_file(path) or hash_of_bytes(path)


def _files_of_dbt(project: Project) -> list[Path]:
    inside = [path for folder in _DBT_FOLDERS for path in _files(project.dbt / folder)]
    return inside + [path for name in _DBT_FILES if (path := project.dbt / name).is_file()]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
