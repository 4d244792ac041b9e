"""What is held of a build in memory is what the build itself answers, whichever of it is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipelines.asking.series import COLUMNS, KEY, WantedSeries, in_series, set_out
from pipelines.asking.warehouse import published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project

    Query = Callable[[str], list[tuple[object, ...]]]

GDP = {"INDICATOR": ("gdp",), "BREAKDOWN": ("",)}
RURAL = {"INDICATOR": ("income_disposable_per_capita",), "BREAKDOWN": ("residence=rural",), "REF_AREA": ("330000",)}


@pytest.fixture(scope="module")
def warehouse(built: tuple[Project, object]) -> Iterator[Warehouse]:
    with published(built[0]) as opened:
        yield opened


@pytest.fixture(scope="module")
def held(warehouse: Warehouse) -> pl.DataFrame:
    found = set_out(warehouse)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "wanted",
    [
        WantedSeries(),
        WantedSeries(vintages="all"),
        WantedSeries(keys=(GDP,)),
        WantedSeries(keys=(GDP, RURAL)),
        WantedSeries(keys=({"REF_AREA": ("330000", "330100")},), since=date(2021, 1, 1), until=date(2022, 12, 31)),
        WantedSeries(keys=(GDP,), vintages="all", seen_after=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_is_held_is_what_the_build_answers_in_the_same_order(
    warehouse: Warehouse, held: pl.DataFrame, wanted: WantedSeries
) -> None:
    asked = pl.concat(in_series(warehouse, wanted))
    assert tuple(asked.columns) == COLUMNS
    assert asked.equals(pl.concat(in_series(warehouse, wanted, held)))


def test_what_was_seen_after_the_last_build_is_nothing(warehouse: Warehouse, held: pl.DataFrame) -> None:
    wanted = WantedSeries(seen_after=datetime(9999, 1, 1, tzinfo=UTC))
    assert list(in_series(warehouse, wanted)) == list(in_series(warehouse, wanted, held)) == []


def test_of_each_series_the_first_and_last_periods_are_those_of_all_of_it(
    warehouse: Warehouse, held: pl.DataFrame
) -> None:
    wanted = WantedSeries(keys=(GDP,))
    of_all = pl.concat(in_series(warehouse, wanted)).group_by(*KEY, maintain_order=True)
    ends = pl.concat(in_series(warehouse, WantedSeries(keys=(GDP,), first=1, last=1), held))
    expected = [(each["TIME_PERIOD"][0], each["TIME_PERIOD"][-1]) for _, each in of_all]
    assert len(expected) > 10
    assert [
        (each["TIME_PERIOD"][0], each["TIME_PERIOD"][-1]) for _, each in ends.group_by(*KEY, maintain_order=True)
    ] == expected
    assert ends.group_by(*KEY, "TIME_PERIOD").len()["len"].max() == 1


def test_on_a_day_stands_what_stood_on_it_whatever_is_held(
    warehouse: Warehouse, held: pl.DataFrame, query: Query
) -> None:
    wanted = WantedSeries(keys=(GDP,), as_of=date(2022, 6, 30))
    stood = query(
        "select figure_id from facts.observations_as_of(date '2022-06-30') where indicator = 'gdp' and breakdown = ''"
        " order by 1"
    )
    assert [(each,) for each in sorted(pl.concat(in_series(warehouse, wanted, held))["FIGURE_ID"])] == stood
