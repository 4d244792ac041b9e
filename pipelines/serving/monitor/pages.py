"""Files of a site and their writing: what is made of the same is not made again, what is no more is removed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MANIFEST = ".pages.json"


@dataclass(frozen=True)
class File:
    """A file that a site is to hold: a hash of what it is made of, and how it is made."""

    made_of: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Made:
    """What became of a site; paths from its root.

    Attributes:
        files: all that it holds.
        made: those that were made again, for what they are made of had changed.
        written: those of them that turned out different.
        removed: those that are no more.
    """

    files: tuple[str, ...]
    made: tuple[str, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What the manifest says of a file: hashes of what it was made of and of its content."""

    made_of: str
    content: str


def write(folder: Path, wanted: Mapping[str, File]) -> Made:
    """Make a folder hold these files; others in it that an earlier writing made are removed.

    Raises:
        BuildStopped: the folder cannot be written.
    """
    try:
        return _write(folder, wanted)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"the site could not be written to {folder}: {reason}; name another folder"
        raise BuildStopped(message, 4, zh=f"无法将网站写入{folder}：{reason}；请另指定文件夹") from None


def _write(folder: Path, wanted: Mapping[str, File]) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    before = _manifest(folder)
    stale = [name for name, file in wanted.items() if not _stands(folder / name, file, before.get(name))]
    removed = [name for name in before if name not in wanted]
    # whoever is interrupted from here on leaves a manifest that calls none of these finished
    _note(folder, before | {name: _Known("", "") for name in stale})
    after = {name: known for name, known in before.items() if name in wanted}
    written = []
    for name in stale:
        content = wanted[name].make()
        known, after[name] = before.get(name), _Known(wanted[name].made_of, hashlib.sha256(content).hexdigest())
        if known is None or known.content != after[name].content or not (folder / name).is_file():
            _replace(folder / name, content)
            written.append(name)
    for name in removed:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
    _note(folder, after)
    return Made(tuple(wanted), tuple(stale), tuple(written), tuple(removed))


def _stands(path: Path, file: File, known: _Known | None) -> bool:
    return known is not None and known.made_of == file.made_of and path.is_file()


def _note(folder: Path, known: Mapping[str, _Known]) -> None:
    lines = {name: [each.made_of, each.content] for name, each in known.items()}
    _replace(folder / MANIFEST, json.dumps(lines, indent=0, sort_keys=True).encode())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def _manifest(folder: Path) -> dict[str, _Known]:
    """What an earlier writing left; nothing where it cannot be read, and then every file is made."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {str(name): _Known(str(made_of), str(content)) for name, (made_of, content) in found.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}
