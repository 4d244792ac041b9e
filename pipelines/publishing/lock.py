"""One build at a time: a lock that a killed build cannot leave behind."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped
from pipelines.publishing.disk import clear_disk_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.project import Project

LOCK_HELD = 3


@contextmanager
def build_lock(project: Project, command: str) -> Iterator[None]:
    """Hold the project's build lock; the kernel frees it when this process ends, however it ends.

    Args:
        project: whose warehouse is to be written.
        command: what is running, for whoever finds the lock held.

    Raises:
        BuildStopped: another process holds it; the message says which.
    """
    with clear_disk_errors(project.workshop):
        project.workshop.mkdir(parents=True, exist_ok=True)
        handle = os.open(project.workshop / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildStopped(
                f"another build is running: {_holder(handle)}; wait for it, or stop it", LOCK_HELD
            ) from None
        with clear_disk_errors(project.workshop):
            _sign(handle, command)
        yield
    finally:
        os.close(handle)


def _sign(handle: int, command: str) -> None:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
    }
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(holder).encode(), 0)


def _holder(handle: int) -> str:
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
        return f"process {holder['pid']} on {holder['host']} since {holder['started_at']} ({holder['command']})"
    except (ValueError, KeyError):
        return "a process that has not signed yet"
