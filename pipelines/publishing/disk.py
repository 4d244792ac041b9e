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
    errno.EIO: "the disk is full or failing; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "the disk will not take a file that large; raise the limit or free some space",
    errno.EACCES: "the folder cannot be written; give this user the right to",
    errno.EPERM: "the folder cannot be written; give this user the right to",
    errno.EROFS: "the disk is read-only; mount it for writing",
}
_SAID_BY_DATABASES = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Permission denied": errno.EACCES,
    "Read-only file system": errno.EROFS,
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
    "unable to open database file": errno.EACCES,
    "disk I/O error": errno.EIO,
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
        number = _number_in(str(error))
        if number is None:
            raise
        raise _stopped(folder, number, error) from error


def raise_if_disk_refused(folder: Path, message: str) -> None:
    """Tell a refusal of the disk apart from other failures by what a database said of it.

    Raises:
        BuildStopped: `message` is about the disk.
    """
    number = _number_in(message)
    if number is not None:
        raise BuildStopped(f"{folder}: disk: {_REASONS[number]}, then build again", DISK_REFUSED)


def _number_in(message: str) -> int | None:
    return next((code for words, code in _SAID_BY_DATABASES.items() if words in message), None)


def _stopped(folder: Path, number: int | None, error: Exception) -> BuildStopped:
    reason = _REASONS.get(number or 0, " ".join(str(error).split()))
    return BuildStopped(f"{folder}: disk: {reason}, then build again", DISK_REFUSED)
