"""What two processes of ours say to each other over a pipe: one length and one pickle each."""

from __future__ import annotations

import os
import pickle
import struct
import sys
from typing import IO

_LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], thing: object) -> None:
    """Write a thing.

    Raises:
        BrokenPipeError: the other process has ended.
    """
    data = pickle.dumps(thing)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read a thing.

    Raises:
        EOFError: the other process has ended.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own process


def own_ends() -> tuple[IO[bytes], IO[bytes]]:
    """The tasks and the answers of a process that was begun with pipes; what a library prints goes to its errors."""
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return tasks, answers
