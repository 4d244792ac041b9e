"""Files of a site as they will be, and their writing: what is as it was is not touched, what is no more is removed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = ".pages.json"


@dataclass(frozen=True)
class Made:
    """What became of a site: all its files, those written anew, those removed; paths from its root."""

    files: tuple[str, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]


def write(folder: Path, wanted: Mapping[str, bytes]) -> Made:
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


def _write(folder: Path, wanted: Mapping[str, bytes]) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    before = _manifest(folder)
    after = {name: hashlib.sha256(content).hexdigest() for name, content in wanted.items()}
    written = [name for name, digest in after.items() if before.get(name) != digest or not (folder / name).is_file()]
    for name in written:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_bytes(wanted[name])
        beside.replace(path)
    removed = [name for name in before if name not in after]
    for name in removed:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(after, indent=0, sort_keys=True), encoding="utf-8")
    return Made(tuple(after), tuple(written), tuple(removed))


def _manifest(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}
