"""Printed numbers: digits (half or full width, with thousands commas) and the few Chinese numerals that
official prose uses for figures (百亿元, 全国第一, 三分之一).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

_WIDTH = str.maketrans("０１２３４５６７８９．，－＋％", "0123456789.,-+%")
_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
#: A group of thousands never begins with 0: `0,006` is a decimal comma, and no number here.
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
#: Prints that only a decimal comma explains; beside them `1.234` and `1,234` have two readings.
_DECIMAL_COMMA = re.compile(r"[-+]?(?:0,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))")
_GROUPS_OF_THREE = re.compile(r"[-+]?\d{1,3}(?:[.,]\d{3})+")
#: 3万2千, 4万7,885: each part is less than the step before it; 3万5 may be 35 000 or 30 005, and is no number.
_COMPOUND = re.compile(r"(?:[1-9][0-9,]*[亿万千百]){1,4}(?:[1-9][0-9,]*)?")
_PART = re.compile(r"([0-9,]+)([亿万千百]?)")
_STEPS = {"亿": 8, "万": 4, "千": 3, "百": 2, "": 0}
_FRACTION = re.compile(r"([一二三四五六七八九十百])分之([一二三四五六七八九十])")
_CHINESE = {
    "首": 1, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10, "百": 100, "千": 1000, "万": 10_000,
}  # fmt: skip
FRACTION_DECIMALS = 6
#: A spreadsheet keeps 15 significant digits; a print of more is an identity number or damaged.
SIGNIFICANT_DIGITS_AT_MOST = 15
DECIMALS_AT_MOST = 20


@dataclass(frozen=True)
class PrintedNumber:
    """A number as it was printed.

    Attributes:
        number: its exact value, before any multiplier (万, 亿).
        decimals: how many decimal places were printed; -3 where a number ends in thousands (3万2千).
        last_digit_exponent: power of ten of the last digit that is not zero: 2 for 4700, -1 for 27.8. 约 and 多
            speak about that digit.
    """

    number: Decimal
    decimals: int
    last_digit_exponent: int


def parse_number(printed: str) -> PrintedNumber | None:
    """The number that `printed` spells, or None where it spells none (`--`, `1,2,3`, empty, words)."""
    text = printed.translate(_WIDTH).strip().replace("−", "-")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _PLAIN.fullmatch(text):
        return _from_digits(text)
    if text in _CHINESE:
        return _measured(Decimal(_CHINESE[text]), 0)
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        share = Decimal(_CHINESE[fraction[2]]) / Decimal(_CHINESE[fraction[1]])
        return _measured(round(share, FRACTION_DECIMALS), FRACTION_DECIMALS)
    return _from_parts(text) if _COMPOUND.fullmatch(text) else None


def _from_parts(text: str) -> PrintedNumber | None:
    """A number in steps; None where it has one step, which is a multiplier, or the parts are not in order."""
    parts = [(int(digits.replace(",", "")), _STEPS[step]) for digits, step in _PART.findall(text)]
    in_order = all(
        before > step and (step > 0 or digits >= 10 ** (before - 1)) and digits * 10**step < 10**before
        for (_, before), (digits, step) in pairwise(parts)
    )
    total = sum(digits * 10**step for digits, step in parts)
    if len(parts) == 1 or not in_order or total >= 10**SIGNIFICANT_DIGITS_AT_MOST:
        return None
    return _measured(Decimal(total), -parts[-1][1])


def has_decimal_comma(printed: str) -> bool:
    """Whether a print can only be read with a comma before its decimals: `0,006`, `1.234,5`, `12,5`."""
    return _DECIMAL_COMMA.fullmatch(printed.translate(_WIDTH).strip()) is not None


def has_groups_of_three(printed: str) -> bool:
    """Whether a print has another value where the comma stands before decimals: `1.234`, `1,234`."""
    return _GROUPS_OF_THREE.fullmatch(printed.translate(_WIDTH).strip()) is not None


def is_chinese_numeral(printed: str) -> bool:
    """Whether a print is a number in a Chinese character: right in prose, in a cell of a table a dash misread."""
    return printed.strip() in _CHINESE


def _from_digits(text: str) -> PrintedNumber | None:
    whole, _, fraction = text.lstrip("+-").partition(".")
    decimals = len(fraction)
    significant = (whole + fraction).lstrip("0")
    too_long = len(significant) > SIGNIFICANT_DIGITS_AT_MOST or len(whole) > SIGNIFICANT_DIGITS_AT_MOST
    if too_long or decimals > DECIMALS_AT_MOST:
        return None
    return _measured(Decimal(text), decimals)


def _measured(number: Decimal, decimals: int) -> PrintedNumber:
    exponent = number.normalize().as_tuple().exponent if number else 0
    assert isinstance(exponent, int)  # noqa: S101 - neither NaN nor infinite
    return PrintedNumber(number, decimals, exponent)
