"""The build that a run works on, as a Dagster resource: begun by the run's first step, let go at the run's end."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

from dagster import Field, InitResourceContext, ResourceDefinition

from pipelines.building.build import Build
from pipelines.fingerprint import of_project
from pipelines.orchestration.causes import as_failure
from pipelines.orchestration.history import forget_old_runs
from pipelines.problems import BuildStopped
from pipelines.project import Project, current
from pipelines.publishing.lock import build_lock, holder
from pipelines.quality.gate import Gate
from pipelines.rules import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.asking.builds import BuildRecord
    from pipelines.building.build import Listener
    from pipelines.fingerprint import Fingerprint
    from pipelines.quality.expectations import SuiteResult
    from pipelines.receiving.holding import HeldBack
    from pipelines.receiving.landing import Landed
    from pipelines.transforming.outcome import NodeResult, Outcome

#: A run's tag: what it is made from.
MADE_FROM = "gongfu/made_from"

_SETTINGS = {"full": Field(bool, default_value=False, description="Make everything again, whatever changed.")}


def made_from(fingerprint: Fingerprint) -> str:
    """A fingerprint as a run's tag shows it."""
    return " ".join(each[:16] for each in (fingerprint.raw, fingerprint.seeds, fingerprint.code))


class Session:
    """One run's build. Its steps are taken in their order and in one run, or the step that is out of order fails.

    So a run of a few selected assets never publishes: what it left out would be the published build's, under the
    fingerprint of what lies there now.

    Attributes:
        project: whose warehouse.
        steps: those that came to their end.
    """

    def __init__(self, project: Project, begin: Callable[[Project], Build]) -> None:
        self.project = project
        self.steps: list[str] = []
        self._begin = begin
        self._build: Build | None = None

    @property
    def landed(self) -> list[Landed]:
        """What became of each source so far."""
        return self._build.landed if self._build else []

    @property
    def held_back(self) -> list[HeldBack]:
        """The sources whose newest version is not published."""
        return list(self._build.held_back.values()) if self._build else []

    @property
    def pointed_at(self) -> Words:
        """Words that name the unchanged sources at which failing checks point; empty where there are none."""
        return self._build.pointed_at() if self._build else Words("", "")

    def land(self) -> Iterator[Landed]:
        """Begin the build, read what changed, and lay all sources into the file."""
        with as_failure():
            self._build = self._begin(self.project)
            yield from self._build.land()
            self.steps.append("landed")

    def transform(self, report: Callable[[NodeResult], None]) -> Outcome:
        """Run dbt over the file."""
        with as_failure():
            outcome = self._after("landed").transform(report)
            self.steps.append("transformed")
        return outcome

    def report(self) -> list[SuiteResult]:
        """Evaluate the expectation suites, and write the pages that people read."""
        with as_failure():
            results = self._after("landed", "transformed").report()
            self.steps.append("reported")
        return results

    def publish(self) -> BuildRecord:
        """Put the built file in the published one's place."""
        with as_failure():
            return self._after("landed", "transformed", "reported").publish()

    def metadata_of(self, landed: Landed) -> dict[str, Any]:
        """What the Dagster UI shows about a landed source."""
        return self._after().metadata_of(landed)

    def _after(self, *steps: str) -> Build:
        missing = [step for step in steps if step not in self.steps]
        if self._build is None or missing:
            raise BuildStopped(
                f"nothing is published: this run has not {missing[0] if missing else 'landed'} the figures; a build is "
                "whole or not at all: run the job build_warehouse (or make warehouse)",
                zh="未发布：本次运行没有走完全部步骤；请运行作业build_warehouse（或make warehouse）",
            )
        return self._build


def build_session(*listeners: Listener, waits: bool, gate: Gate | None = None) -> ResourceDefinition:
    """One run's session, for the steps of that run.

    The lock is held from the run's first step to its end: two builds never run at once.

    Args:
        listeners: are told how far the build is.
        waits: for another build to end; else that one is named and the run fails.
        gate: where the expectations are evaluated; without it the run begins its own, and ends it.
    """

    @contextmanager
    def _session(context: InitResourceContext) -> Iterator[Session]:
        full = context.resource_config["full"]
        with ExitStack() as until_the_end:
            if context.instance is not None:
                until_the_end.callback(forget_old_runs, context.instance)
            at_the_gate = gate or until_the_end.enter_context(closing(Gate()))

            def begin(project: Project) -> Build:
                if waits and (other := holder(project)):
                    _log(context, f"waiting for the end of {other}")
                until_the_end.enter_context(build_lock(project, f"Dagster run {context.run_id}", waits=waits))
                _tag(context, made_from(of_project(project)))
                return Build.begin(project, full=full, listeners=listeners, gate=at_the_gate)

            yield Session(current(), begin)

    return ResourceDefinition(resource_fn=_session, config_schema=_SETTINGS, description=build_session.__doc__)


def _log(context: InitResourceContext, line: str) -> None:
    if context.log is not None:
        context.log.info(line)


def _tag(context: InitResourceContext, value: str) -> None:
    if context.instance is not None and context.run_id is not None:
        context.instance.add_run_tags(context.run_id, {MADE_FROM: value})
