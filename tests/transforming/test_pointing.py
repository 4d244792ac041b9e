"""Failing rows of a check say whose they are, themselves or by the row of the guarded table that they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.transforming.pointing import sources_pointed_at
from pipelines.transforming.sent import SentTest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection


@pytest.fixture
def warehouse() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create table audit (relation_id varchar, source_id varchar, outcome varchar)")
        connection.execute("insert into audit values ('r1', 'a', 'fail'), ('r2', 'b', 'fail'), (null, 'c', 'pass')")
        connection.execute("create table rows_of_marts (ref_area varchar, figure_ids varchar[])")
        connection.execute("insert into rows_of_marts values ('330000', ['a:1', 'b:2']), ('330100', ['c:3'])")
        yield connection


def pointed_at(
    warehouse: DuckDBPyConnection, failing: str, guarded: str | None = None, column: str | None = None
) -> set[str]:
    test = SentTest("", failing, "error", "!= 0", "!= 0", column, guarded)
    return set(sources_pointed_at(warehouse, test))


@pytest.mark.parametrize(
    "failing",
    [
        "select 'a' as source_id, 1 as n",
        "select 'a:Sheet1!B2' as figure_id",
        "select ['a:1', 'a:2'] as figure_ids",
        "select 'a' as source_id, 'b:1' as figure_id",
    ],
)
def test_a_row_with_its_source_or_its_figures_says_it_itself(warehouse: DuckDBPyConnection, failing: str) -> None:
    assert pointed_at(warehouse, failing) == {"a"}


def test_a_row_that_names_a_key_means_the_row_of_the_guarded_table(warehouse: DuckDBPyConnection) -> None:
    assert pointed_at(warehouse, "select 'r2' as relation_id", "audit") == {"b"}
    assert pointed_at(warehouse, "select '330000' as ref_area, 2 as rows_with_this_key", "rows_of_marts") == {"a", "b"}


def test_an_empty_key_means_the_row_with_an_empty_key(warehouse: DuckDBPyConnection) -> None:
    assert pointed_at(warehouse, "select null::varchar as relation_id", "audit") == {"c"}


def test_dbts_own_names_mean_the_column_that_is_tested(warehouse: DuckDBPyConnection) -> None:
    failing = "select outcome as value_field, count(*) as n_records from audit where outcome = 'fail' group by 1"
    assert pointed_at(warehouse, failing, "audit", "outcome") == {"a", "b"}
    assert pointed_at(warehouse, "select 'd' as from_field", None, "source_id") == {"d"}


def test_a_row_that_says_nothing_points_nowhere(warehouse: DuckDBPyConnection) -> None:
    assert pointed_at(warehouse, "select 1 as n", "audit") == set()
    assert pointed_at(warehouse, "select 'r1' as relation_id") == set()
