"""A source's folder as it is read: copied aside while it is hashed, so that what is read is what was hashed.

A file that changes while a build runs, or changes and changes back, is read as it was at the one moment of its copy;
the fingerprint of the build is made from that copy's bytes.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, NamedTuple

from pipelines.fingerprint import entries_below, hash_of_bytes, state_of_entries, state_of_source, what_is_no_file
from pipelines.project import Project
from pipelines.rules import broken
from pipelines.sources.card import CARD_NAME, FILE_BYTES_AT_MOST

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.problems import Problem

_CHUNK = 1024 * 1024


class AsRead(NamedTuple):
    """A source's folder at one moment.

    Attributes:
        project: a project of its own that holds the copy, so that places are named as in the real one.
        folder: the copy.
        state: one hash over its entries, of the bytes that were copied.
        problems: entries that are not taken: links, devices, files that are too large.
    """

    project: Project
    folder: Path
    state: str
    problems: list[Problem]


def copied(project: Project, folder: Path) -> AsRead:
    """Copy a source's folder into the workshop."""
    aside = Project(project.workshop / "as_read")
    target = aside.raw / folder.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    if folder.is_symlink():
        problem = broken("folder_is_link", source_id=folder.name, file=f"raw/{folder.name}")
        return AsRead(aside, target, state_of_source(folder), [problem])
    entries: dict[str, str] = {}
    problems = []
    for path in entries_below(folder):
        name = path.relative_to(folder).as_posix()
        kind = what_is_no_file(path)
        if kind is not None:
            entries[name] = kind
            rule = "card_no_file" if name == CARD_NAME else "link_in_folder"
        elif path.stat().st_size > FILE_BYTES_AT_MOST:
            entries[name] = hash_of_bytes(path)
            rule = "file_too_large"
        else:
            entries[name] = _copied_file(path, target / name)
            continue
        problems.append(broken(rule, source_id=folder.name, file=f"raw/{folder.name}/{name}", name=name))
    return AsRead(aside, target, state_of_entries(entries), problems)


def forget(project: Project) -> None:
    """Remove the copies."""
    shutil.rmtree(project.workshop / "as_read", ignore_errors=True)


def _copied_file(origin: Path, target: Path) -> str:
    """Copy a file; the SHA-256 of the bytes that were copied, or what kept them from being read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = hashlib.sha256()
    try:
        source = origin.open("rb")
    except OSError as error:
        return type(error).__name__
    with source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            whole.update(chunk)
            copy.write(chunk)
    return whole.hexdigest()
