"""What Dagster shows: every source, every table, every check; and when it runs by itself."""

from __future__ import annotations

import json

import pytest
from dagster import AssetKey, Definitions

from pipelines.definitions import load
from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def loaded() -> Definitions:
    return load()


@pytest.fixture(scope="module")
def manifest(loaded: Definitions) -> dict[str, dict[str, dict[str, object]]]:
    assert loaded
    text = (CHECKOUT / "dbt_project" / "target" / "manifest.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def test_every_raw_source_is_an_asset_and_feeds_the_landing(loaded: Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    sources = {AssetKey(["raw", folder.name]) for folder in (CHECKOUT / "raw").iterdir() if folder.is_dir()}
    assert sources <= graph.get_all_asset_keys()
    assert graph.get(AssetKey(["landing", "printed_figures"])).parent_keys == sources


def test_every_dbt_model_is_an_asset_with_its_columns_and_stands_before_the_warehouse(
    loaded: Definitions, manifest: dict[str, dict[str, dict[str, object]]]
) -> None:
    graph = loaded.resolve_asset_graph()
    published = graph.get(AssetKey(["warehouse", "gongfu"]))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(models) > 40
    for model in models:
        node = graph.get(AssetKey([str(model["schema"]), str(model["name"])]))
        columns = node.metadata["dagster/column_schema"].columns  # type: ignore[attr-defined]
        assert {column.name for column in columns} == set(model["columns"])  # type: ignore[call-overload]
        assert all(column.description for column in columns)
        assert node.key in published.parent_keys


def test_every_dbt_test_is_a_check_on_its_model_and_blocks_where_it_is_an_error(
    loaded: Definitions, manifest: dict[str, dict[str, dict[str, object]]]
) -> None:
    checks = {
        spec.metadata["dagster_dbt/unique_id"]: spec
        for assets in loaded.assets or []
        for spec in getattr(assets, "check_specs", [])
        if "dagster_dbt/unique_id" in spec.metadata
    }
    tests = {unique_id: node for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    assert set(checks) == set(tests)
    for unique_id, node in tests.items():
        severity = str(node["config"]["severity"]).lower()  # type: ignore[index]
        assert checks[unique_id].blocking == (severity == "error"), unique_id
    kinds = {str(node["test_metadata"]["name"]) for node in tests.values() if node.get("test_metadata")}  # type: ignore[index]
    assert "relationships" in kinds
    assert any(".source_" in unique_id for unique_id in tests)


def test_the_job_holds_every_asset(loaded: Definitions) -> None:
    job = loaded.resolve_job_def("build_warehouse")
    assert set(job.asset_layer.executable_asset_keys) == set(loaded.resolve_asset_graph().get_all_asset_keys())


def test_schedules_tell_time_in_shanghai(loaded: Definitions) -> None:
    schedules = loaded.schedules or []
    assert {schedule.name for schedule in schedules} == {
        "monthly_release",
        "yearly_communique",
        "yearly_yearbook",
        "weekly_full_build",
    }
    assert {schedule.execution_timezone for schedule in schedules} == {"Asia/Shanghai"}  # type: ignore[union-attr]
