"""Files from outside are read in processes of their own, with bounds of memory and processor time.

What crosses a bound is one refused source: the process ends, another takes its place, and the build goes on. A worker
is this module run as a program: it takes tasks on its standard input and answers on its standard output, one length
and one pickle each; both ends are ours.
"""

from __future__ import annotations

import os
import pickle
import resource
import struct
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, cast

from pipelines.problems import Problem, SourceRefused, shortened

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.sources.card import Source

#: Bytes of data that reading one file may take; a table of four million cells takes under half of it.
MEMORY_AT_MOST = 3 * 1024**3
#: Processor seconds that reading one file may take; it is no clock, so that a busy machine refuses nothing.
SECONDS_AT_MOST = 120
_LENGTH = struct.Struct(">Q")


class Worker:
    """One process that reads files, begun when first asked and begun anew where a file ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, project: Project, source: Source, path: Path) -> Reading:
        """What the source's reader makes of a file.

        Raises:
            SourceRefused: by the reader, or because a bound was crossed (`reading_bounds`).
        """
        with self._turn:
            process = self._running(project)
            assert process.stdin is not None  # noqa: S101 - both are pipes
            assert process.stdout is not None  # noqa: S101
            try:
                _send(process.stdin, (project, source, path))
                answer = _receive(process.stdout)
            except (BrokenPipeError, EOFError):
                code = process.wait()
                self._process = None
                raise SourceRefused([_crossed(project, source, path, f"the process ended with {code}")]) from None
        if isinstance(answer, SourceRefused):
            raise SourceRefused(answer.problems)
        if isinstance(answer, MemoryError):
            self.close()
            raise SourceRefused([_crossed(project, source, path, "out of memory")])
        if isinstance(answer, BaseException):
            raise answer
        return cast("Reading", answer)

    def close(self) -> None:
        """End the process; the next file begins another."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _running(self, project: Project) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.readers.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"GONGFU_ROOT": str(project.root), "POLARS_MAX_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
                cwd=_checkout(),
            )
        return self._process


def _crossed(project: Project, source: Source, path: Path, how: str) -> Problem:
    memory, seconds = MEMORY_AT_MOST // 1024**3, SECONDS_AT_MOST
    en = (
        f"reading it takes more than {memory} GiB or {seconds} processor seconds ({shortened(how)}); "
        "this is no statistical table: split it, or fetch it again"
    )
    zh = f"读取所需超过 {memory} GiB 内存或 {seconds} 秒处理器时间，不像统计表；请拆分或重新获取"
    return Problem(source.source_id, project.relative(path), "reading_bounds", en, zh)


def _checkout() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2])


def _send(stream: BinaryIO, thing: object) -> None:
    data = pickle.dumps(thing)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: BinaryIO) -> object:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own process


def _serve() -> None:
    """Take tasks until there are no more."""
    from pipelines.readers import reader_named

    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_AT_MOST, MEMORY_AT_MOST))
    while True:
        try:
            project, source, path = cast("tuple[Project, Source, Path]", _receive(tasks))
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        bound = int(used.ru_utime + used.ru_stime) + SECONDS_AT_MOST
        resource.setrlimit(resource.RLIMIT_CPU, (bound, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        reader = reader_named(source.reader)
        answer: object
        try:
            answer = reader(project, source, path) if reader else SourceRefused([])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            answer = error
        try:
            _send(answers, answer)
        except (pickle.PicklingError, TypeError, AttributeError):
            _send(answers, RuntimeError(shortened(f"{type(answer).__name__}: {answer}", 300)))


if __name__ == "__main__":
    _serve()
