"""The file explains itself: every table and column says in two languages what it holds, a mart what it stands on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLISHED = "('landing', 'reference', 'facts', 'intermediate', 'marts', 'quality', 'staging')"
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2,}")


def test_no_column_is_without_a_description(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    assert query(f"select count(*) > 1500 from duckdb_columns() where schema_name in {PUBLISHED}") == [(True,)]
    assert (
        query(
            f"select table_name, column_name from duckdb_columns() where comment is null and schema_name in {PUBLISHED}"
        )
        == []
    )


def test_no_table_and_no_view_is_without_a_description(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    assert query(f"select table_name from duckdb_tables() where comment is null and schema_name in {PUBLISHED}") == []
    assert query(f"select view_name from duckdb_views() where comment is null and schema_name in {PUBLISHED}") == []


def test_a_description_is_in_both_languages_and_more_than_the_name(
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    described = query(
        f"select table_name, column_name, comment from duckdb_columns() where schema_name in {PUBLISHED} "
        f"union all select table_name, table_name, comment from duckdb_tables() where schema_name in {PUBLISHED}"
    )
    for table, name, comment in described:
        text = str(comment)
        assert CHINESE.search(text), (table, name, text)
        english = CHINESE.split(text)[0]
        assert LATIN.search(english), (table, name, text)
        assert english.strip(" .").lower() != str(name).replace("_", " "), (table, name, text)


def test_every_mart_carries_units_its_figures_and_their_lowest_confidence(
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    marts = [str(name) for (name,) in query("select table_name from duckdb_tables() where schema_name = 'marts'")]
    assert len(marts) >= 16
    for mart in marts:
        columns = {
            str(name): str(kind)
            for name, kind in query(f"select column_name, data_type from duckdb_columns() where table_name = '{mart}'")
        }
        assert columns["figure_ids"] == "VARCHAR[]", mart
        assert columns["lowest_confidence"] == "VARCHAR", mart
        assert {"units", "unit_measure"} & set(columns), mart
        unknown = query(
            f"select id from (select unnest(figure_ids) as id from marts.{mart}) "
            "where id not in (select figure_id from facts.observations)"
        )
        assert unknown == [], mart
        lowest = query(
            f"select figure_ids from marts.{mart} where lowest_confidence is distinct from ("
            "select max(confidence) from facts.observations where list_contains(figure_ids, figure_id))"
        )
        assert lowest == [], mart


def test_the_units_of_a_mart_are_units_of_the_reference(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    known = {str(unit) for (unit,) in query("select unit_measure from reference.units")}
    for (mart,) in query(
        "select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'units'"
    ):
        columns = {
            str(name) for (name,) in query(f"select column_name from duckdb_columns() where table_name = '{mart}'")
        }
        for (units,) in query(f"select distinct units from marts.{mart}"):
            pairs = dict(pair.split("=") for pair in str(units).split(";") if pair)
            assert set(pairs) <= columns, mart
            assert set(pairs.values()) <= known, mart


def test_whatever_is_printed_has_its_qualifier_and_no_bound_is_a_value(
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    """The share of the employed is printed as 超过30 %: what it implies is an interval and no number."""
    assert query(
        "select printed_share_of_employed_qualifier, implied_employed, round(implied_employed_low), "
        "round(implied_employed_high) from marts.mart_skills where time_period = '2022'"
    ) == [("more_than", None, 11945000, 39850000)]
