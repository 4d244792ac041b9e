"""Words of periods as heads, names and cards print them."""

from __future__ import annotations

import re
import unicodedata

from pipelines.printed.heads import cleaned

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER_WORDS = "一二三四"
_YEAR = r"(19[4-9]\d|20\d\d)"
_YEAR_PERIOD = re.compile(rf"{_YEAR}(?:\.0+)?年?度?")
_QUARTER_PERIOD = re.compile(rf"{_YEAR}年?第?([一二三四1234])季度?")
_QUARTER_CODE = re.compile(rf"{_YEAR}[年-]?Q([1234])", re.IGNORECASE)
_MONTHS_PERIOD = re.compile(rf"{_YEAR}年1月?[-—–~至](1[0-2]|0?[1-9])月份?(?:累计)?")
_MONTH_PERIOD = re.compile(rf"{_YEAR}(?:年|[-./])(1[0-2]|0?[1-9])(?:月份?)?")
_SPOKEN_PERIOD = re.compile(rf"{_YEAR}年(上半年|前三季度)")


def period_words(cell: str) -> str | None:
    """The period that a header cell names, in words that staging reads; None where it names none.

    `2019.0` and `2019` give `2019年`; quarters `2020年第一季度` (that quarter alone); months `2021年3月`; months from
    January on `2020年1-3月`; half-years and three quarters as printed.
    """
    text = unicodedata.normalize("NFKC", cleaned(cell)).replace(" ", "")
    if found := _YEAR_PERIOD.fullmatch(text):
        return f"{found[1]}年"
    if found := (_QUARTER_PERIOD.fullmatch(text) or _QUARTER_CODE.fullmatch(text)):
        return f"{found[1]}年第{_QUARTER_WORDS[_QUARTERS[found[2]] - 1]}季度"
    if found := _MONTHS_PERIOD.fullmatch(text):
        return f"{found[1]}年1-{int(found[2])}月"
    if found := _SPOKEN_PERIOD.fullmatch(text):
        return f"{found[1]}年{found[2]}"
    if found := _MONTH_PERIOD.fullmatch(text):
        return f"{found[1]}年{int(found[2])}月"
    return None
