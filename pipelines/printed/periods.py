"""Words of periods as heads, names and cards print them: the one home of what they say for readers.

That a head's 累计值 makes of 第二季度 the half-year, and what a forecast or target is, staging says (macro
`counts_from_january`, model `stg_periods`); landing keeps the words.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipelines.printed.heads import cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER_WORDS = "一二三四"
_YEAR = r"(19[4-9]\d|20\d\d)"
_YEAR_PERIOD = re.compile(rf"{_YEAR}(?:\.0+)?年?度?(?:末|底)?")
_QUARTER_PERIOD = re.compile(rf"{_YEAR}年?第?([一二三四1234])季度?")
_QUARTER_CODE = re.compile(rf"{_YEAR}[年-]?Q([1234])", re.IGNORECASE)
#: How the national data site's files name quarters: `2013年A` to `2013年D`.
_QUARTER_LETTER = re.compile(rf"{_YEAR}年?([ABCD])")
_MONTHS_PERIOD = re.compile(rf"{_YEAR}年1月?[-—–~至](1[0-2]|0?[1-9])月份?(?:累计)?")
_MONTH_PERIOD = re.compile(rf"{_YEAR}(?:年|[-./])(1[0-2]|0?[1-9])(?:月份?)?")
_MONTH_FIRST = re.compile(rf"(1[0-2]|0?[1-9])/{_YEAR}")
_SPOKEN_PERIOD = re.compile(rf"{_YEAR}年(上半年|前三季度)")
_DAY = re.compile(rf"{_YEAR}[-/.年](1[0-2]|0?[1-9])[-/.月](3[01]|[12]\d|0?[1-9])日?")
#: Words in brackets that say more of a period, and which staging reads.
_NOTE = re.compile(r"(.*?)[(（]([^()（）]+)[)）]")
_PART_OF_YEAR = re.compile(
    r"第?[一二三四1234]季度?|上半年|前三季度|1月?[-—–~至](?:1[0-2]|0?[1-9])月份?|(?:1[0-2]|0?[1-9])月份?"
)
_KNOWN_NOTE = re.compile(
    r"预计|预测|预估|预计数|预测数|目标|目标值|计划|规划|初步|初步核算|初步数|快报|快报数|累计|全年|年末|末"
)
#: `2020.1` beside 2020.9 is October that lost its zero: alone it is nothing.
_DOT_MONTH = re.compile(rf"{_YEAR}\.(1[0-2]|[1-9])")
_LOST_ZERO = re.compile(rf"{_YEAR}\.1")
_BUSINESS_YEAR = re.compile(rf"{_YEAR}[-—–/](\d\d)")

_PERIOD_IN_TITLE = re.compile(
    r"(?<!\d)(?:19[4-9]\d|20\d\d)年(?:第[一二三四]季度|1[-—–~至]\d{1,2}月|\d{1,2}月|上半年|前三季度)?"
)
_YEAR_IN_BRACKETS = re.compile(r"[(（]((?:19[4-9]|20\d)\d)[)）]")
_YEAR_SPAN = re.compile(r"(?:19|20)\d\d\s*年?\s*[-—–~至]\s*(?:19|20)\d\d")

_FREQUENCIES = {
    "年": "year", "年度": "year", "annual": "year", "yearly": "year", "a": "year",
    "季": "quarter", "季度": "quarter", "quarterly": "quarter", "q": "quarter",
    "月": "month", "月度": "month", "monthly": "month", "m": "month",
    "日": "day", "daily": "day", "d": "day",
}  # fmt: skip


class OutOfStep(NamedTuple):
    """A cell of a row of periods that names none: where it stands, counted from 0, how many are like it, and why."""

    position: int
    cells: int
    why_en: str
    why_zh: str


def period_words(cell: str) -> str | None:
    """The period that a header cell names, in words that staging reads; None where it names none.

    `2019.0` and `2019` give `2019年`; quarters `2020年第一季度` (that quarter alone); months `2021年3月`; months from
    January on `2020年1-3月`; half-years and three quarters as printed. Words in brackets that staging reads are kept:
    `2026年（预计）`; others make the cell no period. `2020.1`, which may be January or October, is None:
    `periods_of_row` reads it among its neighbours.
    """
    text = unicodedata.normalize("NFKC", cleaned(cell)).replace(" ", "")
    if noted := _NOTE.fullmatch(text):
        return _with_note(noted[1], noted[2])
    if _LOST_ZERO.fullmatch(text):
        return None
    return _plain(text)


def _with_note(words: str, note: str) -> str | None:
    if _PART_OF_YEAR.fullmatch(note):
        year = _YEAR_PERIOD.fullmatch(words)
        return _plain(f"{year[1]}年{note}") if year else None
    plain = _plain(words)
    return f"{plain}（{note}）" if plain and _KNOWN_NOTE.fullmatch(note) else None


def _plain(text: str) -> str | None:  # noqa: PLR0911 - one form of words after another
    if found := _YEAR_PERIOD.fullmatch(text):
        return f"{found[1]}年"
    if found := (_QUARTER_PERIOD.fullmatch(text) or _QUARTER_CODE.fullmatch(text)):
        return f"{found[1]}年第{_QUARTER_WORDS[_QUARTERS[found[2]] - 1]}季度"
    if found := _QUARTER_LETTER.fullmatch(text):
        return f"{found[1]}年第{_QUARTER_WORDS['ABCD'.index(found[2])]}季度"
    if found := _MONTHS_PERIOD.fullmatch(text):
        return f"{found[1]}年1-{int(found[2])}月"
    if found := _SPOKEN_PERIOD.fullmatch(text):
        return f"{found[1]}年{found[2]}"
    if found := _MONTH_PERIOD.fullmatch(text):
        return f"{found[1]}年{int(found[2])}月"
    if found := _MONTH_FIRST.fullmatch(text):
        return f"{found[2]}年{int(found[1])}月"
    if found := _DAY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    return f"{year}-{month:02}-{day:02}" if day <= calendar.monthrange(year, month)[1] else None


def periods_of_row(cells: Sequence[str]) -> tuple[list[str | None], OutOfStep | None]:
    """The periods of a row (or column) of heads, read together.

    `2020.1` is what keeps the row in step: October between 2020.9 and 2020.11, January before 2020.2. `2010-11` beside
    `2011-12` is a business year, which no code stands for.

    Returns:
        The period of each cell, None where it names none, and the first cell that looks like a period and is none.
    """
    texts = [unicodedata.normalize("NFKC", cleaned(cell)).replace(" ", "") for cell in cells]
    business = [one for text in texts if (one := _BUSINESS_YEAR.fullmatch(text))]
    if len(business) > 1 and all(int(one[2]) == (int(one[1]) + 1) % 100 for one in business):
        position = next(at for at, text in enumerate(texts) if _BUSINESS_YEAR.fullmatch(text))
        why = OutOfStep(
            position, len(business), "a business year, which no period stands for", "跨年度的财年，没有对应的时期"
        )
        return [None if _BUSINESS_YEAR.fullmatch(text) else period_words(text) for text in texts], why
    months = [_month_number(text) for text in texts]
    lost = [at for at, text in enumerate(texts) if _LOST_ZERO.fullmatch(text)]
    found = [period_words(text) for text in texts]
    for at in lost:
        number = _in_step(months, at, {each for each in lost if each != at})
        if number is None:
            why_en = f"{texts[at]} may be January or October, and its row does not say which; print it with two digits"
            return found, OutOfStep(at, len(lost), why_en, f"{texts[at]} 可能是 1 月或 10 月，请写成两位月份")
        found[at] = f"{texts[at][:4]}年{number}月"
    return found, None


def _month_number(text: str) -> int | None:
    """Months since year 0 of `2020.9`, `2020年9月`, `2020-09`."""
    found = _DOT_MONTH.fullmatch(text) or _MONTH_PERIOD.fullmatch(text)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def _in_step(months: Sequence[int | None], at: int, unsure: set[int]) -> int | None:
    """1 or 10, whichever stands as far from its neighbours as these from theirs; None where neither or both do."""
    this = months[at]
    sure = [(position, number) for position, number in enumerate(months) if number is not None and position != at]
    sure = [(position, number) for position, number in sure if position not in unsure]
    steps = {b - a for (i, a), (j, b) in pairwise(sure) if j - i == 1 and b != a}
    near = [(position, number) for position, number in sure if abs(position - at) == 1]
    if this is None or len(steps) > 1 or not near:
        return None
    fitting = [
        month
        for month, number in ((1, this), (10, this + 9))
        if any(all(number - other == step * (at - position) for position, other in near) for step in steps or {1, -1})
    ]
    return fitting[0] if len(fitting) == 1 else None


def are_in_order(periods: Sequence[str]) -> bool:
    """Whether a row of single periods runs one way, each period once."""
    keys = [_order(each) for each in periods]
    return all(a < b for a, b in pairwise(keys)) or all(a > b for a, b in pairwise(keys))


def _order(words: str) -> tuple[int, int, str]:
    """Where periods of one kind stand in time."""
    year = int(words[:4])
    if found := re.search(r"第([一二三四])季度", words):
        return year, 3 * _QUARTERS[found[1]], ""
    if found := re.search(r"(?:1-)?(\d{1,2})月", words):
        return year, int(found[1]), ""
    return year, {"上半年": 6, "前三季度": 9}.get(words[5:], 12), words[4:] if "-" in words else ""


def frequency(words: str) -> str | None:
    """The frequency that a file states (`年`, `年, 年终12月`, `季度`, `monthly`): year, quarter, month or day."""
    first = re.split(r"[,，;；(（\s]", cleaned(words).lower(), maxsplit=1)[0]
    return _FREQUENCIES.get(first)


def at_frequency(words: str, stated: str) -> str | None:  # noqa: PLR0911 - one form after another
    """A period in the frequency that its file states; None where it is finer and not the end of such a one.

    A year's figure may stand at its last month or day (`2019-12-31`, `2019年12月`), a quarter's at its last.
    """
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        if stated == "day":
            return words
        is_end = day == calendar.monthrange(year, month)[1] or (day == 1 and stated == "month")
        return at_frequency(f"{year}年{month}月", stated) if is_end else None
    if found := re.fullmatch(r"(\d{4})年(\d{1,2})月", words):
        month = int(found[2])
        if stated == "year":
            return f"{found[1]}年" if month == 12 else None
        if stated == "quarter":
            return f"{found[1]}年第{_QUARTER_WORDS[month // 3 - 1]}季度" if month % 3 == 0 else None
        return words if stated == "month" else None
    if re.fullmatch(r"\d{4}年第[一二三四]季度", words):
        return words if stated == "quarter" else None
    return words if stated == "year" or not re.fullmatch(r"\d{4}年", words) else None


def period_in_title(words: str) -> str:
    """The one period that a title names (`2024年`, or a year alone in brackets); "" where it names none or a span."""
    periods = {period_words(found) for found in _PERIOD_IN_TITLE.findall(words)} or {
        f"{year}年" for year in _YEAR_IN_BRACKETS.findall(words)
    }
    return (periods.pop() or "") if len(periods) == 1 and not _YEAR_SPAN.search(words) else ""
