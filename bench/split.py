"""What the parts of one build take: `python -m bench.split [--full]` builds the project at GONGFU_ROOT.

The libraries are imported first, each a part of its own; then the steps are timed as the Dagster run takes them, and
what no step took is Dagster's. Seconds on the clock, and of the processors with those of processes that ended.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIBRARIES = ("dagster", "dagster_dbt", "polars", "duckdb", "dbt.cli.main", "great_expectations", "altair")
#: The functions whose time is told apart, by the name of the part.
STEPS = {
    "dbt": "pipelines.building.build.transform",
    "expectations": "pipelines.quality.report.evaluate",
    "summary": "pipelines.quality.summary.write",
    "publish": "pipelines.building.build.Build.publish",
}


class Parts:
    """Seconds by part: on the clock, and of the processors."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[float, float]] = {}

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add what the block takes to a part."""
        began, spent = time.monotonic(), _spent()
        try:
            yield
        finally:
            seconds, processor = self.taken.get(part, (0.0, 0.0))
            self.taken[part] = (seconds + time.monotonic() - began, processor + _spent() - spent)

    def within(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        def call(*arguments: Any, **named: Any) -> Any:
            with self.timed(part):
                return function(*arguments, **named)

        return call

    def each_of(self, part: str, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """The generator, timed without what its reader does between."""

        def call(*arguments: Any, **named: Any) -> Iterator[Any]:
            items = function(*arguments, **named)
            while True:
                with self.timed(part):
                    item = next(items, items)
                if item is items:
                    return
                yield item

        return call


def main(*, full: bool) -> None:
    """Build, and print what each part took."""
    parts = Parts()
    for name in LIBRARIES:
        with parts.timed(f"import {name.partition('.')[0]}"):
            import_module(name)
    outcome = _run(parts, full=full)
    print(f"{'':32}{'seconds':>9}{'of processors':>15}")
    steps = sum(outcome[part][0] for part in outcome if part in {*STEPS, "landing"})
    of_steps = sum(outcome[part][1] for part in outcome if part in {*STEPS, "landing"})
    seconds, processor = outcome.pop("the run")
    outcome["Dagster"] = (seconds - steps, processor - of_steps)
    for part, taken in outcome.items():
        print(f"{part:32}{taken[0]:9.1f}{taken[1]:15.1f}")
    print(f"{'together':32}{sum(each[0] for each in outcome.values()):9.1f}{_spent():15.1f}")


def _run(parts: Parts, *, full: bool) -> dict[str, tuple[float, float]]:
    from dagster import DagsterInstance

    from pipelines.building.build import Build
    from pipelines.definitions import load
    from pipelines.project import current

    home = current().dagster_home
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_bytes(files("pipelines.orchestration").joinpath("dagster.yaml").read_bytes())
    os.environ |= {"DAGSTER_HOME": str(home), "DAGSTER_EVENT_BATCH_SIZE": "200"}
    patches = [patch(path, parts.within(part, _named(path))) for part, path in STEPS.items()]
    patches.append(patch.object(Build, "land", parts.each_of("landing", Build.land)))
    for each in patches:
        each.start()
    with parts.timed("load definitions"):
        job = load(waits=False).resolve_job_def("build_warehouse")
    with parts.timed("the run"), DagsterInstance.get() as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config={
                "resources": {"session": {"config": {"full": full}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )
    for each in patches:
        each.stop()
    if not result.success:
        sys.exit("the build failed")
    return parts.taken


def _named(path: str) -> Callable[..., Any]:
    import pkgutil

    return pkgutil.resolve_name(path)  # type: ignore[no-any-return]


def _spent() -> float:
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    main(full="--full" in sys.argv)
