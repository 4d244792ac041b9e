"""The expectations' own process: their library, which takes seconds to load, loads while a build does something else.

The process is this module run as a program; it takes tasks on its standard input and answers on its standard output.
"""

from __future__ import annotations

import subprocess
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipelines.engine.pipes import own_ends, receive, send
from pipelines.problems import BuildStopped, shortened

if TYPE_CHECKING:
    from pipelines.project import Project
    from pipelines.quality.expectations import Earlier, SuiteResult


class Gate:
    """The process, from the moment it is begun; it ends when the gate is closed, forgotten, or its builder dies."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.quality.gate"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,  # an interrupt is for the builder, which closes the gate
        )
        self.close = weakref.finalize(self, _end, self._process)

    def validate(self, project: Project, docs: Path, earlier: Earlier | None) -> list[SuiteResult]:
        """As `expectations.validate`, in the process.

        Raises:
            BuildStopped: the library failed, or the process was ended.
        """
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        try:
            send(self._process.stdin, (project, docs, earlier))
            answer = receive(self._process.stdout)
        except (BrokenPipeError, EOFError) as error:
            raise _not_evaluated(f"their process ended with {self._process.wait()}") from error
        if isinstance(answer, BaseException):
            raise answer
        return cast("list[SuiteResult]", answer)


def _not_evaluated(why: str) -> BuildStopped:
    told = shortened(" ".join(why.split()), 300)
    return BuildStopped(f"the expectations were not evaluated: {told}", zh=f"预期检查未能评估：{told}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _serve() -> None:
    tasks, answers = own_ends()
    import great_expectations  # noqa: F401 - loads now

    from pipelines.quality.expectations import validate

    while True:
        try:
            project, docs, earlier = cast("tuple[Project, Path, Earlier | None]", receive(tasks))
        except EOFError:
            return
        answer: object
        try:
            answer = validate(project, docs, earlier)
        except (OSError, BuildStopped) as error:
            answer = error
        except Exception as error:  # of the library's, which may not be sent
            answer = _not_evaluated(f"{type(error).__name__}: {error}")
        send(answers, answer)


if __name__ == "__main__":
    _serve()
