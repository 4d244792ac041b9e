"""What dbt sends is recorded by node, and kept only where it is of every node of the project as it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.transforming import recorded
from pipelines.transforming.reach import Graph
from pipelines.transforming.recorded import Recorder, keep, kept
from pipelines.transforming.sent import Recording, SentTest

if TYPE_CHECKING:
    from pipelines.project import Project

TEST = SentTest("select 1", "select 2", "error", "!= 0", "!= 0", "ref_area", '"gongfu"."facts"."a"')
WHOLE = Recording({"model.a": "create table a as select 1"}, {"test.a": TEST})


@pytest.fixture(autouse=True)
def _parsed(monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    graph = Graph(
        frozenset({"model.a"}), frozenset(), frozenset(), {"model.a": frozenset(), "test.a": frozenset({"model.a"})}, {}
    )
    monkeypatch.setattr(recorded, "graph_of", lambda _: graph)
    (project.dbt / "target").mkdir(parents=True)
    (project.dbt / "models").mkdir()


def said(node: str, sql: str) -> Any:  # noqa: ANN401 - dbt's generated message
    data = SimpleNamespace(node_info=SimpleNamespace(unique_id=node), sql=sql)
    return SimpleNamespace(info=SimpleNamespace(name="SQLQuery"), data=data)


def test_of_a_model_the_statement_that_makes_it_is_recorded_without_dbts_comment() -> None:
    recorder = Recorder()
    for sql in ("BEGIN", '/* {"app": "dbt"} */\n  create  table "a" as (select 1)', 'alter table "a" rename to "b"'):
        recorder.hear(said("model.a", sql))
    result = SimpleNamespace(node=SimpleNamespace(unique_id="model.a", resource_type="model"))
    assert recorder.recording(None, [result]).models == {"model.a": 'create  table "a" as (select 1)'}


def test_a_recording_is_read_as_it_was_kept_until_the_project_changes(project: Project) -> None:
    keep(project, WHOLE)
    assert kept(project) == WHOLE
    (project.dbt / "models" / "a.sql").write_text("select 1", encoding="utf-8")
    assert kept(project) is None


def test_one_that_lacks_a_node_is_not_kept_and_none_is_left(project: Project) -> None:
    keep(project, WHOLE)
    keep(project, Recording(WHOLE.models, {}))
    assert kept(project) is None
