"""What dbt sent is sent again only as far as a change reaches, in dbt's order and with dbt's skipping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.transforming.reach import CLOCK, Graph
from pipelines.transforming.replay import replay
from pipelines.transforming.sent import Recording, SentTest

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.transforming.outcome import NodeResult

#: Landing → hub → two slices (a view and a table) → one answer each; a test over each answer, one over both.
PARENTS = {
    "hub": {"landing"},
    "view": {"hub"},
    "slice": {"hub"},
    "answer_v": {"view"},
    "answer_t": {"slice"},
    "today": {CLOCK},
    "test_hub": {"hub"},
    "test_v": {"answer_v"},
    "test_t": {"answer_t"},
    "test_both": {"answer_v", "answer_t"},
}
QUERIES = {
    "hub": "select least(value, 5) as value from landing",
    "view": "select least(value, 3) as value from hub",
    "slice": "select 10 // value as value from hub",
    "answer_v": "select value from view",
    "answer_t": "select value from slice",
    "today": "select 0 as value",
}
MODELS = frozenset(QUERIES)


def graph() -> Graph:
    return Graph(
        models=MODELS,
        views=frozenset({"view"}),
        parents={name: frozenset(reads) for name, reads in PARENTS.items()},
        relations={name: f'"gongfu"."main"."{name}"' for name in (*MODELS, "landing")},
    )


def asking(table: str, condition: str, severity: str = "error") -> SentTest:
    rows = f"select value, 'a' as source_id from {table} where {condition}"
    asks = (
        f"select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from ({rows}) as t"
    )
    return SentTest(asks, rows, severity, "!= 0", "!= 0")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "gongfu.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table landing as select 1 as value")
        for name in ("hub", "view", "slice", "answer_v", "answer_t", "today"):
            kind = "view" if name == "view" else "table"
            connection.execute(f"create {kind} {name} as {QUERIES[name]}")
    return path


def replayed(published: Path, landed: int, **tests: SentTest) -> dict[str, NodeResult]:
    """What becomes of each node where another number is landed; a test that is not named finds nothing."""
    building = published.parent / "build" / "gongfu.duckdb"
    building.parent.mkdir()
    building.write_bytes(published.read_bytes())
    with duckdb.connect(str(building)) as connection:
        connection.execute("update landing set value = ?", [landed])
    models = {
        name: f'create table "gongfu"."main"."{name}__dbt_tmp" (value integer not null); '
        f'insert into "gongfu"."main"."{name}__dbt_tmp" ({query})'
        for name, query in QUERIES.items()
    }
    models["view"] = f'create view "gongfu"."main"."view__dbt_tmp" as ({QUERIES["view"]})'
    asked = {name: tests.get(name, asking("hub", "value < 0")) for name in PARENTS if name.startswith("test_")}
    told: list[NodeResult] = []
    results = replay(graph(), Recording(models, asked), published, building, told.append).results
    assert [one.unique_id for one in told] == list(results)
    return results


def statuses(results: dict[str, NodeResult]) -> dict[str, str]:
    return {name: result.status for name, result in results.items()}


def test_a_landing_that_is_as_it_was_makes_only_what_asks_the_clock(published: Path) -> None:
    assert statuses(replayed(published, 1)) == {"today": "success"}


def test_a_way_ends_where_nothing_is_news(published: Path) -> None:
    found = statuses(replayed(published, 4))
    assert found.keys() == {
        "hub",
        "test_hub",
        "view",
        "slice",
        "answer_v",
        "answer_t",
        "test_v",
        "test_t",
        "test_both",
        "today",
    }
    assert set(found.values()) == {"success", "pass"}


def test_what_comes_out_as_it_was_is_not_looked_at(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute("update landing set value = 6")
        for name in ("hub", "slice", "answer_v", "answer_t"):
            connection.execute(f"create or replace table {name} as {QUERIES[name]}")
    assert statuses(replayed(published, 7)) == {"hub": "success", "today": "success"}


def test_what_reads_a_table_that_breaks_a_check_is_skipped_and_the_rest_is_not(published: Path) -> None:
    found = replayed(published, 4, test_hub=asking("hub", "value = 4"))
    assert found["test_hub"].message == "Got 1 result, configured to fail if != 0"
    assert (found["test_hub"].status, found["test_hub"].failures) == ("fail", 1)
    assert (found["test_hub"].examples, found["test_hub"].sources) == (("value: 4, source_id: a",), {"a"})
    skipped = {name for name, status in statuses(found).items() if status == "skipped"}
    assert skipped == {"slice", "view", "answer_v", "answer_t", "test_v", "test_t", "test_both"}
    assert found["today"].status == "success"


def test_a_warning_holds_nothing_up(published: Path) -> None:
    found = replayed(published, 4, test_hub=asking("hub", "value = 4", "warn"))
    assert (found["test_hub"].status, found["test_hub"].message) == (
        "warn",
        "Got 1 result, configured to warn if != 0",
    )
    assert found["answer_t"].status == "success"


def test_a_test_that_cannot_run_is_told_from_those_asked_with_it(published: Path) -> None:
    found = statuses(replayed(published, 4, test_both=asking("answer_v", "1 = error('no')")))
    assert (found["test_both"], found["test_v"], found["test_t"]) == ("error", "pass", "pass")


def test_a_model_that_cannot_be_made_stays_as_it_was_and_what_reads_it_is_skipped(published: Path) -> None:
    found = replayed(published, 0)
    assert found["slice"].status == "error"
    assert "NOT NULL" in found["slice"].message
    assert (found["answer_t"].status, found["answer_v"].status) == ("skipped", "success")


def test_a_table_made_again_has_the_constraints_that_dbt_gave_it(published: Path) -> None:
    replayed(published, 4)
    with duckdb.connect(str(published.parent / "build" / "gongfu.duckdb")) as connection:
        constrained = connection.execute(
            "select table_name from duckdb_constraints() where constraint_type = 'NOT NULL' order by 1"
        ).fetchall()
        assert [name for (name,) in constrained] == ["answer_t", "answer_v", "hub", "slice", "today"]
        assert (
            connection.execute(
                "select table_name from duckdb_tables() where table_name like '%\\_\\_dbt%' escape '\\'"
            ).fetchall()
            == []
        )
