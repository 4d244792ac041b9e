"""What the disk says, as one line for a person."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DISK_REFUSED = 4

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "the disk will not take a file that large; raise the limit or free some space",
    errno.EACCES: "the folder cannot be written; give this user the right to",
    errno.EPERM: "the folder cannot be written; give this user the right to",
    errno.EROFS: "the disk is read-only; mount it for writing",
}
_SAID_BY_DUCKDB = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Permission denied": errno.EACCES,
    "Read-only file system": errno.EROFS,
}


@contextmanager
def clear_disk_errors(folder: Path) -> Iterator[None]:
    """Within the block, what the disk refuses becomes one line that names `folder` and what to do.

    Raises:
        BuildStopped: with exit code 4.
    """
    try:
        yield
    except OSError as error:
        raise _stopped(folder, error.errno, error) from error
    except Exception as error:
        number = next((code for words, code in _SAID_BY_DUCKDB.items() if words in str(error)), None)
        if number is None:
            raise
        raise _stopped(folder, number, error) from error


def _stopped(folder: Path, number: int | None, error: Exception) -> BuildStopped:
    reason = _REASONS.get(number or 0, " ".join(str(error).split()))
    return BuildStopped(f"{folder}: disk: {reason}, then build again", DISK_REFUSED)
