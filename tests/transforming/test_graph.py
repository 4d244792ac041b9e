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


def macro(name: str, sql: str, calls: list[str]) -> dict[str, Any]:
    text = f"{{% macro {name}() %}}{sql}{{% endmacro %}}"
    return {"package_name": "gongfu", "macro_sql": text, "depends_on": {"macros": calls}}


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """A seed, models and a test; one of dbt's macros asks the clock, and one of ours that another calls."""
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
            "macro.gongfu.age": macro("age", "{{ today() }}", ["macro.gongfu.today"]),
            "macro.gongfu.today": macro("today", "current_date", ["macro.dbt.now"]),
        },
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setattr("pipelines.transforming.reach.manifest_path", lambda _: path)
    return graph_of(Project(tmp_path))


def test_models_views_and_what_is_given_are_told_apart(graph: Graph) -> None:
    assert graph.models == {"model.figures", "model.shown", "model.fresh"}
    assert graph.views == {"model.shown"}
    assert graph.given == {"seed.units", "source.landing"}
    assert graph.tests == {"test.unique"}


def test_a_relation_is_known_of_what_a_build_makes_or_lands(graph: Graph) -> None:
    assert graph.relations == {
        "model.figures": '"gongfu"."figures"',
        "model.shown": '"gongfu"."shown"',
        "model.fresh": '"gongfu"."fresh"',
        "seed.units": '"gongfu"."units"',
        "source.landing": '"gongfu"."landing"',
    }


def test_a_model_asks_the_clock_where_its_own_words_or_macros_do_and_not_where_dbts_do(graph: Graph) -> None:
    assert {name for name, reads in graph.parents.items() if CLOCK in reads} == {"model.fresh"}
    assert graph.parents["model.figures"] == {"seed.units", "source.landing"}
