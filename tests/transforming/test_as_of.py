"""`facts.observations_as_of(day)` on a few prints: what was known on a day, and to whom.

dbt makes it after the table of observations, so none of its unit tests reaches it; here its macro is rendered as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import duckdb
import jinja2
import pytest

from tests.conftest import CHECKOUT

PRINTS = """
    create schema facts;
    create table sources as from (values ('bureau', 'public'), ('ministry', 'internal')) as rows(source_id, access);
    create table facts.observations as
    select
        figure_id, source_id, known_from::date as known_from, known_from::date as published_on,
        obs_value, obs_value - 5 as obs_value_low, obs_value + 5 as obs_value_high,
        'gdp' as indicator, '' as breakdown, '330000' as ref_area, 'A' as freq, '2023' as time_period,
        date '2023-01-01' as period_start, date '2023-12-31' as period_end, 'flow' as time_basis,
        null::varchar as base_period, 'exact' as qualifier, 0 as decimals, 0 as unit_mult, 1 as confidence,
        true as is_current
    from (values
        ('first', 'bureau', '2024-03-04', 100), ('closed', 'ministry', '2024-05-01', 200),
        ('revised', 'bureau', '2024-12-26', 300)
    ) as rows(figure_id, source_id, known_from, obs_value)
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    text = (CHECKOUT / "dbt_project" / "macros" / "vintages.sql").read_text(encoding="utf-8")
    dbt = {"ref": lambda name: name, "target": SimpleNamespace(type="duckdb")}
    macros = jinja2.Environment().from_string(text).make_module(dbt)  # noqa: S701 - SQL, no HTML
    with duckdb.connect() as connection:
        connection.execute(PRINTS)
        relation = SimpleNamespace(schema="facts", identifier="observations")
        connection.execute(str(vars(macros)["create_observations_as_of"](relation)))
        yield connection


@pytest.mark.parametrize(
    ("day", "to_inside", "to_outside"),
    [
        ("2024-03-03", [], []),
        ("2024-03-04", ["first"], ["first"]),
        ("2024-05-01", ["closed"], ["first"]),
        ("2024-12-25", ["closed"], ["first"]),
        ("2024-12-26", ["revised"], ["revised"]),
    ],
)
def test_a_day_has_the_figure_that_stood_then_and_to_outside_that_of_public_sources(
    connection: duckdb.DuckDBPyConnection, day: str, to_inside: list[str], to_outside: list[str]
) -> None:
    def standing(more: str) -> list[str]:
        rows = connection.execute(f"select figure_id from facts.observations_as_of(date '{day}'{more})").fetchall()
        return [figure_id for (figure_id,) in rows]

    assert standing("") == to_inside
    assert standing(", audience := 'public'") == to_outside
