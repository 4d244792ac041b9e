"""A figure as it was printed, for the warehouse: its digits, unit and qualifier as words, each with its characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.readers.prose.numerals import Number
    from pipelines.readers.prose.reading import Reading

#: The qualifier's word in reference.qualifiers; 余 and 多 stay apart from 以上, for they end at the next printed step.
WORDS = {
    "exact": "", "about": "约", "at_least": "以上", "more_than": "超", "at_most": "以内", "less_than": "不足",
    "nearly": "近",
}  # fmt: skip
_STEPS = ("余", "多")


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in the text.

    Attributes:
        value: the digits or the numeral as printed, with - before them where words say that it fell.
        value_start, value_end: their characters in the text as received.
        unit: multiplier and unit as printed.
        unit_start, unit_end: their characters; None where a list prints the unit once, for a later member.
        qualifier: its word.
        kind: level, share, growth_rate, difference, ratio or rank, also where the figure is a target.
        is_apart: a difference between two places or groups.
    """

    value: str
    value_start: int
    value_end: int
    unit: str
    unit_start: int | None
    unit_end: int | None
    qualifier: str
    kind: str
    is_apart: bool


def printed_of(reading: Reading, number: Number, kind: str, *, is_apart: bool, has_fallen: bool) -> Printed:
    """The print of a number in the text as received."""
    start, end, unit = _parts(reading.text, number)
    value_start, value_end = reading.span(start, end)
    unit_span: tuple[int | None, int | None] = (None, None)
    if number.rule == "rank" and start > number.start:
        unit_span = reading.span(number.start, start)
    elif unit and number.end > end:
        unit_span = reading.span(end, number.end)
    value = ("-" if has_fallen else "") + reading.source[value_start:value_end]
    qualifier = number.word if number.word in _STEPS else WORDS[number.qualifier]
    return Printed(value, value_start, value_end, unit, *unit_span, qualifier, kind, is_apart)


def _parts(text: str, number: Number) -> tuple[int, int, str]:
    """Where the numeral stands in the reading text, and its unit with multiplier."""
    if number.rule == "rank":
        at = text.find(number.digits, number.start, number.end)
        return (at, at + len(number.digits), "第") if at >= 0 else (number.start, number.start + 1, "位")
    if number.rule == "round number":
        big = len(number.digits) - len(number.unit)
        return number.start, number.start + max(1, big - 1), text[number.start + max(1, big - 1) : number.end]
    if number.rule == "compound numeral":
        end = number.end - len(number.unit) * text.endswith(number.unit, number.start, number.end)
        return number.start, end, number.unit
    if number.rule == "tenths" and number.end == number.start + 2:
        return number.start, number.start + 1, "成"
    if number.rule in ("number", "shared unit", "colon ratio"):
        end = text.find(number.digits, number.start) + len(number.digits)
        is_tenths = text.startswith("成", end)
        return number.start, end, "成" if is_tenths else number.multiplier + number.unit
    return number.start, number.end, ""
