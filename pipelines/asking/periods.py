"""SDMX time periods as the days that they span."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from pipelines.asking.warehouse import UnknownName

#: Months of one period of each frequency.
_MONTHS = {"S": 6, "T": 4, "Q": 3, "M": 1}
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<freq>[STQM])?(?P<number>\d{1,2})|(?P<month>\d{2})-(?P<day>\d{2})))?")


def days_of(period: str) -> tuple[date, date]:
    """First and last day of a period: 2022, 2022-S1, 2022-T2, 2022-Q3, 2022-M09, 2022-09, 2022-09-30.

    Raises:
        UnknownName: it is none.
    """
    found = _PERIOD.fullmatch(period.strip())
    try:
        if not found:
            raise ValueError
        year = int(found["year"])
        if found["day"]:
            day = date(year, int(found["month"]), int(found["day"]))
            return day, day
        if not found["number"]:
            return date(year, 1, 1), date(year, 12, 31)
        months = _MONTHS[found["freq"] or "M"]
        last = int(found["number"]) * months
        return date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1])
    except (ValueError, IndexError):
        message = f'"{period}" is no period; write it as 2022, 2022-S1, 2022-Q3, 2022-09 or 2022-09-30'
        zh = f"“{period}”不是时期；请写作2022、2022-S1、2022-Q3、2022-09或2022-09-30"
        raise UnknownName("period", period, message, zh=zh) from None


def freq_of(period: str) -> str:
    """The frequency of a period's form: A, S, T, Q, M or D.

    Raises:
        UnknownName: it is none.
    """
    days_of(period)
    found = _PERIOD.fullmatch(period.strip())
    if not found or not (found["number"] or found["day"]):
        return "A"
    return "D" if found["day"] else found["freq"] or "M"
