"""dbt's graph as a build of what changed needs it, from a manifest small enough to be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.project import Project
from pipelines.transforming.reach import CLOCK, Graph, graph_of

if TYPE_CHECKING:
    from pathlib import Path


def node(kind: str, name: str, reads: list[str], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a manifest's fields
    return {
        "resource_type": kind,
        "package_name": "gongfu",
        "fqn": ["gongfu", name],
        "config": {"materialized": more.pop("materialized", "table")},
        "relation_name": f'"gongfu"."{name}"',
        "raw_code": more.pop("sql", "select 1"),
        "depends_on": {"nodes": reads, "macros": more.pop("macros", [])},
    }


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """A seed, two models and a test; dbt's own macros ask the clock, and one of ours does."""
    manifest = {
        "nodes": {
            "seed.units": node("seed", "units", []),
            "model.figures": node("model", "figures", ["seed.units", "source.landing"], macros=["macro.dbt.now"]),
            "model.shown": node("model", "shown", ["model.figures"], materialized="view"),
            "model.fresh": node("model", "fresh", ["model.figures"], macros=["macro.gongfu.age"]),
            "test.unique": node("test", "unique", ["model.shown"]) | {"relation_name": None},
        },
        "sources": {"source.landing": {"relation_name": '"gongfu"."landing"'}},
        "macros": {
            "macro.dbt.now": {"package_name": "dbt", "macro_sql": "{% macro now() %}current_timestamp{% endmacro %}"},
            "macro.gongfu.age": {"package_name": "gongfu", "macro_sql": "{% macro age() %}current_date{% endmacro %}"},
        },
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setattr("pipelines.transforming.reach.manifest_path", lambda _: path)
    return graph_of(Project(tmp_path))


def test_models_views_and_sources_are_told_apart(graph: Graph) -> None:
    assert graph.models == {"model.figures", "model.shown", "model.fresh"}
    assert graph.views == {"model.shown"}
    assert graph.sources == {"source.landing"}
    assert graph.tests == {"test.unique"}


def test_a_relation_is_known_of_what_a_build_makes_or_lands(graph: Graph) -> None:
    assert graph.relations == {
        "model.figures": '"gongfu"."figures"',
        "model.shown": '"gongfu"."shown"',
        "model.fresh": '"gongfu"."fresh"',
        "source.landing": '"gongfu"."landing"',
    }


def test_a_model_asks_the_clock_where_its_own_words_or_macros_do_and_not_where_dbts_do(graph: Graph) -> None:
    assert {name for name, reads in graph.parents.items() if CLOCK in reads} == {"model.fresh"}
    assert graph.parents["model.figures"] == {"seed.units", "source.landing"}
