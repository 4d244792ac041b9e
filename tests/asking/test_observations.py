"""Figures by code, place, period, source and the day on which they were known; numbers are those of the prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipelines.asking.observations import Wanted, counted, observations, series_keys, vintages
from pipelines.asking.periods import days_of
from pipelines.asking.warehouse import UnknownName

if TYPE_CHECKING:
    from pipelines.asking.warehouse import Warehouse

pytestmark = pytest.mark.builds

ZHEJIANG_2023 = Wanted(
    indicators=("gdp",),
    ref_areas=("330000",),
    breakdowns=("",),
    freqs=("A",),
    since=date(2023, 1, 1),
    until=date(2023, 12, 31),
)


def wanted(**others: object) -> Wanted:
    return Wanted(**{**vars(ZHEJIANG_2023), **others})


def test_a_figure_comes_whole(warehouse: Warehouse) -> None:
    """The bureau's export of 2026-03-21 prints 85619.6亿元."""
    (found,) = observations(warehouse, ZHEJIANG_2023)
    assert (found.value, found.unit_measure, found.unit_mult, found.decimals) == (8561960000000, "yuan", 8, 1)
    assert (found.low, found.high) == (Decimal("8561955000000"), Decimal("8561965000000"))
    assert (found.time_period, found.qualifier, found.time_basis) == ("2023", "exact", "flow")
    assert (found.source_id, found.known_from, found.confidence) == ("grp_export_2026_03", date(2026, 3, 21), "B")
    assert found.is_current
    assert found.contradicted_by == ()


@pytest.mark.parametrize(
    ("day", "value", "source_id"),
    [
        (date(2024, 3, 3), None, None),
        (date(2025, 6, 30), 8255300000000, "zj_bulletin_2023"),  # 82553亿元, the bulletin of 2024-03-04
        (date(2026, 6, 30), 8561960000000, "grp_export_2026_03"),
    ],
)
def test_as_of_a_day_a_figure_is_what_was_known_then(
    warehouse: Warehouse, day: date, value: int | None, source_id: str | None
) -> None:
    found = list(observations(warehouse, wanted(as_of=day)))
    assert [(each.value, each.source_id) for each in found] == ([(value, source_id)] if value else [])


def test_all_vintages_known_by_a_day_mark_the_one_that_stood(warehouse: Warehouse) -> None:
    known = list(observations(warehouse, wanted(vintages="all", as_of=date(2025, 6, 30))))
    assert {each.known_from <= date(2025, 6, 30) for each in known} == {True}
    assert [each.source_id for each in known if each.is_current] == ["zj_bulletin_2023"]


def test_vintages_of_a_figure_come_in_the_order_in_which_they_became_known(warehouse: Warehouse) -> None:
    (found,) = observations(warehouse, ZHEJIANG_2023)
    prints = vintages(warehouse, found.figure_id)
    days = [each.known_from for each in prints]
    assert days == sorted(days)
    assert {"zj_bulletin_2023", "grp_export_2026_03"} <= {each.source_id for each in prints}
    assert [each for each in prints if each.is_current] == [found]
    assert vintages(warehouse, "no:such:figure") == []


def test_a_contradicted_figure_says_by_what(warehouse: Warehouse) -> None:
    """51.56 % in five years and 8.8 % a year, both printed in the report, cannot both be."""
    (growth,) = observations(warehouse, Wanted(figure_ids=("zj_first_batch_practices:char:5466-5471",), vintages="all"))
    assert "rural_income_average_growth:zj_first_batch_practices:char:5466-5471" in growth.contradicted_by


def test_a_jump_is_doubted_not_contradicted(warehouse: Warehouse) -> None:
    doubted = [each for each in observations(warehouse, Wanted(vintages="all")) if each.doubted_by]
    assert "continuity" in {rule for each in doubted for rule in each.doubted_by}


def test_parts_of_a_breakdown_select_across_the_others(warehouse: Warehouse) -> None:
    income = Wanted(indicators=("income_disposable_per_capita",), parts=("residence=rural",))
    breakdowns = {each.breakdown for each in observations(warehouse, income)}
    assert breakdowns
    assert all("residence=rural" in breakdown.split(";") for breakdown in breakdowns)


def test_pages_follow_each_other_and_make_the_whole(warehouse: Warehouse) -> None:
    everything = [each.figure_id for each in observations(warehouse, Wanted())]
    paged: list[str] = []
    while page := list(observations(warehouse, Wanted(), at_most=700, skipped=len(paged))):
        paged += [each.figure_id for each in page]
    assert paged == everything
    assert len(everything) == counted(warehouse, Wanted())


def test_series_say_how_far_they_go(warehouse: Warehouse) -> None:
    keys = series_keys(warehouse, wanted(since=None, until=None, time_bases=("flow",)))
    (key,) = keys
    assert (key.indicator, key.ref_area, key.freq, key.unit_measure) == ("gdp", "330000", "A", "yuan")
    assert key.first_period < "2012"
    assert key.figures == counted(warehouse, wanted(since=None, until=None, time_bases=("flow",)))


def test_codes_from_outside_are_values_never_sql(warehouse: Warehouse) -> None:
    assert counted(warehouse, Wanted(indicators=("gdp') or true or ('x' = 'x",))) == 0


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-S2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-M11", date(2024, 11, 1), date(2024, 11, 30)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_an_sdmx_period_spans_days(period: str, first: date, last: date) -> None:
    assert days_of(period) == (first, last)


@pytest.mark.parametrize("period", ["", "24", "2024-13", "2024-Q5", "2024-S0", "2023-02-29", "2024-Q1-03", "二〇二四"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(UnknownName, match="is no period"):
        days_of(period)
