"""What dbt sends is recorded by node, and kept only where it is of every node of the project as it is."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pipelines.transforming import recorded
from pipelines.transforming.reach import Graph
from pipelines.transforming.recorded import Recorder, keep, kept
from pipelines.transforming.sent import Recording, SentTest
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pipelines.project import Project

TEST = SentTest("select 1", "select 2", "error", "!= 0", "!= 0", "ref_area", '"gongfu"."facts"."a"')
CREATES = 'create table "a__dbt_tmp" as select 1'
#: What a node of dbt's says of itself, as far as a recording asks.
OF_A_TEST = {
    "test_metadata": None,
    "compiled_code": "select 1",
    "config": SimpleNamespace(severity="ERROR", error_if="!= 0", warn_if="!= 0"),
    "depends_on": SimpleNamespace(nodes=[]),
}
WHOLE = Recording({"model.a": "create table a as select 1"}, {"test.a": TEST})


@pytest.fixture(autouse=True)
def _parsed(monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    graph = Graph(frozenset({"model.a"}), frozenset(), {"model.a": frozenset(), "test.a": frozenset({"model.a"})}, {})
    monkeypatch.setattr(recorded, "graph_of", lambda _: graph)
    (project.dbt / "target").mkdir(parents=True)
    (project.dbt / "models").mkdir()


def said(node: str, sql: str) -> Any:  # noqa: ANN401 - dbt's generated message
    data = SimpleNamespace(node_info=SimpleNamespace(unique_id=node), sql=sql)
    return SimpleNamespace(info=SimpleNamespace(name="SQLQuery"), data=data)


def recorded_of(kind: str, *statements: str, beside: str = "seed") -> Recording:
    """What is recorded of one node that sent these statements, in a project with a node of another kind."""
    recorder, node = Recorder(), SimpleNamespace(unique_id=f"{kind}.a", resource_type=kind, **OF_A_TEST)
    for sql in statements:
        recorder.hear(said(node.unique_id, sql))
    nodes = {"a": node, "b": SimpleNamespace(resource_type=beside)}
    return recorder.recording(SimpleNamespace(nodes=nodes, sources={}), [SimpleNamespace(node=node)])


def test_of_a_model_the_statement_that_makes_it_is_recorded_without_dbts_comment() -> None:
    made = recorded_of(
        "model",
        "BEGIN",
        "select database_name, type from duckdb_databases()",
        "DESCRIBE (select * from (select 1) as __dbt_sbq where false limit 0)",
        '/* {"app": "dbt"} */\n  create  table "a__dbt_tmp" as (select 1);',
        'alter table "a__dbt_tmp" rename to "b"',
        "create or replace macro facts.as_of(day) as table select 1",
        "COMMIT",
        'drop table if exists "a__dbt_backup" cascade',
    )
    assert made.models == {"model.a": 'create  table "a__dbt_tmp" as (select 1)'}


@pytest.mark.parametrize(
    "also",
    ["select distinct year from facts.a", "insert into log values (1)", "set memory_limit = '1GB'", CREATES],
    ids=["asks for data", "a hook writes", "a setting", "made twice"],
)
def test_a_model_that_sent_anything_else_is_not_recorded(also: str) -> None:
    assert recorded_of("model", also, CREATES).models == {}


def test_a_test_is_recorded_where_it_asked_one_thing_and_kept_nothing() -> None:
    assert recorded_of("test", "select 1").tests["test.a"].asks == "select 1"
    assert recorded_of("test", "create table failures as select 1").tests == {}
    assert recorded_of("test", "select 1", "select 2").tests == {}


@pytest.mark.parametrize("kind", ["snapshot", "operation"])
def test_a_project_with_what_is_not_sent_again_is_not_recorded(kind: str) -> None:
    assert recorded_of("model", CREATES, beside=kind) == Recording()


def test_nothing_of_the_project_is_compiled_from_the_day_the_environment_or_settings() -> None:
    """What is sent again was compiled in another run."""
    words = re.compile(r"\b(run_started_at|invocation_id|env_var|modules|local_md5|dbt_metadata_envs)\b")
    folders = [CHECKOUT / "dbt_project" / name for name in ("models", "macros", "tests")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".sql", ".yml"}]
    assert len(files) > 50
    assert [path for path in files if words.search(path.read_text(encoding="utf-8"))] == []
    flags = yaml.safe_load((CHECKOUT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))["flags"]
    assert flags.keys() == {"send_anonymous_usage_stats", "partial_parse"}
    profile = yaml.safe_load((CHECKOUT / "dbt_project" / "profiles.yml").read_text(encoding="utf-8"))
    (output,) = profile["gongfu"]["outputs"].values()
    assert output.keys() == {"type", "path", "schema", "threads", "settings"}
    assert output["settings"] == {"TimeZone": "UTC"}, "what every connection of ours sets"


def test_a_recording_is_read_as_it_was_kept_until_the_project_changes(project: Project) -> None:
    keep(project, WHOLE)
    assert kept(project) == WHOLE
    (project.dbt / "models" / "a.sql").write_text("select 1", encoding="utf-8")
    assert kept(project) is None


def test_under_flags_for_dbt_none_is_read_and_none_is_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(project, WHOLE)
    with monkeypatch.context() as flagged:
        flagged.setenv("DBT_WARN_ERROR", "true")
        assert kept(project) is None
        keep(project, WHOLE)
    assert kept(project) is None


def test_one_that_lacks_a_node_is_not_kept_and_none_is_left(project: Project) -> None:
    keep(project, WHOLE)
    keep(project, Recording(WHOLE.models, {}))
    assert kept(project) is None
