"""One build, from raw/ to the published warehouse: the steps that the Dagster assets call, in their order.

A build works on a file of its own (`project.building`). It begins as a copy of the published file where only raw
files changed, so that what cannot differ is not made again; else from nothing.

A source that is wrong is held back alone: one that cannot be read, before dbt runs; one that failing checks point at,
by a second pass without it. What then still fails stops the publish.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.asking import builds
from pipelines.building import agreement, blame, record
from pipelines.fingerprint import Fingerprint, of_project, of_seeds_and_code, of_sources, touched
from pipelines.problems import BuildStopped, Problem
from pipelines.publishing import store
from pipelines.publishing.disk import clear_disk_errors, raise_if_disk_refused
from pipelines.quality.gate import Gate
from pipelines.receiving import assembling, holding, landing
from pipelines.receiving.code_lists import problems_of_code_lists
from pipelines.receiving.good_past import GoodPast, good_past
from pipelines.rules import Words
from pipelines.transforming import checks, recorded
from pipelines.transforming.descriptions import describe
from pipelines.transforming.outcome import Extent, NodeResult, Outcome
from pipelines.transforming.transform import transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.project import Project
    from pipelines.quality.expectations import SuiteResult
    from pipelines.receiving.holding import HeldBack
    from pipelines.receiving.landing import Landed


class Listener(Protocol):
    """Somebody who wants to know how far a build is."""

    def began(self, extent: Extent) -> None:
        """The file being built was made ready."""

    def landed(self, landed: Landed) -> None:
        """A source was read, or found unchanged."""

    def held_back(self, source: HeldBack) -> None:
        """A source's new version will not be published."""

    def ran(self, result: NodeResult) -> None:
        """A dbt node ended."""


