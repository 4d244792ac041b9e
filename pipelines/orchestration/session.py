"""The build that a run works on, as a Dagster resource: begun under the lock, let go at the run's end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster import Field, InitResourceContext, ResourceDefinition

from pipelines.building.build import Build
from pipelines.project import current
from pipelines.publishing.lock import build_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.building.build import Listener

_SETTINGS = {"full": Field(bool, default_value=False, description="Make everything again, whatever changed.")}


def build_session(*listeners: Listener) -> ResourceDefinition:
    """One run's build, for the steps of that run; listeners are told how far it is.

    The lock is held for as long as the run lasts: two builds never run at once.
    """

    @contextmanager
    def _session(context: InitResourceContext) -> Iterator[Build]:
        project = current()
        with build_lock(project, f"Dagster run {context.run_id}"):
            yield Build.begin(project, full=context.resource_config["full"], listeners=listeners)

    return ResourceDefinition(resource_fn=_session, config_schema=_SETTINGS, description=build_session.__doc__)
