"""Assets of the dbt project: every seed and model, with dbt's tests as asset checks on them.

dagster-dbt makes the definitions; dbt itself runs in this process (pipelines/transforming) instead of in one of its
own, which saves its start and a second parse.
"""

import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
)
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from pipelines.asking.tables import estimated_rows
from pipelines.asking.warehouse import being_built
from pipelines.orchestration.causes import failure
from pipelines.orchestration.session import Session
from pipelines.project import Project
from pipelines.transforming.manifest import manifest_path
from pipelines.transforming.outcome import NodeResult, Outcome

_UNIQUE_ID = "dagster_dbt/unique_id"
_GOOD_A_LINE = 50


class _Translator(DagsterDbtTranslator):
    """Groups assets by schema, as an analyst sees them."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        schema = dbt_resource_props.get("config", {}).get("schema") or dbt_resource_props.get("schema")
        return str(schema) if schema else None

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetCheckSpec | None:
        """As dagster-dbt does it, and also for tests between two sources, which it does not show by itself."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        test = manifest["nodes"][unique_id]
        guarded = str((test.get("test_metadata") or {}).get("kwargs", {}).get("model", ""))
        names_this_source = "source('" + "', '".join(asset_spec.key.path) + "')" in guarded
        if spec is not None or not names_this_source or len(test["sources"]) < 2:
            return spec
        return AssetCheckSpec(
            name=test["name"],
            asset=asset_spec.key,
            metadata={_UNIQUE_ID: unique_id},
            blocking=str(test["config"]["severity"]).lower() == "error",
        )


def dbt_models(project: Project) -> AssetsDefinition:
    """The step that runs dbt over the file being built."""
    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    translator = _Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    @dbt_assets(
        manifest=manifest,
        project=DbtProject(project_dir=project.dbt, profiles_dir=project.dbt),
        dagster_dbt_translator=translator,
        name="transform_figures",
    )
    def _transform(
        context: AssetExecutionContext, session: ResourceParam[Session]
    ) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
        if context.is_subset:
            raise failure(
                "a build is whole or not at all: run the job build_warehouse (or make warehouse)",
                zh="构建须完整进行：请运行作业build_warehouse（或make warehouse）",
            )
        log = _Log(context)
        outcome = session.transform(log.take)
        log.tell_good()
        yield from _materializations(context.assets_def, outcome, _row_counts(session.project))
        yield from _check_results(context.assets_def, outcome)
        if outcome.blocking:
            session.report()
            names = ", ".join(result.unique_id.split(".")[2] for result in outcome.blocking[:5])
            count, pointed_at = len(outcome.blocking), session.pointed_at
            raise failure(
                f"{count} blocking dbt checks or models failed ({names}){pointed_at.en}; "
                "nothing is published; see warehouse/quality_report/summary.html",
                zh=f"dbt阻断性检查或模型{count}项未通过（{names}）{pointed_at.zh}；"
                "未发布；见warehouse/quality_report/summary.html",
            )

    return _transform


def _materializations(
    assets: AssetsDefinition, outcome: Outcome, rows: dict[str, int]
) -> Iterator[MaterializeResult[Any]]:
    for spec in _parents_first(assets):
        result = outcome.results.get(spec.metadata[_UNIQUE_ID])
        if result is None and not outcome.is_partial:
            continue
        if result is not None and result.status != "success":
            continue
        metadata: dict[str, Any] = {"carried over from the published build": result is None}
        if result is not None:
            metadata["seconds"] = round(result.seconds, 3)
        name = ".".join(spec.key.path)
        if name in rows:
            metadata["dagster/row_count"] = rows[name]
        yield MaterializeResult(asset_key=spec.key, metadata=metadata)


def _parents_first(assets: AssetsDefinition) -> list[AssetSpec]:
    """The order in which Dagster wants them told."""
    specs = {spec.key: spec for spec in assets.specs}
    graph = {key: [dep.asset_key for dep in spec.deps if dep.asset_key in specs] for key, spec in specs.items()}
    return [specs[key] for key in TopologicalSorter(graph).static_order()]


def _check_results(assets: AssetsDefinition, outcome: Outcome) -> Iterator[AssetCheckResult]:
    for spec in assets.check_specs:
        result = outcome.results.get((spec.metadata or {})[_UNIQUE_ID])
        if result is None or result.status == "skipped":
            continue
        severity = AssetCheckSeverity.WARN if result.status == "warn" else AssetCheckSeverity.ERROR
        yield AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=result.status == "pass",
            severity=severity,
            description="\n".join(result.examples[:2]) or None,
            metadata=_about(result),
        )


def _about(result: NodeResult) -> dict[str, Any]:
    about: dict[str, Any] = {"failing rows": result.failures, "message": result.message, "status": result.status}
    if result.examples:
        about["examples"] = MetadataValue.md("\n".join(f"- {example}" for example in result.examples))
        about["report"] = MetadataValue.path("warehouse/quality_report/summary.html")
    return about


def _row_counts(project: Project) -> dict[str, int]:
    with being_built(project) as warehouse:
        return estimated_rows(warehouse)


class _Log:
    """The run's log: what did not pass at once and alone, what did many on a line, since each line is a commit."""

    def __init__(self, context: AssetExecutionContext) -> None:
        self.context = context
        self.good: list[str] = []

    def take(self, result: NodeResult) -> None:
        if result.status not in {"success", "pass"}:
            self.context.log.warning(f"{result.status}: {result.unique_id} {result.message}")
            return
        self.good.append(f"{result.status}: {result.unique_id}")
        if len(self.good) == _GOOD_A_LINE:
            self.tell_good()

    def tell_good(self) -> None:
        if self.good:
            self.context.log.debug("\n".join(self.good))
            self.good.clear()
