"""Ratios printed with colons: 三次产业结构为3.0:42.7:54.3 gives a figure per term, 城乡收入比为1.96:1 gives one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from pipelines.readers.prose.numerals import Number

_LARGEST_DIVISOR = 100
_PART_OF = re.compile(r"占[^，。；]{0,14}$|达到?$|的$")
_CLOCK = re.compile(r"(?:比|结构|比例|之比|比率|倍差|占比)[^。；]{0,40}$")


def joined_ratios(text: str, numbers: list[Number]) -> list[Number]:
    """The numbers, those that colons join made into the figures of one ratio; times of day stay what they are."""
    out: list[Number] = []
    at = 0
    while at < len(numbers):
        last = at
        while last + 1 < len(numbers) and text[numbers[last].end : numbers[last + 1].start] == ":":
            last += 1
        terms = numbers[at : last + 1]
        if (
            len(terms) > 1
            and _CLOCK.search(text[max(0, terms[0].low - 52) : terms[0].low])
            and all(term.value is not None for term in terms)
        ):
            out.extend(_figures(terms))
        else:
            out.extend(terms)
        at = last + 1
    return out


def joined_fractions(text: str, numbers: list[Number]) -> list[Number]:
    """The numbers, 1/10 of 约占全国1/10 made one fraction."""
    out: list[Number] = []
    for number in numbers:
        above = out[-1] if out else None
        if above is not None and _is_fraction(text, above, number):
            assert above.value is not None and number.value is not None  # noqa: S101 - _is_fraction asked
            value = (above.value / number.value).quantize(Decimal("0.000001")).normalize()
            out[-1] = replace(
                above, end=number.end, high=number.high, value=value, unit_class="fraction", rule="fraction"
            )
        else:
            out.append(number)
    return out


def _is_fraction(text: str, above: Number, below: Number) -> bool:
    if text[above.end : below.start] != "/" or above.unit or below.unit or above.multiplier or below.multiplier:
        return False
    if not above.value or not below.value or above.value >= below.value or below.value > _LARGEST_DIVISOR:
        return False
    return _PART_OF.search(text[max(0, above.low - 18) : above.low]) is not None


def _figures(terms: list[Number]) -> list[Number]:
    for term in terms:
        term.unit, term.unit_class, term.rule = "", "ratio", "colon ratio"
    if len(terms) != 2:
        return terms
    first, second = terms
    if second.value is None or first.value is None or second.value == 0:
        return terms
    first.value = first.value if second.value in (1, 100) else (first.value / second.value).quantize(Decimal("0.0001"))
    first.end, first.high = second.end, second.high
    return [first]
