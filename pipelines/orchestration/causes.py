"""Why a run failed: the reason and the exit code travel as data of the step's failure, never as words in a message."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster import Failure

from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dagster import DagsterEvent

EXIT_CODE = "exit_code"
IN_CHINESE = "reason_zh"


@contextmanager
def as_failure() -> Iterator[None]:
    """Within the block, what stops a build fails the step, with its reason and exit code as data.

    Raises:
        Failure: instead of BuildStopped.
    """
    try:
        yield
    except BuildStopped as stopped:
        raise failure(str(stopped), stopped.exit_code, zh=stopped.zh) from stopped


def failure(reason: str, exit_code: int = 1, *, zh: str = "") -> Failure:
    """What a step raises that stops the build; trying again would change nothing."""
    return Failure(description=reason, metadata={EXIT_CODE: exit_code, IN_CHINESE: zh or reason}, allow_retries=False)


def cause(events: Iterable[DagsterEvent]) -> BuildStopped:
    """The reason of a failed run: the first failing step's, or what kept the run from its steps."""
    reasons = (found for event in events if (found := _told_by(event)) is not None)
    return next(reasons, None) or BuildStopped(
        "the run failed; see it in the UI (make ui)", zh="运行失败；请在界面中查看（make ui）"
    )


def _told_by(event: DagsterEvent) -> BuildStopped | None:
    data = event.event_specific_data
    told = getattr(data, "user_failure_data", None)
    if told is not None and told.description:
        exit_code, zh = told.metadata.get(EXIT_CODE), told.metadata.get(IN_CHINESE)
        return BuildStopped(
            _one_line(told.description),
            exit_code.value if exit_code is not None else 1,
            zh=_one_line(zh.value) if zh is not None else "",
        )
    error = getattr(data, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return BuildStopped(_one_line(error.message)) if error is not None else None


def _one_line(text: str) -> str:
    return " ".join(text.split())
