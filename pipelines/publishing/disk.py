"""What the disk says, as one line for a person."""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DISK_REFUSED = 4

_REASONS = {
    errno.ENOSPC: ("the disk is full; free some space", "磁盘已满；请腾出空间"),
    errno.EIO: ("the disk is full or failing; free some space", "磁盘已满或故障；请腾出空间"),
    errno.EDQUOT: ("the disk quota is used up; free some space", "磁盘配额用尽；请腾出空间"),
    errno.EFBIG: (
        "the disk will not take a file that large; raise the limit or free some space",
        "磁盘不接受这样大的文件；请放宽限制或腾出空间",
    ),
    errno.EACCES: ("the folder cannot be written; give this user the right to", "文件夹不可写；请授予写入权限"),
    errno.EPERM: ("the folder cannot be written; give this user the right to", "文件夹不可写；请授予写入权限"),
    errno.EROFS: ("the disk is read-only; mount it for writing", "磁盘只读；请以可写方式挂载"),
}
#: SQLite hands on a number of its own: FULL, IOERR, READONLY and CANTOPEN.
_BY_SQLITE = {13: errno.ENOSPC, 10: errno.EIO, 8: errno.EROFS, 14: errno.EACCES}
#: DuckDB hands on the system's words and no number; and so do dbt, polars and Arrow what they got.
_WORDS = {
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Permission denied": errno.EACCES,
    "Read-only file system": errno.EROFS,
}
#: The classes of DuckDB's errors that files can cause; the words of all others may come out of the data.
_OF_FILES = ("IOException", "FatalException", "TransactionException")
_OF_FILES_BY_DBT = re.compile(r"(?:\w+ Error in .*?\([^()]*\) )?(?:IO|FATAL|TransactionContext) Error: ")


@contextmanager
def clear_disk_errors(folder: Path) -> Iterator[None]:
    """Within the block, what the disk refuses becomes one line that names `folder` and what to do.

    Raises:
        BuildStopped: with exit code 4.
    """
    try:
        yield
    except OSError as error:
        raise _stopped(folder, _number_of(error), error) from error
    except Exception as error:
        number = _number_of(error)
        if number is None:
            raise
        raise _stopped(folder, number, error) from error


def raise_if_disk_refused(folder: Path, message: str) -> None:
    """Tell a refusal of the disk apart from other failures of a dbt node.

    Args:
        folder: where was written.
        message: what dbt hands on of DuckDB's error, on one line; it counts where the error is one of files.

    Raises:
        BuildStopped: the disk refused.
    """
    number = _number_in(message) if _OF_FILES_BY_DBT.match(message) else None
    if number is not None:
        raise _refused(folder, *_REASONS[number])


def _number_of(error: BaseException | None) -> int | None:
    """The system's number for a refusal of the disk, in the error or in what caused it; None for any other error."""
    if error is None:
        return None
    number = None
    if isinstance(error, OSError):
        number = error.errno if error.errno in _REASONS else _number_in(str(error))
    elif hasattr(error, "sqlite_errorcode"):
        number = _BY_SQLITE.get(error.sqlite_errorcode & 0xFF)
    elif type(error).__module__.endswith("duckdb") and type(error).__name__ in _OF_FILES:
        number = _number_in(str(error))
    return number if number is not None else _number_of(error.__cause__)


def _number_in(message: str) -> int | None:
    return next((code for words, code in _WORDS.items() if words in message), None)


def _stopped(folder: Path, number: int | None, error: Exception) -> BuildStopped:
    told = " ".join(str(error).split())
    return _refused(folder, *_REASONS.get(number or 0, (told, told)))


def _refused(folder: Path, en: str, zh: str) -> BuildStopped:
    return BuildStopped(f"{folder}: disk: {en}, then build again", DISK_REFUSED, zh=f"{folder}：磁盘：{zh}，再行构建")
