"""`facts.observations_as_of(day)` on a few prints: what was known on a day, and to whom.

dbt makes it after the table of vintages, so none of its unit tests reaches it; here both are rendered as they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest

from tests.conftest import CHECKOUT

DBT = CHECKOUT / "dbt_project"
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


def dbt() -> dict[str, Any]:
    """What the templates of vintages ask of dbt: its words, and the macros of the file beside them."""
    tables = {"sources": "sources", "observations": "facts.observations"}
    words = {
        "ref": tables.__getitem__,
        "target": SimpleNamespace(type="duckdb"),
        "config": lambda **_: "",
        "this": "facts.vintages",
    }
    text = (DBT / "macros" / "vintages.sql").read_text(encoding="utf-8")
    return words | vars(jinja2.Environment().from_string(text).make_module(words))  # noqa: S701 - SQL, no HTML


def with_vintages(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The table of vintages over the prints that are there, and the macro over both."""
    model = (DBT / "models" / "facts" / "vintages.sql").read_text(encoding="utf-8")
    words = dbt()
    query = jinja2.Environment().from_string(model).render(words)  # noqa: S701 - SQL, no HTML
    connection.execute(f"create table facts.vintages as {query}")
    vintages, observations = (SimpleNamespace(schema="facts", identifier=name) for name in ("vintages", "observations"))
    connection.execute(str(words["create_observations_as_of"](vintages, observations)))
    return connection


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(PRINTS)
        yield with_vintages(connection)


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


@pytest.mark.parametrize("seed", range(6))
def test_as_of_any_day_stands_what_the_rule_takes_of_the_prints_known_by_then(seed: int) -> None:
    """300 figures of one to six random prints, on each of 40 days: the intervals against the rule, asked anew."""
    dice, first = random.Random(seed), date(2024, 1, 1)
    with duckdb.connect() as connection:
        connection.execute(PRINTS)
        connection.execute("delete from facts.observations")
        for figure in range(300):
            basis = dice.choice(["flow", "flow", "target"])
            for number in range(dice.randint(1, 6)):
                known = first + timedelta(days=dice.randrange(40))
                decimals, qualifier = (
                    dice.choice([0, 1, 2]),
                    dice.choice(["exact", "exact", "about", "less_than", "more_than"]),
                )
                value = round(70 + dice.choice([0, 0.1, 0.14, 1]), decimals)
                low, high = value - 0.5 / 10**decimals, value + 0.5 / 10**decimals
                connection.execute(
                    "insert into facts.observations values "
                    "($id, $source, $known, $published, $value, $low, $high, $indicator, '', '330000', 'A', '2023', "
                    "'2023-01-01', '2023-12-31', $basis, null, $qualifier, $decimals, 0, $confidence, true)",
                    {
                        "id": f"{figure}-{number}", "source": dice.choice(["bureau", "bureau", "ministry"]),
                        "known": known, "published": dice.choice([known, known, None]), "value": value,
                        "low": None if qualifier == "less_than" else value if qualifier == "more_than" else low,
                        "high": None if qualifier == "more_than" else value if qualifier == "less_than" else high,
                        "indicator": f"i{figure}", "basis": basis, "qualifier": qualifier, "decimals": decimals,
                        "confidence": dice.choice([1, 2]),
                    },
                )  # fmt: skip
        with_vintages(connection)
        by_rule = dbt()["ranked_prints"]
        for day in (first + timedelta(days=offset) for offset in range(-1, 41)):
            for audience, theirs in (("internal", "true"), ("public", "source_id <> 'ministry'")):
                known_then = f"(select * from facts.observations where known_from <= date '{day}' and {theirs})"
                asked = f"select figure_id from facts.observations_as_of(date '{day}', audience := '{audience}')"
                expected = f"select figure_id from ({by_rule(known_then)}) where place_in_line = 1"
                assert sorted(connection.execute(asked).fetchall()) == sorted(connection.execute(expected).fetchall())
