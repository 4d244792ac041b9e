"""Numbers as each language writes them, and no further than they were printed; breaks, ranks, slopes by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.asking.targets import TargetProgress
from pipelines.serving.monitor.numbers import written
from pipelines.serving.monitor.targets import slopes
from pipelines.serving.monitor.tiles import positions


@pytest.mark.parametrize(
    ("value", "step", "zh", "en"),
    [
        ("278000", 3, "27.8万", "278,000"),
        ("1234500000", 5, "12.345亿", "1.2345 billion"),
        ("7630000000000", 8, "7.6300万亿", "7.6300 trillion"),
        ("51.56", -2, "51.56", "51.56"),
        ("40000", 4, "4万", "40,000"),
        ("-0.5", -1, "-0.5", "-0.5"),
        ("9999", 0, "9,999", "9,999"),
    ],
)
def test_numbers_are_written_to_the_digit_that_was_printed(value: str, step: int, zh: str, en: str) -> None:
    assert written(Decimal(value), step, "zh") == zh
    assert written(Decimal(value), step, "en") == en


def test_each_map_has_all_its_places_and_no_two_on_one_tile() -> None:
    assert {name: len(placed) for name, placed in positions().items()} == {
        "provinces": 31, "cities": 11, "counties": 90
    }  # fmt: skip
    for placed in positions().values():
        assert len(set(placed.values())) == len(placed)


def test_a_target_needs_three_a_year_where_two_a_year_were_made() -> None:
    target = TargetProgress(
        "s:1", "s", "i", "330000", "", "percent", "on_the_way", Decimal(75), "2025", None, "2020", Decimal(60), "exact",
        "2023", Decimal(66), "exact", Decimal("0.4"), None, None, None, (),
    )  # fmt: skip
    assert slopes(target) == (Decimal(3), Decimal(2))
