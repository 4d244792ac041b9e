"""The build that a run works on, as a Dagster resource: begun under the lock, let go at the run's end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from pipelines.build import Build
from pipelines.project import current
from pipelines.publishing.lock import build_lock


class BuildSession(ConfigurableResource):  # type: ignore[type-arg]
    """One run's build.

    Attributes:
        full: make everything again, whatever changed.
    """

    full: bool = False
    _build: Build | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[BuildSession]:
        """Hold the lock for as long as the run lasts; two builds never run at once."""
        project = current()
        with build_lock(project, f"Dagster run {context.run_id}"):
            self._build = Build.begin(project, full=self.full)
            yield self

    @property
    def build(self) -> Build:
        """The build of this run."""
        if self._build is None:
            message = "the session is only open while a run executes"
            raise RuntimeError(message)
        return self._build
