"""The last gate before the swap: expectation suites as checks on the tables that they guard, and the report."""

from collections.abc import Iterable, Iterator
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
    multi_asset_check,
)

from pipelines.orchestration.session import Session
from pipelines.project import Project
from pipelines.quality.expectations import SuiteResult

CHECK = "expectations"
#: Where `make ui` serves warehouse/quality_report beside the UI.
PAGES = "http://localhost:3001"
HELD_BACK = "no_source_is_held_back"


def expectation_suites(upstream: Iterable[AssetKey]) -> AssetChecksDefinition:
    """The step that evaluates the suites and writes the report's pages.

    Args:
        upstream: every model; those of the schemas facts (one per domain) and marts are guarded by a suite.
    """
    guarded = [key for key in upstream if key.path[0] == "marts" or key.path[-1].startswith("fct_")]
    specs = [
        AssetCheckSpec(
            CHECK,
            asset=key,
            blocking=True,
            description="Great Expectations: ranges from the indicator catalogue, columns from the model's contract.",
        )
        for key in sorted(guarded)
    ]

    of_sources = AssetCheckSpec(
        HELD_BACK,
        asset=AssetKey(["landing", "sources"]),
        description="The newest version of every source is in the file; of one held back, its last good version is.",
    )

    @multi_asset_check(specs=[*specs, of_sources], name="evaluate_expectations")
    def _evaluate(context: AssetCheckExecutionContext, session: ResourceParam[Session]) -> Iterator[AssetCheckResult]:
        results = {AssetKey([*result.asset]): result for result in session.report()}
        for spec in specs:
            yield _check_result(session.project, spec, results.get(spec.asset_key))
        yield _held_back(session)
        context.log.info(f"{len(results)} suites evaluated")

    return _evaluate


def _held_back(session: Session) -> AssetCheckResult:
    lines = [
        f"{one.source_id} ({'last good version stays' if one.kept else 'left out'}): {problem} {problem.message_zh}"
        for one in session.held_back
        for problem in one.problems
    ]
    return AssetCheckResult(
        asset_key=AssetKey(["landing", "sources"]),
        check_name=HELD_BACK,
        passed=not lines,
        severity=AssetCheckSeverity.WARN,
        description="\n".join([", ".join(one.source_id for one in session.held_back), *lines[:2]]).strip() or None,
        metadata={"held back": len(session.held_back)}
        | ({"reasons": MetadataValue.md("\n".join(f"- {line}" for line in lines[:50]))} if lines else {}),
    )


def quality_report(upstream: Iterable[AssetKey]) -> AssetsDefinition:
    """The asset that stands for the pages, with their place."""

    @asset(
        key=AssetKey(["warehouse", "quality_report"]),
        group_name="warehouse",
        kinds={"html"},
        deps=[*upstream],
        description="warehouse/quality_report/: Data Docs (index.html) and the summary for readers (summary.html).",
    )
    def _report(session: ResourceParam[Session]) -> MaterializeResult[Any]:
        return MaterializeResult(metadata=links(session.project))

    return _report


def links(project: Project) -> dict[str, Any]:
    """The report's pages, as metadata: their place in the project, and where `make ui` serves them.

    A browser opens no `file://` from a page that a server gave it.
    """
    folder = project.quality_report
    return {
        "summary": MetadataValue.path(project.relative(folder / "summary.html")),
        "data_docs": MetadataValue.path(project.relative(folder / "index.html")),
        "open summary": MetadataValue.url(f"{PAGES}/summary.html"),
        "open data docs": MetadataValue.url(f"{PAGES}/index.html"),
    }


def _check_result(project: Project, spec: AssetCheckSpec, result: SuiteResult | None) -> AssetCheckResult:
    found: dict[str, Any] = {"expectations": result.expectations if result else 0}
    if result and result.checked_in:
        found["evaluated in the earlier build"] = result.checked_in
    if result and result.broken:
        found["broken"] = MetadataValue.md("\n".join(f"- {line}" for line in result.broken[:20]))
    return AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=result is None or result.passed,
        severity=AssetCheckSeverity.ERROR,
        description="\n".join(result.broken[:2]) if result and result.broken else None,
        metadata=found | {"summary": links(project)["summary"]},
    )