@dataclass
class Build:
    """The state of one build while it runs.

    Attributes:
        project: whose raw/ and dbt project.
        fingerprint: what it is made from: code and seeds at its start, raw files as they were read.
        touched: which files of code and seeds there were at its start, and when each was last written to.
        past: what the published file knows of its sources.
        extent: whether everything is made again, or only what changed figures reach.
        same_code: code is that of the published build.
        gate: where the expectations are evaluated; None begins it when it is needed.
        read_again: sources that have not changed are read too.
        listeners: told how far it is.
        landed: what became of each source.
        held_back: sources whose new version is not published, by id.
        is_second_pass: checks failed once, and the sources that they point at are held back.
        outcome: what became of each dbt node.
    """

    project: Project
    fingerprint: Fingerprint
    touched: frozenset[tuple[str, int, int, int]]
    past: GoodPast
    extent: Extent
    same_code: bool
    gate: Gate | None
    read_again: bool
    started_at: datetime
    listeners: tuple[Listener, ...] = ()
    landed: list[Landed] = field(default_factory=list)
    held_back: dict[str, HeldBack] = field(default_factory=dict)
    is_second_pass: bool = False
    outcome: Outcome = field(default_factory=Outcome)

    @classmethod
    def begin(
        cls, project: Project, *, full: bool = False, listeners: tuple[Listener, ...] = (), gate: Gate | None = None
    ) -> Build:
        """Start a build beside the published file; the caller holds the lock, and closes the gate that it gives."""
        files = touched(project)
        seeds, code = of_seeds_and_code(project)
        published = builds.read(project.published)
        same_code = published is not None and published.code == code
        same_seeds = published is not None and published.seeds == seeds
        only_changes = not full and same_code and same_seeds and recorded.kept(project) is not None
        if not only_changes:
            _stop_for(problems_of_code_lists(project))
        store.begin(project, keep_from_published=only_changes)
        extent: Extent = "changed_figures" if only_changes else "everything"
        for listener in listeners:
            listener.began(extent)
        return cls(
            project,
            Fingerprint("", seeds, code),
            files,
            good_past(project.published),
            extent,
            same_code,
            gate,
            read_again=full,
            started_at=_now(),
            listeners=listeners,
        )

    def land(self) -> Iterator[Landed]:
        """Read what changed, and lay all sources into the file; of one that cannot be read, its last good version.

        Raises:
            BuildStopped: a source cannot be read that could be before and has not changed.
        """
        with clear_disk_errors(self.project.warehouse):
            for landed in landing.land_all(self.project, again=self.read_again, past=self.past):
                self.landed.append(landed)
                for listener in self.listeners:
                    listener.landed(landed)
                yield landed
            states = {landed.folder: landed.state for landed in self.landed}
            self.fingerprint = replace(self.fingerprint, raw=of_sources(states))
            self._hold_back(holding.refused_whole(self.landed, self.past))
            if self.extent == "changed_figures":
                self._hold_back(holding.held_back_before(self.landed, self.past))
            self._assemble()

    def transform(self, report: Callable[[NodeResult], None] = lambda _: None) -> Outcome:
        """Run dbt over the file, and again without the sources that failing checks point at."""
        self._run_dbt(report)
        if self.outcome.blocking and self._begin_again(blame.failed_in_dbt(self.outcome)):
            self._run_dbt(report)
        return self.outcome

    def report(self) -> list[SuiteResult]:
        """Evaluate the expectation suites, and write the pages that people read.

        Where a check of dbt's forbids publishing, only the summary is written; the Data Docs stay those of the build
        that was published.
        """
        from pipelines.quality import report

        with clear_disk_errors(self.project.warehouse):
            results = self.evaluate()
            if self.outcome.blocking:
                report.explain(self.project, _now(), self.reason_to_stop())
                return []
            report.show(self.project, _now(), self.reason_to_stop(), results)
        return results

    def evaluate(self) -> list[SuiteResult]:
        """Evaluate the expectation suites, and again without the sources at which broken ones point."""
        from pipelines.quality import report

        if self.outcome.blocking:
            return []
        with ExitStack() as until_then:
            gate = self.gate or until_then.enter_context(closing(Gate()))
            results = report.evaluate(self.project, gate, self.outcome.differing)
            if self._begin_again(blame.failed_suites(results)):
                self._run_dbt()
                if self.outcome.blocking:
                    return []
                results = report.evaluate(self.project, gate, self.outcome.differing)
        found = [report.as_check(result) for result in results if result.checked_in is None]
        checks.forget_suites(self.project.building, [f"{report.CHECK}{result.name}" for result in results])
        checks.keep_checks(self.project.building, found, _now())
        return results

    def reason_to_stop(self) -> Words | None:
        """Why this build may not be published, in one line; None where it may."""
        reason, pointed_at = checks.reason_to_stop(self.project.building), self.pointed_at()
        return reason and Words(reason.en + pointed_at.en, reason.zh + pointed_at.zh)

    def pointed_at(self) -> Words:
        """Words that name the unchanged sources at which failing checks point; empty where there are none."""
        return blame.unblamed(blame.failed_in_dbt(self.outcome), self._changed())

    def publish(self) -> builds.BuildRecord:
        """Write the build's own record into the file, and put it in the published one's place.

        Raises:
            BuildStopped: a blocking check failed, code or seeds changed meanwhile, everything was made and is not what
                is published of the same, or the disk would not take it.
        """
        reason = self.reason_to_stop()
        if reason:
            raise BuildStopped(reason.en, zh=reason.zh)
        changed = sorted({each[0] for each in self.touched ^ touched(self.project)})
        if changed:
            name = self.project.relative(Path(changed[0]))
            en = f"not published: {name} was written to while the build ran; build again"
            raise BuildStopped(en, zh=f"未发布：构建期间{name}有改动；请重新构建")
        if self.extent == "everything":
            agreement.stop_where_it_differs(self.project, self.fingerprint)
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
            held_back=len(self.held_back),
            models_built=sum(result.kind == "model" for result in self.outcome.with_status("success")),
        )
        checks.sign(self.project.building, version)
        describe(self.project)
        if self.outcome.sent is not None:
            recorded.keep(self.project, self.outcome.sent)
        store.publish(self.project, version)
        return written

    def _run_dbt(self, report: Callable[[NodeResult], None] = lambda _: None) -> None:
        def tell(result: NodeResult) -> None:
            report(result)
            for listener in self.listeners:
                listener.ran(result)

        with clear_disk_errors(self.project.warehouse):
            self.outcome = transform(self.project, self.extent, tell, unit_tests=not self.same_code)
        for result in self.outcome.blocking:
            raise_if_disk_refused(self.project.warehouse, result.message)
        checks.keep_checks(self.project.building, checks.of_dbt(self.outcome), checked_at=_now())
        if self.same_code and self.extent == "everything":
            checks.carry_unit_tests(self.project.building, self.project.published)

    def _begin_again(self, failed: list[blame.Failed]) -> bool:
        """Hold back the sources that explain what failed, and lay the others into a fresh file.

        Returns:
            Whether there is now a file to try once more: not where nothing failed, where no changed source explains
            it, or where this was the second pass already.
        """
        reasons = blame.to_blame(failed, self._changed(), only_sources_changed=self.extent == "changed_figures")
        if self.is_second_pass or not reasons:
            return False
        self.is_second_pass = True
        self._hold_back(holding.blamed(self.landed, reasons, self.past))
        with clear_disk_errors(self.project.warehouse):
            store.begin(self.project, keep_from_published=self.extent == "changed_figures")
            self._assemble()
        return True

    def _hold_back(self, sources: list[HeldBack]) -> None:
        for each in sources:
            self.held_back[each.source_id] = each
            for listener in self.listeners:
                listener.held_back(each)

    def _assemble(self) -> None:
        held_back = list(self.held_back.values())
        assembling.assemble(self.project, self.project.building, self.landed, held_back, self.past)

    def _changed(self) -> frozenset[str]:
        """The sources of which this build would publish another version than the published one."""
        return frozenset(
            one.source_id
            for one in self.landed
            if one.source_id not in self.held_back and holding.is_changed(one, self.past)
        )

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
        in_chinese = "；".join(problem.in_chinese for problem in problems[:5])
        raise BuildStopped(
            f"{len(problems)} rows of the code lists are not well-formed: {shown}{more}.",
            zh=f"代码表有{len(problems)}行不合格式：{in_chinese}{'……' if more else ''}。",
        )


def _now() -> datetime:
    return datetime.now(UTC)
