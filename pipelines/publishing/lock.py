"""One build at a time: a lock that a killed build cannot leave behind."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped
from pipelines.publishing.disk import clear_disk_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.project import Project

LOCK_HELD = 3
#: Whoever only asks who builds has the lock for a moment; a build that begins just then must not take it for a build.
_TRIES, _SECONDS_BETWEEN = 5, 0.02


@contextmanager
def build_lock(project: Project, command: str, *, waits: bool = False) -> Iterator[None]:
    """Hold the project's build lock; the kernel frees it when this process ends, however it ends.

    Args:
        project: whose warehouse is to be written.
        command: what is running, for whoever finds the lock held.
        waits: until another process lets go of it.

    Raises:
        BuildStopped: another process holds it; the message says which.
    """
    with clear_disk_errors(project.workshop):
        project.workshop.mkdir(parents=True, exist_ok=True)
        handle = os.open(project.workshop / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _taken(handle, waits=waits):
            who = _signed(handle)
            en = f"another build is running: {who}; wait for it, or stop it"
            raise BuildStopped(en, LOCK_HELD, zh=f"另一次构建正在进行：{who}；请等待或将其停止")
        with clear_disk_errors(project.workshop):
            _sign(handle, command)
        yield
    finally:
        os.close(handle)


def holder(project: Project) -> str | None:
    """Which build is running now; None where none is."""
    try:
        handle = os.open(project.workshop / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _signed(handle)
    finally:
        os.close(handle)
    return None


def _taken(handle: int, *, waits: bool) -> bool:
    if waits:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return True
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_SECONDS_BETWEEN)
        else:
            return True
    return False


def _sign(handle: int, command: str) -> None:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
    }
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(holder).encode(), 0)


def _signed(handle: int) -> str:
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
        return f"process {holder['pid']} on {holder['host']} since {holder['started_at']} ({holder['command']})"
    except (ValueError, KeyError):
        return "a process that has not signed yet"
