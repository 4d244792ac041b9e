"""The quality report of one build: `warehouse/quality_report/`, Data Docs and the summary page.

What was published stays readable until the new pages are whole; they are put in place by renames.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pipelines.asking import builds, findings
from pipelines.asking.warehouse import being_built
from pipelines.publishing import store
from pipelines.quality import summary
from pipelines.quality.expectations import Earlier
from pipelines.transforming.checks import Check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.project import Project
    from pipelines.quality.expectations import SuiteResult
    from pipelines.quality.gate import Gate
    from pipelines.rules import Words

SUMMARY = "summary.html"
_KIND = "expectation_suite"
#: How the names of suites begin in `quality.checks`.
CHECK = f"{_KIND}.gongfu."


def evaluate(project: Project, gate: Gate, differing: frozenset[tuple[str, str]] | None) -> list[SuiteResult]:
    """Evaluate the suites on the file being built; the Data Docs are written beside, for `show` to put in place.

    Args:
        project: whose file.
        gate: where they are evaluated.
        differing: the tables that differ from the published ones; suites of others are carried over. None: all differ.
    """
    earlier = None if differing is None else _earlier(project, differing)
    return gate.validate(project, project.workshop / "data_docs", earlier)


def _earlier(project: Project, differing: frozenset[tuple[str, str]]) -> Earlier | None:
    """What the file, which began as a copy of the published one, knows of its suites, and where their pages are."""
    published = builds.read(project.published)
    if published is None:
        return None
    with being_built(project) as warehouse:
        known = findings.checks(warehouse, outcomes=("passed",))
    checked_in = {
        each.check_id.removeprefix(CHECK): each.checked_in
        for each in known
        if each.kind == _KIND and each.checked_in is not None
    }
    return Earlier(store.report_of(project, published.version), checked_in, differing)


def as_check(result: SuiteResult) -> Check:
    """A suite's result as a row of `quality.checks`; a broken suite forbids publishing."""
    return Check(
        check_id=f"{CHECK}{result.name}",
        kind=_KIND,
        outcome="passed" if result.passed else "failed",
        failures=len(result.broken),
        message=f"{result.expectations - len(result.broken)} of {result.expectations} expectations hold",
        examples=result.broken[:5],
    )


def show(project: Project, made_at: datetime, stopped_by: Words | None, results: Sequence[SuiteResult]) -> None:
    """Write the summary and put both it and the Data Docs in place of the earlier ones."""
    beside = project.workshop / "data_docs"
    rows = [
        {
            "name": result.name,
            "expectations": result.expectations,
            "broken": result.broken,
            "checked_in": result.checked_in,
        }
        for result in results
    ]
    summary.write(project, beside / SUMMARY, made_at=made_at, stopped_by=stopped_by, suites=rows)
    outdated = project.workshop / "data_docs.old"
    shutil.rmtree(outdated, ignore_errors=True)
    if project.quality_report.exists():
        project.quality_report.rename(outdated)
    beside.rename(project.quality_report)
    shutil.rmtree(outdated, ignore_errors=True)


def explain(project: Project, made_at: datetime, stopped_by: Words | None) -> None:
    """Write only the summary, of a build that stopped before its suites."""
    summary.write(project, project.quality_report / SUMMARY, made_at=made_at, stopped_by=stopped_by)
