"""The quality report of one build: `warehouse/quality_report/`, Data Docs and the summary page.

What was published stays readable until the new pages are whole; they are put in place by renames.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pipelines.quality import summary
from pipelines.transforming.checks import Check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.project import Project
    from pipelines.quality.expectations import SuiteResult
    from pipelines.rules import Words

SUMMARY = "summary.html"


def evaluate(project: Project) -> list[SuiteResult]:
    """Evaluate every suite on the file being built; the Data Docs are written beside, for `show` to put in place."""
    from pipelines.quality.expectations import validate

    return validate(project, project.workshop / "data_docs")


def as_check(result: SuiteResult) -> Check:
    """A suite's result as a row of `quality.checks`; a broken suite forbids publishing."""
    return Check(
        check_id=f"expectation_suite.gongfu.{result.name}",
        kind="expectation_suite",
        outcome="passed" if result.passed else "failed",
        failures=len(result.broken),
        message=f"{result.expectations - len(result.broken)} of {result.expectations} expectations hold",
        examples=result.broken[:5],
    )


def show(project: Project, made_at: datetime, stopped_by: Words | None, results: Sequence[SuiteResult]) -> None:
    """Write the summary and put both it and the Data Docs in place of the earlier ones."""
    beside = project.workshop / "data_docs"
    rows = [{"name": result.name, "expectations": result.expectations, "broken": result.broken} for result in results]
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
