"""Printed numbers, as a person reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.printed.numerals import has_decimal_comma, has_groups_of_three, parse_number


@pytest.mark.parametrize(
    ("printed", "number", "decimals", "last_digit_exponent"),
    [
        ("27.8", "27.8", 1, -1),
        ("40591", "40591", 0, 0),
        ("4700", "4700", 0, 2),
        ("1.90", "1.90", 2, -1),
        ("0", "0", 0, 0),
        ("-0.4", "-0.4", 1, -1),
        ("−3.2", "-3.2", 1, -1),
        ("１２．５", "12.5", 1, -1),
        ("1,234,567", "1234567", 0, 0),
        ("１，２３４", "1234", 0, 0),
        (" 34.8 ", "34.8", 1, -1),
        ("百", "100", 0, 2),
        ("千", "1000", 0, 3),
        ("万", "10000", 0, 4),
        ("一", "1", 0, 0),
        ("首", "1", 0, 0),
        ("三分之一", "0.333333", 6, -6),
        ("3万2千", "32000", -3, 3),
        ("4万7,885", "47885", 0, 0),
        ("1亿2000万", "120000000", -4, 7),
    ],
)
def test_a_printed_number_keeps_its_value_and_its_precision(
    printed: str, number: str, decimals: int, last_digit_exponent: int
) -> None:
    parsed = parse_number(printed)
    assert parsed is not None
    assert (parsed.number, parsed.decimals, parsed.last_digit_exponent) == (
        Decimal(number), decimals, last_digit_exponent,
    )  # fmt: skip


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "--",
        "-",
        "…",
        "#",
        "1,2,3",
        "12,34",
        "1.2.3",
        "3.",
        ".5",
        "1e5",
        "NaN",
        "inf",
        "12 34",
        "约3",
        "3万",
        "2千3万",
        "3万20000",
        "3万5",
        "3%",
    ],
)
def test_what_is_no_number_stays_none(printed: str) -> None:
    assert parse_number(printed) is None


@pytest.mark.parametrize(
    ("printed", "only_with_a_decimal_comma", "also_with_one"),
    [
        ("0,06", True, False),
        ("1.234,5", True, False),
        ("12,5", True, False),
        ("1,234", False, True),
        ("-1.234", False, True),
        ("1，234", False, True),
        ("1234", False, False),
        ("12.5", False, False),
    ],
)
def test_a_comma_may_stand_before_decimals(printed: str, only_with_a_decimal_comma: bool, also_with_one: bool) -> None:
    assert has_decimal_comma(printed) is only_with_a_decimal_comma
    assert has_groups_of_three(printed) is also_with_one


def test_fifteen_digits_are_kept_as_a_spreadsheet_keeps_them() -> None:
    parsed = parse_number("123456789012345")
    assert parsed is not None
    assert parsed.number == 123456789012345
    assert parse_number("1234567890123456") is None
    assert parse_number("0000000000000012") is None  # sixteen printed: no statistic is printed so


def test_a_number_too_long_to_be_kept_exactly_is_refused() -> None:
    assert parse_number("1234567890123456789") is None
    assert parse_number("0.1234567890123456") is None
