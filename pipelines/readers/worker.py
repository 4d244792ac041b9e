"""Files from outside are read in processes of their own, with bounds of memory and processor time.

What crosses a bound is one refused source: the process ends, another takes its place, and the build goes on. What
looks at a file before there is a source (`gongfu propose`, `preview`, `transcribe`) stays within the same bounds. A
worker is this module run as a program: it takes tasks on its standard input and answers on its standard output; both
ends are ours.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pipelines.engine.pipes import own_ends, receive, send
from pipelines.problems import Problem, SourceRefused, shortened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.sources.card import Source

#: Bytes of data that reading one file may take; a table of four million cells takes under half of it.
MEMORY_AT_MOST = 3 * 1024**3
#: Processor seconds that reading one file may take; it is no clock, so that a busy machine refuses nothing.
SECONDS_AT_MOST = 120
#: Seconds that a process has to leave when told to; it is ended where it does not.
TO_LEAVE = 10
T = TypeVar("T")


class Worker:
    """One process that reads files, begun when first asked and begun anew where a file ended it.

    Attributes:
        root: of the project whose reference data name places and units.
        memory: bytes of data that it may take.
        seconds: processor seconds that it may take for one file.
    """

    def __init__(self, root: Path, memory: int = MEMORY_AT_MOST, seconds: int = SECONDS_AT_MOST) -> None:
        self.root = root
        self.memory = memory
        self.seconds = seconds
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
        return self.bounded(_read, project, source, path)

    def bounded(self, work: Callable[[Project, Source, Path], T], project: Project, source: Source, path: Path) -> T:
        """What a function of ours makes of a file, in this process and within its bounds.

        Args:
            work: a function of a module, which the process imports by its name.
            project: whose reference data it needs.
            source: what is known of the file's source.
            path: of the file.

        Raises:
            SourceRefused: by the function, or because a bound was crossed (`reading_bounds`).
        """
        with self._turn:
            process = self._running()
            assert process.stdin is not None  # noqa: S101 - both are pipes
            assert process.stdout is not None  # noqa: S101
            try:
                send(process.stdin, (work, project, source, path))
                answer = receive(process.stdout)
            except (BrokenPipeError, EOFError):
                code = process.wait()
                self._process = None
                raise self._crossed(project, source, path, f"the process ended with {code}") from None
        if isinstance(answer, SourceRefused):
            raise SourceRefused(answer.problems)
        if isinstance(answer, MemoryError):
            self.close()
            raise self._crossed(project, source, path, "out of memory")
        if isinstance(answer, BaseException):
            raise answer
        return cast("T", answer)

    def close(self) -> None:
        """End the process; the next file begins another."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None  # noqa: S101 - a pipe
        process.stdin.close()
        process.terminate()
        try:
            process.wait(TO_LEAVE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _crossed(self, project: Project, source: Source, path: Path, how: str) -> SourceRefused:
        memory, seconds = self.memory // 1024**2, self.seconds
        en = (
            f"reading it takes more than {memory} MiB or {seconds} processor seconds ({how}); "
            "this is no statistical table: split it, or fetch it again"
        )
        zh = f"读取所需超过 {memory} MiB 内存或 {seconds} 秒处理器时间，不像统计表；请拆分或重新获取"
        return SourceRefused([Problem(source.source_id, project.relative(path), "reading_bounds", en, zh)])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this module
                # -P: no module is taken from the folder that the user stands in, from which paths may be named
                [sys.executable, "-P", "-m", "pipelines.readers.worker", str(self.memory), str(self.seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ
                | {
                    "GONGFU_ROOT": str(self.root),
                    "PYTHONPATH": os.pathsep.join(filter(None, (_checkout(), os.environ.get("PYTHONPATH")))),
                    "POLARS_MAX_THREADS": "1",
                    "MALLOC_ARENA_MAX": "2",
                },
            )
        return self._process


def _checkout() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2])


def _read(project: Project, source: Source, path: Path) -> Reading:
    from pipelines.readers import reader_named

    reader = reader_named(source.reader)
    if reader is None:
        raise SourceRefused([])
    return reader(project, source, path)


def _serve(memory: int, seconds: int) -> None:
    """Take tasks until there are no more."""
    tasks, answers = own_ends()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    while True:
        try:
            work, *given = cast("tuple[Any, ...]", receive(tasks))
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        bound = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (bound, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        answer: object
        try:
            answer = work(*given)
        except Exception as error:
            answer = error
        try:
            send(answers, answer)
        except (pickle.PicklingError, TypeError, AttributeError):
            send(answers, RuntimeError(shortened(f"{type(answer).__name__}: {answer}", 300)))


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))
