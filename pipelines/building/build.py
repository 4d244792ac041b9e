"""One build, from raw/ to the published warehouse: the steps that the Dagster assets call, in their order.

A build works on a file of its own (`project.building`). It begins as a copy of the published file where only raw
files changed, so that what cannot differ is not made again; else from nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.asking import builds
from pipelines.building import record
from pipelines.fingerprint import Fingerprint, of_project
from pipelines.problems import BuildStopped, Problem
from pipelines.publishing import store
from pipelines.publishing.disk import clear_disk_errors, raise_if_disk_refused
from pipelines.receiving import assembling, landing
from pipelines.receiving.code_lists import problems_of_code_lists
from pipelines.transforming import checks
from pipelines.transforming.descriptions import describe
from pipelines.transforming.outcome import Extent, NodeResult, Outcome
from pipelines.transforming.transform import transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.project import Project
    from pipelines.quality.expectations import SuiteResult
    from pipelines.receiving.landing import Landed


class Listener(Protocol):
    """Somebody who wants to know how far a build is."""

    def began(self, extent: Extent) -> None:
        """The file being built was made ready."""

    def landed(self, landed: Landed) -> None:
        """A source was read, or found unchanged."""

    def ran(self, result: NodeResult) -> None:
        """A dbt node ended."""


@dataclass
class Build:
    """The state of one build while it runs.

    Attributes:
        project: whose raw/ and dbt project.
        fingerprint: what it is made from, taken at its start.
        extent: whether everything is made again, or only what changed figures reach.
        read_again: sources that have not changed are read too.
        listeners: told how far it is.
        landed: what became of each source.
        outcome: what became of each dbt node.
    """

    project: Project
    fingerprint: Fingerprint
    extent: Extent
    read_again: bool
    started_at: datetime
    listeners: tuple[Listener, ...] = ()
    landed: list[Landed] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)

    @classmethod
    def begin(cls, project: Project, *, full: bool = False, listeners: tuple[Listener, ...] = ()) -> Build:
        """Start a build beside the published file; the caller holds the lock."""
        fingerprint = of_project(project)
        published = None if full else builds.read(project.published)
        same_code = published is not None and (published.seeds, published.code) == (
            fingerprint.seeds,
            fingerprint.code,
        )
        if not same_code:
            _stop_for(problems_of_code_lists(project))
        store.begin(project, keep_from_published=same_code)
        extent: Extent = "changed_figures" if same_code else "everything"
        for listener in listeners:
            listener.began(extent)
        return cls(project, fingerprint, extent, read_again=full, started_at=_now(), listeners=listeners)

    def land(self) -> Iterator[Landed]:
        """Read what changed, and lay all sources into the file."""
        with clear_disk_errors(self.project.warehouse):
            for landed in landing.land_all(self.project, again=self.read_again):
                self.landed.append(landed)
                for listener in self.listeners:
                    listener.landed(landed)
                yield landed
            assembling.assemble(self.project, self.project.building)

    def transform(self, report: Callable[[NodeResult], None] = lambda _: None) -> Outcome:
        """Run dbt over the file."""

        def tell(result: NodeResult) -> None:
            report(result)
            for listener in self.listeners:
                listener.ran(result)

        with clear_disk_errors(self.project.warehouse):
            self.outcome = transform(self.project, self.extent, tell)
        for result in self.outcome.blocking:
            raise_if_disk_refused(self.project.warehouse, result.message)
        checks.keep_checks(self.project.building, checks.of_dbt(self.outcome), checked_at=_now())
        return self.outcome

    def report(self) -> list[SuiteResult]:
        """Evaluate the expectation suites, and write the pages that people read.

        Where a check of dbt's forbids publishing, only the summary is written; the Data Docs stay those of the build
        that was published.
        """
        from pipelines.quality import report

        with clear_disk_errors(self.project.warehouse):
            if self.outcome.blocking:
                report.explain(self.project, _now(), checks.reason_to_stop(self.project.building))
                return []
            results = report.evaluate(self.project)
            checks.keep_checks(self.project.building, [report.as_check(result) for result in results], _now())
            report.show(self.project, _now(), checks.reason_to_stop(self.project.building), results)
        return results

    def publish(self) -> builds.BuildRecord:
        """Write the build's own record into the file, and put it in the published one's place.

        Raises:
            BuildStopped: a blocking check failed, or the disk would not take it.
        """
        reason = checks.reason_to_stop(self.project.building)
        if reason:
            raise BuildStopped(reason)
        finished_at = _now()
        version = f"{finished_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        written = record.write(
            self.project.building,
            version=version,
            started_at=self.started_at,
            finished_at=finished_at,
            fingerprint=self.fingerprint,
            extent=self.extent,
            sources=len(self.landed),
            sources_read=sum(not landed.unchanged for landed in self.landed),
            models_built=sum(result.kind == "model" for result in self.outcome.with_status("success")),
        )
        describe(self.project)
        store.publish(self.project, version)
        return written

    def metadata_of(self, landed: Landed) -> dict[str, Any]:
        """What the Dagster UI shows about a landed source."""
        return {
            "accepted": landed.accepted,
            "quarantined": len(landed.problems),
            "problems": "\n\n".join(str(problem) for problem in landed.problems[:20]) or "none",
        }


def is_current(project: Project) -> builds.BuildRecord | None:
    """The published build's record, if it was made from exactly what is there now; else None."""
    published = builds.read(project.published)
    if published is None:
        return None
    fingerprint = of_project(project)
    now = (fingerprint.raw, fingerprint.seeds, fingerprint.code)
    return published if (published.raw, published.seeds, published.code) == now else None


def _stop_for(problems: list[Problem]) -> None:
    """A code list that is not well-formed would code figures wrongly: nothing is built from it."""
    if problems:
        shown = "; ".join(str(problem) for problem in problems[:5])
        more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
        raise BuildStopped(f"{len(problems)} rows of the code lists are not well-formed: {shown}{more}.")


def _now() -> datetime:
    return datetime.now(UTC)
